"""The kinds of partners in a book, one function each: what happened with such a partner.

Numbers are days ago. The tier is never named here: it comes out of the facts, whatever the day on
which the book is written. Each docstring says what should come out, in the codes of docs/tiers.md.
"""

from demo.days import days_apart
from demo.telling import BY_PHONE, FROM_AFAR, IN_PERSON, MOSTLY_BY_PHONE, Teller
from interactions.models import Conduct, Kind, Purpose
from partners.models import PartnerType
from tiers.policy import LOW_FREQUENCY_TYPES

# Two years of history.
START = 722
# Few days for all books, so that partners of many books are judged together on each.
LEFT_ON = [45, 160, 300, 480]
WAYS = (Kind.CALL, Kind.TEXT, Kind.EMAIL)
OFTEN = 20


# Maintenance


def steady(teller: Teller) -> None:
    """M: long known, talks every three weeks, refers all year."""
    _known_for_years(teller, synergy=(3, 5))
    _stay_close(teller, START, teller.rng.randint(1, 12))
    if teller.partner_type in LOW_FREQUENCY_TYPES:
        teller.refer_in([0, 2, 4, 6], extra=1, first=700)
    elif teller.partner_type == PartnerType.BUILDER:
        teller.refer_in(range(8), extra=3, first=340)
    else:
        teller.refer_in(range(8), extra=teller.rng.randint(4, 5), first=700)
    teller.give(teller.rng.randint(30, 330))
    teller.give(teller.rng.randint(380, 700))


def steady_with_a_complaint(teller: Teller) -> None:
    """M, conduct_watch: one bad call."""
    steady(teller)
    teller.talk(48, BY_PHONE, Conduct.NEGATIVE)


def slipping(teller: Teller) -> None:
    """MS, slipping: still in touch, but the last referral is five months old."""
    _known_for_years(teller, synergy=(3, 5))
    _stay_close(teller, START, 6)
    for ago in range(152, START, 62):
        teller.refer(ago)


def neglected(teller: Teller) -> None:
    """MS, our_neglect: refers as ever, but we have not called for half a year."""
    _known_for_years(teller, synergy=(4, 5))
    teller.talk_every(OFTEN, START, 192)
    teller.send_every(75, 700, 240)
    teller.hear_every(80, 710, 200)
    for ago in range(30, START, 70):
        teller.refer(ago, thanked=ago > 190)
    teller.send(60, Kind.SOCIAL)


# Cultivation: those who refer


def sporadic(teller: Teller) -> None:
    """C with C1: a referral now and then."""
    _known_for_years(teller, synergy=(1, 5))
    _keep_in_touch(teller, START, 3)
    teller.refer(teller.rng.randint(60, 500))
    if teller.partner_type == PartnerType.REALTOR and teller.rng.random() < 0.5:
        teller.refer(teller.rng.randint(510, 640))
    if teller.rng.random() < 0.3:
        teller.give(teller.rng.randint(30, 300))


def sporadic_in_focus(teller: Teller) -> None:
    """C with C1: the same, and for some months the center of attention."""
    sporadic(teller)
    _court(teller, teller.rng.randint(100, 170))


def rising_star(teller: Teller) -> None:
    """C with not_M1, rising_star: everything but the first anniversary."""
    _known_since(teller, 312, synergy=(4, 5))
    _stay_close(teller, 310, 4)
    for ago in (28, 84, 121, 205, 262):
        teller.refer(ago + teller.rng.randint(-4, 4))


def quiet_producer(teller: Teller) -> None:
    """C with not_M2: refers steadily, but we talk every eight weeks at best."""
    _known_for_years(teller, synergy=(3, 5))
    for ago in range(14, START, 55):
        teller.talk(ago)
    teller.send_every(50, 690, 30)
    for ago in range(36, START, 78):
        teller.refer(ago)


def used_to_refer(teller: Teller) -> None:
    """C with C1, win_back: once in Maintenance; the last referral is a year old."""
    _known_for_years(teller, synergy=(2, 5))
    _stay_close(teller, START, 360)
    for ago in (705, 640, 585, 520, 455, 372):
        teller.refer(ago)
    _keep_in_touch(teller, 330, 8)


def last_chance(teller: Teller) -> None:
    """C, last_chance: just out of Maintenance, and seven attempts in a row unanswered."""
    _known_for_years(teller, synergy=(3, 5))
    _stay_close(teller, START, 224)
    teller.talk(203, BY_PHONE)
    teller.talk(150, BY_PHONE)
    for ago in range(165, START, 66):
        teller.refer(ago, thanked=ago > 220)
    teller.attempts((132, 110, 90, 68, 47, 25, 8), WAYS)


