from django.urls import path

from accounts import absence_views, people_views

urlpatterns = [
    path("people/", people_views.people, name="people"),
    path("people/new/", people_views.person_new, name="person_new"),
    path("people/<int:pk>/", people_views.person, name="person"),
    path("people/<int:pk>/invite/", people_views.person_invite, name="person_invite"),
    path("people/<int:pk>/deactivate/", people_views.person_deactivate, name="person_deactivate"),
    path("people/<int:pk>/activate/", people_views.person_activate, name="person_activate"),
    path("people/<int:pk>/roles/", people_views.grant_add, name="grant_add"),
    path("people/roles/<int:pk>/remove/", people_views.grant_remove, name="grant_remove"),
    path("branches/", people_views.branches, name="branches"),
    path("branches/new/", people_views.branch_new, name="branch_new"),
    path("branches/<int:pk>/", people_views.branch_edit, name="branch_edit"),
    path("absences/", absence_views.absences, name="absences"),
    path("absences/<int:pk>/end/", absence_views.absence_end, name="absence_end"),
]
