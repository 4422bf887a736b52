from django.urls import path

from interactions import conduct_views, views

urlpatterns = [
    path("interactions/<int:pk>/edit/", views.interaction_edit, name="interaction_edit"),
    path("interactions/<int:pk>/remove/", views.interaction_remove, name="interaction_remove"),
    path("interactions/<int:pk>/conduct/", conduct_views.conduct_close, name="conduct_close"),
    path("interactions/<int:pk>/conduct/open/", conduct_views.conduct_open, name="conduct_open"),
    path("referrals/new/", views.referral_new, name="referral_new"),
    path("referrals/<int:pk>/", views.referral, name="referral"),
    path("referrals/<int:pk>/edit/", views.referral_edit, name="referral_edit"),
    path("referrals/<int:pk>/move/", views.referral_move, name="referral_move"),
]
