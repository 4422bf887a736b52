"""Sign-ins, passwords and second factors stand in the record."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)

from audit.models import Event
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def lines():
    rows = Event.objects.filter(action__startswith="access.").order_by("pk")
    return [(row.action, row.actor and row.actor.name, row.target_id) for row in rows]


def enter(client, user, password):
    return client.post("/account/login/", {"login": user.email, "password": password})


def test_who_signs_in_and_out_is_recorded(client, alice):
    enter(client, alice, PASSWORD)
    client.post("/account/logout/")
    assert lines() == [
        ("access.signed_in", "Alice Abbott", str(alice.pk)),
        ("access.signed_out", "Alice Abbott", str(alice.pk)),
    ]


def test_a_wrong_password_is_recorded_for_who_exists(client, alice):
    enter(client, alice, "wrong horse battery")
    client.post("/account/login/", {"login": "nobody@example.com", "password": "wrong"})
    assert lines() == [("access.sign_in_failed", None, str(alice.pk))]
    assert "wrong" not in str(list(Event.objects.values()))


def test_a_changed_password_is_recorded_without_it(sign_in, alice):
    sign_in(alice).post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "a much newer one", "password2": "a much newer one"},
    )
    row = Event.objects.get(action="access.password_changed")
    assert (row.actor, row.fields, row.detail) == (alice, ["password"], {})


@pytest.mark.parametrize(
    ("signal", "kind", "action"),
    [
        (authenticator_added, "totp", "access.second_factor_added"),
        (authenticator_added, "webauthn", "access.second_factor_added"),
        (authenticator_removed, "totp", "access.second_factor_removed"),
        (authenticator_added, "recovery_codes", "access.recovery_codes_made"),
        (authenticator_reset, "recovery_codes", "access.recovery_codes_made"),
        (authentication_failed, "totp", "access.second_factor_failed"),
    ],
)
def test_what_becomes_of_second_factors_is_recorded(signal, kind, action, alice):
    authenticator = Authenticator(user=alice, type=kind, data={"secret": "JBSWY3DP"})
    signal.send(sender=Authenticator, request=None, user=alice, authenticator=authenticator)
    assert lines() == [(action, "Alice Abbott", str(alice.pk))]
    assert "JBSWY3DP" not in str(list(Event.objects.values()))
