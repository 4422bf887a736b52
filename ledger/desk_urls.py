from django.urls import path

from ledger import desk_settings_views, desk_views

urlpatterns = [
    path("ledger/desk/", desk_views.ledger_desk, name="ledger_desk"),
    path("ledger/lines/<int:pk>/answer/", desk_views.ledger_answer, name="ledger_answer"),
    path("ledger/drafts/<int:pk>/release/", desk_views.ledger_release, name="ledger_release"),
    path("ledger/neutrality/", desk_views.ledger_neutrality, name="ledger_neutrality"),
    path("ledger/print/", desk_views.ledger_print, name="ledger_print"),
    path("ledger/export/", desk_views.ledger_export, name="ledger_export"),
    path("ledger/holds/", desk_views.ledger_holds, name="ledger_holds"),
    path("ledger/holds/<int:pk>/lift/", desk_views.ledger_hold_lift, name="ledger_hold_lift"),
    path("ledger/rules/", desk_settings_views.ledger_rules, name="ledger_rules"),
    path("ledger/statement/", desk_settings_views.ledger_statement, name="ledger_statement"),
]
