"""From a partner's tier, its last contacts and the calendar to what is due. Pure.

Source: the default play-book and the rules of clocks and silence in docs/playbook.md.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from tiers.verdict import Rule, Tier
from touches.cadences import Audience, Cadence, FirstTouch, Playbook
from touches.kinds import KINDS, Fit, Occasion, TouchKind
from touches.occasions import Anniversaries, OccasionTouch, occasion_name, touch_named
from touches.workdays import working_day_from, working_day_until

__all__ = ["Audience", "Cadence", "FirstTouch", "Playbook"]

SOON_DAYS = 3
# What was longer ago counts as never: nothing is asked for less often than once a year.
LOOK_BACK_DAYS = 400
# A referral asks for thanks this long.
THANKS_DAYS = 14
# An owner who flew west, or took over from one in the east, finds a day that has not come to them.
AHEAD = timedelta(days=1)
# A call for an occasion that was missed stays this long; later it would only embarrass.
LATE_CALL_DAYS = 7
# A step, a card and a call to congratulate: the play-book says nothing, so as much as a call.
PLAIN_MINUTES = 10

OCCASION_KINDS = frozenset({TouchKind.PREPARE, TouchKind.CONGRATULATE})
# Those that a person may mark as done; the others are done by what is logged alone.
BY_HAND = OCCASION_KINDS | {TouchKind.STEP}
# Those that a person or a date plans, as a row; the others follow from cadences and referrals.
ROW_KINDS = BY_HAND | {TouchKind.FIRST_TOUCH}


def audience(tier_in_force: str, rule: str, on_focus: bool) -> Audience:
    """For which part of the play-book a partner is: by the tier in force, not the computed one."""
    if tier_in_force == Tier.MAINTENANCE:
        return Audience.MAINTENANCE
    if tier_in_force != Tier.CULTIVATION:
        return Audience.NONE
    if rule == Rule.TOO_NEW:
        return Audience.TOO_NEW
    return Audience.FOCUS if on_focus else Audience.CULTIVATION


class Urgency(StrEnum):
    OVERDUE = "overdue"
    DUE = "due"
    SOON = "soon"


@dataclass(frozen=True)
class Row:
    """An open planned touch: a step, a snooze, an occasion, a first touch."""

    pk: int
    kind: TouchKind
    due_on: date
    opens_on: date | None = None
    occurrence: str = ""
    what: str = ""


@dataclass(frozen=True)
class Facts:
    """What is known of one partner on a day of its owner."""

    # In force: the override's, else the computed one.
    tier: str
    rule: str
    clock_starts_on: date
    # Since when on the focus list, week after week; None off it.
    focus_since: date | None = None
    # The newest interaction that fits, within LOOK_BACK_DAYS; the newest skip of a kind.
    last: Mapping[Fit, date] = field(default_factory=dict)
    skipped: Mapping[TouchKind, date] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    anniversaries: Anniversaries = field(default_factory=Anniversaries)
    # Names of opt-outs that are set, such as "no_calls".
    silenced: frozenset[str] = frozenset()
    asked_to_stop: bool = False
    # Whether a step-away plan is open.
    stepping_away: bool = False
    archived: bool = False
    # The day of the oldest referral that waits for thanks; see `unthanked_since`.
    unthanked_since: date | None = None

    @property
    def audience(self) -> Audience:
        return audience(self.tier, self.rule, on_focus=self.focus_since is not None)


@dataclass(frozen=True)
class Due:
    """One touch to make: what, when and why. `label` of a step is a person's own words."""

    kind: TouchKind
    due_on: date
    urgency: Urgency
    minutes: int
    label: str
    why: str
    # The planned touch behind it; None where a cadence, or a referral, alone asks for it.
    row_id: int | None = None
    # "birthday", "anniversary" or "business", and its day; blank for other kinds.
    occasion: str = ""
    occasion_on: date | None = None


