"""The people of every story: Alice owns, the others stand around her."""

import pytest
from allauth.mfa.models import Authenticator

from accounts.models import Role
from tests.factories import BranchFactory, GrantFactory, PartnerFactory, UserFactory


def person(name, role, home=None, **scope):
    user = UserFactory(name=name, email=f"{name.split()[0].lower()}@example.com", branch=home)
    GrantFactory(user=user, role=role, **scope)
    return user


@pytest.fixture
def riverside(db):
    return BranchFactory(name="Riverside")


@pytest.fixture
def lakeside(db):
    return BranchFactory(name="Lakeside")


@pytest.fixture
def alice(riverside):
    """Owns partners."""
    return person("Alice Abbott", Role.OFFICER, riverside)


@pytest.fixture
def bob(riverside):
    """Alice's colleague: the same branch, other partners."""
    return person("Bob Barnes", Role.OFFICER, riverside)


@pytest.fixture
def andy(riverside, alice):
    """Assists Alice."""
    return person("Andy Archer", Role.ASSISTANT, riverside, officer=alice)


@pytest.fixture
def mona(riverside):
    """Manages Riverside."""
    return person("Mona Miller", Role.MANAGER, riverside, branch=riverside)


@pytest.fixture
def charlie(lakeside):
    """Works elsewhere."""
    return person("Charlie Clark", Role.OFFICER, lakeside)


@pytest.fixture
def lena(lakeside):
    """Manages the other branch."""
    return person("Lena Lopez", Role.MANAGER, lakeside, branch=lakeside)


@pytest.fixture
def ada(db):
    """Administers: sees everything but conduct, works with nobody's partners."""
    return person("Ada Adams", Role.ADMINISTRATOR)


@pytest.fixture
def carl(db):
    """Compliance: sees no partner."""
    return person("Carl Cooper", Role.COMPLIANCE)


@pytest.fixture
def cast(alice, bob, andy, mona, charlie, lena, ada, carl):
    """Everybody, by first name."""
    people = [alice, bob, andy, mona, charlie, lena, ada, carl]
    return {user.name.split()[0].lower(): user for user in people}


@pytest.fixture
def rita(alice):
    """A partner of Alice."""
    return PartnerFactory(owner=alice, first_name="Rita", last_name="Rowe")


def with_second_factor(user):
    """Managers and up reach no page without one; the demo aside."""
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    return user


@pytest.fixture
def sign_in(client):
    """Sign a person in at the test client, past the password and the second factor."""

    def sign_in(user):
        if user.needs_second_factor and not user.authenticator_set.exists():
            with_second_factor(user)
        client.force_login(user)
        return client

    return sign_in
