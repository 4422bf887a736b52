from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partners.models import Partner
from tiers.management.days import asked_day
from tiers.rehearsal import last_day_begun, last_recorded, rehearse
from tiers.services import SLICE, Judged, reclassify, reclassify_now


class Command(BaseCommand):
    help = (
        "Show which computed tiers would change, judged on a day; with --apply change them. "
        "See docs/commands.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of", metavar="DATE", help="YYYY-MM-DD; default each owner's today"
        )
        parser.add_argument("--apply", action="store_true", help="write the changes")

    def handle(self, *args: Any, **options: Any) -> None:
        now, as_of = timezone.now(), asked_day(options["as_of"])
        if options["apply"] and as_of:
            _refuse_unfit(as_of, now)
        slices = _applied(as_of, now) if options["apply"] else _rehearsed(as_of, now)
        moved = 0
        for some in slices:
            moved += len(some)
            for line in _lines(some):
                self.stdout.write(line)
        change = "changed" if options["apply"] else "would change"
        self.stdout.write(f"{moved:,} {'tier' if moved == 1 else 'tiers'} {change}.")


def _refuse_unfit(as_of: date, now: datetime) -> None:
    """Raise CommandError for a day on which nothing may be recorded."""
    last = last_recorded()
    if last and as_of < last:
        raise CommandError(
            f"A tier change is recorded on {last} already, so nothing is changed as of {as_of}. "
            f"Choose {last} or a later day."
        )
    if as_of > last_day_begun(now):
        raise CommandError(f"{as_of} is in the future. Choose a day that has begun.")


def _rehearsed(as_of: date | None, now: datetime) -> Iterator[list[Judged]]:
    for some in rehearse(as_of=as_of, now=now):
        yield [case.judged for case in some if case.judged.tier_moves]


def _applied(as_of: date | None, now: datetime) -> Iterator[list[Judged]]:
    last = 0
    partners = Partner.objects.active().order_by("pk").values_list("pk", flat=True)
    while ids := list(partners.filter(pk__gt=last)[:SLICE]):
        last = ids[-1]
        yield reclassify(ids, as_of=as_of) if as_of else reclassify_now(ids, now=now)


def _lines(moved: list[Judged]) -> Iterator[str]:
    partners = Partner.objects.in_bulk([case.subject.partner_id for case in moved])
    for case in moved:
        partner, verdict = partners[case.subject.partner_id], case.verdict
        before = case.subject.standing.tier or "none"
        yield f"{partner.key}  {partner.full_name}: {before} -> {verdict.tier} ({verdict.rule})"
