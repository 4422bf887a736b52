"""What becomes of referrals, and whom they come from and go to. Pure."""

from collections import Counter
from datetime import date
from statistics import median

from insights.facts import Book
from insights.report import (
    Concentration,
    Conversion,
    Exchange,
    FirstContact,
    Lost,
    Rate,
    Sender,
    Thanks,
    Waiting,
)
from insights.sets import REACHED, Sets, rate
from insights.span import conversion_months, is_open


def conversion(book: Book, sets: Sets) -> tuple[Conversion, ...]:
    """What became of the referrals of each month."""
    return tuple(_of_month(book, sets, month) for month in conversion_months(book.end))


def _of_month(book: Book, sets: Sets, month: date) -> Conversion:
    application, pre_approved, funded = (
        len(sets[f"reached:{month:%Y-%m}:{stage}"]) for stage in REACHED
    )
    return Conversion(
        month=month,
        received=len(sets[f"received:{month:%Y-%m}"]),
        application=application,
        pre_approved=pre_approved,
        funded=funded,
        is_open=is_open(month, book.end),
    )


def pull_through(sets: Sets) -> Rate:
    """Funded, of those funded or lost after an application in the period."""
    return rate(sets, "pull:funded", "pull:lost")


def lost(sets: Sets) -> tuple[Lost, ...]:
    """Why referrals were lost in the period, the most frequent reason first."""
    found = [
        Lost(name.removeprefix("lost:"), len(rows))
        for name, rows in sets.items()
        if name.startswith("lost:")
    ]
    return tuple(sorted(found, key=lambda one: (-one.count, one.reason)))


def concentration(book: Book, sets: Sets) -> Concentration:
    """The share of the year's referrals that came from the five largest partners."""
    sizes = {
        int(name.removeprefix("largest:")): len(rows)
        for name, rows in sets.items()
        if name.startswith("largest:")
    }
    given = Counter(book.referrals[key].partner_id for key in sets["given:365"].keys)
    largest = tuple(
        Sender(key, book.partners[key].name, book.partners[key].owner, sizes[key], given[key])
        for key in sorted(sizes, key=lambda key: (-sizes[key], key))
    )
    return Concentration(Rate(sum(sizes.values()), len(sets["received:365"])), largest)


def first_contact(book: Book, sets: Sets) -> FirstContact:
    """Hours from received to contacted; a contact noted before the receipt took none."""
    hours = []
    for key in sets["contact:made"].keys:
        referral = book.referrals[key]
        if referral.contacted_at and referral.received_at:
            seconds = (referral.contacted_at - referral.received_at).total_seconds()
            hours.append(max(0.0, seconds / 3600))
    return FirstContact(
        median_hours=median(hours) if hours else None,
        contacted=len(hours),
        waiting=len(sets["contact:waiting"]),
        undated=len(sets["contact:undated"]),
    )


def thanks(sets: Sets) -> Thanks:
    """Referrals thanked for by the end of the next working day."""
    return Thanks(rate(sets, "thanks:in_time", "thanks:late"), len(sets["thanks:not_due"]))


def exchange(sets: Sets) -> Exchange:
    """Received and given in 365 days, side by side."""
    return Exchange(
        received=len(sets["received:365"]),
        given=len(sets["given:365"]),
        both=len(sets["exchange:both"]),
        only_received=len(sets["exchange:only_received"]),
        only_given=len(sets["exchange:only_given"]),
    )


def waiting(book: Book, sets: Sets) -> tuple[Waiting, ...]:
    """From whom referrals wait for a first contact, the longest wait first."""
    since: dict[int, list[date]] = {}
    for key in sets["waiting"].keys:
        referral = book.referrals[key]
        since.setdefault(referral.partner_id, []).append(referral.day)
    found = [
        Waiting(key, book.partners[key].name, book.partners[key].owner, len(days), min(days))
        for key, days in since.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.since, one.partner_id)))