def refers_but_silent(teller: Teller) -> None:
    """C, refers_but_silent: sent a buyer, and answers nothing since."""
    _known_for_years(teller, synergy=(2, 4))
    _keep_in_touch(teller, START, 130)
    teller.refer(320)
    teller.refer(96, thanked=False)
    teller.attempts((86, 72, 58, 43, 29, 16, 6), WAYS)


# Cultivation: those who do not refer yet


def first_touch_due(teller: Teller) -> None:
    """G, first_touch_due: met last week."""
    _known_since(teller, teller.rng.randint(2, 9), synergy=(1, 5))
    teller.synergy = None


def first_touch_overdue(teller: Teller) -> None:
    """G, first_touch_overdue: met five weeks ago, and nobody called."""
    _known_since(teller, 36, synergy=(2, 5))


def getting_acquainted(teller: Teller) -> None:
    """G: the first weeks, as the play-book has them."""
    _known_since(teller, 62, synergy=(3, 5))
    for ago in (60, 54, 40, 17):
        teller.talk(ago)
    teller.send(30)


def prospect(teller: Teller) -> None:
    """C with C3: a good fit, courted, no referral yet."""
    teller.recorded = teller.rng.randint(230, 330)
    teller.partners_since = teller.recorded + 10
    teller.synergy = teller.rng.randint(3, 5)
    teller.talk_every(45, teller.recorded - 2, 100)
    teller.hear_every(70, 220, 20)
    _court(teller, teller.rng.randint(110, 160))


def small_talk(teller: Teller) -> None:
    """C by default: friendly, and nothing comes of it."""
    _known_for_years(teller, synergy=(2, 2))
    teller.talk_every(55, START, 25)
    teller.talk(21)
    teller.hear_every(110, 640, 40)


def poor_fit(teller: Teller) -> None:
    """C by default, low_alignment: another market, other clients."""
    small_talk(teller)
    teller.synergy = teller.rng.randint(0, 1)


def lapsed(teller: Teller) -> None:
    """C with C2, follow_up_lapsed: a good first talk, and no second one."""
    met = teller.rng.randint(190, 520)
    _known_since(teller, met, synergy=(1, 5))
    teller.talk(met - 1, {Kind.EVENT: 2, Kind.CLASS: 1, Kind.OPEN_HOUSE: 1, Kind.COFFEE: 1})
    teller.send(met - 12, Kind.EMAIL)
    if teller.rng.random() < 0.6:
        teller.attempts((met - 30, met - 48), WAYS)
    if teller.rng.random() < 0.3:
        teller.refer(met - 60)


def one_channel(teller: Teller) -> None:
    """C with C2, try_another_channel: seven calls, and never a text."""
    _known_for_years(teller, synergy=(2, 4))
    teller.talk_every(60, START, 140)
    teller.hear_every(90, 340, 150)
    teller.attempts((118, 103, 86, 69, 50, 33, 12), [Kind.CALL])


def taken_over(teller: Teller) -> None:
    """C, insufficient_history: years with a colleague who retired, weeks with us."""
    _known_for_years(teller, synergy=(2, 4))
    teller.recorded = 84
    teller.talk_every(24, 80, 6)
    teller.refer(44)


def reopened(teller: Teller) -> None:
    """C, reopened: ceased for silence, and called back today."""
    _known_for_years(teller, synergy=(2, 4))
    teller.talk_every(50, START, 262)
    teller.attempts((230, 214, 197, 180, 163, 150, 137), WAYS)
    teller.hear(0)


def left_industry(teller: Teller) -> None:
    """An ordinary partner until the day on which they left the business, and were archived."""
    sporadic(teller)
    teller.leave(teller.rng.choice(LEFT_ON))


# Cease


def abusive_producer(teller: Teller) -> None:
    """X1a, high_producer_conduct, serve_referral: still sends buyers."""
    _known_for_years(teller, synergy=(3, 5))
    _stay_close(teller, START, 170)
    for ago in range(34, START, 74):
        teller.refer(ago, thanked=ago > 150)
    teller.talk(148, BY_PHONE, Conduct.ABUSIVE)


def disrespectful(teller: Teller) -> None:
    """X1b and X1c: three bad meetings in a row."""
    _known_for_years(teller, synergy=(1, 4))
    _keep_in_touch(teller, START, 150)
    teller.refer(420)
    for ago, conduct in (
        (128, Conduct.NEGATIVE),
        (92, Conduct.DISRESPECTFUL),
        (66, Conduct.DISRESPECTFUL),
    ):
        teller.talk(ago, FROM_AFAR, conduct)


def grumbler(teller: Teller) -> None:
    """X1c: three bad calls in half a year."""
    _known_for_years(teller, synergy=(1, 3))
    _keep_in_touch(teller, START, 160)
    for ago in (140, 101, 57):
        teller.talk(ago, BY_PHONE, Conduct.NEGATIVE)


