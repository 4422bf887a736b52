"""What the database knows of the recipients of a line, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models.functions import Lower

from accounts.models import User
from interactions.models import Referral
from ledger.checks import Known, KnownRecipient
from ledger.entries import Entry, shares
from ledger.models import Recipient, Statement
from ledger.rules import FIRST_STATEMENT, Rules
from partners.models import Partner

# A recipient: by the key of the partner, else by name and company in small letters.
Who = tuple[str, str, str]


def statement_in_force(now: datetime) -> Statement:
    """The newest statement; while nobody published one, the first, which has no row yet."""
    newest: Statement | None = Statement.objects.newest()
    return newest or Statement(number=1, text=FIRST_STATEMENT, published_at=now)


def partners_of(entry: Entry, actor: User) -> list[Partner]:
    """The partners whom an entry names and with whom this person works, in the entry's order."""
    workable = Partner.objects.workable_by(actor).select_related("company")
    found = workable.in_bulk(entry.partners)
    return [found[key] for key in entry.partners if key in found]


def known_of(
    entry: Entry,
    partners: Sequence[Partner],
    officer: User,
    statement: Statement,
    rules: Rules,
    now: datetime,
) -> Known:
    """Counts, sums, referral days and silence of each recipient: two queries."""
    today = officer.today(now)
    day = entry.day or today
    given = _given(entry, partners, day, rules)
    referrals = _referral_days(partners, day, rules)
    parts = _parts(entry, len(partners) + len(entry.others))
    people: list[tuple[Who, str, Partner | None]] = [
        *((("", partner.key, ""), partner.full_name, partner) for partner in partners),
        *(((one.name.lower(), "", one.company.lower()), one.name, None) for one in entry.others),
    ]
    recipients = [
        KnownRecipient(
            name=name,
            given_days=tuple(on for on, _, counts in given[who] if counts),
            given_this_year=sum(
                (value for on, value, _ in given[who] if on.year == day.year), Decimal(0)
            ),
            share=part,
            referral_days=tuple(referrals[partner.pk]) if partner else (),
            asked_for_no_contact=partner is not None and _asked_before(partner, day),
            is_stepped_away_from=partner is not None and _stepped_before(partner, day),
        )
        for (who, name, partner), part in zip(people, parts, strict=True)
    ]
    return Known(today=today, statement=statement.number, recipients=tuple(recipients))


def _asked_before(partner: Partner, day: date) -> bool:
    """What was given before they asked was no contact against their will."""
    return partner.do_not_contact_since is not None and partner.do_not_contact_since <= day


def _stepped_before(partner: Partner, day: date) -> bool:
    return partner.stepping_away_since is not None and partner.stepping_away_since <= day


def _parts(entry: Entry, named: int) -> list[Decimal]:
    """Each recipient's part of the market value, in the order of their names."""
    if entry.market_value is None:
        return [Decimal(0)] * named
    return shares(entry.market_value, max(entry.attendees or 1, named, 1))[:named]


def _given(
    entry: Entry, partners: Sequence[Partner], day: date, rules: Rules
) -> dict[Who, list[tuple[date, Decimal, bool]]]:
    """By recipient: day, value, and whether it counts as a time (a reversed one does not)."""
    span = timedelta(days=rules.times_days)
    first = min(date(day.year, 1, 1), day - span)
    last = max(date(day.year, 12, 31), day + span)
    rows = Recipient.objects.given_between(
        [partner.key for partner in partners],
        [one.name.lower() for one in entry.others],
        first,
        last,
    ).values_list(
        *("partner_key", Lower("name"), Lower("company"), "line__day", "value"),
        *("line__reverses", "line__reversed_by"),
    )
    found: dict[Who, list[tuple[date, Decimal, bool]]] = defaultdict(list)
    for key, name, company, on, value, reverses, reversed_by in rows:
        who = ("", key, "") if key else (name, "", company)
        found[who].append((on, value, reverses is None and reversed_by is None))
    return found


def _referral_days(partners: Sequence[Partner], day: date, rules: Rules) -> dict[int, list[date]]:
    """The days near this one on which these partners referred somebody to us."""
    near = Referral.objects.received().filter(
        partner__in=partners, day__range=(day - timedelta(days=rules.referral_days), day)
    )
    found: dict[int, list[date]] = defaultdict(list)
    for partner, on in near.values_list("partner_id", "day"):
        found[partner].append(on)
    return found
