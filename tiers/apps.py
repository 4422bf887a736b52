from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class TiersConfig(AppConfig):
    name = "tiers"

    def ready(self) -> None:
        autodiscover_modules("receivers")
