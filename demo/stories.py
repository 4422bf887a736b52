"""Writes the story of a whole book: pure, from a seed and a day.

The same seed and the same day give the same book, whatever other books are written beside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from demo.cast import CAST, Character, Tell
from demo.days import office_hour, working_day
from demo.names import LEFT_BECAUSE, NEXT_STEPS
from demo.profiles import Names, companies, place, profile, tags
from demo.records import OverrideStory, PartnerStory, StepStory
from demo.telling import BY_PHONE, Teller, new_key
from interactions.models import Kind, Stage
from partners.models import PartnerType
from tiers.classification import Tier

# Of 48 partners; the rest are agents.
OTHER_TYPES = {
    PartnerType.BUILDER: 4,
    PartnerType.FINANCIAL_ADVISOR: 2,
    PartnerType.CPA: 2,
    PartnerType.ATTORNEY: 1,
    PartnerType.INSURANCE_AGENT: 1,
    PartnerType.TITLE_ESCROW: 2,
    PartnerType.PAST_CLIENT: 1,
    PartnerType.OTHER: 1,
}
USUAL_BOOK = 48

# Whom one lunches with, calls today and gets new referrals from: a contact more changes no tier.
SOCIABLE = {"steady", "sporadic_in_focus", "prospect"}
LUNCH_EVERY, LUNCH_MINUTES = 42, 90
WITHOUT_STEPS = {
    "left_industry",
    "abusive_producer",
    "disrespectful",
    "grumbler",
    "parted_ways",
    "silent",
    "silent_since_today",
    "one_sided",
    "one_sided_since_today",
    "taker",
    "taker_since_today",
    "asked_to_stop",
}
OVERRIDES = {
    (0, "sporadic"): OverrideStory(
        Tier.MAINTENANCE,
        "Referrals come in under the team lead's name; this is the one I work with.",
        days=90,
    ),
    (0, "one_sided"): OverrideStory(
        Tier.CULTIVATION, "Opens a second office in spring and wants to plan it with us.", days=60
    ),
    (1, "taken_over"): OverrideStory(
        Tier.MAINTENANCE,
        "Ten good years with the officer who retired; our log knows only weeks of it.",
        days=120,
        by_manager=True,
    ),
    (1, "quiet_producer"): OverrideStory(
        Tier.MAINTENANCE,
        "Sends enough; we only talk too little. Until our spring lunch.",
        30,
        ago=38,
    ),
}


def write_book(
    *, seed: int, number: int, partners: int, today: date, time_zone: str
) -> list[PartnerStory]:
    """The book of the officer with this number (the first is 0), as of the end of `today`."""
    return Book(Random(f"{seed}/{number}"), number, partners, today, time_zone).write()


class Book:
    """One officer's partners in the making."""

    def __init__(
        self, rng: Random, number: int, partners: int, today: date, time_zone: str
    ) -> None:
        self.rng = rng
        self.number = number
        self.partners = partners
        self.today = today
        self.time_zone = time_zone
        self.names = Names(rng)
        self.companies = companies(rng, partners)

    def write(self) -> list[PartnerStory]:
        cast = _cast(self.partners)
        types = _types(self.rng, cast)
        told = [
            self._tell(character.of_book(self.number), partner_type)
            for character, partner_type in zip(cast, types, strict=True)
        ]
        sociable = [teller for story, teller in told if story.character in SOCIABLE]
        self._add_recent_days(sociable)
        self._add_lunches(sociable)
        stories = [self._finish(story, teller) for story, teller in told]
        self._add_overrides(stories)
        self.rng.shuffle(stories)
        return stories

    def _tell(self, tell: Tell, partner_type: PartnerType) -> tuple[PartnerStory, Teller]:
        home = place(self.rng, self.time_zone)
        first_name, last_name = self.names.next()
        names = self.companies.get(partner_type)
        company = self.rng.choice(names) if names else ""
        teller = Teller(self.rng, self.today, partner_type, first_name, area=home[3])
        tell(teller)
        story = PartnerStory(
            key=new_key(self.rng),
            character=tell.__name__,
            partner_type=partner_type,
            fields=profile(teller, last_name, company, home),
            company=company,
            tags=sorted(tags(self.rng)),
            created_on=self.today - timedelta(days=teller.recorded),
        )
        return story, teller

    def _add_recent_days(self, sociable: Sequence[Teller]) -> None:
        """Calls of today, and referrals of the last days that nobody has contacted yet."""
        agents = [one for one in sociable if one.partner_type == PartnerType.REALTOR]
        for teller in _some(self.rng, sociable, 5):
            teller.talk(0, self.rng.choice([BY_PHONE, BY_PHONE, {Kind.COFFEE: 1}]))
        for ago, teller in zip((1, 1, 2), _some(self.rng, agents, 3), strict=False):
            teller.refer(ago, waits=True)
        for teller in _some(self.rng, agents, 2):
            teller.dead_end(self.rng.randint(20, 500), Stage.DUPLICATE)
            teller.dead_end(self.rng.randint(20, 500), Stage.JUNK)

    def _add_lunches(self, sociable: Sequence[Teller]) -> None:
        """Lunches with three partners: rows that share a batch and divide the minutes."""
        if len(sociable) < 3:
            return
        for ago in range(9, 220, LUNCH_EVERY):
            batch = new_key(self.rng)
            guests = _some(self.rng, sociable, 3)
            for guest in guests:
                guest.talk(ago, {Kind.LUNCH: 1})
            shared = guests[0].contacts[-1]
            for guest in guests:
                guest.contacts[-1] = replace(
                    shared, batch=batch, minutes=LUNCH_MINUTES // len(guests)
                )

    def _finish(self, story: PartnerStory, teller: Teller) -> PartnerStory:
        story.contacts = sorted(teller.contacts, key=lambda contact: contact.day)
        story.referrals = sorted(teller.referrals, key=lambda referral: referral.steps[0].at)
        if teller.asked_to_stop is not None:
            story.asked_to_stop_on = working_day(self._day(teller.asked_to_stop), self.today)
        if teller.left is not None:
            story.archived_on = self._day(teller.left)
            story.archived_reason = self.rng.choice(LEFT_BECAUSE)
        if story.character not in WITHOUT_STEPS:
            story.steps = list(self._steps())
        return story

    def _steps(self) -> Iterator[StepStory]:
        """What was planned and done, and what is due: late, today or in the next three weeks."""
        if self.rng.random() < 0.4:
            due = working_day(self._day(self.rng.randint(6, 90)), self.today)
            done_at = office_hour(self.rng, due)
            yield StepStory(new_key(self.rng), self.rng.choice(NEXT_STEPS), due, done_at)
        if self.rng.random() < 0.6:
            ago = self.rng.choices(
                [self.rng.randint(1, 9), 0, self.rng.randint(-21, -1)], [3, 3, 14]
            )
            due = self._day(ago[0])
            if ago[0]:
                due = working_day(due, due + timedelta(days=2))
            yield StepStory(new_key(self.rng), self.rng.choice(NEXT_STEPS), due)

    def _add_overrides(self, stories: Sequence[PartnerStory]) -> None:
        for (number, character), override in OVERRIDES.items():
            chosen = next((story for story in stories if story.character == character), None)
            if number == self.number and chosen is not None:
                chosen.override = override

    def _day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)


def _cast(partners: int) -> list[Character]:
    """So many characters in the proportions of the usual book, the largest remainders first."""
    exact = [character.share * partners / USUAL_BOOK for character in CAST]
    counts = [int(share) for share in exact]
    by_remainder = sorted(range(len(CAST)), key=lambda place: counts[place] - exact[place])
    for place_ in by_remainder[: partners - sum(counts)]:
        counts[place_] += 1
    return [character for character, count in zip(CAST, counts, strict=True) for _ in range(count)]


def _types(rng: Random, cast: Sequence[Character]) -> list[PartnerType]:
    """A type for each: agents where it must be one, the other types among the rest."""
    free = sum(not character.agent for character in cast)
    others = [kind for kind, share in OTHER_TYPES.items() for _ in range(_share(share, cast))][
        :free
    ]
    deck = others + [PartnerType.REALTOR] * (free - len(others))
    rng.shuffle(deck)
    return [PartnerType.REALTOR if character.agent else deck.pop() for character in cast]


def _share(share: int, cast: Sequence[Character]) -> int:
    return round(share * len(cast) / USUAL_BOOK)


def _some(rng: Random, tellers: Sequence[Teller], count: int) -> list[Teller]:
    return rng.sample(tellers, min(count, len(tellers)))
