"""The play-book as tables: what is due, when and why, without a database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from touches.cadences import Audience, Cadence, FirstTouch, Playbook
from touches.kinds import KINDS, Fit, TouchKind
from touches.occasions import Anniversaries
from touches.playbook import (
    Due,
    Facts,
    Row,
    Urgency,
    audience,
    due_touches,
    silences,
    unthanked_since,
)

# A Wednesday.
TODAY = date(2026, 6, 17)
LONG_AGO = date(2025, 1, 1)
BOOK = Playbook()


def ago(days):
    return TODAY - timedelta(days=days)


def ahead(days):
    return TODAY + timedelta(days=days)


MAINTENANCE = Facts("maintenance", "M", TODAY)
CULTIVATION = Facts("cultivation", "C", TODAY)
FOCUS = replace(CULTIVATION, focus_since=LONG_AGO)
TOO_NEW = replace(CULTIVATION, rule="G")
CEASE = Facts("cease", "X2", LONG_AGO)


def due(facts, **changes):
    found = due_touches(replace(facts, **changes), BOOK, TODAY)
    return [(one.kind, one.due_on) for one in found]


# For whom


@pytest.mark.parametrize(
    ("tier", "rule", "on_focus", "expected"),
    [
        ("maintenance", "M", False, "maintenance"),
        ("maintenance", "M", True, "maintenance"),
        # Overridden to Maintenance while too new.
        ("maintenance", "G", False, "maintenance"),
        ("cultivation", "C", False, "cultivation"),
        ("cultivation", "C", True, "focus"),
        ("cultivation", "G", False, "too_new"),
        ("cultivation", "G", True, "too_new"),
        # Overridden to Cultivation.
        ("cultivation", "X2", True, "focus"),
        ("cease", "X2", False, "none"),
        ("cease", "G", True, "none"),
    ],
)
def test_audience_follows_the_tier_in_force(tier, rule, on_focus, expected):
    assert audience(tier, rule, on_focus) == expected


# Each row of the play-book


@pytest.mark.parametrize(
    ("facts", "kind", "fit", "every", "minutes"),
    [
        (MAINTENANCE, TouchKind.PERSONAL_CALL, Fit.CALL, 30, 10),
        (MAINTENANCE, TouchKind.IN_PERSON, Fit.IN_PERSON, 90, 60),
        (MAINTENANCE, TouchKind.HANDWRITTEN_NOTE, Fit.NOTE, 90, 10),
        (MAINTENANCE, TouchKind.REVIEW, Fit.REVIEW, 180, 60),
        (FOCUS, TouchKind.FOCUS_CONVERSATION, Fit.CONVERSATION, 14, 10),
        (FOCUS, TouchKind.FOCUS_IN_PERSON, Fit.IN_PERSON, 45, 60),
        (FOCUS, TouchKind.VALUE_GIVEN, Fit.VALUE, 30, 30),
        (FOCUS, TouchKind.LIGHT_TOUCH, Fit.LIGHT, 14, 5),
        (CULTIVATION, TouchKind.PERSONAL_TOUCH, Fit.TOUCH, 42, 10),
    ],
)
@pytest.mark.parametrize(
    ("days_left", "urgency"),
    [(-1, "overdue"), (0, "due"), (1, "soon"), (3, "soon"), (4, None)],
)
def test_each_cadence_of_the_playbook(facts, kind, fit, every, minutes, days_left, urgency):
    """Due so many days after the last that fits, and none of the others with it."""
    last = replace(facts, last={fit: ahead(days_left - every)})
    found = [one for one in due_touches(last, BOOK, TODAY) if one.kind == kind]
    expected = [
        Due(
            kind=kind,
            due_on=ahead(days_left),
            urgency=urgency,
            minutes=minutes,
            label=KINDS[kind].label,
            why=f"Every {every} days; the last one was {every - days_left} days ago.",
        )
    ]
    assert found == (expected if urgency else [])


def test_each_audience_has_the_cadences_of_the_guide_and_no_others():
    def kinds(facts):
        return [kind for kind, _ in due(facts, clock_starts_on=LONG_AGO)]

    assert kinds(MAINTENANCE) == ["personal_call", "in_person", "handwritten_note", "review"]
    assert kinds(FOCUS) == ["focus_conversation", "light_touch", "value_given", "focus_in_person"]
    assert kinds(CULTIVATION) == ["personal_touch"]
    assert kinds(TOO_NEW) == kinds(CEASE) == []


# Clocks


@pytest.mark.parametrize(
    ("last", "skipped", "due_on", "why"),
    [
        (None, None, ahead(0), "Every 42 days; none so far."),
        (ago(41), None, ahead(1), "Every 42 days; the last one was 41 days ago."),
        (ago(60), None, ago(18), "Every 42 days; the last one was 60 days ago."),
        (None, ago(40), ahead(2), "Every 42 days; skipped 40 days ago."),
        (ago(60), ago(40), ahead(2), "Every 42 days; skipped 40 days ago."),
        (ago(40), ago(60), ahead(2), "Every 42 days; the last one was 40 days ago."),
        (ago(40), ago(40), ahead(2), "Every 42 days; the last one was 40 days ago."),
    ],
)
def test_clock_starts_with_the_last_touch_or_skip_else_with_the_tier(last, skipped, due_on, why):
    facts = replace(
        CULTIVATION,
        clock_starts_on=ago(42),
        last={Fit.TOUCH: last} if last else {},
        skipped={TouchKind.PERSONAL_TOUCH: skipped} if skipped else {},
    )
    (found,) = due_touches(facts, BOOK, TODAY)
    assert (found.due_on, found.why) == (due_on, why)


def test_book_brought_in_yesterday_is_not_overdue():
    assert due(MAINTENANCE, clock_starts_on=ago(1)) == []


@pytest.mark.parametrize(
    ("chosen_on", "last", "due_on"),
    [
        # Chosen this Monday, though nobody has talked for months.
        (ago(2), ago(120), ago(2)),
        (ago(2), None, ahead(12)),
        (ago(2), ago(13), ahead(1)),
        (ago(30), ago(120), ago(30)),
        (ago(30), ago(20), ago(6)),
    ],
)
def test_focus_list_asks_for_nothing_before_its_choice(chosen_on, last, due_on):
    known = dict.fromkeys(Fit, TODAY) | {Fit.CONVERSATION: last}
    facts = replace(FOCUS, focus_since=chosen_on, clock_starts_on=LONG_AGO, last=known)
    found = due_touches(facts, BOOK, TODAY, soon_days=12)
    assert [one.due_on for one in found if one.kind == TouchKind.FOCUS_CONVERSATION] == [due_on]


def test_contact_of_another_kind_restarts_no_clock():
    facts = {"last": {Fit.LIGHT: TODAY, Fit.CONVERSATION: TODAY}, "clock_starts_on": ago(31)}
    assert due(MAINTENANCE, **facts) == [("personal_call", ago(1))]


def test_soon_reaches_as_far_as_asked():
    facts = replace(CULTIVATION, clock_starts_on=ago(42 - 20))
    assert due_touches(facts, BOOK, TODAY) == ()
    (found,) = due_touches(facts, BOOK, TODAY, soon_days=20)
    assert (found.due_on, found.urgency) == (ahead(20), Urgency.SOON)


def test_one_day_is_said_as_one():
    book = replace(
        BOOK, cadences={Audience.CULTIVATION: (Cadence(TouchKind.PERSONAL_TOUCH, 1, 10),)}
    )
    whys = [
        due_touches(replace(CULTIVATION, last={Fit.TOUCH: ago(days)}), book, TODAY)[0].why
        for days in (0, 1, 2)
    ]
    assert whys == [
        "Every day; the last one was today.",
        "Every day; the last one was 1 day ago.",
        "Every day; the last one was 2 days ago.",
    ]


# Snoozes


def snooze(kind, due_on):
    return Row(7, kind, due_on, opens_on=ago(1))


@pytest.mark.parametrize("due_on", [ago(2), TODAY, ahead(2)])
def test_snooze_replaces_what_the_cadence_asks(due_on):
    row = snooze(TouchKind.PERSONAL_TOUCH, due_on)
    facts = replace(CULTIVATION, clock_starts_on=LONG_AGO, rows=(row,))
    (found,) = due_touches(facts, BOOK, TODAY)
    assert (found.due_on, found.row_id) == (due_on, 7)
    assert found.why == f"Put off until June {due_on.day}."


def test_snoozed_beyond_soon_is_quiet():
    row = snooze(TouchKind.PERSONAL_TOUCH, ahead(4))
    assert due(CULTIVATION, clock_starts_on=LONG_AGO, rows=(row,)) == []


def test_snooze_of_a_cadence_that_is_not_the_tiers_is_quiet():
    row = snooze(TouchKind.PERSONAL_CALL, TODAY)
    assert due(CULTIVATION, rows=(row,)) == []


# The first touches


def rung(pk, days, occurrence):
    return Row(pk, TouchKind.FIRST_TOUCH, ahead(days), ahead(days - 3), occurrence)


LADDER = (rung(2, 14, "day 21"), rung(1, -7, "day 7"), rung(3, 0, "day 14"))


def test_of_several_first_touches_the_earliest_shows():
    (found,) = due_touches(replace(TOO_NEW, rows=LADDER), BOOK, TODAY)
    assert (found.due_on, found.row_id, found.minutes) == (ago(7), 1, 15)
    assert found.urgency == Urgency.OVERDUE


def test_first_touches_go_on_while_on_the_focus_list():
    assert due(TOO_NEW, rows=LADDER, focus_since=LONG_AGO) == [("first_touch", ago(7))]


@pytest.mark.parametrize("facts", [CULTIVATION, FOCUS, MAINTENANCE, CEASE])
def test_first_touches_end_when_the_partner_can_be_judged(facts):
    assert due(facts, rows=LADDER) == ([])


# Thanks


@pytest.mark.parametrize(
    ("referral", "due_on"),
    [
        (date(2026, 6, 17), date(2026, 6, 17)),
        # Juneteenth is a Friday, then the weekend.
        (date(2026, 6, 19), date(2026, 6, 22)),
        (date(2026, 6, 20), date(2026, 6, 22)),
        (date(2026, 6, 21), date(2026, 6, 22)),
        # Observed on Friday the 3rd.
        (date(2026, 7, 3), date(2026, 7, 6)),
    ],
)
@pytest.mark.parametrize("facts", [MAINTENANCE, CULTIVATION, FOCUS, TOO_NEW])
def test_thanks_are_due_the_same_working_day(facts, referral, due_on):
    facts = replace(facts, clock_starts_on=referral, unthanked_since=referral)
    (found,) = due_touches(facts, BOOK, referral)
    assert (found.kind, found.due_on, found.minutes) == ("thanks", due_on, 5)
    assert found.why == f"A referral came on {referral:%B} {referral.day}."


@pytest.mark.parametrize(
    ("days", "thanked", "skipped", "since"),
    [
        ([], None, None, None),
        ([0], None, None, 0),
        ([5, 2], None, None, 5),
        ([14], None, None, 14),
        ([15], None, None, None),
        ([15, 1], None, None, 1),
        # Thanks of the same day count; of the day before they were for another one.
        ([5], 5, None, None),
        ([5], 6, None, 5),
        ([5, 2], 4, None, 2),
        ([5, 2], None, 3, 2),
        ([5, 2], 4, 1, None),
        # Dated ahead of today; by one day where the owner was further east.
        ([-1], None, None, -1),
        ([-2], None, None, None),
    ],
)
def test_oldest_referral_that_waits_for_thanks(days, thanked, skipped, since):
    def on(days):
        return None if days is None else ago(days)

    found = unthanked_since([ago(day) for day in days], on(thanked), on(skipped), TODAY)
    assert found == on(since)


def test_snoozed_thanks():
    row = snooze(TouchKind.THANKS, ahead(1))
    assert due(CULTIVATION, unthanked_since=ago(3), rows=(row,)) == [("thanks", ahead(1))]


# Steps and occasions


def step(pk, days, what="Send the flyer"):
    return Row(pk, TouchKind.STEP, ahead(days), what=what)


def test_steps_stand_each_for_itself_in_a_persons_own_words():
    found = due_touches(replace(CULTIVATION, rows=(step(4, 1), step(5, 0))), BOOK, TODAY)
    assert [(one.label, one.why, one.row_id) for one in found] == [
        ("Send the flyer", "Planned for June 17.", 5),
        ("Send the flyer", "Planned for June 18.", 4),
    ]


BORN = Anniversaries(birth_month=6, birth_day=20, relationship_start=date(2016, 6, 20))


def occasion(kind, due_on, name="birthday 2026"):
    return Row(8, kind, due_on, opens_on=due_on, occurrence=name)


def on_day(today, row, facts=MAINTENANCE, anniversaries=BORN):
    facts = replace(facts, clock_starts_on=today, rows=(row,), anniversaries=anniversaries)
    return [(one.kind, one.urgency) for one in due_touches(facts, BOOK, today)]


@pytest.mark.parametrize(
    ("day", "urgency"),
    [(14, None), (15, "soon"), (18, "due"), (19, "overdue"), (25, "overdue"), (26, None)],
)
def test_missed_call_stays_for_a_week(day, urgency):
    """The birthday is Saturday the 20th and Friday is Juneteenth: the call is on Thursday."""
    row = occasion(TouchKind.CONGRATULATE, date(2026, 6, 18))
    found = on_day(date(2026, 6, day), row)
    assert found == ([("congratulate", urgency)] if urgency else [])


@pytest.mark.parametrize(
    ("day", "urgency"), [(10, "due"), (11, "overdue"), (18, "overdue"), (19, None)]
)
def test_card_is_of_no_use_after_the_call(day, urgency):
    row = occasion(TouchKind.PREPARE, date(2026, 6, 10))
    found = on_day(date(2026, 6, day), row)
    assert found == ([("prepare", urgency)] if urgency else [])


def test_occasion_says_its_day_and_its_years():
    rows = (
        occasion(TouchKind.CONGRATULATE, date(2026, 6, 18)),
        occasion(TouchKind.CONGRATULATE, date(2026, 6, 18), "anniversary 2026"),
    )
    found = due_touches(replace(MAINTENANCE, rows=rows, anniversaries=BORN), BOOK, TODAY)
    assert [(one.occasion, one.occasion_on, one.label, one.why) for one in found] == [
        ("birthday", date(2026, 6, 20), "Call to congratulate", "Birthday on Saturday, June 20."),
        (
            "anniversary",
            date(2026, 6, 20),
            "Call to congratulate",
            "10 years as partners on Saturday, June 20.",
        ),
    ]


def test_occasion_whose_date_was_taken_away_is_quiet():
    row = occasion(TouchKind.CONGRATULATE, TODAY)
    assert on_day(TODAY, row, anniversaries=Anniversaries()) == []


# Silence

EVERYTHING = frozenset(TouchKind)
CALLS = {TouchKind.PERSONAL_CALL, TouchKind.CONGRATULATE}
NOTES = {TouchKind.HANDWRITTEN_NOTE, TouchKind.PREPARE}


@pytest.mark.parametrize(
    ("facts", "silent"),
    [
        (MAINTENANCE, set()),
        (replace(MAINTENANCE, archived=True), EVERYTHING),
        (replace(MAINTENANCE, asked_to_stop=True), EVERYTHING),
        (CEASE, EVERYTHING - {TouchKind.STEP}),
        (replace(CEASE, asked_to_stop=True), EVERYTHING),
        (replace(MAINTENANCE, stepping_away=True), EVERYTHING - {TouchKind.STEP}),
        (replace(MAINTENANCE, stepping_away=True, asked_to_stop=True), EVERYTHING),
        (replace(MAINTENANCE, silenced=frozenset({"no_calls"})), CALLS),
        (replace(MAINTENANCE, silenced=frozenset({"no_mail"})), NOTES),
        (replace(MAINTENANCE, silenced=frozenset({"no_calls", "no_mail"})), CALLS | NOTES),
        (replace(MAINTENANCE, silenced=frozenset({"no_texts", "no_emails"})), set()),
    ],
)
def test_what_is_silenced(facts, silent):
    assert {kind for kind in TouchKind if silences(facts, kind)} == silent


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({}, ["personal_call", "step", "thanks", "prepare", "congratulate"]),
        ({"archived": True}, []),
        ({"asked_to_stop": True}, []),
        ({"tier": "cease"}, ["step"]),
        ({"stepping_away": True}, ["step"]),
        ({"silenced": frozenset({"no_calls"})}, ["step", "thanks", "prepare"]),
        (
            {"silenced": frozenset({"no_mail"})},
            ["personal_call", "step", "thanks", "congratulate"],
        ),
    ],
)
def test_silence_takes_out_what_is_due(changes, left):
    rows = (
        step(4, 0),
        occasion(TouchKind.CONGRATULATE, date(2026, 6, 18)),
        occasion(TouchKind.PREPARE, date(2026, 6, 18)),
    )
    facts = {"unthanked_since": TODAY, "clock_starts_on": ago(31), "anniversaries": BORN}
    found = due(MAINTENANCE, **facts | {"rows": rows} | changes)
    assert [kind for kind, _ in found] == left


DAYS_AGO = st.integers(0, 420).map(ago)
RANDOM_FACTS = st.builds(
    Facts,
    tier=st.sampled_from(["maintenance", "cultivation", "cease"]),
    rule=st.sampled_from(["M", "MS", "C", "G", "X2"]),
    clock_starts_on=DAYS_AGO,
    focus_since=st.none() | DAYS_AGO,
    last=st.dictionaries(st.sampled_from(list(Fit)), DAYS_AGO),
    skipped=st.dictionaries(st.sampled_from(list(TouchKind)), DAYS_AGO),
    silenced=st.frozensets(st.sampled_from(["no_calls", "no_mail", "no_texts"])),
    asked_to_stop=st.booleans(),
    stepping_away=st.booleans(),
    archived=st.booleans(),
    unthanked_since=st.none() | DAYS_AGO,
)


@settings(deadline=None)  # a year's holidays are worked out once
@given(facts=RANDOM_FACTS)
def test_one_of_a_kind_soonest_first_and_never_beyond_soon(facts):
    found = due_touches(facts, BOOK, TODAY)
    kinds = [one.kind for one in found]
    days = [one.due_on for one in found]
    assert len(set(kinds)) == len(kinds)
    assert days == sorted(days)
    assert all(day <= ahead(3) for day in days)
    assert not any(silences(facts, kind) for kind in kinds)


@settings(deadline=None)  # a year's holidays are worked out once
@given(facts=RANDOM_FACTS, fit=st.sampled_from([fit for fit in Fit if fit != Fit.GRATITUDE]))
def test_contact_puts_off_what_it_fits_and_nothing_else(facts, fit):
    logged = replace(facts, last={**facts.last, fit: TODAY})
    before, after = (
        {one.kind: one.due_on for one in due_touches(known, BOOK, TODAY, soon_days=400)}
        for known in (facts, logged)
    )
    assert before.keys() == after.keys()
    for kind, day in after.items():
        assert day > TODAY if KINDS[kind].fit == fit else day == before[kind]


# The play-book as JSON


def test_playbook_comes_back_from_json():
    assert Playbook.from_dict(BOOK.to_dict()) == BOOK


def test_missing_keys_take_their_defaults():
    book = Playbook.from_dict(
        {
            "maintenance": {"personal_call": {"every_days": 21}},
            "first_touch": {"days": [5, 10]},
            "thanks": {"minutes": 3},
        }
    )
    assert book.cadences_for(Audience.MAINTENANCE)[0] == Cadence(TouchKind.PERSONAL_CALL, 21, 10)
    assert book.cadences_for(Audience.FOCUS) == BOOK.cadences_for(Audience.FOCUS)
    assert book.first_touch == FirstTouch(15, 2, (5, 10))
    assert book.thanks_minutes == 3


@pytest.mark.parametrize(
    "rules",
    [
        {"cease": {}},
        {"maintenance": {"gift": {"every_days": 30}}},
        {"maintenance": {"light_touch": {"every_days": 30}}},
        {"maintenance": {"personal_call": {"every": 30}}},
        {"maintenance": {"personal_call": {"every_days": 0}}},
        {"maintenance": {"personal_call": {"every_days": 366}}},
        {"maintenance": {"personal_call": {"every_days": "30"}}},
        {"maintenance": {"personal_call": {"every_days": True}}},
        {"maintenance": {"personal_call": {"minutes": 481}}},
        {"maintenance": []},
        {"maintenance": {"personal_call": 30}},
        {"first_touch": {"days": []}},
        {"first_touch": {"days": [7, 7]}},
        {"first_touch": {"days": [21, 7]}},
        {"first_touch": {"days": [0, 7]}},
        {"first_touch": {"days": [7, 400]}},
        {"first_touch": {"days": 7}},
        {"first_touch": {"working_days": 11}},
        {"first_touch": {"hours": 4}},
        {"thanks": {"minutes": 0}},
        {"thanks": {"hours": 1}},
    ],
)
def test_nonsense_is_refused(rules):
    with pytest.raises(ValueError, match=r"must|called"):
        Playbook.from_dict(rules)


@pytest.mark.parametrize(
    ("counts", "minutes"),
    [
        ({}, 0),
        # 10 in 30 days, 60 and 10 in 90, 60 in 180.
        ({Audience.MAINTENANCE: 9}, 9 * 7 * (10 / 30 + 70 / 90 + 60 / 180)),
        ({Audience.FOCUS: 15}, 15 * 7 * (10 / 14 + 60 / 45 + 30 / 30 + 5 / 14)),
        ({Audience.CULTIVATION: 6}, 6 * 7 * 10 / 42),
        # Six first touches in 105 days.
        ({Audience.TOO_NEW: 1}, 6),
        ({Audience.NONE: 100}, 0),
        ({Audience.CULTIVATION: 6, Audience.TOO_NEW: 2}, 10 + 12),
    ],
)
def test_minutes_a_week(counts, minutes):
    assert BOOK.weekly_minutes(counts) == pytest.approx(minutes)
