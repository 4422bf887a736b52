from django.urls import include, path

from bench.pages import floor

urlpatterns = [
    path("bench/floor/", floor, name="floor"),
    path("", include("partnercrm.urls")),
]
