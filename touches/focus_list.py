"""The only writer of focus lists: chosen once a week, changed by people with a reason."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, QuerySet, Subquery

from accounts.models import User
from audit.services import record
from interactions.models import Interaction
from partners.models import Partner
from partners.querysets import PartnerQuerySet
from tiers.labels import TIER_NAMES
from tiers.models import TierStanding
from tiers.querysets import in_force
from tiers.verdict import Tier
from touches.focus import MOST_PLACES, Candidate, Place, choose, place_of
from touches.models import FocusPlace, FocusWeek
from touches.workdays import monday_of

# Who was dropped is not chosen for so long; a person may pin them all the same.
REST_DAYS = 28
SUNDAY = 6


def eligible(officer: User, today: date) -> PartnerQuerySet:
    """The partners who may stand on this officer's list on a day of theirs."""
    partners: PartnerQuerySet = Partner.objects.active().not_left_in_peace().filter(owner=officer)
    return partners.annotate(tier_now=in_force(today)).filter(tier_now=Tier.CULTIVATION)


def places_now(officer: User, today: date) -> QuerySet[FocusPlace]:
    """The places that hold today, first place first; without who left Cultivation."""
    partners = eligible(officer, today).order_by().values("pk")
    return FocusPlace.objects.on(today).filter(week__officer=officer, partner__in=partners)


def is_full(officer: User, today: date) -> bool:
    return places_now(officer, today).count() >= MOST_PLACES


def pinnable(officer: User, today: date) -> PartnerQuerySet:
    """The partners who may be put on this officer's list and do not stand on it."""
    listed = places_now(officer, today).order_by().values("partner")
    return eligible(officer, today).exclude(pk__in=listed)


def choose_focus_weeks(*, now: datetime) -> int:
    """Choose the list of each officer who has none yet for the week that it is for them.

    Each in a transaction of its own. Returns how many were chosen; two runs at once choose once.
    """
    book = Partner.objects.active().filter(owner=OuterRef("pk"))
    officers = list(User.objects.active().filter(Exists(book)).order_by("pk"))
    weeks = {officer.pk: monday_of(officer.today(now)) for officer in officers}
    chosen = FocusWeek.objects.filter(starts_on__in=set(weeks.values())).order_by()
    known = set(chosen.values_list("officer_id", "starts_on"))
    missing = [officer for officer in officers if (officer.pk, weeks[officer.pk]) not in known]
    return sum(_choose_missing(officer, now) for officer in missing)


def choose_for(*, actor: User | None, officer: User, now: datetime) -> int:
    """Choose this officer's list where nobody stands on it this week; returns how many do then.

    In one transaction, behind the officer's lock. Recorded. 0 also where somebody stands there.
    """
    today = officer.today(now)
    with transaction.atomic():
        _lock(officer)
        if places_now(officer, today).exists():
            return 0
        week, _ = _week(officer, today, now)
        return _fill(actor, week, today)


def _choose_missing(officer: User, now: datetime) -> bool:
    today = officer.today(now)
    with transaction.atomic():
        _lock(officer)
        week, is_new = _week(officer, today, now)
        if is_new:
            _fill(None, week, today)
    return is_new


def pin(*, actor: User, officer: User, partner: Partner, reason: str, now: datetime) -> bool:
    """Put a partner on the officer's list, where they stay while in Cultivation. Recorded.

    In one transaction: locks the officer, chooses the week where nobody did yet, and ends the
    places of those who left Cultivation. Who stands on the list already is pinned there; False
    where they are. Raises ValidationError where the list is full or the partner does not belong
    on it.
    """
    today = officer.today(now)
    with transaction.atomic():
        _lock(officer)
        Partner.objects.locked([partner.pk])
        if sentence := refusal(officer, partner, today):
            raise ValidationError(sentence)
        week, is_new = _week(officer, today, now)
        if is_new:
            _fill(None, week, today, also=partner.pk)
        _end_others(week, today)
        place = week.places.filter(partner=partner, dropped_at__isnull=True).first()
        if place and place.pinned_by_id and place.ends_on >= today:
            return False
        if place is None or place.ends_on < today:
            _check_room(officer, today)
        place = place or _behind_the_others(week, partner, today)
        place.ends_on = _sunday_of(week)
        place.pinned_by, place.pin_reason = actor, reason
        place.save()
        _renumber(week, today)
        # That there is a reason, not its words: they may name a borrower.
        record(actor=actor, action="focus.pinned", target=partner, reason_given=True)
    return True


