"""From signals, the standing tier and a policy to a verdict: pure, no query, no clock, no settings.

The rows stand in the order of docs/tiers.md, one small function for each, so that a reader can hold
the two side by side; so do the tests (characteristics.py) and the flags (flags.py).
"""

from collections.abc import Callable

from tiers.characteristics import (
    CONDUCT_TESTS,
    CULTIVATION_TESTS,
    MAINTENANCE_TESTS,
    ONE_SIDED_TESTS,
    Signals,
    asked_to_stop,
    holding,
    stay_line,
    unresponsive,
)
from tiers.flags import FLAGS
from tiers.policy import Policy
from tiers.verdict import Case, Rule, Ruling, Standing, Tier, Verdict

__all__ = ["Policy", "Rule", "Signals", "Standing", "Tier", "Verdict", "classify", "settled"]

REOPENED_TODAY = Standing(Tier.CULTIVATION, Rule.CULTIVATION, 0)


def classify(signals: Signals, standing: Standing, policy: Policy) -> Verdict:
    """Judge one partner by the first row that applies (docs/tiers.md, "How a tier is decided").

    Never raises for signals of 0 or more; judging twice on one day changes no tier.
    """
    case = _case(signals, standing, policy)
    ruling = next(ruling for row in ROWS if (ruling := row(case)))
    flags = tuple(sorted(flag for flag, applies in FLAGS.items() if applies(case, ruling)))
    return Verdict(ruling.tier, ruling.rule, tuple(sorted(ruling.reasons)), flags)


def settled(standing: Standing, verdict: Verdict) -> Standing:
    """Return what stands once a verdict is written down: a new tier begins that day."""
    days = standing.days_in_tier if standing.tier == verdict.tier else 0
    return Standing(verdict.tier, verdict.rule, days)


def _case(signals: Signals, standing: Standing, policy: Policy) -> Case:
    # Row 4. Rows 1 and 2 come before it, but read nothing that it changes.
    reopened = standing.tier == Tier.CEASE and not _cease_stands(signals, standing)
    counted = REOPENED_TODAY if reopened else standing
    return Case(signals, standing, policy, reopened, counted)


def _cease_stands(signals: Signals, standing: Standing) -> bool:
    """Tell whether a standing Cease holds by its own rule; X4 and imported labels never do."""
    referred = standing.began_by(signals.days_since_referral)
    if standing.rule == Rule.CONDUCT:
        return signals.incidents_total > 0
    if standing.rule == Rule.UNRESPONSIVE:
        return not referred and not standing.began_by(signals.days_since_conversation)
    if standing.rule == Rule.ONE_SIDED:
        return not referred and signals.partner_contacts_since_tier == 0
    return False


# The rows: the first that applies gives the verdict


def row_1_asked_to_stop(case: Case) -> Ruling | None:
    if asked_to_stop(case.signals, case.policy):
        return Ruling(Tier.CEASE, Rule.ASKED_TO_STOP, ("X4",))
    return None


def row_2_conduct(case: Case) -> Ruling | None:
    reasons = holding(CONDUCT_TESTS, case.signals, case.policy)
    return Ruling(Tier.CEASE, Rule.CONDUCT, reasons) if reasons else None


def row_3_cease_stays(case: Case) -> Ruling | None:
    if case.standing.tier == Tier.CEASE and not case.reopened:
        return Ruling(Tier.CEASE, Rule(str(case.standing.rule)), ("stays",), stays=True)
    return None


# Row 4 gives no verdict: it is `Case.counted`, the standing tier as cultivation begun today.


def row_5_too_new(case: Case) -> Ruling | None:
    too_new = case.signals.relationship_days < case.policy.grace_days
    if too_new and case.counted.tier != Tier.MAINTENANCE:
        return Ruling(Tier.CULTIVATION, Rule.TOO_NEW, ("G",))
    return None


def row_6_maintenance(case: Case) -> Ruling | None:
    reasons = holding(MAINTENANCE_TESTS, case.signals, case.policy)
    if len(reasons) == len(MAINTENANCE_TESTS):
        return Ruling(Tier.MAINTENANCE, Rule.MAINTENANCE, reasons)
    return None


def row_7_maintenance_stays(case: Case) -> Ruling | None:
    if case.counted.tier == Tier.MAINTENANCE and stay_line(case.signals, case.policy):
        return Ruling(Tier.MAINTENANCE, Rule.STAYS, ("MS",))
    return None


def row_8_unresponsive(case: Case) -> Ruling | None:
    if not case.win_back_open and unresponsive(case.signals, case.policy):
        return Ruling(Tier.CEASE, Rule.UNRESPONSIVE, ("X2",))
    return None


def row_8_one_sided(case: Case) -> Ruling | None:
    reasons = holding(ONE_SIDED_TESTS, case.signals, case.policy)
    if reasons and not case.win_back_open:
        return Ruling(Tier.CEASE, Rule.ONE_SIDED, reasons)
    return None


def row_9_cultivation(case: Case) -> Ruling | None:
    reasons = holding(CULTIVATION_TESTS, case.signals, case.policy) + _missing_beside_referrals(
        case
    )
    return Ruling(Tier.CULTIVATION, Rule.CULTIVATION, reasons or ("default",))


def _missing_beside_referrals(case: Case) -> tuple[str, ...]:
    """Name what keeps a partner who actively refers from Maintenance."""
    held = holding(MAINTENANCE_TESTS, case.signals, case.policy)
    if "M3" not in held:
        return ()
    return tuple(f"not_{code}" for code in ("M1", "M2") if code not in held)


ROWS: tuple[Callable[[Case], Ruling | None], ...] = (
    row_1_asked_to_stop,
    row_2_conduct,
    row_3_cease_stays,
    row_5_too_new,
    row_6_maintenance,
    row_7_maintenance_stays,
    row_8_unresponsive,
    row_8_one_sided,
    row_9_cultivation,
)
