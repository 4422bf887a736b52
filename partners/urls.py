from django.urls import path

from partners import views

urlpatterns = [
    path("partners/new/", views.partner_new, name="partner_new"),
    path("partners/<int:pk>/edit/", views.partner_edit, name="partner_edit"),
    path("partners/<int:pk>/archive/", views.partner_archive, name="partner_archive"),
    path("partners/<int:pk>/restore/", views.partner_restore, name="partner_restore"),
]
