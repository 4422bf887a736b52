"""What conduct discloses, and what people see who may not see it: all of it in one place.

Conduct is seen by the owner and their manager only. Others read PRIVATE instead. A verdict, the
test lines and the prospects each have their function here; whatever shows one of them to somebody
else passes it through first. A list that is narrowed to one of CONDUCT_FLAGS shows partners alone
whose conduct the reader may see.
"""

from collections.abc import Iterable
from dataclasses import replace

from tiers.evidence import TestLine
from tiers.labels import PRIVATE
from tiers.moves import without_conduct_notes
from tiers.prospects import Prospect
from tiers.verdict import Rule, Verdict

__all__ = [
    "CONDUCT_FLAGS",
    "PRIVATE",
    "PRIVATE_CODE",
    "codes_tell_conduct",
    "disclosed",
    "disclosed_codes",
    "disclosed_lines",
    "disclosed_prospects",
    "tells_conduct",
]

PRIVATE_CODE = "private"
CONDUCT_FLAGS = frozenset({"conduct_watch", "high_producer_conduct"})

Codes = tuple[str | None, tuple[str, ...], tuple[str, ...]]


def disclosed(verdict: Verdict) -> Verdict:
    """Return the verdict without anything about conduct; its tier stays."""
    rule, reasons, flags = disclosed_codes(verdict.rule, verdict.reasons, verdict.flags)
    return Verdict(verdict.tier, str(rule), reasons, flags)


def tells_conduct(verdict: Verdict, lines: Iterable[TestLine] = ()) -> bool:
    """Whether somebody who reads these reads of conduct: to be asked of what is shown."""
    by_lines = any(line.about_conduct and line.holds for line in lines)
    return by_lines or codes_tell_conduct(verdict.rule, verdict.reasons, verdict.flags)


def codes_tell_conduct(rule: str | None, reasons: Iterable[str], flags: Iterable[str]) -> bool:
    """The same of a stored verdict's codes."""
    return rule == Rule.CONDUCT or not CONDUCT_FLAGS.isdisjoint(flags)


def disclosed_codes(rule: str | None, reasons: Iterable[str], flags: Iterable[str]) -> Codes:
    """Return the codes of a stored verdict without anything about conduct.

    "stays" goes with the other reasons of X1: it says as much as they do.
    """
    open_flags = tuple(flag for flag in flags if flag not in CONDUCT_FLAGS)
    if rule == Rule.CONDUCT:
        return PRIVATE_CODE, (PRIVATE_CODE,), open_flags
    return rule, tuple(reasons), open_flags


def disclosed_lines(lines: Iterable[TestLine]) -> tuple[TestLine, ...]:
    """Return the test lines without those about conduct, whether they hold or not."""
    return tuple(line for line in lines if not line.about_conduct)


def disclosed_prospects(prospects: Iterable[Prospect]) -> tuple[Prospect, ...]:
    """Return the prospects that say nothing about conduct, with its signals cleared.

    None of a partner who asked us to stop is among them: lifting do-not-contact leads on only where
    no conduct stands behind it.
    """
    return tuple(
        replace(prospect, signals=without_conduct_notes(prospect.signals))
        for prospect in prospects
        if not prospect.about_conduct
    )
