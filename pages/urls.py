from django.urls import path

from pages import handover_views, record_views, views

urlpatterns = [
    path("", views.today, name="today"),
    path("partners/", views.partners, name="partners"),
    path("partners/options/", views.partner_options, name="partner_options"),
    path("partners/<int:pk>/", views.partner, name="partner"),
    path("partners/<int:pk>/then/", views.partner_then, name="partner_then"),
    path("partners/<int:pk>/record/", record_views.record_of_partner, name="record_of_partner"),
    path("referrals/<int:pk>/record/", record_views.record_of_referral, name="record_of_referral"),
    path("record/", record_views.record, name="record"),
    path("record/export/", record_views.record_export, name="record_export"),
    path("focus/", views.focus, name="focus"),
    path("focus/of/<int:pk>/choose/", views.focus_choose, name="focus_choose"),
    path("focus/of/<int:pk>/pin/", views.focus_pin, name="focus_pin"),
    path("focus/of/<int:pk>/options/", views.focus_options, name="focus_options"),
    path("focus/<int:pk>/drop/", views.focus_drop, name="focus_drop"),
    path("log/", views.quick_log, name="quick_log"),
    path("referrals/", views.referrals, name="referrals"),
    path("handovers/", handover_views.handovers, name="handovers"),
    path("handovers/new/", handover_views.handover_new, name="handover_new"),
    path("handovers/<int:pk>/", handover_views.handover, name="handover"),
    path("handovers/<int:pk>/back/", handover_views.handover_back, name="handover_back"),
]
