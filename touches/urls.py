from django.urls import path

from touches import views

urlpatterns = [
    path("partners/<int:pk>/steps/new/", views.step_new, name="step_new"),
    path("touches/<int:pk>/done/", views.touch_done, name="touch_done"),
]
