"""Who is in a usual book of 48 partners, and how many of each."""

from collections.abc import Callable
from dataclasses import dataclass

from demo import characters
from demo.telling import Teller

Tell = Callable[[Teller], None]


@dataclass(frozen=True)
class Character:
    """A kind of partner: how many of 48, and whether such a one must be an agent.

    Several variants take turns from book to book.
    """

    variants: tuple[Tell, ...]
    share: int
    agent: bool = False

    def of_book(self, number: int) -> Tell:
        return self.variants[number % len(self.variants)]


CAST = [
    Character((characters.steady,), 5, agent=True),
    Character((characters.steady,), 1),
    Character((characters.steady_with_a_complaint, characters.steady), 1, agent=True),
    Character((characters.slipping,), 1, agent=True),
    Character((characters.neglected,), 1, agent=True),
    Character((characters.sporadic,), 3),
    Character((characters.sporadic_in_focus,), 4),
    Character((characters.left_industry,), 2),
    Character((characters.rising_star,), 1, agent=True),
    Character((characters.quiet_producer,), 1, agent=True),
    Character((characters.used_to_refer,), 2, agent=True),
    Character((characters.last_chance,), 1, agent=True),
    Character((characters.refers_but_silent,), 1, agent=True),
    Character((characters.first_touch_due,), 1),
    Character((characters.first_touch_overdue,), 1),
    Character((characters.getting_acquainted,), 1),
    Character((characters.prospect,), 5),
    Character((characters.small_talk,), 1),
    Character((characters.poor_fit,), 1),
    Character((characters.lapsed,), 3),
    Character((characters.one_channel,), 1),
    Character((characters.taken_over,), 1, agent=True),
    Character((characters.reopened,), 1),
    Character((characters.abusive_producer,), 1, agent=True),
    Character((characters.disrespectful,), 1),
    Character((characters.grumbler, characters.parted_ways), 1),
    Character((characters.silent,), 1),
    Character((characters.silent_since_today,), 1),
    Character((characters.one_sided, characters.one_sided_since_today), 1),
    Character((characters.taker_since_today, characters.taker), 1),
    Character((characters.asked_to_stop,), 1),
]
