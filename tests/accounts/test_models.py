"""People, their grants and their days."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Branch, Grant, Role, User
from tests.factories import BranchFactory, GrantFactory, UserFactory

pytestmark = pytest.mark.django_db

SCOPES = [
    (role, scope, (role, scope) in {("manager", "branch"), ("assistant", "officer")})
    for role in Role.values
    for scope in ["branch", "officer"]
]


def refused(work, constraint=IntegrityError):
    with pytest.raises(constraint), transaction.atomic():
        work()
    return True


@pytest.mark.parametrize(("role", "scope", "allowed"), SCOPES)
def test_grant_scope_fits_the_role(role, scope, allowed):
    fields = {"branch": BranchFactory()} if scope == "branch" else {"officer": UserFactory()}
    grant = Grant(user=UserFactory(), role=role, **fields)
    if allowed:
        grant.full_clean()
        grant.save()
    else:
        assert refused(grant.save)


@pytest.mark.parametrize("role", Role.values)
def test_grant_without_a_scope(role):
    grant = Grant(user=UserFactory(), role=role)
    if role in ("manager", "assistant", "stand_in"):
        refused(grant.full_clean, ValidationError)
        assert refused(grant.save)
    else:
        grant.save()


@pytest.mark.parametrize("role", ["manager", "assistant"])
def test_grant_with_both_scopes_is_refused(role):
    grant = Grant(user=UserFactory(), role=role, branch=BranchFactory(), officer=UserFactory())
    assert refused(grant.save)


def test_unknown_role_is_refused():
    assert refused(Grant(user=UserFactory(), role="owner").save)


def test_grant_is_held_once():
    """A manager may manage two branches, but each once; so may an assistant two officers."""
    user, branch, officer = UserFactory(), BranchFactory(), UserFactory()
    for fields in [
        {"role": "officer"},
        {"role": "manager", "branch": branch},
        {"role": "assistant", "officer": officer},
    ]:
        GrantFactory(user=user, **fields)
        assert refused(Grant(user=user, **fields).save)
    GrantFactory(user=user, role="manager", branch=BranchFactory())
    GrantFactory(user=user, role="assistant", officer=UserFactory())
    assert user.grants.count() == 5


def test_email_is_kept_in_small_letters():
    user = User.objects.create_user(" Alice@Example.COM ", name="Alice")
    assert user.email == "alice@example.com"
    assert User.objects.by_email("ALICE@example.com ").get() == user
    assert refused(lambda: User.objects.filter(pk=user.pk).update(email="Alice@example.com"))


def test_email_is_taken_once_whatever_its_capitals():
    User.objects.create_user("alice@example.com", name="Alice")
    with pytest.raises(ValidationError, match="exists already"):
        User.objects.create_user("ALICE@example.com", name="Another")


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "no address", "name": "Alice"},
        {"email": "alice@example.com", "name": ""},
        {"email": "alice@example.com", "name": "Alice", "time_zone": "Mars/Base"},
        {"email": "alice@example.com", "name": "Alice", "time_zone": "../../etc/passwd"},
    ],
)
def test_nonsense_makes_no_user(fields):
    with pytest.raises(ValidationError):
        User.objects.create_user(**fields)
    assert not User.objects.exists()


def test_superuser_is_an_administrator_and_nothing_else():
    user = User.objects.create_superuser("ada@example.com", "correct horse battery", name="Ada")
    assert [grant.role for grant in user.grants.all()] == ["administrator"]
    assert user.check_password("correct horse battery")


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Pacific/Kiritimati", date(2028, 3, 1)),
        ("America/New_York", date(2028, 2, 29)),
        ("Pacific/Pago_Pago", date(2028, 2, 29)),
        ("Asia/Kathmandu", date(2028, 2, 29)),
    ],
)
def test_today_is_the_users_own_day(zone, day):
    """Noon in Greenwich on 29 February."""
    assert UserFactory.build(time_zone=zone).today(datetime(2028, 2, 29, 12, tzinfo=UTC)) == day


def test_today_turns_at_the_users_midnight():
    user = UserFactory.build(time_zone="America/New_York")
    # Daylight time has begun on 8 March 2026, and midnight is at 04:00 UTC.
    assert user.today(datetime(2026, 3, 10, 3, 59, tzinfo=UTC)) == date(2026, 3, 9)
    assert user.today(datetime(2026, 3, 10, 4, 0, tzinfo=UTC)) == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("alice", False),
        ("andy", False),
        ("mona", True),
        ("ada", True),
        ("carl", True),
    ],
)
def test_second_factor_is_for_managers_and_up(cast, name, needed):
    assert cast[name].needs_second_factor is needed


def test_grants_are_read_once(mona, django_assert_num_queries):
    user = User.objects.get(pk=mona.pk)
    with django_assert_num_queries(1):
        assert user.has_role(Role.MANAGER)
        assert not user.has_role(Role.OFFICER)
        assert not user.is_staff


def test_branch_with_people_stays(alice, riverside):
    assert refused(riverside.delete)
    assert Branch.objects.get() == riverside


def test_grants_say_what_they_are(cast):
    assert [str(cast[name].grants.get()) for name in ["alice", "andy", "mona"]] == [
        "Loan officer",
        "Assistant (Alice Abbott)",
        "Branch manager (Riverside)",
    ]
