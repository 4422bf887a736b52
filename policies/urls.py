from django.urls import path

from policies import views

urlpatterns = [
    path("policies/", views.policies, name="policies"),
    path("policies/<int:pk>/", views.policy_version, name="policy_version"),
    path("policies/follow/", views.policy_follow, name="policy_follow"),
    path("policies/drafts/new/", views.policy_draft_new, name="policy_draft_new"),
    path("policies/drafts/<int:pk>/", views.policy_draft, name="policy_draft"),
    path("policies/drafts/<int:pk>/guide/", views.policy_guide, name="policy_guide"),
    path("policies/drafts/<int:pk>/try/", views.policy_try, name="policy_try"),
    path("policies/drafts/<int:pk>/trial/", views.policy_trial, name="policy_trial"),
    path("policies/drafts/<int:pk>/publish/", views.policy_publish, name="policy_publish"),
    path("policies/drafts/<int:pk>/discard/", views.policy_discard, name="policy_discard"),
]
