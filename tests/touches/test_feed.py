"""What the calendar says, byte by byte and as two libraries read it back."""

from datetime import UTC, date, datetime, timedelta

import pytest
import vobject
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from interactions.models import Conduct
from tests.factories import (
    CompanyFactory,
    InteractionFactory,
    PartnerFactory,
    PlannedTouchFactory,
    ReferralFactory,
)
from tiers.services import reclassify
from touches.feed import WORDS, calendar_of
from touches.kinds import TouchKind
from touches.models import PlannedTouch

pytestmark = pytest.mark.django_db

# Tuesday, 8:00 in New York, standard time.
NOW = datetime(2026, 1, 13, 13, tzinfo=UTC)
TODAY = date(2026, 1, 13)
LONG_AGO = date(2024, 3, 1)


def partner_of(owner, name="Rita Rowe", **fields):
    """A partner met long ago, so that no first touches come, with a verdict as of TODAY."""
    first, last = name.split(" ", 1)
    fields = {"created_on": LONG_AGO, **fields}
    partner = PartnerFactory(owner=owner, first_name=first, last_name=last, **fields)
    reclassify([partner.pk], as_of=TODAY)
    PlannedTouch.objects.filter(partner=partner).delete()
    return partner


@pytest.fixture
def rita(alice):
    """Her birthday is on a Saturday; a step with her is planned for today."""
    keystone = CompanyFactory(name="Keystone Realty")
    rita = partner_of(alice, company=keystone, birth_month=6, birth_day=20)
    PlannedTouchFactory(partner=rita, due_on=TODAY, what="Ask how the Bakers’ closing went")
    InteractionFactory(partner=rita, day=TODAY)
    return rita


def events(owner, now=NOW):
    return Calendar.from_ical(calendar_of(owner, now)).events


def told(owner, now=NOW):
    """Each event by its words and its first moment, in their order."""
    return [(str(event["summary"]), event.decoded("dtstart")) for event in events(owner, now)]


def at(day, hour, minute=0, zone="America/New_York"):
    return f"{day:%Y%m%d}T{hour:02}{minute:02}00 {zone}"


