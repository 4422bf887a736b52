from django.urls import path

from partners import stop_views, views

urlpatterns = [
    path("partners/new/", views.partner_new, name="partner_new"),
    path("partners/<int:pk>/edit/", views.partner_edit, name="partner_edit"),
    path("partners/<int:pk>/archive/", views.partner_archive, name="partner_archive"),
    path("partners/<int:pk>/stop/", stop_views.partner_stop, name="partner_stop"),
    path("partners/<int:pk>/stop/lift/", stop_views.partner_stop_lift, name="partner_stop_lift"),
    path("partners/<int:pk>/restore/", views.partner_restore, name="partner_restore"),
]
