from django.urls import path

from touches import views

urlpatterns = [
    path("partners/<int:pk>/steps/new/", views.step_new, name="step_new"),
    path("steps/<int:pk>/done/", views.step_done, name="step_done"),
]
