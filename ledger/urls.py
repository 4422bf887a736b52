from django.urls import path

from ledger import views

urlpatterns = [
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/new/", views.ledger_new, name="ledger_new"),
    path("ledger/drafts/<int:pk>/", views.ledger_draft, name="ledger_draft"),
    path("ledger/drafts/<int:pk>/enter/", views.ledger_enter, name="ledger_enter"),
    path("ledger/drafts/<int:pk>/discard/", views.ledger_discard, name="ledger_discard"),
    path("ledger/lines/<int:pk>/", views.ledger_line, name="ledger_line"),
    path("ledger/lines/<int:pk>/reverse/", views.ledger_reverse, name="ledger_reverse"),
    path("ledger/files/<int:pk>/", views.ledger_file, name="ledger_file"),
]
