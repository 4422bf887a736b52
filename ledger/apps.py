from django.apps import AppConfig

from audit.append_only import keep_as_written

KEPT = ["Line", "Recipient", "LineFile", "Approval", "Release", "Statement", "RulesVersion"]


class LedgerConfig(AppConfig):
    name = "ledger"

    def ready(self) -> None:
        for model in KEPT:
            keep_as_written(f"ledger.{model}")
