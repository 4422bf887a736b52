from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class TouchesConfig(AppConfig):
    name = "touches"

    def ready(self) -> None:
        autodiscover_modules("receivers")
