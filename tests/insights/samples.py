"""A report in which every figure says something, for tests of what shows it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from insights.report import (
    ARCHIVED,
    NEW,
    AtRisk,
    Concentration,
    Conversion,
    Covered,
    Effort,
    Exchange,
    FirstContact,
    Flagged,
    Flow,
    Freed,
    Lost,
    Movement,
    Mover,
    OfficerLine,
    Rate,
    Report,
    Sender,
    Thanks,
    TiersOn,
    Waiting,
)
from insights.span import conversion_months, days_over_time, is_open
from tiers.verdict import Tier

END = date(2026, 11, 24)
START = END - timedelta(days=90)
M, C, X = Tier.MAINTENANCE, Tier.CULTIVATION, Tier.CEASE

MOVERS = (
    Mover(11, "Rita Rowe", "Alice Abbott", C, M, date(2026, 11, 3), False, "M",
          ("M1", "M2", "M3"), ()),
    Mover(12, "Ben Builder", "Bob Barnes", C, M, date(2026, 10, 20), True, "C", ("C1",), ()),
    Mover(13, "Carla Cole", "Alice Abbott", M, C, date(2026, 10, 1), False, "C", ("C1", "C2"),
          ("win_back",)),
    Mover(14, "Dora Dell", "Bob Barnes", C, X, date(2026, 9, 15), False, "X2", ("X2",), ()),
    Mover(15, "Ed East", "Alice Abbott", M, X, date(2026, 9, 2), False, "X1", ("X1a",),
          ("high_producer_conduct",)),
)  # fmt: skip


def sample_report(**changes):
    """The branch Riverside over 90 days; `changes` replace fields."""
    return replace(REPORT, **changes)


def over_time():
    days = days_over_time(END)
    return tuple(
        TiersOn(day, maintenance=8 + place // 3, cultivation=24 + place, cease=place // 4)
        for place, day in enumerate(days)
    )


def by_month():
    sizes = [0, 3, 9, 12, 8, 14, 11, 10, 9, 13, 12, 7]
    return tuple(
        Conversion(month, n, n * 2 // 3, n // 2, n // 3, is_open(month, END))
        for month, n in zip(conversion_months(END), sizes, strict=True)
    )


REPORT = Report(
    start=START,
    end=END,
    counted_at=datetime(2026, 11, 24, 15, 42, tzinfo=UTC),
    partners=51,
    tiers_over_time=over_time(),
    movement=Movement(
        flows=(
            Flow(M, M, 9),
            Flow(M, C, 1),
            Flow(M, X, 1),
            Flow(M, ARCHIVED, 1),
            Flow(C, M, 2),
            Flow(C, C, 30),
            Flow(C, X, 1),
            Flow(C, ARCHIVED, 2),
            Flow(X, X, 1),
            Flow(NEW, M, 1),
            Flow(NEW, C, 5),
        ),
        promoted=Rate(2, 35),
    ),
    movers=MOVERS,
    effort=Effort(maintenance=1310, cultivation=1480, cease=75, unknown_touches=2),
    coverage=(
        Covered("maintenance", 45, Rate(9, 12)),
        Covered("focus", 21, Rate(3, 4)),
        Covered("cultivation", 60, Rate(20, 32)),
    ),
    conversion=by_month(),
    conversion_undated=3,
    pull_through=Rate(7, 9),
    pull_through_undated=1,
    lost=(Lost("chose_other_lender", 3), Lost("not_ready", 2), Lost("paid_cash", 1)),
    concentration=Concentration(
        rate=Rate(61, 108),
        largest=(
            Sender(11, "Rita Rowe", "Alice Abbott", 21, 2),
            Sender(12, "Ben Builder", "Bob Barnes", 14, 0),
            Sender(16, "Fay Finch", "Alice Abbott", 10, 4),
            Sender(17, "Gus Gray", "Bob Barnes", 9, 1),
            Sender(18, "Hal Hill", "Alice Abbott", 7, 0),
        ),
    ),
    first_contact=FirstContact(median_hours=5.5, contacted=29, waiting=2, undated=1),
    thanks=Thanks(rate=Rate(21, 28), not_due=2),
    exchange=Exchange(received=108, given=23, both=9, only_received=17, only_given=4),
    freed=(
        Freed(14, "Dora Dell", "Bob Barnes", date(2026, 9, 15), 23.3),
        Freed(15, "Ed East", "Alice Abbott", date(2026, 9, 2), 41.0),
    ),
    health=(
        Flagged(M, "our_neglect", 1),
        Flagged(M, "slipping", 3),
        Flagged(C, "conduct_watch", 1),
        Flagged(C, "follow_up_lapsed", 6),
        Flagged(C, "last_chance", 1),
        Flagged(C, "needs_synergy", 8),
        Flagged(C, "rising_star", 2),
        Flagged(C, "win_back", 4),
        Flagged(X, "high_producer_conduct", 1),
    ),
    overrides_past=2,
    at_risk=(
        AtRisk(19, "Ida Ives", "Alice Abbott", M, ("our_neglect", "slipping"), date(2026, 6, 2)),
        AtRisk(20, "Jo Jones", "Bob Barnes", C, ("last_chance",), None),
        AtRisk(21, "Kim Kent", "Alice Abbott", M, ("slipping",), date(2026, 10, 30)),
    ),
    at_risk_total=3,
    waiting=(
        Waiting(11, "Rita Rowe", "Alice Abbott", 1, date(2026, 11, 20)),
        Waiting(17, "Gus Gray", "Bob Barnes", 2, date(2026, 11, 23)),
    ),
    officers=(
        OfficerLine(1, "Alice Abbott", TiersOn(END, 7, 19, 2), Effort(800, 990, 30, 1),
                    Rate(17, 26), Rate(1, 19), 19, 1, date(2026, 11, 24)),
        OfficerLine(2, "Bob Barnes", TiersOn(END, 5, 17, 1), Effort(510, 490, 45, 1),
                    Rate(15, 22), Rate(1, 16), 13, 2, date(2026, 11, 2)),
    ),
)  # fmt: skip
