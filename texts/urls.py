from django.urls import path

from texts import views

urlpatterns = [
    path("texts/", views.texts, name="texts"),
    path("texts/<slug:name>/", views.text_edit, name="text_edit"),
    path("texts/<slug:name>/original/", views.text_original, name="text_original"),
    path("partners/<int:pk>/message/", views.message, name="message"),
]
