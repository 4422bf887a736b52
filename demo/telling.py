"""Tells what happened with one partner: each verb adds contacts or referrals, in days ago."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from demo import notes
from demo.days import days_apart, in_season, waking_hour, working_day
from demo.loans import loan_amount, loan_purpose, way_of_loan
from demo.names import FIRST_NAMES, LAST_NAMES
from demo.records import ContactStory, ReferralStory, StageStep
from interactions.models import (
    DEFAULT_MINUTES,
    Conduct,
    Direction,
    Kind,
    Outcome,
    Purpose,
    ReferralDirection,
    Stage,
)
from partners.models import PartnerType

# How people talk: mostly by phone.
TALKS = {
    Kind.CALL: 58,
    Kind.VIDEO: 5,
    Kind.COFFEE: 10,
    Kind.LUNCH: 7,
    Kind.MEETING: 7,
    Kind.BRAINSTORM: 3,
    Kind.EVENT: 4,
    Kind.CLASS: 3,
    Kind.OPEN_HOUSE: 3,
}
BY_PHONE = {Kind.CALL: 1}
MOSTLY_BY_PHONE = {Kind.CALL: 12, Kind.VIDEO: 2, Kind.CLASS: 1, Kind.BRAINSTORM: 1}
IN_PERSON = {Kind.COFFEE: 4, Kind.LUNCH: 3, Kind.MEETING: 2, Kind.EVENT: 1}
FROM_AFAR = {Kind.CALL: 5, Kind.TEXT: 3, Kind.EMAIL: 2}
SENDS = {Kind.EMAIL: 5, Kind.SOCIAL: 4, Kind.NOTE: 2, Kind.TEXT: 1}
# The days of one quarter of a year, as the tiers count it, a few days off both of its ends.
QUARTER, MARGIN = 91, 5
NOTES_LEFT_OUT = 0.15
MINUTES_LEFT_OUT = 0.12
# Logged by the officer's assistant, where there is one.
BY_ASSISTANT = 0.12


def new_key(rng: Random) -> str:
    return UUID(int=rng.getrandbits(128), version=4).hex


def some_name(rng: Random) -> tuple[str, str]:
    return rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)


class Teller:
    """The history of one partner in the making.

    What matters to a tier is exact to two days (a weekend moves a contact); `today` is exact.
    """

    def __init__(
        self, rng: Random, today: date, partner_type: PartnerType, first_name: str, area: str
    ) -> None:
        self.rng = rng
        self.today = today
        self.partner_type = partner_type
        self.first_name = first_name
        self.area = area
        self.contacts: list[ContactStory] = []
        self.referrals: list[ReferralStory] = []
        # Set by the stories: days ago, and the score of 0-5 where it is assessed.
        self.partners_since = 0
        self.recorded = 0
        self.synergy: int | None = None
        self.asked_to_stop: int | None = None
        self.left: int | None = None

    # Contacts

    def talk(
        self, ago: int, kinds: dict[Kind, int] = TALKS, conduct: Conduct = Conduct.NONE
    ) -> None:
        """We reached out and they took part."""
        kind = self._one_of(kinds)
        note = self.rng.choice(notes.PLAIN) if conduct != Conduct.NONE else self._talk_note(kind)
        self._contact(ago, kind, note, conduct=conduct)

    def talk_every(
        self, every: float, first: int, last: int = 1, kinds: dict[Kind, int] = TALKS
    ) -> None:
        for ago in days_apart(self.rng, first, last, every):
            self.talk(ago, kinds)

    def attempt(self, ago: int, kind: Kind) -> None:
        """We reached out and nobody answered."""
        self._contact(ago, kind, self.rng.choice(notes.TRIED[kind]), outcome=Outcome.NO_RESPONSE)

    def attempts(self, days_ago: Sequence[int], kinds: Sequence[Kind]) -> None:
        for place, ago in enumerate(days_ago):
            self.attempt(ago, kinds[place % len(kinds)])

    def send(self, ago: int, kind: Kind | None = None) -> None:
        """A card, a post, a mail that asks for no answer."""
        kind = kind or self._one_of(SENDS)
        self._contact(ago, kind, self.rng.choice(notes.SENT[kind]), outcome=Outcome.SENT)

    def send_every(self, every: float, first: int, last: int = 1) -> None:
        for ago in days_apart(self.rng, first, last, every):
            self.send(ago)

    def review(self, ago: int) -> None:
        """We sat down to look at the partnership."""
        self._contact(ago, Kind.MEETING, self.rng.choice(notes.REVIEWED), was_review=True)

    def give_value(self, ago: int) -> None:
        """An insight, a second opinion, a class: something of use to them."""
        kind = self._one_of({Kind.EMAIL: 4, Kind.CALL: 2, Kind.CLASS: 1, Kind.OPEN_HOUSE: 1})
        outcome = Outcome.SENT if kind == Kind.EMAIL else Outcome.CONNECTED
        note = self.rng.choice(notes.SHARED)
        self._contact(ago, kind, note, outcome=outcome, gave_value=True)

    def hear(self, ago: int, purpose: Purpose = Purpose.RELATIONSHIP) -> None:
        """They reached out."""
        said = {Purpose.ASK: notes.ASKED, Purpose.GIVE: notes.GAVE}.get(purpose, notes.HEARD)
        self._contact(
            ago,
            self._one_of(FROM_AFAR),
            self.rng.choice(said),
            direction=Direction.IN,
            purpose=purpose,
        )

    def hear_every(self, every: float, first: int, last: int = 1) -> None:
        for ago in days_apart(self.rng, first, last, every):
            self.hear(ago, self.rng.choice([Purpose.RELATIONSHIP] * 3 + [Purpose.GIVE]))

    def stop(self, ago: int) -> None:
        """They asked us not to get in touch any more."""
        self.asked_to_stop = ago
        self._contact(
            ago,
            Kind.CALL,
            self.rng.choice(notes.STOPPED),
            direction=Direction.IN,
            purpose=Purpose.ASK,
        )

    def leave(self, ago: int) -> None:
        """They left the business, and nothing happened after it."""
        self.left = ago
        day = self.today - timedelta(days=ago)
        self.contacts = [contact for contact in self.contacts if contact.day < day]
        self.referrals = [story for story in self.referrals if story.steps[0].at.date() < day]

    # Referrals

    def refer(self, ago: int, *, thanked: bool = True, waits: bool = False) -> None:
        """They sent a borrower, on that very day; `waits` where nobody made contact yet."""
        received_at = waking_hour(self.rng, self.today - timedelta(days=ago))
        if waits:
            steps = [StageStep(Stage.RECEIVED, received_at)]
        else:
            midnight = datetime.combine(self.today, time())
            steps = way_of_loan(self.rng, received_at, until=midnight)
        self.referrals.append(self._referral(ReferralDirection.RECEIVED, steps))
        if thanked and self.rng.random() < 0.85:
            self.thank(max(0, ago - self.rng.choice([0, 0, 0, 1])))
        if len(steps) > 3 and thanked:
            self._update_on(steps[2].at.date())

    def refer_in(self, quarters: Sequence[int], extra: int = 0, first: int = 0) -> None:
        """A referral in each of these quarters (0 is the latest), and some more in season."""
        for quarter in quarters:
            start = quarter * QUARTER
            self.refer(in_season(self.rng, self.today, start + QUARTER - MARGIN, start + MARGIN))
        for _ in range(extra):
            self.refer(in_season(self.rng, self.today, first, MARGIN))

    def dead_end(self, ago: int, stage: Stage) -> None:
        """A referral that was junk or a duplicate: it counts nowhere."""
        received_at = waking_hour(self.rng, self.today - timedelta(days=ago))
        steps = [StageStep(Stage.RECEIVED, received_at)]
        steps.append(StageStep(stage, received_at + timedelta(hours=3)))
        self.referrals.append(self._referral(ReferralDirection.RECEIVED, steps))

    def give(self, ago: int) -> None:
        """We sent somebody to them."""
        at = waking_hour(self.rng, self.today - timedelta(days=ago))
        steps = [StageStep(Stage.RECEIVED, at)]
        if self.rng.random() < 0.6:
            steps.append(StageStep(Stage.CONTACTED, at + timedelta(hours=20)))
        self.referrals.append(self._referral(ReferralDirection.GIVEN, steps))

    def thank(self, ago: int) -> None:
        """A line of thanks that asks for no answer, so that it says nothing of theirs."""
        note = self.rng.choice(notes.THANKED)
        kind = self.rng.choice([Kind.TEXT, Kind.TEXT, Kind.EMAIL, Kind.NOTE])
        self._contact(ago, kind, note, outcome=Outcome.SENT, purpose=Purpose.GRATITUDE)

    def _update_on(self, day: date) -> None:
        note = self.rng.choice(notes.UPDATED)
        ago = (self.today - day).days
        self._contact(ago, Kind.EMAIL, note, outcome=Outcome.SENT, purpose=Purpose.SERVICE)

    def _referral(self, direction: ReferralDirection, steps: list[StageStep]) -> ReferralStory:
        first, last = some_name(self.rng)
        received = direction == ReferralDirection.RECEIVED
        reached = {step.stage for step in steps}
        amount_known = Stage.APPLICATION in reached or self.rng.random() < 0.25
        return ReferralStory(
            key=new_key(self.rng),
            direction=direction,
            borrower=f"{first} {last}",
            phone=self.phone() if self.rng.random() < 0.85 else "",
            email=f"{first}.{last}@example.org".lower() if self.rng.random() < 0.7 else "",
            loan_purpose=loan_purpose(self.rng, self.partner_type) if received else "",
            amount=loan_amount(self.rng) if received and amount_known else None,
            steps=steps,
        )

    # Small parts

    def phone(self) -> str:
        """A number that nobody has: 555-0100 to 555-0199 are kept for made-up people."""
        return f"+1{self.area}55501{self.rng.randrange(100):02}"

    def _contact(
        self,
        ago: int,
        kind: Kind,
        note: str,
        *,
        direction: Direction = Direction.OUT,
        outcome: Outcome = Outcome.CONNECTED,
        purpose: Purpose = Purpose.RELATIONSHIP,
        conduct: Conduct = Conduct.NONE,
        was_review: bool = False,
        gave_value: bool = False,
    ) -> None:
        day = self.today - timedelta(days=ago)
        noted = self.rng.random() >= NOTES_LEFT_OUT
        self.contacts.append(
            ContactStory(
                day=working_day(day, self.today) if ago else day,
                kind=kind,
                direction=direction,
                outcome=outcome,
                purpose=purpose,
                conduct=conduct,
                minutes=self._minutes(kind, outcome),
                note=note.format(first=self.first_name) if noted else "",
                batch=new_key(self.rng),
                by_assistant=self.rng.random() < BY_ASSISTANT,
                was_review=was_review,
                gave_value=gave_value,
            )
        )

    def _minutes(self, kind: Kind, outcome: Outcome) -> int | None:
        if self.rng.random() < MINUTES_LEFT_OUT:
            return None
        usual = DEFAULT_MINUTES[kind]
        if outcome == Outcome.NO_RESPONSE:
            return min(usual, 3)
        return max(1, round(usual * self.rng.choice([0.5, 0.75, 1, 1, 1, 1.25, 1.5])))

    def _talk_note(self, kind: Kind) -> str:
        opening = self.rng.choice(notes.MEETING_OPENINGS[kind])
        topic = self.rng.choice(notes.TOPICS[self.partner_type])
        ending = self.rng.choice(notes.ENDINGS)
        return f"{opening} {topic}. {ending}".strip()

    def _one_of(self, kinds: dict[Kind, int]) -> Kind:
        return self.rng.choices(list(kinds), list(kinds.values()))[0]