def parted_ways(teller: Teller) -> None:
    """X1, stays: what happened a year ago is not undone by time."""
    _known_for_years(teller, synergy=(1, 4))
    _keep_in_touch(teller, START, 430)
    for ago in (414, 388):
        teller.talk(ago, FROM_AFAR, Conduct.DISRESPECTFUL)


def silent(teller: Teller) -> None:
    """X2, stays: met twice, and never answered again."""
    _known_for_years(teller, synergy=(1, 4))
    teller.recorded = 560
    teller.talk(556, {Kind.EVENT: 1, Kind.OPEN_HOUSE: 1})
    teller.talk(530)
    teller.attempts((470, 448, 431, 410, 388, 362, 340), WAYS)


def silent_since_today(teller: Teller) -> None:
    """X2: today's message was the sixth."""
    _known_for_years(teller, synergy=(1, 4))
    teller.recorded = 460
    teller.talk_every(48, 455, 196)
    teller.attempts((108, 88, 64, 41, 19), WAYS)
    teller.attempt(0, Kind.EMAIL)


def one_sided(teller: Teller) -> None:
    """X3a, stays: a year of our effort, and nothing came back."""
    _known_for_years(teller, synergy=(1, 4))
    teller.recorded = 575
    for ago in range(228, 570, 17):
        _touch(teller, ago)


def one_sided_since_today(teller: Teller) -> None:
    """X3a: today's call was the eighteenth touch of the year."""
    _known_for_years(teller, synergy=(1, 4))
    teller.recorded = 348
    for ago in range(20, 345, 20):
        _touch(teller, ago)
    teller.talk(0, BY_PHONE)


def taker(teller: Teller) -> None:
    """X3b, stays: calls only to ask for something."""
    _known_for_years(teller, synergy=(1, 3))
    teller.recorded = 640
    teller.talk_every(70, 630, 200)
    for ago in (470, 431, 385, 342, 300, 262, 214):
        teller.hear(ago, Purpose.ASK)


def taker_since_today(teller: Teller) -> None:
    """X3b: today's was the sixth such call."""
    _known_for_years(teller, synergy=(1, 3))
    teller.recorded = 640
    teller.talk_every(70, 630, 60)
    for ago in (310, 258, 190, 133, 71, 0):
        teller.hear(ago, Purpose.ASK)


def asked_to_stop(teller: Teller) -> None:
    """X4: their word, marked on the day."""
    _known_for_years(teller, synergy=(1, 4))
    _keep_in_touch(teller, START, 130)
    teller.refer(500)
    teller.stop(118)


# What several of them share


def _known_for_years(teller: Teller, synergy: tuple[int, int]) -> None:
    teller.recorded = START + 3
    teller.partners_since = teller.rng.randint(800, 3600)
    teller.synergy = teller.rng.randint(*synergy)


def _known_since(teller: Teller, ago: int, synergy: tuple[int, int]) -> None:
    teller.recorded = teller.partners_since = ago
    teller.synergy = teller.rng.randint(*synergy)


def _stay_close(teller: Teller, first: int, last: int) -> None:
    """As the play-book keeps Maintenance: calls, time together, notes, a look at what we share."""
    teller.talk_every(OFTEN, first, last, MOSTLY_BY_PHONE)
    teller.talk_every(70, first - 5, last + 3, IN_PERSON)
    teller.send_every(75, first - 20, last)
    for ago in days_apart(teller.rng, first - 15, last + 8, 80):
        teller.send(ago, Kind.NOTE)
    for ago in days_apart(teller.rng, first - 40, last + 20, 140):
        teller.review(ago)
    teller.hear_every(80, first - 10, last)


def _keep_in_touch(teller: Teller, first: int, last: int) -> None:
    teller.talk_every(teller.rng.randint(38, 62), first, last)
    teller.send_every(90, first - 15, last)
    teller.hear_every(150, first - 20, last)


def _court(teller: Teller, first: int) -> None:
    """As the play-book keeps the focus list."""
    teller.talk_every(15, first, 1)
    teller.talk_every(40, first - 8, 4, {Kind.COFFEE: 3, Kind.LUNCH: 2, Kind.BRAINSTORM: 1})
    teller.send_every(18, first - 3, 2)
    for ago in days_apart(teller.rng, first - 6, 7, 27):
        teller.give_value(ago)
    teller.hear_every(60, first - 10, 5)


def _touch(teller: Teller, ago: int) -> None:
    if teller.rng.random() < 0.5:
        teller.talk(ago, BY_PHONE)
    else:
        teller.send(ago)
