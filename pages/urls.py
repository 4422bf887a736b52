from django.urls import path

from pages import views

urlpatterns = [
    path("", views.today, name="today"),
    path("partners/", views.partners, name="partners"),
    path("partners/options/", views.partner_options, name="partner_options"),
    path("partners/<int:pk>/", views.partner, name="partner"),
    path("log/", views.quick_log, name="quick_log"),
    path("referrals/", views.referrals, name="referrals"),
]