def silences(facts: Facts, kind: TouchKind) -> bool:
    """Tell whether a touch of this kind is not to be asked for: the one place that decides it.

    Asked to stop is stop, and archived is out of every list. Cease, and stepping away whatever the
    tier, leave the steps that a person planned. An opt-out silences the kinds that need that way.
    """
    if facts.archived or facts.asked_to_stop:
        return True
    if (facts.tier == Tier.CEASE or facts.stepping_away) and kind != TouchKind.STEP:
        return True
    return KINDS[kind].silenced_by in facts.silenced


def unthanked_since(
    referral_days: Collection[date], thanked_on: date | None, skipped_on: date | None, today: date
) -> date | None:
    """The day of the oldest of these referrals that no thanks, and no skip of it, followed."""
    ended = max(day for day in (thanked_on, skipped_on, date.min) if day)
    first = today - timedelta(days=THANKS_DAYS)
    last = today + AHEAD
    return min((day for day in referral_days if first <= day <= last and day > ended), default=None)


def due_touches(
    facts: Facts, playbook: Playbook, today: date, *, soon_days: int = SOON_DAYS
) -> tuple[Due, ...]:
    """What is overdue, due, or due within `soon_days`, the soonest first.

    At most one of a kind, as a missed touch rolls forward and never piles up; only steps and
    occasions stand for themselves.
    """
    horizon = today + timedelta(days=soon_days)
    found = [
        due
        for due in (
            *_from_cadences(facts, playbook, today),
            *_first_touch(facts, playbook, today),
            *_thanks(facts, playbook, today),
            *_steps(facts, today),
            *_occasions(facts, today),
        )
        if due.due_on <= horizon and not silences(facts, due.kind)
    ]
    return tuple(sorted(found, key=lambda due: (due.due_on, _ORDER[due.kind], due.row_id or 0)))


_ORDER = {kind: place for place, kind in enumerate(TouchKind)}


def urgency_of(due_on: date, today: date) -> Urgency:
    if due_on < today:
        return Urgency.OVERDUE
    return Urgency.DUE if due_on == today else Urgency.SOON


def cadence_due_on(facts: Facts, cadence: Cadence) -> date:
    """When a cadence asks for its next touch, if nobody has snoozed it.

    Counted from the last fitting interaction or skip; where there was neither, from the first day
    of the tier (or of the record, if later), so that a book brought in yesterday is not overdue.
    For the same reason the focus list asks for nothing before the day of its choice.
    """
    every = timedelta(days=cadence.every_days)
    chosen_on = facts.focus_since if facts.audience == Audience.FOCUS else None
    starts_on = max(facts.clock_starts_on, chosen_on or date.min)
    fit = KINDS[cadence.kind].fit
    known = [facts.last.get(fit) if fit else None, facts.skipped.get(cadence.kind)]
    last = max((day for day in known if day), default=None)
    return max(last + every, chosen_on or date.min) if last else starts_on + every


def _from_cadences(facts: Facts, playbook: Playbook, today: date) -> Iterator[Due]:
    for cadence in playbook.cadences_for(facts.audience):
        snooze = _snooze(facts, cadence.kind)
        due_on = snooze.due_on if snooze else cadence_due_on(facts, cadence)
        why = _snoozed(snooze) if snooze else _every(facts, cadence, today)
        yield _due(cadence.kind, due_on, today, cadence.minutes, why, snooze)


def _snooze(facts: Facts, kind: TouchKind) -> Row | None:
    return next((row for row in facts.rows if row.kind == kind and not row.occurrence), None)


def _first_touch(facts: Facts, playbook: Playbook, today: date) -> Iterator[Due]:
    """Of several open first touches the earliest: one contact completes them all."""
    rungs = [row for row in facts.rows if row.kind == TouchKind.FIRST_TOUCH]
    if facts.audience == Audience.TOO_NEW and rungs:
        row = min(rungs, key=lambda rung: (rung.due_on, rung.pk))
        why = "A new partner: the first touches make a good start."
        yield _due(row.kind, row.due_on, today, playbook.first_touch.minutes, why, row)


