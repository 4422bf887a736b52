from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class StepAwayConfig(AppConfig):
    name = "stepaway"

    def ready(self) -> None:
        autodiscover_modules("receivers")
