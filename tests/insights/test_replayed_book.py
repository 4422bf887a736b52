"""A book of years is imported and its past judged anew: movement must tell what the rows tell."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from insights.book import load
from insights.counting import report_of
from insights.scope import scope_of
from partners.models import Partner
from tests.imports.files import bring_in, write
from tiers.models import TierChange

QUARTER = 91
PHASE = 150


def book_of_lives(dice, today):
    """Partners who were busy, silent or left alone for some months, then something else."""
    partners, log, referrals = [], [], []
    for number in range(36):
        key = f"p{number}"
        begun = dice.choice([500, 900, 1000])
        start = str(today - timedelta(days=begun))
        partners.append(
            {"key": key, "last_name": key, "type": "realtor", "relationship_start": start}
        )
        life = dice.choice(["busy", "silent", "alone"])
        for ago in range(begun, 0, -10):
            day = str(today - timedelta(days=ago))
            if ago % PHASE == 0:
                life = dice.choice(["busy", "silent", "alone"])
            if life == "busy":
                log.append({"partner": key, "date": day, "kind": "call", "outcome": "connected"})
            if life == "busy" and ago % 40 == 0:
                referrals.append(
                    {"key": f"{key}-{ago}", "partner": key, "direction": "received", "date": day,
                     "borrower": "Sam Hill", "stage": "funded"}
                )  # fmt: skip
            if life == "silent":
                kind = dice.choice(["call", "text"])
                log.append({"partner": key, "date": day, "kind": kind, "outcome": "no_response"})
    return partners, log, referrals


def tiers_by(day):
    """The tier of each partner by the rows of that day and before, the newest last."""
    rows = TierChange.objects.filter(on__lte=day).order_by("on", "pk")
    return {row.partner_id: row.tier for row in rows}


def moves(start, end):
    before, after = tiers_by(start), tiers_by(end)
    known = Partner.objects.filter(pk__in=[*before, *after]).values_list("pk", flat=True)
    return Counter((before.get(pk, "new"), after.get(pk, "archived")) for pk in known)


@pytest.mark.slow
@pytest.mark.django_db
def test_movement_of_each_quarter_is_the_tiers_at_its_two_ends(tmp_path, alice):
    now = timezone.now()
    today = alice.today(now)
    partners, log, referrals = book_of_lives(random.Random(4), today)
    for name, rows in [("partners", partners), ("interactions", log), ("referrals", referrals)]:
        write(tmp_path / f"{name}.csv", rows)
    bring_in(tmp_path, "--replay")
    quarters, moved = [today - timedelta(days=QUARTER * back) for back in range(8)], 0
    for end in quarters:
        scope = scope_of([alice.branch_id], end=end, days=QUARTER)
        movement = report_of(load(scope, now)).movement
        told = {(flow.before, flow.after): flow.count for flow in movement.flows}
        assert told == moves(scope.start, end)
        moved += movement.moved
    # Where nothing ever moved the rows would agree too.
    assert moved > 20
