import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partners.models import Partner
from tiers.management.days import asked_day
from tiers.rehearsal import Rehearsed, rehearse
from tiers.wording import TIER_NAMES, why


class Command(BaseCommand):
    help = (
        "Show the computed tier of each active partner with its reasons, flags and signals, as "
        "judged on a day. Reads only. See docs/commands.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", metavar="DATE", help="YYYY-MM-DD; default today")
        parser.add_argument("--partner", metavar="KEY", default="", help="this partner alone")
        parser.add_argument("--json", action="store_true", help="a JSON list instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        as_of, key = asked_day(options["as_of"]), options["partner"]
        if key and not Partner.objects.active().filter(key=key).exists():
            raise CommandError(f"There is no active partner with the key {key}.")
        slices = rehearse(as_of=as_of, now=timezone.now(), key=key)
        lines = _json_lines(slices) if options["json"] else _table_lines(slices)
        for line in lines:
            self.stdout.write(line)


def _json_lines(slices: Iterator[list[Rehearsed]]) -> Iterator[str]:
    """A JSON list, one partner a line, written as it comes."""
    yield "["
    comma = ""
    for some in slices:
        text = ",\n".join(json.dumps(_plain(case)) for case in some)
        yield comma + text
        comma = ","
    yield "]"


def _plain(case: Rehearsed) -> dict[str, Any]:
    verdict = case.judged.verdict
    return {
        "key": case.partner.key,
        "tier": verdict.tier,
        "rule": verdict.rule,
        "reasons": verdict.reasons,
        "flags": verdict.flags,
        "signals": asdict(case.judged.subject.signals),
    }


def _table_lines(slices: Iterator[list[Rehearsed]]) -> Iterator[str]:
    yield f"{'key':<32}  {'name':<28}  {'tier':<11}  {'rule':<4}  why"
    for some in slices:
        for case in some:
            verdict = case.judged.verdict
            words = why(verdict.rule, verdict.reasons, verdict.flags)
            yield (
                f"{case.partner.key:<32}  {case.partner.full_name[:28]:<28}  "
                f"{TIER_NAMES[verdict.tier]:<11}  {verdict.rule:<4}  {words}"
            )