def drop(*, actor: User, place: FocusPlace, reason: str, now: datetime) -> bool:
    """Take a partner off the list from today on; False where it is off it already. Recorded.

    Behind the officer's lock. The partner is not chosen again for four weeks.
    """
    officer = place.week.officer
    today = officer.today(now)
    with transaction.atomic():
        _lock(officer)
        dropped = (
            FocusPlace.objects.on(today)
            .filter(pk=place.pk, dropped_at__isnull=True)
            .update(
                ends_on=today - timedelta(days=1),
                dropped_at=now,
                dropped_by=actor,
                drop_reason=reason,
            )
        )
        if dropped:
            _renumber(place.week, today)
            record(actor=actor, action="focus.dropped", target=place.partner, reason_given=True)
    return bool(dropped)


def end_places_elsewhere(partner_ids: Collection[int], *, now: datetime) -> None:
    """End from today on the places on lists of officers who do not own the partner any more.

    The caller holds the locks of those officers and of the partners.
    """
    lately = now.date() - timedelta(days=2)
    places = FocusPlace.objects.filter(partner__in=partner_ids, ends_on__gte=lately)
    places = places.exclude(week__officer=F("partner__owner"))
    weeks = FocusWeek.objects.filter(pk__in=places.order_by().values("week"))
    for week in weeks.select_related("officer"):
        today = week.officer.today(now)
        ended = places.on(today).filter(week=week)
        if ended.order_by().update(ends_on=today - timedelta(days=1)):
            _renumber(week, today)


def best_candidates(officer: User, today: date, most: int) -> tuple[Place, ...]:
    """Whom the list would choose first on a day, as it stands now; writes nothing. One query."""
    return choose(_candidates(officer, today, set()), today, most)


def _lock(officer: User) -> None:
    """Whoever changes a list of this officer waits here; a plain read of the person does not."""
    list(User.objects.filter(pk=officer.pk).select_for_update(no_key=True).values_list("pk"))


def _week(officer: User, today: date, now: datetime) -> tuple[FocusWeek, bool]:
    return FocusWeek.objects.get_or_create(
        officer=officer, starts_on=monday_of(today), defaults={"chosen_at": now}
    )


def _sunday_of(week: FocusWeek) -> date:
    sunday: date = week.starts_on + timedelta(days=SUNDAY)
    return sunday


def _fill(actor: User | None, week: FocusWeek, today: date, also: int | None = None) -> int:
    """Write the places of a week on which nobody stands; `also` is chosen like a pinned one."""
    _end_others(week, today)
    before = _pinned_before(week)
    found = choose(_candidates(week.officer, today, {*before, also}), today)
    known = dict(week.places.filter(dropped_at__isnull=True).values_list("partner_id", "pk"))
    rows = [_row(week, place, today, before.get(place.partner_id)) for place in found]
    for row in rows:
        # Who left Cultivation and came back in the same week takes up the old place.
        row.pk = known.get(row.partner_id)
    FocusPlace.objects.bulk_create(row for row in rows if row.pk is None)
    again = ["rank", "score", "reasons", "starts_on", "ends_on"]
    FocusPlace.objects.bulk_update([row for row in rows if row.partner_id in known], again)
    record(actor=actor, action="focus.chosen", target=week, places=len(rows))
    return len(rows)


def _pinned_before(week: FocusWeek) -> dict[int, FocusPlace]:
    """The places of the week before this one that a person pinned and nobody dropped."""
    before = FocusWeek.objects.filter(officer=week.officer, starts_on__lt=week.starts_on).last()
    if before is None:
        return {}
    places = before.places.filter(pinned_by__isnull=False, dropped_at__isnull=True)
    return {place.partner_id: place for place in places}


