"""What the figures mean, in sentences for a manager and for an officer.

A rate of fewer than FEWEST is never said. No sentence ranks people, and none says that anybody owes
a referral.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from insights.report import (
    FEWEST,
    Concentration,
    Conversion,
    Covered,
    Exchange,
    FirstContact,
    Flow,
    Rate,
    Report,
    Thanks,
)
from tiers.verdict import Tier
from touches.effort import EffortLevel, effort_line, in_hours

TOO_FEW = "too few to tell"
SMALL = {2: "two", 3: "three", 4: "four", 5: "five"}


class Tone(StrEnum):
    """The traffic light beside a word, which says the same."""

    GOOD = "good"
    WARN = "warn"
    STOP = "stop"
    PLAIN = "plain"


@dataclass(frozen=True)
class Told:
    """A figure in a few words, what to make of it, and of what it tells."""

    figure: str
    word: str
    tone: Tone
    of: str


def percent(rate: Rate) -> str:
    return TOO_FEW if rate.percent is None else f"{rate.percent}%"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 partner`, `3 partners`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


LEVEL_WORDS = {
    EffortLevel.GREEN: ("more than half", Tone.GOOD),
    EffortLevel.AMBER: ("less than half", Tone.WARN),
    EffortLevel.RED: ("well below half", Tone.STOP),
    EffortLevel.TOO_LITTLE: ("too little logged", Tone.PLAIN),
}


def effort(report: Report) -> Told:
    """The share of Cultivation, which should have more than half of all minutes."""
    spent = report.effort
    line = effort_line(spent.by_tier, f"In {report.period_days} days")
    word, tone = LEVEL_WORDS[line.level]
    cultivation = spent.of(Tier.CULTIVATION)
    if line.level == EffortLevel.RED and 100 * cultivation >= 40 * spent.total:
        word = "too much to Cease"
    if line.level == EffortLevel.TOO_LITTLE:
        return Told("–", word, tone, f"{in_hours(spent.total)} logged")
    share = f"{100 * cultivation // spent.total}%"
    return Told(share, word, tone, f"{_about(cultivation)} of {_about(spent.total)}")


def _about(minutes: int) -> str:
    """In whole hours, where there are many."""
    return f"{round(minutes / 60)} h" if minutes >= 600 else in_hours(minutes)


def effort_sentence(report: Report) -> str:
    return effort_line(report.effort.by_tier, f"In {report.period_days} days").text


def all_covered(coverage: Sequence[Covered]) -> Rate:
    return Rate(sum(one.rate.part for one in coverage), sum(one.rate.n for one in coverage))


# From how many percent on people count as in touch with most, and with many, of their partners.
MOST, MANY = 80, 50


def coverage(report: Report) -> Told:
    rate = all_covered(report.coverage)
    of = f"{rate.part:,} of {counted(rate.n, 'partner')}"
    share = rate.percent
    if share is None:
        return Told("–", TOO_FEW, Tone.PLAIN, of)
    if share >= MOST:
        return Told(f"{share}%", "in touch with most", Tone.GOOD, of)
    if share >= MANY:
        return Told(f"{share}%", "some wait for a talk", Tone.WARN, of)
    return Told(f"{share}%", "many wait for a talk", Tone.STOP, of)


RANKS = [tier.value for tier in reversed(Tier)]


def _went(flows: Sequence[Flow], *, up: bool) -> int:
    """How many came to a higher tier (or a lower one); new and archived partners aside."""
    moved = [flow for flow in flows if flow.before in RANKS and flow.after in RANKS]
    return sum(
        flow.count
        for flow in moved
        if flow.before != flow.after and (RANKS.index(flow.after) > RANKS.index(flow.before)) is up
    )


def moved(report: Report) -> Told:
    up, down = (_went(report.movement.flows, up=one) for one in (True, False))
    of = f"of {counted(report.partners, 'partner')}"
    if not up and not down:
        return Told("0", "nobody moved", Tone.PLAIN, of)
    word, tone = "as many up as down", Tone.PLAIN
    if up != down:
        word, tone = ("more up", Tone.GOOD) if up > down else ("more down", Tone.WARN)
    return Told(f"{up} up, {down} down", word, tone, of)


def waiting(report: Report) -> Told:
    borrowers = report.waiting_total
    if not borrowers:
        return Told("0", "nobody waits", Tone.GOOD, "for a first contact")
    of = f"sent by {counted(report.waiting_partners, 'partner')}"
    return Told(f"{borrowers:,}", "not contacted yet", Tone.STOP, of)


def at_risk(report: Report) -> Told:
    of = f"of {counted(report.partners, 'partner')}"
    if not report.at_risk_total:
        return Told("0", "nobody slips away", Tone.GOOD, of)
    return Told(f"{report.at_risk_total:,}", "may be lost soon", Tone.WARN, of)


def promoted(rate: Rate) -> str:
    if not rate.n:
        return "Nobody was in Cultivation at the start."
    said = f"{rate.part:,} of {rate.n:,} in Cultivation at the start went up to Maintenance"
    return f"{said} ({percent(rate)})."


def converted(months: Sequence[Conversion]) -> str:
    """Of the months that are old enough, what became of their referrals."""
    closed = [one for one in months if not one.is_open]
    received = sum(one.received for one in closed)
    if not received:
        return "No month is old enough yet: a loan takes about 120 days."
    whole = f"Of {counted(received, 'referral')} in months older than 120 days"
    if received < FEWEST:
        return f"{whole}: {TOO_FEW}."
    reached = [
        (sum(one.application for one in closed), "applied"),
        (sum(one.pre_approved for one in closed), "were pre-approved"),
        (sum(one.funded for one in closed), "were funded"),
    ]
    first, second, third = (f"{percent(Rate(part, received))} {what}" for part, what in reached)
    return f"{whole}, {first}, {second}, and {third}."


def pulled_through(rate: Rate) -> str:
    if not rate.n:
        return "No loan was funded in these days, and none was lost after an application."
    whole = f"{counted(rate.part, 'loan')} funded of {rate.n:,} that ended after an application"
    return f"{whole}: {percent(rate)}."


def concentrated(figure: Concentration) -> str:
    rate = figure.rate
    if not rate.n:
        return "No referral came in 365 days."
    if rate.percent is None:
        return f"{counted(rate.n, 'referral')} in 365 days: {TOO_FEW}."
    senders = len(figure.largest)
    named = "one partner" if senders == 1 else f"the {SMALL[senders]} who sent most"
    return f"{percent(rate)} of {rate.n:,} referrals in 365 days came from {named}."


def exchanged(figure: Exchange) -> str:
    """Side by side, as information."""
    received, given = figure.only_received or "nobody", figure.only_given or "nobody"
    both = counted(figure.both, "partner") if figure.both else "nobody"
    return f"Both ways with {both}, received only from {received}, given only to {given}."


def first_contact(figure: FirstContact) -> Told:
    of = f"{counted(figure.contacted, 'borrower')} contacted"
    if figure.median_hours is None or figure.contacted < FEWEST:
        return Told("–", TOO_FEW, Tone.PLAIN, of)
    return Told(in_time(figure.median_hours), "half were called sooner", Tone.PLAIN, of)


def in_time(hours: float) -> str:
    """`25 min`, `3 h`, `26 h`, `3 days`."""
    if hours < 1:
        return f"{round(hours * 60)} min"
    return f"{round(hours)} h" if hours < 48 else f"{round(hours / 24)} days"


def thanked(figure: Thanks) -> Told:
    rate = figure.rate
    of = f"{rate.part:,} of {counted(rate.n, 'referral')}"
    if rate.percent is None:
        return Told("–", TOO_FEW, Tone.PLAIN, of)
    return Told(f"{rate.percent}%", "by the next working day", Tone.PLAIN, of)


def freed(report: Report) -> str:
    if not report.freed:
        return "Nobody went to Cease in these days."
    who = "One partner" if report.freed_total == 1 else f"{report.freed_total:,} partners"
    had = in_hours(report.freed_minutes)
    return f"{who} went to Cease. Before that they had {had} a week, which is free for others now."


def questions(report: Report) -> list[str]:
    """What to ask in a talk between two: first what went well, then what may need help."""
    ups = _went(report.movement.flows, up=True)
    borrowers = counted(report.waiting_total, "borrower")
    asked = [
        (ups > 0, f"{counted(ups, 'partner')} moved up. What worked there?"),
        (
            effort(report).tone == Tone.GOOD,
            "Most of the time went to Cultivation. With whom does it pay already?",
        ),
        (
            bool(report.waiting),
            f"{borrowers} without a first contact. What would help?",
        ),
        (
            effort(report).tone in {Tone.WARN, Tone.STOP},
            "Cultivation had less than half of the time. Which two partners would a coffee help?",
        ),
        (
            coverage(report).tone in {Tone.WARN, Tone.STOP},
            "Some partners have not heard from us for a while. With whom to begin this week?",
        ),
        (report.at_risk_total > 0, "Who of those at risk would a call today keep?"),
    ]
    return [question for applies, question in asked if applies]
