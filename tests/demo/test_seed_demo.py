"""The demo book: everything that the rules know is in it, on whatever day it is written."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import median

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Case, Count, F, When
from phonenumber_field.phonenumber import PhoneNumber

from accounts.models import Grant, User
from demo.people import DEMO_PASSWORD, DEMO_SIGN_INS
from demo.services import seed
from demo.stories import write_book
from gratitude.models import Event, Piece
from interactions.models import Interaction, Referral, Stage, StageMove
from ledger.models import Draft, Line
from partners.models import Handover, Partner
from stepaway.models import Plan
from tiers.flags import FLAGS
from tiers.models import PolicyVersion, TierChange, TierOverride, TierStanding
from touches.agenda import agenda, occasions_ahead
from touches.cadences import Audience
from touches.models import FocusPlace, PlannedTouch

RULES = {"M", "MS", "G", "C", "X1", "X2", "X3", "X4"}
REASONS = {
    *("M1", "M2", "M3", "MS", "G", "C1", "C2", "C3", "not_M1", "not_M2", "default"),
    *("X1a", "X1b", "X1c", "X2", "X3a", "X3b", "X4", "stays"),
}
NOW = datetime(2026, 6, 17, 15, 30, tzinfo=UTC)
# Firsts and lasts of months, weekends, a leap day, both changes of the clock, all seasons.
DAYS = [
    datetime(2026, 1, 1, 18, tzinfo=UTC),
    datetime(2026, 1, 31, 5, tzinfo=UTC),
    datetime(2026, 3, 8, 12, tzinfo=UTC),
    datetime(2027, 5, 15, 20, tzinfo=UTC),
    datetime(2028, 2, 29, 17, tzinfo=UTC),
    datetime(2026, 8, 2, 16, tzinfo=UTC),
    datetime(2026, 11, 30, 3, tzinfo=UTC),
]


def write(now=NOW, officers=3, partners=48, seed_=1, known_password=False):
    seed(officers=officers, partners=partners, seed=seed_, now=now, known_password=known_password)


def found():
    standings = list(TierStanding.objects.all())
    return (
        {standing.rule for standing in standings},
        {reason for standing in standings for reason in standing.reasons},
        {flag for standing in standings for flag in standing.flags},
    )


def tiers_by_owner():
    rows = TierStanding.objects.values_list("partner__owner__name", "tier")
    return Counter(rows)


def everything():
    """All that a seed decides; ids, moments of writing and sealed borrowers apart."""
    return {
        "people": list(User.objects.order_by("email").values_list("email", "name", "time_zone")),
        "partners": list(
            Partner.objects.order_by("key").values(
                "key",
                "first_name",
                "last_name",
                "company__name",
                "partner_type",
                "email",
                "phone_mobile",
                "synergy_answers",
                "created_on",
                "archived_at",
                "archived_reason",
                "do_not_contact_since",
                "birth_month",
                "birth_day",
                "owner__email",
            )
        ),
        "interactions": list(
            Interaction.objects.order_by("batch", "partner__key").values_list(
                "batch", "partner__key", "day", "kind", "outcome", "note", "minutes"
            )
        ),
        "referrals": [
            (one.key, one.borrower, one.borrower_phone, one.stage, one.received_at, one.amount)
            for one in Referral.objects.order_by("key")
        ],
        "steps": list(
            PlannedTouch.objects.steps().order_by("key").values_list("key", "what", "due_on")
        ),
        "occasions": list(
            PlannedTouch.objects.exclude(occurrence="")
            .order_by("partner__key", "kind", "occurrence")
            .values_list("partner__key", "kind", "occurrence", "due_on")
        ),
        "focus": list(
            FocusPlace.objects.order_by("starts_on", "partner__key").values_list(
                "partner__key", "starts_on", "rank", "reasons"
            )
        ),
        "tiers": list(
            TierChange.objects.order_by("partner__key", "on", "id").values_list(
                "partner__key", "on", "tier", "rule", "since"
            )
        ),
    }


def book_of(now):
    with transaction.atomic():
        write(now, officers=2, partners=12)
        book = everything()
        transaction.set_rollback(True)
    return book


@pytest.mark.django_db
@pytest.mark.parametrize("now", DAYS, ids=lambda now: f"{now:%Y-%m-%d}")
def test_every_rule_reason_and_flag_stands_on_any_day(now):
    write(now)

    assert found() == (RULES, REASONS, set(FLAGS))
    assert sorted(tiers_by_owner().items()) == [
        ((name, tier), count)
        for name in ("Alice Moreno", "Bob Tran", "Charlie Novak")
        for tier, count in (("cease", 8), ("cultivation", 31), ("maintenance", 9))
    ]


@pytest.mark.django_db
def test_tiers_come_from_the_log_alone():
    write()

    labels = TierChange.objects.labels()
    first = TierChange.objects.order_by("on").first()
    assert labels.count() == 0
    assert timedelta(days=660) < NOW.date() - first.on < timedelta(days=731)
    moves = TierChange.objects.moves().exclude(from_tier="")
    assert {
        ("cultivation", "maintenance"),
        ("maintenance", "cultivation"),
        ("cultivation", "cease"),
        ("maintenance", "cease"),
        ("cease", "cultivation"),
    } == set(moves.values_list("from_tier", "tier"))


@pytest.mark.django_db
def test_same_seed_gives_the_same_book_at_any_hour_of_the_day():
    assert book_of(NOW) == book_of(NOW + timedelta(hours=5))


def test_another_seed_gives_another_book():
    def names(seed_):
        book = write_book(
            seed=seed_, number=0, partners=48, today=NOW.date(), time_zone="America/New_York"
        )
        return [story.fields["last_name"] for story in book]

    assert names(1) == names(1)
    assert names(1) != names(2)


@pytest.mark.django_db
def test_book_has_the_figures_of_real_ones():
    write()
    types = Counter(Partner.objects.values_list("partner_type", flat=True))
    a_year = Referral.objects.filter(is_counted=True, day__gt=NOW.date() - timedelta(days=365))
    from_the_nine = a_year.filter(partner__standing__tier="maintenance").count() / a_year.count()
    gaps = Partner.objects.filter(email="") | Partner.objects.filter(birth_month=None)
    gaps |= Partner.objects.filter(phone_mobile="") | Partner.objects.filter(city="")
    gaps |= Partner.objects.filter(source="")
    assert 0.66 <= types["realtor"] / 144 <= 0.74
    assert types["builder"] == 12
    assert 0.62 <= from_the_nine <= 0.78
    assert 0.07 <= gaps.distinct().count() / 144 <= 0.2
    assert Partner.objects.archived().count() == 6
    assert Partner.objects.filter(do_not_contact_since__isnull=False).count() == 3


@pytest.mark.django_db
def test_loans_go_the_usual_way():
    write(officers=6)
    ripe = Referral.objects.filter(is_counted=True, day__lt=NOW.date() - timedelta(days=240))
    moves = StageMove.objects.filter(referral__in=ripe)
    reached = Counter(moves.values_list("stage", flat=True))
    share = {stage: round(100 * reached[stage] / ripe.count()) for stage in Stage}
    usual = {"contacted": 94, "application": 46, "pre_approved": 43, "under_contract": 31}
    for stage, expected in {**usual, "clear_to_close": 29, "funded": 28}.items():
        assert abs(share[stage] - expected) <= 7, (stage, share[stage])
    amounts = list(Referral.objects.exclude(amount=None).values_list("amount", flat=True))
    assert 300_000 <= median(amounts) <= 400_000
    assert min(amounts) >= 80_000
    assert max(amounts) <= 2_500_000


@pytest.mark.django_db
@pytest.mark.parametrize("now", [NOW, datetime(2026, 11, 30, 3, tzinfo=UTC)], ids=["noon", "night"])
def test_nothing_lies_in_the_future(now):
    write(now)
    for owner in User.objects.filter(partners__isnull=False).distinct():
        today = owner.today(now)
        days = Interaction.objects.filter(partner__owner=owner).values_list("day", flat=True)
        assert max(days) == today
        assert not Partner.objects.filter(owner=owner, created_on__gt=today).exists()
    assert not Referral.objects.filter(received_at__gte=now).exists()
    assert not StageMove.objects.filter(at__gte=now).exists()
    assert not PlannedTouch.objects.filter(done_at__gte=now).exists()
    # Moves in the order of time, and nothing after somebody left.
    assert not StageMove.objects.filter(at__lt=F("referral__received_at")).exists()
    left = Interaction.objects.filter(partner__archived_at__date__lt=F("day"))
    assert not left.exists()


@pytest.mark.django_db
def test_nobody_can_be_reached_by_accident():
    write()
    addresses = list(Partner.objects.exclude(email="").values_list("email", flat=True))
    addresses += [one.borrower_email for one in Referral.objects.all() if one.borrower_email]
    phones = [str(one.phone_mobile.as_e164) for one in Partner.objects.exclude(phone_mobile="")]
    phones += [one.borrower_phone for one in Referral.objects.all() if one.borrower_phone]

    assert [
        one for one in addresses if not re.search(r"@(example\.(com|org)|\w+\.test)$", one)
    ] == []
    assert [one for one in phones if not re.fullmatch(r"\+1\d{3}55501\d\d", one)] == []
    assert all(PhoneNumber.from_string(one).is_valid() for one in set(phones))


@pytest.mark.django_db
def test_recent_days_are_lively():
    write()
    for owner in User.objects.filter(partners__isnull=False).distinct():
        today = owner.today(NOW)
        steps = PlannedTouch.objects.open().steps().filter(partner__owner=owner)
        waiting = Referral.objects.filter(partner__owner=owner).waiting()
        assert waiting.count() == 3
        assert steps.filter(due_on__lt=today).exists()
        assert steps.filter(due_on=today).exists()
        assert steps.filter(due_on__gt=today).count() >= 5
        assert Partner.objects.filter(owner=owner, birth_month=today.month).exists()
        assert occasions_ahead(owner, today)
        assert FocusPlace.objects.on(today).filter(week__officer=owner).count() == 15
        assert {entry.audience for entry in agenda(owner, today)} == set(Audience) - {"none"}
    lunches = Interaction.objects.filter(kind="lunch").values("batch").annotate(n=Count("pk"))
    assert lunches.filter(n=3).count() >= 9
    overrides = TierStanding.objects.exclude(override=None)
    assert sorted(
        overrides.values_list(
            "partner__owner__name", "tier", "override__tier", "override__by_manager"
        )
    ) == [
        ("Alice Moreno", "cease", "cultivation", False),
        ("Alice Moreno", "cultivation", "maintenance", False),
        ("Bob Tran", "cultivation", "maintenance", False),
        ("Bob Tran", "cultivation", "maintenance", True),
    ]


@pytest.mark.django_db
def test_those_who_look_after_others_have_left_their_marks():
    write()
    handover, day = Handover.objects.get(), date(2026, 5, 6)
    assert (handover.from_owner.name, handover.to_owner.name) == ("Bob Tran", "Alice Moreno")
    partners = handover.partners.all()
    assert [partner.owner for partner in partners] == [handover.to_owner] * 2
    contacts = Interaction.objects.filter(partner__in=partners)
    effort = contacts.values_list("officer__name", Case(When(day__lte=day, then=1), default=0))
    assert set(effort) == {("Bob Tran", 1), ("Alice Moreno", 0)}

    company, branch = PolicyVersion.objects.all()
    assert (company.number, branch.number, branch.branch.name) == (1, 2, "Riverside")
    assert (branch.starts_on, branch.published_by.name) == (date(2026, 1, 18), "Mona Adler")
    assert branch.policy.referrals.builder.per_year == 5

    past = TierOverride.objects.open().get(ends_on__lt=date(2026, 6, 17))
    assert (past.starts_on, past.ends_on) == (date(2026, 5, 10), date(2026, 6, 9))

    absence = Grant.objects.get(role="stand_in")
    assert (absence.officer.name, absence.user.name) == ("Bob Tran", "Alice Moreno")
    assert (absence.first_day, absence.last_day) == (date(2026, 6, 29), date(2026, 7, 10))


@pytest.mark.django_db
def test_officers_gave_and_ended_something():
    """Enough lines for the neutrality report, and of each thing at least one to look at."""
    write()
    assert Event.objects.filter(invitations__came=True).exists()
    assert Event.objects.filter(day__gt=NOW.date()).count() == 3
    assert Piece.objects.count() == 3
    lines = Line.objects.values_list("officer__email").annotate(n=Count("recipients"))
    assert all(count >= 10 for _, count in lines)
    assert len(lines) == 3
    assert Draft.objects.filter(entered_at__isnull=True).count() >= 3
    assert Plan.objects.filter(closed_at__isnull=True).exists()
    # The form's own statement, and nothing in the future.
    assert not Line.objects.filter(entered_at__gt=NOW).exists()


@pytest.mark.django_db
def test_command_refuses_a_book_that_is_not_empty():
    call_command("seed_demo", officers=1, partners=3)
    before = Partner.objects.count(), User.objects.count()
    with pytest.raises(CommandError, match="There are partners already"):
        call_command("seed_demo")

    assert (Partner.objects.count(), User.objects.count()) == before == (3, 6)


@pytest.mark.django_db
def test_public_password_is_given_only_where_it_is_asked_for(capsys):
    call_command("seed_demo", officers=1, partners=1)

    assert not any(user.has_usable_password() for user in User.objects.all())
    assert "Nobody has a password yet" in capsys.readouterr().out


@pytest.mark.django_db
def test_everybody_who_is_named_signs_in(rf):
    write(partners=1, known_password=True)
    emails = [email for email, _, _ in DEMO_SIGN_INS]

    others = User.objects.exclude(email__in=emails)
    assert list(others.values_list("email", "last_login")) == [("nora@example.com", None)]
    assert not others.get().has_usable_password()
    for email in emails:
        assert authenticate(rf.post("/"), email=email, password=DEMO_PASSWORD).email == email


@pytest.mark.parametrize("partners", [1, 5, 47, 100])
def test_a_book_of_any_size_has_so_many_partners(partners):
    book = write_book(
        seed=3, number=5, partners=partners, today=date(2026, 6, 17), time_zone="America/Denver"
    )

    assert len(book) == len({story.key for story in book}) == partners