EXPECTED = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//PartnerCRM//Touches//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
NAME:PartnerCRM
X-WR-CALNAME:PartnerCRM
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
X-WR-TIMEZONE:America/New_York
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:DAYLIGHT
DTSTART:20250309T020000
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
TZNAME:EDT
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20251102T020000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
TZNAME:EST
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY:Next step with Rita Rowe (Keystone Realty)
DTSTART;TZID=America/New_York:20260113T090000
DTEND;TZID=America/New_York:20260113T091000
DTSTAMP:20260113T130000Z
UID:step-{step}@localhost
DESCRIPTION:Planned for January 13.\\nhttp://localhost:8000/partners/{rita}/
TRANSP:TRANSPARENT
URL:http://localhost:8000/partners/{rita}/
END:VEVENT
BEGIN:VEVENT
SUMMARY:Birthday: Rita Rowe (Keystone Realty)
DTSTART;VALUE=DATE:20260620
DTEND;VALUE=DATE:20260621
DTSTAMP:20260113T130000Z
UID:birthday-2026-{rita}@localhost
DESCRIPTION:Call on Thursday\\, June 18.\\nhttp://localhost:8000/partners/{rita}/
TRANSP:TRANSPARENT
URL:http://localhost:8000/partners/{rita}/
END:VEVENT
END:VCALENDAR
"""


def test_calendar_is_this_text(alice, rita):
    """June 19 is Juneteenth, so the call for Saturday, June 20, comes on the Thursday. Unfolded."""
    text = calendar_of(alice, NOW).decode().replace("\r\n ", "")
    expected = EXPECTED.format(step=PlannedTouch.objects.get().pk, rita=rita.pk)
    assert text == expected.replace("\n", "\r\n")


def test_it_is_the_same_at_every_reading(alice, rita):
    assert calendar_of(alice, NOW) == calendar_of(alice, NOW)
    later = calendar_of(alice, NOW + timedelta(hours=3))
    assert later == calendar_of(alice, NOW).replace(b"T130000Z", b"T160000Z")


def test_an_empty_calendar_has_its_time_zone(charlie):
    raw = calendar_of(charlie, NOW)
    assert raw.count(b"BEGIN:VEVENT") == 0
    assert raw.count(b"BEGIN:VTIMEZONE\r\n") == 1
    assert [zone.name for zone in vobject.readOne(raw.decode()).components()] == ["VTIMEZONE"]


# Folding and escaping


NASTY = [
    "Rita Rowe, Jr.; the\\second",
    "Rita Rowe\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    "Rita Rowe\x0b\x00\x1b",
    "Zoë 🏡👩‍👩‍👧‍👦 " + "🏡" * 40,
    "رشا الشريف",
    "Rita \u202eevil\u2069",
    "R " + "ö" * 59,
    'Rita "The Closer" Rowe: x',
]


@pytest.mark.parametrize("name", NASTY)
def test_names_that_break_a_line_elsewhere(alice, name):
    """Both libraries read the same words; each line has at most 75 octets, and is whole letters."""
    name = name.replace("\x00", "") if connection.vendor == "postgresql" else name
    partner = partner_of(alice, name, company=CompanyFactory(name="Hüber, Söhne; & Co\\." * 5))
    PlannedTouchFactory(partner=partner, due_on=TODAY)
    raw = calendar_of(alice, NOW)
    lines = raw.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert all(line.decode().isprintable() or "\u200d" in line.decode() for line in lines)
    ours = [str(event["summary"]) for event in Calendar.from_ical(raw).events]
    theirs = [one.summary.value for one in vobject.readOne(raw.decode()).vevent_list]
    assert ours == theirs
    assert "Next step with" in ours[0]
    assert max(len(words) for words in ours) <= 200


def test_comma_semicolon_backslash_are_escaped_and_read_back(alice):
    partner = partner_of(alice, "Rita a,b;c\\d")
    PlannedTouchFactory(partner=partner, due_on=TODAY)
    raw = calendar_of(alice, NOW)
    assert rb"SUMMARY:Next step with Rita a\,b\;c\\d" in raw
    assert told(alice)[0][0] == "Next step with Rita a,b;c\\d"


# Times and days


def test_touches_of_a_day_follow_one_another_from_nine(alice, rita):
    sam = partner_of(alice, "Sam Stone")
    PlannedTouchFactory(partner=sam, due_on=TODAY - timedelta(days=4))
    PlannedTouchFactory(partner=sam, due_on=TODAY + timedelta(days=4))
    zone = alice.zone
    assert told(alice)[:3] == [
        ("Next step with Sam Stone", datetime(2026, 1, 13, 9, 0, tzinfo=zone)),
        ("Next step with Rita Rowe (Keystone Realty)", datetime(2026, 1, 13, 9, 10, tzinfo=zone)),
        ("Next step with Sam Stone", datetime(2026, 1, 17, 9, 0, tzinfo=zone)),
    ]


def test_a_full_day_counts_the_rest(alice):
    """54 touches of ten minutes fit between nine and six."""
    rita = partner_of(alice)
    for number in range(56):
        PlannedTouchFactory(partner=rita, due_on=TODAY, what=f"Step {number}")
    found = told(alice)
    assert found[53:] == [
        ("Next step with Rita Rowe", datetime(2026, 1, 13, 17, 50, tzinfo=alice.zone)),
        ("2 more touches are due", TODAY),
    ]


@pytest.mark.parametrize(
    ("now", "utc_hours"),
    [
        (datetime(2026, 3, 6, 15, tzinfo=UTC), [14, 14, 13, 13]),
        (datetime(2026, 10, 30, 15, tzinfo=UTC), [13, 13, 14, 14]),
    ],
)
def test_nine_is_nine_on_both_sides_of_a_clock_change(alice, now, utc_hours):
    """Friday to Monday over the change; vobject reckons by our VTIMEZONE, not by its own zones."""
    rita, first = partner_of(alice), alice.today(now)
    for day in range(4):
        PlannedTouchFactory(partner=rita, due_on=first + timedelta(days=day), what=f"Step {day}")
    read = vobject.readOne(calendar_of(alice, now).decode())
    starts = [event.dtstart.value for event in read.vevent_list if event.uid.value[:4] == "step"]
    assert [start.hour for start in starts] == [9] * 4
    assert [start.astimezone(UTC).hour for start in starts] == utc_hours


@pytest.mark.parametrize(
    ("zone", "today", "utc"),
    [
        ("Pacific/Kiritimati", date(2026, 1, 14), datetime(2026, 1, 13, 19, tzinfo=UTC)),
        ("Pacific/Pago_Pago", date(2026, 1, 12), datetime(2026, 1, 12, 20, tzinfo=UTC)),
        ("Asia/Kathmandu", date(2026, 1, 13), datetime(2026, 1, 13, 3, 15, tzinfo=UTC)),
        ("UTC", date(2026, 1, 13), datetime(2026, 1, 13, 9, tzinfo=UTC)),
        ("Africa/Casablanca", date(2026, 1, 13), datetime(2026, 1, 13, 8, tzinfo=UTC)),
    ],
)
def test_today_is_the_owners_day(alice, zone, today, utc):
    """At 10:30 UTC it is three different days: 14 hours ahead and 11 behind."""
    alice.time_zone = zone
    alice.save()
    rita = partner_of(alice)
    PlannedTouchFactory(partner=rita, due_on=LONG_AGO)
    now = datetime(2026, 1, 13, 10, 30, tzinfo=UTC)
    read = vobject.readOne(calendar_of(alice, now).decode())
    (start,) = [event.dtstart.value for event in read.vevent_list]
    assert (start.date(), start.hour, start.astimezone(UTC)) == (today, 9, utc)


def test_occasions_are_days_of_the_next_year_each_once(alice):
    partner_of(
        alice,
        birth_month=2,
        birth_day=29,
        relationship_start=date(2016, 1, 13),
        business_start=date(2026, 1, 13),
    )
    days = [pair for pair in told(alice) if type(pair[1]) is date]
    assert days == [
        ("10 years as partners: Rita Rowe", TODAY),
        ("Birthday: Rita Rowe", date(2026, 2, 28)),
    ]


@pytest.mark.parametrize("closed", [{"done_at": NOW}, {"skipped_on": TODAY, "skip_reason": "Away"}])
def test_an_occasion_that_was_kept_or_skipped_leaves(alice, rita, closed):
    by = "done_by" if "done_at" in closed else "skipped_by"
    PlannedTouchFactory(
        partner=rita,
        kind=TouchKind.CONGRATULATE,
        occurrence="birthday 2026",
        what="",
        due_on=date(2026, 6, 18),
        **{by: alice, **closed},
    )
    assert [words for words, _ in told(alice)] == ["Next step with Rita Rowe (Keystone Realty)"]


def test_the_call_for_an_occasion_stands_on_its_working_day(alice, rita):
    PlannedTouchFactory(
        partner=rita,
        kind=TouchKind.CONGRATULATE,
        occurrence="birthday 2026",
        what="",
        due_on=date(2026, 6, 18),
    )
    now = datetime(2026, 6, 10, 15, tzinfo=UTC)
    assert told(alice, now)[-2:] == [
        (
            "Call Rita Rowe (Keystone Realty) to congratulate",
            datetime(2026, 6, 18, 9, tzinfo=alice.zone),
        ),
        ("Birthday: Rita Rowe (Keystone Realty)", date(2026, 6, 20)),
    ]


def test_what_is_put_off_moves_and_is_not_doubled(alice):
    """The same event on another day, whether the cadence asks for it or a person put it off."""
    rita = partner_of(alice)
    InteractionFactory(partner=rita, day=TODAY - timedelta(days=40))
    (before,) = events(alice)
    PlannedTouchFactory(
        partner=rita, kind=TouchKind.PERSONAL_TOUCH, what="", due_on=TODAY + timedelta(days=5)
    )
    (after,) = events(alice)
    assert before["uid"] == after["uid"] == f"personal_touch-{rita.pk}@localhost"
    days = [event.decoded("dtstart").date() for event in (before, after)]
    assert days == [TODAY + timedelta(days=2), TODAY + timedelta(days=5)]


def test_every_kind_of_touch_has_words():
    assert WORDS.keys() == set(TouchKind)


# What a person sees


def test_only_own_partners_stand_in_it(cast, alice, rita):
    """Also for who sees them elsewhere: her manager, her assistant, the administrator."""
    assert len(told(alice)) == 2
    others = [person for person in cast.values() if person != alice]
    assert {str(person): told(person) for person in others} == {str(one): [] for one in others}


def test_a_partner_who_is_handed_over_moves(alice, bob, rita):
    rita.owner = bob
    rita.save()
    assert (told(alice), len(told(bob))) == ([], 2)


@pytest.mark.parametrize(
    "silent",
    [
        {"archived_at": NOW},
        {"do_not_contact_since": TODAY},
        {"stepping_away_since": TODAY},
        {"no_calls": 1, "no_mail": 1},
    ],
)
def test_who_is_silenced_has_no_occasion(alice, rita, silent):
    PlannedTouch.objects.all().delete()
    for name, value in silent.items():
        setattr(rita, name, value)
    rita.save()
    assert "Birthday" not in str(told(alice))


def test_no_conduct_no_borrower_no_note_and_no_words_of_a_step(alice, rita):
    note, client = "He shouted at us", "Ben Borrower"
    InteractionFactory(partner=rita, day=TODAY, conduct=Conduct.NEGATIVE, note=note)
    ReferralFactory(partner=rita, day=TODAY, borrower=client)
    rita.notes, rita.phone_mobile, rita.email = "Likes golf", "+12125550123", "rita@rowe.us"
    rita.save()
    text = calendar_of(alice, NOW).decode().replace("\r\n ", "")
    assert "Thank Rita Rowe (Keystone Realty) for a referral" in text
    for secret in [
        "shouted",
        "egative",
        "Ben",
        "Baker",
        "golf",
        "5550123",
        "rowe.us",
        "ultivation",
    ]:
        assert secret not in text, secret


@pytest.mark.parametrize("partners", [1, 3])
def test_queries_do_not_grow_with_partners(alice, partners):
    for number in range(partners):
        partner = partner_of(alice, f"Rita Rowe{number}", birth_month=6, birth_day=20)
        PlannedTouchFactory(partner=partner, due_on=TODAY)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        calendar_of(alice, NOW)
    assert len(queries) == 9
