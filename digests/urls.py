from django.urls import path

from digests import views
from digests.links import Act

urlpatterns = [
    path("account/digests/", views.digest_settings, name="digest_settings"),
    path("digest/done/<str:token>/", views.step, {"act": Act.DONE}, name="digest_done"),
    path("digest/snooze/<str:token>/", views.step, {"act": Act.SNOOZE}, name="digest_snooze"),
    path("digest/stop/<str:token>/", views.digest_stop, name="digest_stop"),
    path("mails/", views.mails, name="mails"),
    path("mails/resume/", views.mail_resume, name="mail_resume"),
    path("mails/<int:pk>/", views.mail, name="mail"),
    path("mails/<int:pk>/again/", views.mail_again, name="mail_again"),
]
