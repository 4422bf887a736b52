from django.urls import path

from stepaway import views

urlpatterns = [
    path("step-away/", views.step_aways, name="step_aways"),
    path("partners/<int:pk>/step-away/", views.step_away, name="step_away"),
    path("partners/<int:pk>/step-away/choose/", views.step_away_choose, name="step_away_choose"),
    path("step-away/choices/<int:pk>/look/", views.step_away_look, name="step_away_look"),
    path("step-away/steps/<int:pk>/", views.step_away_step, name="step_away_step"),
    path("step-away/plans/<int:pk>/close/", views.step_away_close, name="step_away_close"),
]
