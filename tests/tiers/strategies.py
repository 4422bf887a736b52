"""Signals and standing tiers for tests: one ordinary partner to change, and any partner at all."""

import json
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from tiers.classification import Signals, Standing

VECTORS = json.loads(Path(__file__).with_name("tier_vectors.json").read_text())

# Known long, in touch, no referral yet, nothing that stands out: judged C by default.
ORDINARY = Signals(
    partner_type="realtor",
    do_not_contact=False,
    synergy=2,
    relationship_days=800,
    tracked_days=800,
    referrals_365=0,
    referral_quarters=0,
    referrals_total=0,
    days_since_referral=None,
    conversations_90=3,
    conversations_180=6,
    conversations_total=20,
    days_since_conversation=14,
    touches_90=4,
    touches_180=8,
    touches_365=14,
    unanswered_attempts=0,
    unanswered_channels=0,
    unanswered_span_days=0,
    partner_initiated_365=5,
    asks_365=0,
    negative_180=0,
    disrespectful_180=0,
    abusive_730=0,
    incidents_total=0,
    partner_contacts_since_tier=0,
)
REFERS = {
    "referrals_365": 4,
    "referral_quarters": 3,
    "referrals_total": 9,
    "days_since_referral": 20,
}
SILENT = {
    "conversations_90": 0,
    "conversations_180": 0,
    "days_since_conversation": 200,
    "unanswered_attempts": 6,
    "unanswered_channels": 2,
    "unanswered_span_days": 45,
}
ONE_SIDED = {"touches_365": 18, "partner_initiated_365": 1}
CULTIVATION = Standing("cultivation", "C", 200)
MAINTENANCE = Standing("maintenance", "M", 200)


def signals(changes=(), **more):
    return replace(ORDINARY, **dict(changes), **more)


# Where a comparison could be off by one, and anything else.
EDGES = [limit + off for limit in (1, 14, 45, 60, 90, 120, 180, 240) for off in (-1, 0, 1)]
EDGES += [364, 365, 366, 547, 548, 549]
days = st.sampled_from(EDGES) | st.integers(0, 3000)
counts = st.integers(0, 8) | st.integers(0, 400)
rare_counts = st.just(0) | st.integers(0, 4)

# No relation between the fields: what no book could hold is judged as well.
any_signals = st.builds(
    Signals,
    partner_type=st.sampled_from(["realtor", "builder", "cpa", "past_client", "other", "unheard"]),
    do_not_contact=st.sampled_from([False, False, False, True]),
    synergy=st.none() | st.integers(0, 5),
    relationship_days=days,
    tracked_days=days,
    referrals_365=counts,
    referral_quarters=st.integers(0, 4),
    referrals_total=counts,
    days_since_referral=st.none() | days,
    conversations_90=counts,
    conversations_180=counts,
    conversations_total=counts,
    days_since_conversation=st.none() | days,
    touches_90=counts,
    touches_180=counts,
    touches_365=counts,
    unanswered_attempts=counts,
    unanswered_channels=st.integers(0, 4),
    unanswered_span_days=days,
    partner_initiated_365=counts,
    asks_365=counts,
    negative_180=rare_counts,
    disrespectful_180=rare_counts,
    abusive_730=rare_counts,
    incidents_total=rare_counts,
    partner_contacts_since_tier=rare_counts,
)
standings = st.builds(
    Standing,
    tier=st.sampled_from([None, "maintenance", "cultivation", "cease"]),
    rule=st.sampled_from([None, "X1", "X2", "X3", "X4", "G", "M", "MS", "C"]),
    days_in_tier=st.none() | days,
)


@st.composite
def _near_vectors(draw):
    """A worked case with a few fields changed: reaches the rows that free drawing rarely does."""
    case = draw(st.sampled_from(VECTORS["cases"]))
    drawn = draw(any_signals)
    names = draw(st.sets(st.sampled_from(sorted(case["signals"])), max_size=6))
    return Signals(**case["signals"] | {name: getattr(drawn, name) for name in names})


partners = _near_vectors() | any_signals
