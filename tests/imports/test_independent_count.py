"""`tiers --json` against a count of the CSV rows in plain Python, written from the rules alone."""

import random
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.imports.files import bring_in, tiers, write
from tiers.classification import Policy, Signals, Standing, classify

LIMITS = [0, 1, 44, 45, 46, 89, 90, 91, 180, 181, 182, 272, 273, 363, 364, 365, 366, 730, 731]
KINDS = ["call", "text", "email", "lunch", "note", "social"]
PURPOSES = ["relationship", "relationship", "gratitude", "service", "ask", "give", "disengage", ""]
CONDUCTS = ["", "", "", "", "", "", "none", "negative", "disrespectful", "abusive"]
STAGES = ["received", "funded", "contacted", "junk", "duplicate", ""]
TYPES = ["realtor", "builder", "cpa", "past_client", "other"]


def random_book(rng, today):
    """Partners with a life of their own each: silent, busy, one-sided, or none at all."""
    partners, log, referrals = [], [], []
    for number in range(40):
        key = f"p{number}"
        partners.append(
            {
                "key": key,
                "last_name": f"Lee {number}",
                "type": rng.choice(TYPES),
                "relationship_start": rng.choice(["", ago(rng, today)]),
                "synergy": rng.choice(["", "0", "1", "3", "5"]),
                "do_not_contact": rng.choice(["", "no", "No"] * 3 + ["yes"]),
                "tier": rng.choice(["", "", "maintenance", "cultivation", "cease"]),
            }
        )
        silent = rng.random()
        log += [a_row(rng, key, today, silent) for _ in range(rng.choice([0, 3, 12, 40]))]
        for place in range(rng.choice([0, 1, 4, 10])):
            referrals.append(a_referral(rng, key, today, place))
    rng.shuffle(log)
    return partners, log, referrals


def ago(rng, today):
    days = rng.choice(LIMITS) if rng.random() < 0.5 else rng.randint(0, 1100)
    return str(today - timedelta(days=days))


def a_row(rng, key, today, silent):
    return {
        "note": rng.choice(["", "Hello, again"]),
        "date": ago(rng, today),
        "partner": key,
        "purpose": rng.choice(PURPOSES),
        "outcome": "no_response"
        if rng.random() < silent
        else rng.choice(["connected", "sent", ""]),
        "direction": rng.choice(["out", "", "in"]) if rng.random() > silent else "out",
        "conduct": rng.choice(CONDUCTS) if silent < 0.3 else "",
        "kind": rng.choice(KINDS),
        "minutes": rng.choice(["", "15"]),
    }


def a_referral(rng, key, today, place):
    return {
        "key": f"{key}-{place}",
        "partner": key,
        "direction": rng.choice(["received", "received", "given"]),
        "date": ago(rng, today),
        "borrower": "Sam Hill",
        "stage": rng.choice(STAGES),
    }


# The count


def days_ago(rows, as_of):
    return [(as_of - date.fromisoformat(row["date"])).days for row in rows]


def within(days, limit):
    return [day for day in days if 0 <= day <= limit]


def is_inbound(row):
    return row["direction"] == "in"


def is_touch(row):
    return not is_inbound(row) and row["purpose"] in {"", "relationship", "gratitude"}


def is_conversation(row):
    blank = "sent" if row["kind"] in {"note", "social"} else "connected"
    return is_inbound(row) or (row["outcome"] or blank) == "connected"