def _thanks(facts: Facts, playbook: Playbook, today: date) -> Iterator[Due]:
    snooze = _snooze(facts, TouchKind.THANKS)
    minutes, since = playbook.thanks_minutes, facts.unthanked_since
    if snooze:
        yield _due(TouchKind.THANKS, snooze.due_on, today, minutes, _snoozed(snooze), snooze)
    elif since:
        why = f"A referral came on {in_words(since)}."
        yield _due(TouchKind.THANKS, working_day_from(since), today, minutes, why)


def _steps(facts: Facts, today: date) -> Iterator[Due]:
    for row in facts.rows:
        if row.kind == TouchKind.STEP:
            why = f"Planned for {in_words(row.due_on)}."
            yield _due(row.kind, row.due_on, today, PLAIN_MINUTES, why, row, label=row.what)


def _occasions(facts: Facts, today: date) -> Iterator[Due]:
    for row in facts.rows:
        if row.kind not in OCCASION_KINDS:
            continue
        touch = touch_named(facts.anniversaries, row.kind, row.occurrence)
        if touch and today <= _last_day(row, touch):
            yield Due(
                kind=row.kind,
                due_on=row.due_on,
                urgency=urgency_of(row.due_on, today),
                minutes=PLAIN_MINUTES,
                label=KINDS[row.kind].label,
                why=_kept(touch),
                row_id=row.pk,
                occasion=touch.occasion,
                occasion_on=touch.day,
            )


def _last_day(row: Row, touch: OccasionTouch) -> date:
    """A card in time for the call; a call that was missed, for a week."""
    if row.kind == TouchKind.PREPARE:
        return latest_snooze(touch)
    return row.due_on + timedelta(days=LATE_CALL_DAYS)


def latest_snooze(touch: OccasionTouch) -> date:
    """Until when the touch for an occasion can be put off: from then on it would come too late."""
    if touch.kind == TouchKind.PREPARE:
        return working_day_until(touch.day)
    return touch.due_on + timedelta(days=LATE_CALL_DAYS)


def _due(
    kind: TouchKind,
    due_on: date,
    today: date,
    minutes: int,
    why: str,
    row: Row | None = None,
    label: str = "",
) -> Due:
    return Due(
        kind=kind,
        due_on=due_on,
        urgency=urgency_of(due_on, today),
        minutes=minutes,
        label=label or KINDS[kind].label,
        why=why,
        row_id=row.pk if row else None,
    )


# Words


def in_words(day: date) -> str:
    """A day without its year, such as "June 3"."""
    return f"{day:%B} {day.day}"


def _days_ago(day: date, today: date) -> str:
    days = (today - day).days
    if days <= 0:
        return "today"  # or tomorrow, where the owner was further east
    return f"{days} day ago" if days == 1 else f"{days} days ago"


def _every(facts: Facts, cadence: Cadence, today: date) -> str:
    every = "Every day" if cadence.every_days == 1 else f"Every {cadence.every_days} days"
    fit = KINDS[cadence.kind].fit
    last, skipped = facts.last.get(fit) if fit else None, facts.skipped.get(cadence.kind)
    if skipped and (last is None or skipped > last):
        return f"{every}; skipped {_days_ago(skipped, today)}."
    if last:
        return f"{every}; the last one was {_days_ago(last, today)}."
    return f"{every}; none so far."


def _snoozed(row: Row) -> str:
    return f"Put off until {in_words(row.due_on)}."


def _kept(touch: OccasionTouch) -> str:
    """Such as "10 years as partners on Saturday, June 6." """
    name = occasion_name(Occasion(touch.occasion), touch.years)
    return f"{name} on {touch.day:%A}, {in_words(touch.day)}."
