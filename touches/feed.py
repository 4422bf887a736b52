"""The calendar of one person, as a program such as Google Calendar, Outlook or Apple's reads it.

What is due stands on its day from nine in the morning on, one touch after another by their
minutes, in the order of Today: nobody said at what hour, and so the day shows how full it is. A day
holds what fits until six; one more line counts the rest. What is overdue stands on today. Birthdays
and anniversaries of the next year are all-day events on their own day; the call for one, which a
weekend may bring forward, is a touch like others. Nothing blocks time: these are plans, and no
appointments.

A step's own words may name a borrower and stay out, as do tiers, conduct and notes.
Source of the format: RFC 5545 and 7986.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event

from accounts.models import User
from partners.models import Partner
from touches.agenda import Entry, agenda, occasions_ahead, urgency_key
from touches.kinds import Occasion, TouchKind
from touches.occasions import OccasionTouch, occasion_name
from touches.playbook import Due, in_words
from touches.vtimezone import time_zone_component

AHEAD_DAYS = 30
# With today, a year: the same occasion does not come twice.
OCCASION_DAYS = 364
DAY_BEGINS, DAY_ENDS = time(9), time(18)
# Some programs refuse calendars of more than a megabyte: the nearest of them, with 2,000 partners
# those of three months.
MOST_OCCASIONS = 1300
MOST_LETTERS = 160
READ_AGAIN = timedelta(hours=1)

# Marks that turn the direction of the letters after them: a name must not turn the line around.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

WORDS: dict[TouchKind, str] = {
    TouchKind.STEP: "Next step with {}",
    TouchKind.PERSONAL_CALL: "Call {}",
    TouchKind.IN_PERSON: "Meet {}",
    TouchKind.HANDWRITTEN_NOTE: "Write a note to {}",
    TouchKind.REVIEW: "Review the partnership with {}",
    TouchKind.FOCUS_CONVERSATION: "Talk with {}",
    TouchKind.FOCUS_IN_PERSON: "Meet or brainstorm with {}",
    TouchKind.VALUE_GIVEN: "Give value to {}",
    TouchKind.LIGHT_TOUCH: "Say hello to {}",
    TouchKind.PERSONAL_TOUCH: "Reach out to {}",
    TouchKind.FIRST_TOUCH: "Get to know {}",
    TouchKind.THANKS: "Thank {} for a referral",
    TouchKind.PREPARE: "Prepare a card or note for {}",
    TouchKind.CONGRATULATE: "Call {} to congratulate",
}

DAY = timedelta(days=1)


def calendar_of(user: User, now: datetime) -> bytes:
    """What this person owns as a calendar, read at `now`; a fixed number of queries.

    At most AHEAD_DAYS full days and MOST_OCCASIONS occasions.
    """
    today = user.today(now)
    calendar = _empty_calendar(user, today)
    entries = agenda(user, today, soon_days=AHEAD_DAYS)
    for day, touches in sorted(_by_day(entries, today).items()):
        for event in _events_of_day(user, day, touches):
            calendar.add_component(event)
    for partner, touch in occasions_ahead(user, today, OCCASION_DAYS)[:MOST_OCCASIONS]:
        calendar.add_component(_occasion(partner, touch))
    stamp = now.astimezone(UTC).replace(microsecond=0)
    for event in calendar.events:
        event.add("dtstamp", stamp)
    return calendar.to_ical()


def _empty_calendar(user: User, today: date) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//PartnerCRM//Touches//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", "PartnerCRM")
    calendar.add("x-wr-calname", "PartnerCRM")
    calendar.add("x-wr-timezone", user.time_zone)
    calendar.add("refresh-interval", READ_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    # Also without a touch: a calendar must have one component.
    calendar.add_component(time_zone_component(user.time_zone, today.year))
    return calendar


Touch = tuple[Entry, Due]


def _by_day(entries: list[Entry], today: date) -> dict[date, list[Touch]]:
    """What is due, by the day on which it stands, each day in the order of Today."""
    days: defaultdict[date, list[Touch]] = defaultdict(list)
    for entry in entries:
        for due in entry.dues:
            days[max(due.due_on, today)].append((entry, due))
    for touches in days.values():
        touches.sort(key=lambda touch: urgency_key(touch[1], touch[0].audience))
    return days


def _events_of_day(user: User, day: date, touches: list[Touch]) -> Iterator[Event]:
    """One after another; where the day is full, one line says how many more there are."""
    at = datetime.combine(day, DAY_BEGINS, user.zone)
    full = datetime.combine(day, DAY_ENDS, user.zone)
    for place, (entry, due) in enumerate(touches):
        # By the clock on the wall: no clock changes between nine and six.
        ends = at + timedelta(minutes=due.minutes)
        if ends > full:
            yield _rest(day, len(touches) - place)
            return
        yield _touch(entry.partner, due, at, ends)
        at = ends


def _touch(partner: Partner, due: Due, starts: datetime, ends: datetime) -> Event:
    # A cadence has one touch at a time: its event moves when it is put off, or comes anew.
    which = due.row_id if due.kind == TouchKind.STEP or due.occasion else partner.pk
    event = _event(f"{due.kind}-{which}", WORDS[due.kind].format(_who(partner)), due.why, partner)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    return event


def _rest(day: date, count: int) -> Event:
    more = "1 more touch is due" if count == 1 else f"{count} more touches are due"
    event = _event(f"more-{day}", more, "This day is full.")
    _all_day(event, day)
    return event


def _occasion(partner: Partner, touch: OccasionTouch) -> Event:
    name = occasion_name(Occasion(touch.occasion), touch.years)
    uid = f"{touch.occasion}-{touch.year}-{partner.pk}"
    planned = f"{touch.due_on:%A}, {in_words(touch.due_on)}."
    calls = touch.kind == TouchKind.CONGRATULATE
    why = f"Call on {planned}" if calls else f"Prepare a card or note on {planned}"
    event = _event(uid, f"{name}: {_who(partner)}", why, partner)
    _all_day(event, touch.day)
    return event


def _event(uid: str, summary: str, why: str, partner: Partner | None = None) -> Event:
    """An event that blocks no time; by its `uid` a program knows it again and moves it."""
    address = partner.get_absolute_url() if partner else reverse("today")
    url = f"{settings.SITE_URL}{address}"
    event = Event()
    event.add("uid", f"{uid}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("summary", summary)
    # Google shows no URL but that of a description.
    event.add("description", f"{why}\n{url}")
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    return event


def _all_day(event: Event, day: date) -> None:
    event.add("dtstart", day)
    event.add("dtend", day + DAY)


def _who(partner: Partner) -> str:
    """Such as "Rita Rowe (Keystone Realty)", on one line whatever the names hold."""
    company = f" ({partner.company})" if partner.company else ""
    text = "".join(" " if _breaks(letter) else letter for letter in f"{partner}{company}")
    words = " ".join(text.split())
    return words if len(words) <= MOST_LETTERS else f"{words[: MOST_LETTERS - 1]}…"


def _breaks(letter: str) -> bool:
    return letter in TURNING or unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}