def count(partner, log, referrals, as_of, since, made):
    """Every signal of one partner, from its rows that are dated by `as_of`."""
    log = [row for row in log if date.fromisoformat(row["date"]) <= as_of]
    received = [
        row
        for row in referrals
        if row["direction"] == "received"
        and row["stage"] not in {"junk", "duplicate"}
        and date.fromisoformat(row["date"]) <= as_of
    ]
    talks = days_ago(filter(is_conversation, log), as_of)
    touches = days_ago(filter(is_touch, log), as_of)
    sent_to_us = days_ago(received, as_of)
    asks = [row for row in log if is_inbound(row) and row["purpose"] == "ask"]
    started = [row for row in log if is_inbound(row) and row["purpose"] != "ask"]
    last_sign = min([*talks, *sent_to_us], default=None)
    attempts = [
        row
        for row, day in zip(log, days_ago(log, as_of), strict=True)
        if is_touch(row)
        and row["outcome"] == "no_response"
        and (last_sign is None or day < last_sign)
    ]
    tried = days_ago(attempts, as_of)
    tracked = max(0, (as_of - made).days, *days_ago(log, as_of), *sent_to_us)
    start = partner["relationship_start"] and date.fromisoformat(partner["relationship_start"])
    known = (as_of - start).days if start and start <= as_of else 0
    spans = [(0, 90), (91, 181), (182, 272), (273, 363)]
    conduct = {
        name: days_ago([row for row in log if row["conduct"] == name], as_of)
        for name in ("negative", "disrespectful", "abusive")
    }
    return Signals(
        partner_type=partner["type"],
        do_not_contact=partner["do_not_contact"] == "yes",
        synergy=int(partner["synergy"]) if partner["synergy"] else None,
        relationship_days=max(tracked, known),
        tracked_days=tracked,
        referrals_365=len(within(sent_to_us, 365)),
        referral_quarters=sum(any(a <= day <= b for day in sent_to_us) for a, b in spans),
        referrals_total=len(sent_to_us),
        days_since_referral=min(sent_to_us, default=None),
        conversations_90=len(set(within(talks, 90))),
        conversations_180=len(set(within(talks, 180))),
        conversations_total=len(set(talks)),
        days_since_conversation=min(talks, default=None),
        touches_90=len(set(within(touches, 90))),
        touches_180=len(set(within(touches, 180))),
        touches_365=len(set(within(touches, 365))),
        unanswered_attempts=len(set(tried)),
        unanswered_channels=len({row["kind"] for row in attempts}),
        unanswered_span_days=max(tried) - min(tried) if tried else 0,
        partner_initiated_365=len(within(days_ago(started, as_of), 365))
        + len(within(sent_to_us, 365)),
        asks_365=len(within(days_ago(asks, as_of), 365)),
        negative_180=len(within(conduct["negative"], 180)),
        disrespectful_180=len(within(conduct["disrespectful"], 180)),
        abusive_730=len(within(conduct["abusive"], 730)),
        incidents_total=sum(map(len, conduct.values())),
        partner_contacts_since_tier=sum(
            since is not None and date.fromisoformat(row["date"]) > since for row in started
        ),
    )


class History:
    """The tiers of one partner as they came: (day, tier, rule, first day of the tier)."""

    def __init__(self, partner, log, referrals, today):
        self.facts = (partner, log, referrals)
        self.made = today
        self.changes = []

    def judge(self, as_of):
        standing, since = Standing(None, None, None), None
        for day, tier, rule, begun in self.changes:
            if day <= as_of:
                standing = Standing(tier, rule, (as_of - begun).days if begun else None)
                since = begun
        signals = count(*self.facts, as_of, since, self.made)
        return signals, standing, since, classify(signals, standing, Policy())

    def write(self, as_of):
        _, standing, since, verdict = self.judge(as_of)
        if (verdict.tier, verdict.rule) != (standing.tier, standing.rule):
            begun = since if verdict.tier == standing.tier else as_of
            self.changes.append((as_of, verdict.tier, verdict.rule, begun))

    def label(self, today):
        if self.facts[0]["tier"]:
            self.changes.append((today, self.facts[0]["tier"], None, None))

    def replay(self, today):
        _, log, referrals = self.facts
        counted = [
            row
            for row in referrals
            if row["direction"] == "received" and row["stage"] not in {"junk", "duplicate"}
        ]
        first = min((date.fromisoformat(row["date"]) for row in [*log, *counted]), default=today)
        day = first
        while day < today:
            if day.day == 1:
                self.write(day)
            day += timedelta(days=1)


def expected(history, as_of):
    signals, _, _, verdict = history.judge(as_of)
    return {
        "key": history.facts[0]["key"],
        "tier": verdict.tier,
        "rule": verdict.rule,
        "reasons": list(verdict.reasons),
        "flags": list(verdict.flags),
        "signals": {name: getattr(signals, name) for name in signals.__dataclass_fields__},
    }


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("options", [[], ["--replay"]], ids=["judged", "replayed"])
def test_tiers_equal_an_independent_count_of_the_files(tmp_path, alice, seed, options):
    today = alice.today(timezone.now())
    partners, log, referrals = random_book(random.Random(seed), today)
    for name, rows in [("partners", partners), ("interactions", log), ("referrals", referrals)]:
        write(tmp_path / f"{name}.csv", rows)
    bring_in(tmp_path, *options)
    histories = []
    for partner in partners:
        own = [
            [row for row in rows if row["partner"] == partner["key"]] for rows in (log, referrals)
        ]
        history = History(partner, *own, today)
        if options:
            history.replay(today)
        history.label(today)
        history.write(today)
        histories.append(history)
    for days in [-200, -1, 0, 1, 30, 91, 182, 364, 366, 800, 2000]:
        as_of = today - timedelta(days=days)
        found = tiers("--as-of", str(as_of))
        assert found == [expected(history, as_of) for history in histories]
