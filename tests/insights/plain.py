"""Books as plain values: a test names only what it is about. No database."""

from datetime import UTC, date, datetime, timedelta

from insights.facts import Book, Move, OfficerFact, PartnerFact, TouchFact
from insights.referrals import stood
from tiers.timeline import Change, Held, History
from tiers.verdict import Tier

# A Tuesday, two days before Thanksgiving.
END = date(2026, 11, 24)
START = END - timedelta(days=90)
NOW = datetime(2026, 11, 24, 20, tzinfo=UTC)
M, C, X = Tier.MAINTENANCE, Tier.CULTIVATION, Tier.CEASE


def ago(days):
    return END - timedelta(days=days)


def partner(pk=1, owner=1, archived=None, talked=None, *, current=True, focus=False, flags=()):
    """Days are days before the end."""
    return PartnerFact(
        pk=pk,
        name=f"Partner {pk}",
        owner_id=owner,
        owner=f"Officer {owner}",
        archived_on=None if archived is None else ago(archived),
        is_current=current,
        last_conversation_on=None if talked is None else ago(talked),
        on_focus=focus,
        flags=flags,
    )


def history(*changes, overrides=()):
    """Changes as (days before the end, tier), or with a rule; overrides as Held."""
    return History(
        [
            Change(ago(days), place, tier, *(rule or ["C"]))
            for place, (days, tier, *rule) in enumerate(changes)
        ],
        overrides,
    )


def held(tier, first, last, ended=None):
    return Held(1, tier, False, ago(first), ago(last), None if ended is None else ago(ended))


def touch(pk, partner=1, days=1, minutes=10, officer=1):
    return TouchFact(pk, partner, officer, ago(days), minutes)


def moves(*steps):
    """Each as (stage, days before the end), with a reason where it was lost, at noon."""
    return [
        Move(stage, *(reason or [""]), day=ago(days), at=noon(days))
        for stage, days, *reason in steps
    ]


def noon(days):
    return datetime.combine(ago(days), datetime.min.time(), UTC) + timedelta(hours=12)


def referral(pk, *steps, partner=1, days=10, received=True, standing=None):
    """`standing` is the stage of the row, with a reason, where the end is today."""
    return stood(
        pk,
        partner,
        is_received=received,
        day=ago(days),
        received_at=noon(days),
        moves=moves(*steps),
        standing=standing,
    )


def book(partners=(), histories=None, touches=(), referrals=(), officers=(1,), **more):
    """`histories` by key; who has none is in Cultivation for ever."""
    known = {one.pk: history((900, C)) for one in partners} | (histories or {})
    return Book(
        start=START,
        end=END,
        counted_at=NOW,
        partners={one.pk: one for one in partners},
        histories=known,
        touches={one.pk: one for one in touches},
        thanked_on=more.pop("thanked_on", {}),
        referrals={one.pk: one for one in referrals},
        officers=tuple(OfficerFact(pk, f"Officer {pk}", None) for pk in officers),
        **more,
    )
