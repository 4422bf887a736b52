from django.urls import path

from gratitude import piece_views, views

urlpatterns = [
    path("events/", views.events, name="events"),
    path("events/new/", views.event_new, name="event_new"),
    path("events/<int:pk>/", views.event, name="event"),
    path("events/<int:pk>/edit/", views.event_edit, name="event_edit"),
    path("events/<int:pk>/invite/", views.event_invite, name="event_invite"),
    path("events/<int:pk>/walk-ins/", views.event_walk_in, name="event_walk_in"),
    path("events/<int:pk>/came/", views.event_came, name="event_came"),
    path("events/<int:pk>/log/", views.event_log, name="event_log"),
    path("events/<int:pk>/cancel/", views.event_cancel, name="event_cancel"),
    path("events/<int:pk>/back/", views.event_back, name="event_back"),
    path("events/<int:pk>/ledger/", views.event_ledger, name="event_ledger"),
    path("invitations/<int:pk>/remove/", views.event_take_off, name="event_take_off"),
    path("co-marketing/", piece_views.pieces, name="pieces"),
    path("co-marketing/new/", piece_views.piece_new, name="piece_new"),
    path("co-marketing/<int:pk>/", piece_views.piece, name="piece"),
    path("co-marketing/<int:pk>/edit/", piece_views.piece_edit, name="piece_edit"),
    path("co-marketing/<int:pk>/end/", piece_views.piece_end, name="piece_end"),
    path("co-marketing/<int:pk>/files/", piece_views.piece_file_add, name="piece_file_add"),
    path("co-marketing/<int:pk>/ledger/", piece_views.piece_ledger, name="piece_ledger"),
    path("co-marketing/files/<int:pk>/", piece_views.piece_file, name="piece_file"),
    path(
        "co-marketing/files/<int:pk>/remove/",
        piece_views.piece_file_remove,
        name="piece_file_remove",
    ),
]
