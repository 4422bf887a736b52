"""What the figures say: a rate of too few is never said, and nobody is ranked."""

from dataclasses import replace
from datetime import date

import pytest

from insights import wording
from insights.report import (
    ARCHIVED,
    NEW,
    Concentration,
    Conversion,
    Covered,
    Effort,
    Exchange,
    FirstContact,
    Flow,
    Freed,
    Movement,
    Rate,
    Thanks,
    Waiting,
)
from insights.wording import Told, Tone
from tests.insights.samples import sample_report

M, C, X = "maintenance", "cultivation", "cease"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ((0, 0, 0), Told("–", "too little logged", Tone.PLAIN, "0 min logged")),
        ((30, 29, 0), Told("–", "too little logged", Tone.PLAIN, "59 min logged")),
        ((49, 51, 0), Told("51%", "more than half", Tone.GOOD, "51 min of 1 h 40 min")),
        ((50, 50, 0), Told("50%", "less than half", Tone.WARN, "50 min of 1 h 40 min")),
        ((60, 40, 0), Told("40%", "less than half", Tone.WARN, "40 min of 1 h 40 min")),
        ((61, 39, 0), Told("39%", "well below half", Tone.STOP, "39 min of 1 h 40 min")),
        ((34, 60, 6), Told("60%", "too much to Cease", Tone.STOP, "1 h of 1 h 40 min")),
        ((35, 60, 5), Told("60%", "more than half", Tone.GOOD, "1 h of 1 h 40 min")),
        ((400, 800, 0), Told("66%", "more than half", Tone.GOOD, "13 h of 20 h")),
    ],
)
def test_the_effort_in_a_word(minutes, expected):
    assert wording.effort(sample_report(effort=Effort(*minutes, 0))) == expected


@pytest.mark.parametrize(
    ("part", "n", "figure", "tone"),
    [(3, 4, "–", Tone.PLAIN), (4, 5, "80%", Tone.GOOD), (79, 100, "79%", Tone.WARN),
     (50, 100, "50%", Tone.WARN), (49, 100, "49%", Tone.STOP)],
)  # fmt: skip
def test_the_coverage_in_a_word(part, n, figure, tone):
    told = wording.coverage(sample_report(coverage=(Covered("focus", 21, Rate(part, n)),)))
    assert (told.figure, told.tone) == (figure, tone)


@pytest.mark.parametrize(
    ("flows", "figure", "word"),
    [
        ([Flow(C, C, 5), Flow(NEW, M, 2), Flow(M, ARCHIVED, 1)], "0", "nobody moved"),
        ([Flow(C, M, 2), Flow(M, C, 1)], "2 up, 1 down", "more up"),
        ([Flow(X, C, 1), Flow(C, X, 1)], "1 up, 1 down", "as many up as down"),
        ([Flow(M, X, 3), Flow(X, M, 1)], "1 up, 3 down", "more down"),
    ],
)
def test_new_and_archived_partners_did_not_move(flows, figure, word):
    told = wording.moved(sample_report(movement=Movement(tuple(flows), Rate(0, 0))))
    assert (told.figure, told.word) == (figure, word)


def test_who_waits_and_who_is_at_risk():
    nobody = sample_report(waiting=(), at_risk=(), at_risk_total=0)
    assert wording.waiting(nobody) == Told("0", "nobody waits", Tone.GOOD, "for a first contact")
    assert wording.at_risk(nobody).word == "nobody slips away"
    one = Waiting(1, "Rita Rowe", "Alice Abbott", 2, date(2026, 11, 20))
    told = wording.waiting(sample_report(waiting=(one,)))
    assert told == Told("2", "not contacted yet", Tone.STOP, "sent by 1 partner")
    assert wording.at_risk(sample_report()).figure == "3"


def month(received, application, funded, is_open=False):
    return Conversion(date(2026, 1, 1), received, application, application, funded, is_open)


@pytest.mark.parametrize(
    ("months", "sentence"),
    [
        ([month(9, 9, 9, True)], "No month is old enough yet: a loan takes about 120 days."),
        ([month(1, 1, 1)], "Of 1 referral in months older than 120 days: "
                           "too few to tell."),
        ([month(6, 3, 2), month(4, 2, 1), month(9, 9, 9, True)],
         "Of 10 referrals in months older than 120 days, 50% applied, 50% were "
         "pre-approved, and 30% were funded."),
    ],
)  # fmt: skip
def test_only_months_that_are_old_enough_tell_what_became_of_them(months, sentence):
    assert wording.converted(months) == sentence


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (wording.promoted(Rate(0, 0)), "Nobody was in Cultivation at the start."),
        (wording.promoted(Rate(1, 4)), "1 of 4 in Cultivation at the start went up to "
                                       "Maintenance (too few to tell)."),
        (wording.pulled_through(Rate(0, 0)), "No loan was funded in these days, and none was lost "
                                             "after an application."),
        (wording.pulled_through(Rate(1, 5)), "1 loan funded of 5 that ended after an application: "
                                             "20%."),
        (wording.concentrated(Concentration(Rate(0, 0), ())), "No referral came in 365 days."),
        (wording.concentrated(Concentration(Rate(4, 4), ())), "4 referrals in 365 days: too few "
                                                              "to tell."),
        (wording.exchanged(Exchange(9, 0, 0, 4, 0)), "Both ways with nobody, received only from "
                                                     "4, given only to nobody."),
        (wording.freed(sample_report(freed=())), "Nobody went to Cease in these days."),
        (wording.freed(sample_report(freed=(Freed(1, "A", "B", date(2026, 1, 1), 95.0),))),
         "One partner went to Cease. Before that they had 1 h 35 min a week, which is free for "
         "others now."),
    ],
)  # fmt: skip
def test_a_figure_in_a_sentence(told, sentence):
    assert told == sentence


def test_five_of_whom_most_referrals_came_are_not_called_a_debt():
    said = wording.concentrated(sample_report().concentration)
    assert said == "56% of 108 referrals in 365 days came from the five who sent most."


@pytest.mark.parametrize(
    ("hours", "contacted", "figure"),
    [(None, 0, "–"), (3.0, 4, "–"), (0.4, 5, "24 min"), (5.5, 29, "6 h"), (47.4, 9, "47 h"),
     (72.0, 9, "3 days")],
)  # fmt: skip
def test_the_first_contact_is_a_time(hours, contacted, figure):
    assert wording.first_contact(FirstContact(hours, contacted, 0, 0)).figure == figure


def test_thanks_of_too_few_are_not_said():
    assert wording.thanked(Thanks(Rate(4, 4), 0)).figure == "–"
    assert wording.thanked(Thanks(Rate(4, 5), 0)).figure == "80%"


def test_questions_begin_with_what_went_well():
    asked = wording.questions(sample_report())
    assert asked[:2] == [
        "2 partners moved up. What worked there?",
        "Most of the time went to Cultivation. With whom does it pay already?",
    ]
    quiet = replace(
        sample_report(waiting=(), at_risk=(), at_risk_total=0, coverage=()),
        movement=Movement((), Rate(0, 0)),
        effort=Effort(0, 0, 0, 0),
    )
    assert wording.questions(quiet) == []
