from django.apps import AppConfig


class StepAwayConfig(AppConfig):
    name = "stepaway"
