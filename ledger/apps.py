from django.apps import AppConfig

from audit.append_only import keep_as_written

FIVE_YEARS_AGO = {
    "sqlite": "date('now', '-5 years')",
    "postgresql": "(CURRENT_DATE - INTERVAL '5 years')::date",
}
# The rows of a line, by the condition that leads from them (OLD) to it.
OF_A_LINE = {
    "Line": "l.id = OLD.id",
    "Recipient": "l.id = OLD.line_id",
    "LineFile": "l.id = OLD.line_id",
    "Approval": "l.id = OLD.line_id",
    "Release": "l.draft_id = OLD.draft_id",
}
FOR_EVER = ["Statement", "RulesVersion"]

# A hold on a line covers its reversal, and the other way round; one on a partner, every line that
# still names them: so of a held line nothing goes, not even the names of the others.
COVERED = """
h.line_id = l.id OR h.line_id = l.reverses_id
OR h.line_id IN (SELECT r.id FROM ledger_line r WHERE r.reverses_id = l.id)
OR h.officer_id = l.officer_id
OR (h.partner_key <> '' AND EXISTS (
    SELECT 1 FROM ledger_recipient n WHERE n.line_id = l.id AND n.partner_key = h.partner_key))
OR (h.line_id IS NULL AND h.officer_id IS NULL AND h.partner_key = '')
"""


def purgeable(way_to_line: str) -> dict[str, str]:
    """When a row of a line may go: a purge is open, the line is old enough, no hold covers it."""
    condition = (
        "EXISTS (SELECT 1 FROM ledger_line l, ledger_purge p WHERE {way} "
        "AND p.ended_at IS NULL AND l.day < p.before AND l.day < {old} AND NOT EXISTS ("
        "SELECT 1 FROM ledger_hold h WHERE h.lifted_at IS NULL AND ({covered})))"
    )
    return {
        vendor: condition.format(way=way_to_line, old=old, covered=COVERED)
        for vendor, old in FIVE_YEARS_AGO.items()
    }


class LedgerConfig(AppConfig):
    name = "ledger"

    def ready(self) -> None:
        for model, way_to_line in OF_A_LINE.items():
            keep_as_written(f"ledger.{model}", deletable_when=purgeable(way_to_line))
        for model in FOR_EVER:
            keep_as_written(f"ledger.{model}")
