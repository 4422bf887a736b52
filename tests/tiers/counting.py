"""The signals once more, counted in plain Python over plain rows, one sentence of the rules a line.

Nothing here asks the database or shares a line with the query that it checks.
"""

SPANS = [(0, 90), (91, 181), (182, 272), (273, 363)]


def signals_of(partner, interactions, referrals, changes, as_of):
    """What `Signals` must hold for one partner, as of the end of the day `as_of`."""
    log = [row for row in interactions if row["day"] <= as_of]
    counted = [row for row in referrals if row["day"] <= as_of and is_referral(row)]
    return {
        "partner_type": partner["partner_type"],
        "do_not_contact": partner["do_not_contact_since"] is not None,
        "synergy": partner["synergy"],
        **_ages(partner, log + counted, as_of),
        **_of_referrals(counted, as_of),
        **_of_conversations(log, as_of),
        **_of_touches(log, as_of),
        **_of_unanswered(log, counted),
        "partner_initiated_365": len(within(365, filter(is_partner_started, log), as_of))
        + len(within(365, counted, as_of)),
        "asks_365": len(within(365, filter(is_ask, log), as_of)),
        **_of_conduct(log, as_of),
        "partner_contacts_since_tier": _contacts_since_tier(log, changes, as_of),
    }


def standing_of(changes, as_of):
    """Tier, rule and days in the tier of the last change that was known on that day."""
    known = [change for change in changes if change["on"] <= as_of]
    if not known:
        return None, None, None
    last = max(known, key=lambda change: (change["on"], change["number"]))
    days = (as_of - last["since"]).days if last["since"] else None
    return last["tier"], last["rule"] or None, days


def is_conversation(row):
    return row["direction"] == "in" or row["outcome"] == "connected"


def is_touch(row):
    return row["direction"] == "out" and row["purpose"] in ("relationship", "gratitude")


def is_unanswered(row):
    return is_touch(row) and row["outcome"] == "no_response"


def is_partner_started(row):
    return row["direction"] == "in" and row["purpose"] != "ask"


def is_ask(row):
    return row["direction"] == "in" and row["purpose"] == "ask"


def is_referral(row):
    return row["direction"] == "received" and row["stage"] not in ("junk", "duplicate")


def within(days, rows, as_of):
    return [row for row in rows if 0 <= (as_of - row["day"]).days <= days]


def _ages(partner, facts, as_of):
    tracked = [partner["created_on"], *(fact["day"] for fact in facts)]
    start = partner["relationship_start"]
    known = tracked if start is None or start > as_of else [*tracked, start]
    return {
        "relationship_days": max(0, (as_of - min(known)).days),
        "tracked_days": max(0, (as_of - min(tracked)).days),
    }


def _of_referrals(referrals, as_of):
    ages = [(as_of - row["day"]).days for row in referrals]
    return {
        "referrals_365": sum(age <= 365 for age in ages),
        "referrals_total": len(ages),
        "referral_quarters": sum(
            any(first <= age <= last for age in ages) for first, last in SPANS
        ),
        "days_since_referral": min(ages, default=None),
    }


def _of_conversations(log, as_of):
    rows = [row for row in log if is_conversation(row)]
    return {
        "days_since_conversation": min(((as_of - row["day"]).days for row in rows), default=None),
        "conversations_90": _distinct_days(within(90, rows, as_of)),
        "conversations_180": _distinct_days(within(180, rows, as_of)),
        "conversations_total": _distinct_days(rows),
    }


def _of_touches(log, as_of):
    rows = [row for row in log if is_touch(row)]
    return {
        "touches_90": _distinct_days(within(90, rows, as_of)),
        "touches_180": _distinct_days(within(180, rows, as_of)),
        "touches_365": _distinct_days(within(365, rows, as_of)),
    }


def _of_unanswered(log, referrals):
    life = [row["day"] for row in log if is_conversation(row)]
    life += [row["day"] for row in referrals]
    attempts = [row for row in log if is_unanswered(row) and all(row["day"] > day for day in life)]
    days = {row["day"] for row in attempts}
    return {
        "unanswered_attempts": len(days),
        "unanswered_channels": len({row["kind"] for row in attempts}),
        "unanswered_span_days": (max(days) - min(days)).days if days else 0,
    }


def _of_conduct(rows, as_of):
    """A note that was closed counts nowhere from that day on."""
    log = [row for row in rows if not row["closed_on"] or row["closed_on"] > as_of]

    def noted(conduct, days):
        return sum(row["conduct"] == conduct for row in within(days, log, as_of))

    return {
        "negative_180": noted("negative", 180),
        "disrespectful_180": noted("disrespectful", 180),
        "abusive_730": noted("abusive", 730),
        "incidents_total": sum(row["conduct"] != "none" for row in log),
    }


def _contacts_since_tier(log, changes, as_of):
    tier, _, days = standing_of(changes, as_of)
    if tier is None or days is None:
        return 0
    return sum((as_of - row["day"]).days < days for row in log if is_partner_started(row))


def _distinct_days(rows):
    return len({row["day"] for row in rows})
