from django.urls import path

from tiers import views

urlpatterns = [
    path("partners/<int:pk>/override/", views.tier_override, name="tier_override"),
    path("partners/<int:pk>/override/end/", views.tier_override_end, name="tier_override_end"),
]