def _candidates(officer: User, today: date, pinned: Collection[int | None]) -> Iterator[Candidate]:
    """Who may stand on the list, without those who were dropped lately and are not pinned."""
    rests = FocusPlace.objects.filter(
        partner=OuterRef("pk"),
        dropped_at__isnull=False,
        ends_on__gte=today - timedelta(days=REST_DAYS),
    )
    for partner in _loaded(eligible(officer, today).annotate(rests=Exists(rests))):
        if partner.pk in pinned or not partner.rests:
            yield _candidate(partner, partner.pk in pinned)


def _loaded(partners: QuerySet[Any]) -> QuerySet[Any]:
    loaded = partners.select_related("standing").annotate(last_touch_on=last_touch("pk"))
    return loaded.order_by("pk")


def last_touch(partner: str) -> Subquery:
    """The day of the last touch with a partner; `partner` is the path to their key."""
    touches = Interaction.objects.filter(partner=OuterRef(partner), is_touch=True).order_by()
    return Subquery(touches.values("partner").annotate(last=Max("day")).values("last"))


def _candidate(partner: Any, is_pinned: bool) -> Candidate:
    """From a partner of `_loaded`."""
    standing: TierStanding = partner.standing
    return Candidate(
        partner_id=partner.pk,
        rule=standing.rule,
        flags=standing.flags,
        synergy=partner.synergy,
        last_referral_on=standing.last_referral_on,
        last_touch_on=partner.last_touch_on,
        is_pinned=is_pinned,
    )


def refusal(officer: User, partner: Partner, today: date) -> str:
    """Say why this partner may not stand on this officer's list; blank when they may."""
    loaded = Partner.objects.select_related("standing__override").get(pk=partner.pk)
    name = loaded.full_name
    if loaded.owner_id != officer.pk:
        return f"{name} is not a partner of {officer}."
    if loaded.archived_at:
        return f"{name} is archived. Bring them back first."
    if loaded.do_not_contact:
        return f"{name} asked us to stop."
    if loaded.stepping_away_since:
        return f"We are stepping away from {name}. Close that first to work together again."
    tier = loaded.standing.tier_in_force(today)
    if tier != Tier.CULTIVATION:
        return f"{name} is in {TIER_NAMES[tier]}; the focus list is for Cultivation."
    return ""


def _check_room(officer: User, today: date) -> None:
    if is_full(officer, today):
        raise ValidationError(
            f"{MOST_PLACES} partners are on the list, which is the most. Drop one of them first."
        )


def _behind_the_others(week: FocusWeek, partner: Partner, today: date) -> FocusPlace:
    """A new place behind all others of the same points."""
    candidate = _candidate(_loaded(Partner.objects.filter(pk=partner.pk)).get(), True)
    return _row(week, place_of(candidate, today, MOST_PLACES + 1), today, None)


def _row(week: FocusWeek, place: Place, today: date, pinned: FocusPlace | None) -> FocusPlace:
    return FocusPlace(
        week=week,
        partner_id=place.partner_id,
        rank=place.rank,
        score=place.score,
        reasons=list(place.reasons),
        starts_on=today,
        ends_on=_sunday_of(week),
        pinned_by_id=pinned.pinned_by_id if pinned else None,
        pin_reason=pinned.pin_reason if pinned else "",
    )


def _end_others(week: FocusWeek, today: date) -> None:
    """End the places of who left Cultivation, so that one who comes back makes no sixteenth."""
    kept = places_now(week.officer, today).order_by().values_list("pk", flat=True)
    gone = FocusPlace.objects.on(today).filter(week=week).exclude(pk__in=list(kept))
    gone.update(ends_on=today - timedelta(days=1))


def _renumber(week: FocusWeek, today: date) -> None:
    """Rank those who stand on the list without a gap, in the order that they had."""
    places = list(FocusPlace.objects.on(today).filter(week=week).order_by("-score", "rank", "pk"))
    for rank, place in enumerate(places, start=1):
        place.rank = rank
    FocusPlace.objects.bulk_update(places, ["rank"])
