"""Counts a report from a book. Pure; every count is the length of a set of rows.

The formulas stand in docs/figures.md.
"""

from insights.counting import officers, referrals, tiers, touches
from insights.facts import Book
from insights.report import Report
from insights.sets import sets_of

# How many of those at risk a report names.
AT_RISK_NAMED = 25


def report_of(book: Book) -> Report:
    """All figures of a book."""
    sets = sets_of(book)
    at_risk = tiers.at_risk(book, sets)
    over_time = tiers.tiers_over_time(book, sets)
    return Report(
        start=book.start,
        end=book.end,
        counted_at=book.counted_at,
        partners=over_time[-1].total,
        tiers_over_time=over_time,
        movement=tiers.movement(sets),
        movers=tiers.movers(book, sets),
        effort=touches.effort(book, sets),
        coverage=touches.coverage(sets),
        conversion=referrals.conversion(book, sets),
        conversion_undated=len(sets["conversion:undated"]),
        pull_through=referrals.pull_through(sets),
        pull_through_undated=len(sets["pull:undated"]),
        lost=referrals.lost(sets),
        concentration=referrals.concentration(book, sets),
        first_contact=referrals.first_contact(book, sets),
        thanks=referrals.thanks(sets),
        exchange=referrals.exchange(sets),
        freed=tiers.freed(book, sets),
        health=tiers.health(sets),
        overrides_past=len(sets["overrides:past"]),
        at_risk=at_risk[:AT_RISK_NAMED],
        at_risk_total=len(at_risk),
        waiting=referrals.waiting(book, sets),
        officers=officers.officers(book, sets),
    )
