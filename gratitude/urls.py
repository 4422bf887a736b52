from django.urls import path

from gratitude import views

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
    path("invitations/<int:pk>/remove/", views.event_take_off, name="event_take_off"),
]
