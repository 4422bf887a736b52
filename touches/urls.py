from django.urls import path

from touches import views

urlpatterns = [
    path("partners/<int:pk>/steps/new/", views.step_new, name="step_new"),
    path("touches/<int:pk>/done/", views.touch_done, name="touch_done"),
    path("touches/<int:pk>/snooze/", views.touch_snooze, name="touch_snooze"),
    path("touches/<int:pk>/skip/", views.touch_skip, name="touch_skip"),
    path(
        "partners/<int:pk>/touches/<str:kind>/snooze/", views.cadence_snooze, name="cadence_snooze"
    ),
    path("partners/<int:pk>/touches/<str:kind>/skip/", views.cadence_skip, name="cadence_skip"),
    path("playbook/", views.playbook, name="playbook"),
    path("playbook/edit/", views.playbook_edit, name="playbook_edit"),
    path("playbook/defaults/", views.playbook_restore, name="playbook_restore"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/new/", views.calendar_make, name="calendar_make"),
    path("calendar/revoke/", views.calendar_revoke, name="calendar_revoke"),
    path("calendar/<str:secret>.ics", views.calendar_feed, name="calendar_feed"),
]
