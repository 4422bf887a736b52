"""The flags: what a person should see beside the tier, one small test for each."""

from collections.abc import Callable

from tiers.characteristics import (
    CONDUCT_TESTS,
    ONE_SIDED_TESTS,
    actively_refers,
    barely_tracked,
    holding,
    limited_follow_up,
    long_standing,
    recent_incidents,
    regular_communication,
    silence_is_ours,
    too_few_to_stay,
    unresponsive,
)
from tiers.verdict import Case, Rule, Ruling, Tier


def _by_cultivation(ruling: Ruling) -> bool:
    return ruling.rule == Rule.CULTIVATION


def first_touch_missing(case: Case, ruling: Ruling) -> bool:
    signals = case.signals
    return (
        ruling.rule == Rule.TOO_NEW
        and signals.touches_365 == 0
        and signals.conversations_total == 0
    )


def first_touch_due(case: Case, ruling: Ruling) -> bool:
    in_time = case.signals.relationship_days <= case.policy.first_touch_days
    return in_time and first_touch_missing(case, ruling)


def first_touch_overdue(case: Case, ruling: Ruling) -> bool:
    return first_touch_missing(case, ruling) and not first_touch_due(case, ruling)


def slipping(case: Case, ruling: Ruling) -> bool:
    return ruling.rule == Rule.STAYS and not barely_tracked(case.signals, case.policy)


def our_neglect(case: Case, ruling: Ruling) -> bool:
    return (
        slipping(case, ruling)
        and too_few_to_stay(case.signals, case.policy)
        and silence_is_ours(case.signals, case.policy)
    )


def rising_star(case: Case, ruling: Ruling) -> bool:
    return (
        _by_cultivation(ruling)
        and regular_communication(case.signals, case.policy)
        and actively_refers(case.signals, case.policy)
        and not long_standing(case.signals, case.policy)
    )


def follow_up_lapsed(case: Case, ruling: Ruling) -> bool:
    return (
        _by_cultivation(ruling)
        and limited_follow_up(case.signals, case.policy)
        and case.signals.touches_90 == 0
    )


def win_back(case: Case, ruling: Ruling) -> bool:
    was_maintenance = case.standing.tier == Tier.MAINTENANCE
    return _by_cultivation(ruling) and (was_maintenance or _used_to_refer(case))


def _used_to_refer(case: Case) -> bool:
    last = case.signals.days_since_referral
    return (
        case.signals.referrals_total >= case.line.per_year
        and last is not None
        and last > case.line.stay_last_within_days
    )


def last_chance(case: Case, ruling: Ruling) -> bool:
    return (
        _by_cultivation(ruling)
        and case.win_back_open
        and (
            unresponsive(case.signals, case.policy)
            or bool(holding(ONE_SIDED_TESTS, case.signals, case.policy))
        )
    )


def _tried_enough(case: Case) -> bool:
    return case.signals.unanswered_attempts >= case.policy.unresponsive.attempts


def try_another_channel(case: Case, ruling: Ruling) -> bool:
    few_channels = case.signals.unanswered_channels < case.policy.unresponsive.channels
    return _by_cultivation(ruling) and _tried_enough(case) and few_channels


def refers_but_silent(case: Case, ruling: Ruling) -> bool:
    last = case.signals.days_since_referral
    referred = last is not None and last < case.policy.unresponsive.no_referral_days
    return _by_cultivation(ruling) and _tried_enough(case) and referred


def low_alignment(case: Case, ruling: Ruling) -> bool:
    synergy = case.signals.synergy
    return (
        _by_cultivation(ruling)
        and synergy is not None
        and synergy <= case.policy.synergy_low
        and long_standing(case.signals, case.policy)
        and case.signals.referrals_total == 0
    )


def high_producer_conduct(case: Case, ruling: Ruling) -> bool:
    given_anew = ruling.rule == Rule.CONDUCT and not ruling.stays
    return given_anew and case.signals.referrals_365 >= case.line.per_year


def conduct_watch(case: Case, ruling: Ruling) -> bool:
    conduct_ends_it = holding(CONDUCT_TESTS, case.signals, case.policy)
    return not conduct_ends_it and recent_incidents(case.signals) > 0


def insufficient_history(case: Case, ruling: Ruling) -> bool:
    needs_none = (Rule.TOO_NEW, Rule.CONDUCT, Rule.ASKED_TO_STOP)
    return barely_tracked(case.signals, case.policy) and ruling.rule not in needs_none


def needs_synergy(case: Case, ruling: Ruling) -> bool:
    return case.signals.synergy is None and ruling.tier != Tier.CEASE


def reopened(case: Case, ruling: Ruling) -> bool:
    return case.reopened and ruling.tier != Tier.CEASE


def serve_referral(case: Case, ruling: Ruling) -> bool:
    standing = case.standing
    return standing.tier == Tier.CEASE and standing.began_by(case.signals.days_since_referral)


FLAGS: dict[str, Callable[[Case, Ruling], bool]] = {
    "first_touch_due": first_touch_due,
    "first_touch_overdue": first_touch_overdue,
    "slipping": slipping,
    "our_neglect": our_neglect,
    "rising_star": rising_star,
    "follow_up_lapsed": follow_up_lapsed,
    "win_back": win_back,
    "last_chance": last_chance,
    "try_another_channel": try_another_channel,
    "refers_but_silent": refers_but_silent,
    "low_alignment": low_alignment,
    "high_producer_conduct": high_producer_conduct,
    "conduct_watch": conduct_watch,
    "insufficient_history": insufficient_history,
    "needs_synergy": needs_synergy,
    "reopened": reopened,
    "serve_referral": serve_referral,
}
