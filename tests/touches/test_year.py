"""A year of sixty partners, told twice: by the agenda, and by the plain words of the play-book."""

import random
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from interactions.models import Interaction, Kind, Referral
from tests.factories import PartnerFactory
from tests.touches.books import stand
from tests.touches.naive import Story
from touches.agenda import agenda
from touches.kinds import TouchKind
from touches.models import FocusPlace, FocusWeek, PlannedTouch
from touches.planning import plan_dates
from touches.services import complete_fitting, skip, snooze

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

BEGUN = date(2026, 3, 2)
DAYS = 365
STANDINGS = {
    "maintenance": ("maintenance", "M"),
    "focus": ("cultivation", "C"),
    "cultivation": ("cultivation", "C"),
    "too_new": ("cultivation", "G"),
    "cease": ("cease", "X2"),
}


class Year:
    """The partners of one officer, each with its story; every act is done to both."""

    def __init__(self, owner, seed, partners):
        self.owner, self.dice = owner, random.Random(seed)
        noon = datetime.combine(BEGUN, time(17), UTC)
        self.week = FocusWeek.objects.create(officer=owner, starts_on=BEGUN, chosen_at=noon)
        with time_machine.travel(noon, tick=False):
            self.stories = dict(self.begin(rank) for rank in range(1, partners + 1))
        PlannedTouch.objects.all().delete()

    def begin(self, rank):
        dice = self.dice
        audience = dice.choice([*list(STANDINGS)[:4] * 4, "cease"])
        day = BEGUN + timedelta(days=dice.randrange(DAYS))
        start = date(dice.randrange(2010, 2026), day.month, min(day.day, 28))
        stopped, stepping_away = dice.random() < 0.05, dice.random() < 0.1
        silent = [name for name in ("no_calls", "no_mail") if dice.random() < 0.15]
        birthday = dice.choice([None, (2, 29), (12, 31), (1, 1), (day.month, day.day)])
        month, of_month = birthday or (None, None)
        partner = PartnerFactory(
            owner=self.owner,
            created_on=BEGUN,
            birth_month=month,
            birth_day=of_month,
            relationship_start=start,
            do_not_contact_since=BEGUN if stopped else None,
            stepping_away_since=BEGUN if stepping_away else None,
            **dict.fromkeys(silent, True),
        )
        stand(partner, *STANDINGS[audience], since=BEGUN)
        if audience == "focus":
            ends_on = BEGUN + timedelta(days=DAYS + 1)
            place = {"rank": rank, "score": 0, "starts_on": BEGUN, "ends_on": ends_on}
            FocusPlace.objects.create(week=self.week, partner=partner, **place)
        in_peace = stopped or stepping_away
        return partner, Story(audience, BEGUN, birthday, start, silent, in_peace)

    def found(self, today):
        """What the agenda says, by partner, in the words of the stories."""
        found = {partner.pk: {} for partner in self.stories}
        names = dict(PlannedTouch.objects.values_list("pk", "occurrence"))
        for entry in agenda(self.owner, today):
            for due in entry.dues:
                key = due.kind.value, name_of(names.get(due.row_id, "")), due.due_on
                found[entry.partner.pk][key] = due
        return found

    def live(self, today):
        """At most one act a partner and day."""
        found = self.found(today) if self.dice.random() < 0.15 else {}
        for partner, story in self.stories.items():
            act, dues = self.dice.random(), list(found.get(partner.pk, {}).items())
            if dues and act < 0.4:
                self.put_aside(partner, story, *self.dice.choice(dues), today)
            elif act > 0.985:
                story.referrals.append(today)
                self.refer(partner, today)
            elif act > 0.92:
                self.log(partner, story, today)

    def put_aside(self, partner, story, key, due, today):
        kind, name, _ = key
        row = due.row_id if name else None
        act = {"actor": self.owner, "partner": partner, "kind": TouchKind(kind), "row_id": row}
        if self.dice.random() < 0.5:
            until = today + timedelta(days=self.dice.randrange(1, 25))
            snooze(**act, until=until, today=today)
            story.snooze(kind, name, until, today)
        else:
            skip(**act, reason="On vacation", today=today)
            story.skip(kind, name, today)

    def refer(self, partner, today):
        Referral.objects.bulk_create(
            [
                Referral(
                    partner=partner,
                    day=today,
                    received_at=datetime.combine(today, time(17), UTC),
                    borrower="Bo Borrower",
                    logged_by=self.owner,
                )
            ]
        )

    def log(self, partner, story, today):
        dice = self.dice
        direction = dice.choice(["out", "out", "in"])
        said = {
            "day": today,
            "kind": dice.choice(Kind.values),
            "direction": direction,
            "outcome": "connected" if direction == "in" else dice.choice(OUTCOMES),
            "purpose": dice.choice(["relationship", "relationship", "gratitude", "service"]),
            "was_review": dice.random() < 0.2,
            "gave_value": dice.random() < 0.2,
        }
        who = {"officer": self.owner, "logged_by": self.owner}
        # Past the receivers of tiers, as the tier of a story stays.
        Interaction.objects.bulk_create([Interaction(partner=partner, **who, **said)])
        complete_fitting([partner.pk])
        story.logs.append(said)


OUTCOMES = ["connected", "connected", "no_response", "sent"]


def name_of(occurrence):
    """ "birthday 2027" as ("birthday", 2027), "day 7" and "first" as they are."""
    word, _, number = occurrence.partition(" ")
    if word in ("birthday", "anniversary"):
        return word, int(number)
    return (occurrence,) if occurrence else ()


def test_agenda_says_what_the_plain_words_say(alice):
    year = Year(alice, seed=1, partners=60)
    ids, shown = [partner.pk for partner in year.stories], 0
    for number in range(DAYS):
        today = BEGUN + timedelta(days=number)
        if number % 5 == 0:
            plan_dates(ids, today=today)
        year.live(today)
        if number % 7 == 3:
            found = {pk: set(dues) for pk, dues in year.found(today).items()}
            told = {partner.pk: story.due(today) for partner, story in year.stories.items()}
            assert found == told, today
            shown += sum(map(len, told.values()))
    assert shown > 2000
