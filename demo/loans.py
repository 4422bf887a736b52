"""The way of a loan from the referral on: who is contacted, who applies, who is lost, and when."""

from datetime import datetime, timedelta
from math import log
from random import Random

from demo.days import SATURDAY, office_hour
from demo.records import StageStep
from interactions.models import LoanPurpose, LostReason, Stage
from partners.models import PartnerType

# Of those at a stage, the share that comes to the next. In all, of 100 referrals received, 94 are
# contacted, 46 apply, 43 are pre-approved, 31 go under contract, 29 clear to close and 28 fund.
GOES_ON = {
    Stage.CONTACTED: 0.94,
    Stage.APPLICATION: 46 / 94,
    Stage.PRE_APPROVED: 43 / 46,
    Stage.UNDER_CONTRACT: 31 / 43,
    Stage.PROCESSING: 1.0,
    Stage.CLEAR_TO_CLOSE: 29 / 31,
    Stage.FUNDED: 28 / 29,
}

# Why a loan is lost, by the stage that it reached. Of 100 losses: other lender 22, no response 18,
# not ready 18, did not qualify 17, no home or offer lost 13, property 4, cash or builder 4,
# withdrew 3, other 1.
LOST_AFTER: dict[Stage, dict[LostReason, float]] = {
    Stage.RECEIVED: {LostReason.NO_RESPONSE: 1},
    Stage.CONTACTED: {
        LostReason.CHOSE_OTHER_LENDER: 14.8,
        LostReason.NO_RESPONSE: 7.0,
        LostReason.NOT_READY: 13.0,
        LostReason.DID_NOT_QUALIFY: 10.2,
        LostReason.PAID_CASH: 0.9,
        LostReason.BUILDER_LENDER: 0.9,
        LostReason.WITHDREW: 0.9,
        LostReason.OTHER: 0.7,
    },
    Stage.APPLICATION: {
        LostReason.DID_NOT_QUALIFY: 2.0,
        LostReason.CHOSE_OTHER_LENDER: 0.7,
        LostReason.WITHDREW: 0.3,
    },
    Stage.PRE_APPROVED: {
        LostReason.NO_HOME_FOUND: 5.2,
        LostReason.OFFER_LOST: 4.2,
        LostReason.PAID_CASH: 1.2,
        LostReason.WITHDREW: 0.7,
        LostReason.CHOSE_OTHER_LENDER: 0.5,
    },
    Stage.PROCESSING: {LostReason.PROPERTY_OR_APPRAISAL: 2.2},
    Stage.CLEAR_TO_CLOSE: {LostReason.PROPERTY_OR_APPRAISAL: 0.7, LostReason.WITHDREW: 0.3},
}

MEDIAN_AMOUNT, SIGMA = 350_000, 0.45
LEAST, MOST = 80_000, 2_500_000


def way_of_loan(rng: Random, received_at: datetime, until: datetime) -> list[StageStep]:
    """The steps of a referral from its receipt, as far as they lie before `until`."""
    steps = [StageStep(Stage.RECEIVED, received_at)]
    contract_to_funded = rng.randint(28, 45)
    for stage, share in GOES_ON.items():
        before = steps[-1]
        if rng.random() > share:
            steps.append(_loss(rng, before))
            break
        steps.append(StageStep(stage, _time_of(rng, stage, before.at, contract_to_funded)))
    return [step for step in steps if step.at < until]


def _time_of(rng: Random, stage: Stage, before: datetime, contract_to_funded: int) -> datetime:
    if stage == Stage.CONTACTED:
        return _first_contact(rng, before)
    days = {
        Stage.APPLICATION: rng.randint(1, 14),
        Stage.PRE_APPROVED: rng.randint(1, 7),
        Stage.UNDER_CONTRACT: int(min(150, max(10, rng.lognormvariate(log(45), 0.6)))),
        Stage.PROCESSING: 2,
        Stage.CLEAR_TO_CLOSE: contract_to_funded - 7,
        Stage.FUNDED: 5,
    }[stage]
    return _office_time(rng, before + timedelta(days=days))


def _first_contact(rng: Random, received_at: datetime) -> datetime:
    """A median of 40 minutes after the receipt; what would fall into the night waits."""
    at = received_at + timedelta(minutes=min(3 * 24 * 60, rng.lognormvariate(log(35), 1.3)))
    if 8 <= at.hour < 21:
        return at
    morning = at if at.hour < 8 else at + timedelta(days=1)
    return morning.replace(hour=8, minute=rng.randrange(10, 60))


def _loss(rng: Random, before: StageStep) -> StageStep:
    reasons = LOST_AFTER[before.stage]
    reason = rng.choices(list(reasons), list(reasons.values()))[0]
    days = {Stage.PRE_APPROVED: (20, 120), Stage.RECEIVED: (4, 12)}.get(before.stage, (3, 30))
    at = _office_time(rng, before.at + timedelta(days=rng.randint(*days)))
    return StageStep(Stage.LOST, at, reason)


def _office_time(rng: Random, at: datetime) -> datetime:
    """An office hour of that day, or of the Monday after a weekend."""
    days_off = max(0, 7 - at.weekday()) if at.weekday() >= SATURDAY else 0
    return office_hour(rng, at.date() + timedelta(days=days_off))


def loan_amount(rng: Random) -> int:
    """Dollars, log-normal around $350,000, in steps of $500."""
    amount = min(MOST, max(LEAST, rng.lognormvariate(log(MEDIAN_AMOUNT), SIGMA)))
    return round(amount / 500) * 500


def loan_purpose(rng: Random, partner_type: PartnerType) -> LoanPurpose:
    if partner_type == PartnerType.BUILDER and rng.random() < 0.4:
        return LoanPurpose.CONSTRUCTION
    purposes = [LoanPurpose.PURCHASE, LoanPurpose.REFINANCE, LoanPurpose.HOME_EQUITY]
    return rng.choices(purposes, [86, 9, 5])[0]
