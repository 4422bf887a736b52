"""What the daily digest says: at most one screen, in the order of Today.

It goes through mail servers and onto screens that others see. So it names partners and what is
due, and nothing else: no borrower, no note, no tier, no conduct, and not the words of a next step,
which may name a borrower; those stand behind the sign-in.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.dateformat import format as format_date

from accounts.models import User
from digests.kinds import DAILY
from digests.leaving import refusal, written
from digests.links import Act, Step, absolute, step_url
from digests.wording import (
    day_in_words,
    due_in_words,
    headline_of,
    label_of,
    lead_of,
    one_line,
    why_of,
)
from mailing.kinds import Mail, Suppressed
from mailing.models import Delivery
from partners.models import Partner
from touches.agenda import Entry, agenda, occasions_ahead, waiting_referrals
from touches.cadences import Audience
from touches.log_links import log_query
from touches.occasions import OccasionTouch, occasion_name
from touches.playbook import BY_HAND, OCCASION_KINDS, Urgency

# About a screen; the rest stands on Today. Of the short lines two take the room of one.
MOST_LINES = 7
MOST_WAITING = 3
MOST_AHEAD = 3


@dataclass(frozen=True)
class Line:
    """A partner with the most urgent touch, and the addresses of what one can do about it."""

    name: str
    company: str
    what: str
    when: str
    late: bool
    why: str
    on_focus: bool
    # What else is due with them, such as "Handwritten note".
    also: str
    partner_url: str
    log_url: str
    # Blank where the link would not fit.
    done_url: str
    snooze_url: str


@dataclass(frozen=True)
class Waiting:
    """A partner whose referrals nobody has contacted yet: how many, and since when."""

    name: str
    count: int
    since: date
    partner_url: str


@dataclass(frozen=True)
class Ahead:
    """An occasion of the next days."""

    when: str
    what: str
    name: str
    partner_url: str


@dataclass(frozen=True)
class Digest:
    """One morning of one person."""

    today: date
    headline: str
    due_count: int
    waiting: Sequence[Waiting]
    more_waiting: int
    lines: Sequence[Line]
    more: int
    ahead: Sequence[Ahead]

    @property
    def says_something(self) -> bool:
        return bool(self.waiting or self.lines or self.ahead)

    @property
    def lead(self) -> str:
        return lead_of(self.due_count)


def render(delivery: Delivery, now: datetime) -> Mail | Suppressed:
    """The digest of one person as things are at `now`, or why there is none.

    Always that of today, also where an older one is sent again: old news helps nobody.
    """
    refused = refusal(delivery, now)
    if refused:
        return refused
    user: User = delivery.user
    digest = build(user, user.today(now))
    if not digest.says_something:
        return Suppressed("Nothing to say today.")
    return written(
        DAILY,
        user,
        subject=digest.headline,
        context={
            "digest": digest,
            "day": format_date(digest.today, "l, F j"),
            "today_url": absolute("today"),
        },
    )


def build(user: User, today: date) -> Digest:
    """Everything that the digest says about this person's own partners on this day of theirs.

    The same functions as Today, so the same partners in the same order.
    """
    entries = agenda(user, today)
    due = [entry.first for entry in entries if entry.first.urgency != Urgency.SOON]
    waiting = _waiting(user, today)
    occasions = occasions_ahead(user, today)
    short = len(waiting[:MOST_WAITING]) + len(occasions[:MOST_AHEAD])
    room = MOST_LINES - short // 2
    lines, more = entries[:room], entries[room:]
    listed = {(entry.partner.pk, one.occasion) for entry in lines for one in entry.dues}
    ahead = [pair for pair in occasions if (pair[0].pk, pair[1].occasion) not in listed]
    return Digest(
        today=today,
        headline=headline_of(due, sum(one.count for one in waiting), len(entries) + len(ahead)),
        due_count=len(due),
        waiting=waiting[:MOST_WAITING],
        more_waiting=sum(one.count for one in waiting[MOST_WAITING:]),
        lines=[_line(user, entry, today) for entry in lines],
        more=len(more),
        ahead=[_ahead(partner, touch, today) for partner, touch in ahead[:MOST_AHEAD]],
    )


def _waiting(user: User, today: date) -> list[Waiting]:
    """By partner, who waits the longest first. Nothing of the borrowers is even loaded."""
    names = ["partner_id", "partner__first_name", "partner__last_name", "day"]
    rows = list(waiting_referrals(user, today).values_list(*names))
    counts = Counter(partner_id for partner_id, *_ in rows)
    first = {row[0]: row for row in reversed(rows)}
    found = [
        Waiting(
            name=one_line(f"{first_name} {last_name}"),
            count=counts[partner_id],
            since=day,
            partner_url=absolute("partner", partner_id),
        )
        for partner_id, first_name, last_name, day in first.values()
    ]
    return sorted(found, key=lambda waiting: (waiting.since, waiting.name))


def _ahead(partner: Partner, touch: OccasionTouch, today: date) -> Ahead:
    return Ahead(
        when=day_in_words(touch.day, today),
        what=occasion_name(touch.occasion, touch.years),
        name=one_line(partner.full_name),
        partner_url=absolute("partner", partner.pk),
    )


def _line(user: User, entry: Entry, today: date) -> Line:
    due, partner = entry.first, entry.partner
    step = Step(user.pk, partner.pk, due.kind, due.row_id, due.due_on)
    by_hand = due.kind in BY_HAND and due.row_id is not None
    return Line(
        name=one_line(partner.full_name),
        company=one_line(partner.company.name) if partner.company else "",
        what=label_of(due),
        when=due_in_words(due, today),
        late=due.urgency == Urgency.OVERDUE,
        why=why_of(due),
        on_focus=entry.audience == Audience.FOCUS,
        also=", ".join(_also(entry)),
        partner_url=absolute("partner", partner.pk),
        log_url=f"{absolute('quick_log')}?{log_query(partner, due.kind)}",
        done_url=step_url(Act.DONE, step) if by_hand else "",
        # The day of an occasion waits for nobody.
        snooze_url="" if due.kind in OCCASION_KINDS else step_url(Act.SNOOZE, step),
    )


def _also(entry: Entry) -> Iterator[str]:
    """Each kind once, and not what is due only soon."""
    later = (label_of(due) for due in entry.dues[1:] if due.urgency != Urgency.SOON)
    return iter(dict.fromkeys(later))
