"""What would change a tier: the smallest steps that do, each proved by classifying moved signals.

A prospect takes the record as it stands today and adds to it. "As now" means that conversations and
referrals keep coming as they do.
"""

from dataclasses import dataclass, replace

from tiers.characteristics import Signals
from tiers.classification import classify, settled
from tiers.labels import TIER_NAMES
from tiers.policy import Policy
from tiers.steps import Record, Step, steps_from
from tiers.verdict import Standing, Tier

MOST = 4

RANK: dict[str, int] = {Tier.CEASE: 0, Tier.CULTIVATION: 1, Tier.MAINTENANCE: 2}


@dataclass(frozen=True)
class Prospect:
    """A change that gives another tier, with the signals and the standing tier that prove it.

    ``about_conduct``: that it is offered, or not, tells something about conduct notes.
    """

    tier: Tier
    sentence: str
    signals: Signals
    standing: Standing
    about_conduct: bool


def what_would_change(signals: Signals, standing: Standing, policy: Policy) -> tuple[Prospect, ...]:
    """Return at most four changes that give another tier, the smallest first.

    Each is true by ``classify``: its signals and standing give its tier. Nothing is offered where
    nothing simple would change the tier.
    """
    record = _record(signals, standing, policy)
    steps = sorted(steps_from(record), key=lambda step: step.size)
    prospects = (_prospect(step, record) for step in steps)
    return tuple(prospect for prospect in prospects if prospect)[:MOST]


def _record(signals: Signals, standing: Standing, policy: Policy) -> Record:
    verdict = classify(signals, standing, policy)
    if verdict.tier != standing.tier:
        signals = replace(signals, partner_contacts_since_tier=0)
    return Record(signals, settled(standing, verdict), policy)


def _prospect(step: Step, record: Record) -> Prospect | None:
    """Return what a step leads to, if it leads where it should."""
    tier = classify(step.signals, step.standing, record.policy).tier
    gain = RANK[tier] - RANK[str(record.standing.tier)]
    if gain == 0 or (gain > 0) != step.up:
        return None
    sentence = f"{step.words[0].upper()}{step.words[1:]}: {TIER_NAMES[tier]}."
    return Prospect(tier, sentence, step.signals, step.standing, step.about_conduct)
