from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.views import profile
from mailing.views import background_health
from web.views import healthz

urlpatterns = [
    path("", include("pages.urls")),
    path("", include("partners.urls")),
    path("", include("interactions.urls")),
    path("", include("ledger.urls")),
    path("", include("ledger.desk_urls")),
    path("", include("gratitude.urls")),
    path("", include("tiers.urls")),
    path("", include("touches.urls")),
    path("", include("policies.urls")),
    path("", include("insights.urls")),
    path("", include("texts.urls")),
    path("", include("stepaway.urls")),
    path("", include("accounts.urls")),
    path("", include("digests.urls")),
    path("healthz", healthz, name="healthz"),
    path("healthz/background", background_health, name="background_health"),
    # An administrator gives the address that one signs in with: allauth's page would add others.
    path("account/email/", RedirectView.as_view(pattern_name="profile"), name="account_email"),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/profile/", profile, name="profile"),
    path("admin/", admin.site.urls),
]
