from django.apps import AppConfig

from audit.append_only import keep_as_written


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        keep_as_written("audit.Event")
        keep_as_written("audit.Seal")
