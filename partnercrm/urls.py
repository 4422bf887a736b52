from django.contrib import admin
from django.urls import include, path

from accounts.views import profile
from web.views import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/profile/", profile, name="profile"),
    path("admin/", admin.site.urls),
]
