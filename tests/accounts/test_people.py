"""The pages of people: who is added, changed, leaves and comes back."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.models import Role, User
from audit.models import Event
from mailing.models import Delivery
from mailing.services import deliver_due
from tests.factories import (
    PASSWORD,
    BranchFactory,
    GrantFactory,
    InteractionFactory,
    PartnerFactory,
    ReferralFactory,
    UserFactory,
)
from touches.feed_address import feed_at, make

pytestmark = pytest.mark.django_db

NEW = {"name": "Olive Other", "email": "Olive@Example.com", "time_zone": "America/Chicago"}
QUERIES = 7

INVITATION = """\
Hello Olive Other,

Ada Adams has added you to PartnerCRM, where we look after our referral partners. Choose your
password here:

http://localhost:8000{path}

The link works once, until Friday, November 27. After that, ask Ada Adams to send it again.
You sign in with this e-mail address.

If you do not know Ada Adams, ignore this e-mail.
"""

ADDRESS_NOTICE = """\
Hello Alice Abbott,

Ada Adams gave your PartnerCRM account another e-mail address on Tuesday, November 24, 2026
at 5:41 AM EST. You sign in with that one from now on, and your mails go there.

If you did not ask for that, tell Ada Adams or another administrator right away.
"""


def send():
    mail.outbox.clear()
    deliver_due(clock=timezone.now, seconds=10)
    return mail.outbox


def link_of(message):
    return next(line for line in message.body.splitlines() if "/password/reset/key/" in line)


def set_password(client, link, password="battery horse staple"):
    """Follow the link as a person does; answers the status of the page."""
    page = client.get(link.removeprefix("http://localhost:8000"), follow=True)
    if page.context.get("token_fail"):
        return "no longer works"
    form = {"password1": password, "password2": password}
    return client.post(page.request["PATH_INFO"], form).status_code


def sign_in_with(email, password):
    client = Client()
    client.post("/account/login/", {"login": email, "password": password})
    return "_auth_user_id" in client.session


# --- the list --------------------------------------------------------------------------------


def names(page):
    return [person.name.split()[0] for person in page.context["page"].rows]


def test_everybody_for_an_administrator_and_the_branch_for_a_manager(sign_in, cast):
    everybody = ["Ada", "Alice", "Andy", "Bob", "Carl", "Charlie", "Lena", "Mona"]
    assert names(sign_in(cast["ada"]).get("/people/")) == everybody
    assert names(sign_in(cast["mona"]).get("/people/")) == ["Alice", "Andy", "Bob", "Mona"]
    assert names(sign_in(cast["lena"]).get("/people/?state=all&q=bo")) == []


def test_the_list_is_filtered(sign_in, cast, lakeside):
    User.objects.filter(pk=cast["bob"].pk).update(is_active=False)
    client = sign_in(cast["ada"])
    assert names(client.get("/people/?q=al+example.com")) == ["Alice"]
    assert names(client.get("/people/?state=left")) == ["Bob"]
    assert names(client.get(f"/people/?branch={lakeside.pk}")) == ["Charlie", "Lena"]
    assert len(names(client.get("/people/?state=nonsense&branch=x"))) == 7


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_whatever_its_rows(
    rows, sign_in, ada, alice, django_assert_num_queries
):
    for _ in range(rows):
        GrantFactory(role="assistant", officer=alice)
    client = sign_in(ada)
    with django_assert_num_queries(QUERIES):
        assert "Assistant (Alice Abbott)" in client.get("/people/").text


def test_a_manager_looks_and_finds_no_buttons(sign_in, cast):
    page = sign_in(cast["mona"]).get(f"/people/{cast['alice'].pk}/").text
    assert "Loan officer" in page
    assert page.count("<form") == 1  # signing out
    assert "Deactivate" not in page
    ada_sees = sign_in(cast["ada"]).get(f"/people/{cast['alice'].pk}/").text
    assert ada_sees.count("<form") == 4


# --- adding and inviting ---------------------------------------------------------------------


@time_machine.travel("2026-11-24 10:41:00Z", tick=False)
def test_a_new_person_is_invited_and_sets_a_password_once(sign_in, ada, riverside):
    answer = sign_in(ada).post(
        "/people/new/", {**NEW, "role": "officer", "branch": str(riverside.pk)}
    )
    olive = User.objects.get(email="olive@example.com")
    assert answer.url == f"/people/{olive.pk}/"
    assert (olive.branch, olive.time_zone) == (riverside, "America/Chicago")
    assert [str(grant) for grant in olive.grants.all()] == ["Loan officer"]
    (message,) = send()
    link = link_of(message)
    path = link.removeprefix("http://localhost:8000")
    assert message.to == ['"Olive Other" <olive@example.com>']
    assert message.subject == "Ada Adams invites you to PartnerCRM"
    assert message.body == INVITATION.format(path=path)
    assert set_password(Client(), link) == 302
    assert sign_in_with("olive@example.com", "battery horse staple")
    assert set_password(Client(), link) == "no longer works"
    done = Event.objects.filter(target_id=str(olive.pk)).values_list("action", "actor")
    assert list(done) == [
        ("user.added", ada.pk),
        ("user.invited", ada.pk),
        ("access.password_changed", olive.pk),
        ("access.signed_in", olive.pk),
    ]


def test_no_row_holds_the_link(sign_in, ada):
    sign_in(ada).post("/people/new/", {**NEW, "role": "officer"})
    key = link_of(send()[0]).rstrip("/").rsplit("-", 1)[1]
    assert key not in str(list(Delivery.objects.values())) + str(list(Event.objects.values()))


def test_an_invitation_is_too_old_after_three_days(sign_in, ada):
    with time_machine.travel("2026-11-24 10:41:00Z", tick=False) as clock:
        sign_in(ada).post("/people/new/", {**NEW, "role": "officer"})
        link = link_of(send()[0])
        clock.shift(timedelta(days=3, seconds=1))
        assert set_password(Client(), link) == "no longer works"


def test_an_invited_manager_must_set_up_a_second_factor(sign_in, ada, riverside):
    sign_in(ada).post("/people/new/", {**NEW, "role": "manager", "branch": str(riverside.pk)})
    (message,) = send()
    assert "asked for is a second factor" in message.body
    set_password(Client(), link_of(message))
    client = Client()
    client.post(
        "/account/login/", {"login": "olive@example.com", "password": "battery horse staple"}
    )
    assert client.get("/").url == "/account/2fa/"
    assert client.get("/people/").url == "/account/2fa/"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "alice@EXAMPLE.com"}, "email"),
        ({"email": "nobody"}, "email"),
        ({"name": " "}, "name"),
        ({"role": "stand_in"}, "role"),
        ({"role": "boss"}, "role"),
        ({"role": "manager"}, "branch"),
        ({"role": "assistant"}, "officer"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
    ],
)
def test_nonsense_adds_nobody(sign_in, ada, alice, wrong, field):
    answer = sign_in(ada).post("/people/new/", {**NEW, "role": "officer", **wrong})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert User.objects.count() == 2
    assert not Delivery.objects.exists()


def test_an_invitation_is_sent_again_once_a_minute(ada, alice):
    nina = UserFactory(name="Nina New", password=None)
    User.objects.filter(pk=nina.pk).update(password="!")
    now = timezone.now()
    sent = [
        services.invite(actor=ada, person=nina, now=now + timedelta(seconds=wait))
        for wait in [0, 30, 61, 62]
    ]
    assert sent == [True, False, True, False]
    assert not services.invite(actor=ada, person=alice, now=now)  # she has a password


def test_who_has_set_a_password_meanwhile_gets_no_link(ada):
    nina = services.add_person(
        actor=ada, email="nina@x.org", name="Nina", role=Role.OFFICER, invited_at=timezone.now()
    )
    nina.set_password(PASSWORD)
    nina.save()
    assert send() == []
    assert Delivery.objects.get().reason == "They have set a password already."


# --- changing --------------------------------------------------------------------------------


@time_machine.travel("2026-11-24 10:41:00Z", tick=False)
def test_a_changed_address_is_told_to_the_old_one(sign_in, ada, alice):
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True)
    form = {"name": "Alice Abbott", "email": "Alice.A@x.org", "time_zone": "America/New_York"}
    sign_in(ada).post(f"/people/{alice.pk}/", form)
    told = {message.to[0]: message for message in send()}
    assert set(told) == {'"Alice Abbott" <alice@example.com>', '"Alice Abbott" <alice.a@x.org>'}
    old = told['"Alice Abbott" <alice@example.com>']
    assert (old.subject, old.body) == (
        "Your PartnerCRM e-mail address was changed",
        ADDRESS_NOTICE,
    )
    assert Delivery.objects.get(kind="address_notice").recipient == "alice@example.com"
    assert sign_in_with("alice.a@x.org", PASSWORD)
    assert not sign_in_with("alice@example.com", PASSWORD)


def test_a_change_is_recorded_by_its_fields(sign_in, ada, alice, lakeside):
    form = {
        "name": "Alice  Ames",
        "email": alice.email,
        "time_zone": "America/Denver",
        "branch": lakeside.pk,
    }
    client = sign_in(ada)
    client.post(f"/people/{alice.pk}/", form)
    alice.refresh_from_db()
    assert (alice.name, alice.time_zone, alice.branch) == (
        "Alice Ames",
        "America/Denver",
        lakeside,
    )
    event = Event.objects.get()
    assert (event.action, event.fields) == ("user.changed", ["name", "branch", "time_zone"])
    client.post(f"/people/{alice.pk}/", form)
    assert Event.objects.count() == 1


def test_an_address_that_is_taken_is_refused(sign_in, ada, alice, bob):
    form = {"name": "Alice", "email": "BOB@example.com", "time_zone": "America/New_York"}
    answer = sign_in(ada).post(f"/people/{alice.pk}/", form)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "email": ["A person with this e-mail address exists already."]
    }
    alice.refresh_from_db()
    assert (alice.name, alice.email) == ("Alice Abbott", "alice@example.com")


def test_a_hand_built_request_changes_nothing_else(sign_in, ada, alice):
    form = {**NEW, "is_active": "", "password": "x", "weekly_minutes": "30", "role": "manager"}
    sign_in(ada).post(f"/people/{alice.pk}/", form)
    after = User.objects.get(pk=alice.pk)
    assert (after.is_active, after.password, after.weekly_minutes) == (True, alice.password, 600)
    assert [str(grant) for grant in after.grants.all()] == ["Loan officer"]


# --- leaving ---------------------------------------------------------------------------------


def test_who_is_deactivated_is_signed_out_at_once(sign_in, ada, alice):
    hers = Client()
    hers.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    assert hers.get("/").status_code == 200
    secret = make(user=alice, now=timezone.now())
    assert feed_at(secret) is not None
    sign_in(ada).post(f"/people/{alice.pk}/deactivate/")
    assert hers.get("/").url == "/account/login/?next=/"
    assert not sign_in_with(alice.email, PASSWORD)
    assert feed_at(secret) is None
    assert Client().get(f"/calendar/{secret}.ics").status_code == 404
    assert Event.objects.get(action="user.deactivated").target_id == str(alice.pk)


def test_what_is_planned_for_them_is_not_sent(ada, alice):
    services.deactivate(actor=ada, person=alice, now=timezone.now())
    Delivery.objects.create(
        kind="security_notice",
        user=alice,
        occurrence="1",
        due_at=timezone.now(),
        expires_at=timezone.now() + timedelta(hours=1),
        planned_at=timezone.now(),
    )
    assert send() == []
    assert Delivery.objects.get().reason == "The person is not active any more."


def test_no_old_link_or_session_comes_back_with_them(client, sign_in, ada, alice):
    """Neither a link from before they left, nor the cookie of a session."""
    hers = Client()
    hers.force_login(alice)
    hers.post("/account/password/reset/", {"email": alice.email})
    link = link_of(send()[0])
    now = timezone.now()
    services.deactivate(actor=ada, person=alice, now=now)
    assert set_password(Client(), link) == "no longer works"
    services.activate(actor=ada, person=alice, now=now)
    assert set_password(Client(), link) == "no longer works"
    assert hers.get("/").url == "/account/login/?next=/"
    assert not sign_in_with(alice.email, PASSWORD)
    (invitation,) = send()
    assert set_password(Client(), link_of(invitation)) == 302
    assert sign_in_with(alice.email, "battery horse staple")


def test_a_profile_saved_late_does_not_bring_them_back(sign_in, ada, alice, monkeypatch):
    """Their own form was on its way when they were deactivated."""
    client = sign_in(alice)
    stale = User.objects.get(pk=alice.pk)
    services.deactivate(actor=ada, person=alice, now=timezone.now())
    monkeypatch.setattr("django.contrib.auth.middleware.get_user", lambda request: stale)
    form = {"name": "Changed", "time_zone": "America/Chicago", "weekly_minutes": "600"}
    assert client.post("/account/profile/", form).status_code == 302
    after = User.objects.get(pk=alice.pk)
    assert (after.name, after.is_active, after.has_usable_password()) == ("Changed", False, False)


def test_nothing_of_theirs_is_deleted_and_the_page_says_what_there_is(sign_in, ada, alice):
    partner = PartnerFactory(owner=alice)
    InteractionFactory(partner=partner)
    ReferralFactory(partner=partner)
    ReferralFactory(partner=partner, stage="funded")
    services.deactivate(actor=ada, person=alice, now=timezone.now())
    page = sign_in(ada).get(f"/people/{alice.pk}/")
    shown = [f"{one.count} {one.what}" for one in page.context["belongings"]]
    assert shown == ["1 partner", "1 open referral"]
    assert "still work in their hands" in page.text
    assert [str(grant) for grant in alice.grants.all()] == ["Loan officer"]
    for belonging in page.context["belongings"]:
        assert "Rita" in sign_in(ada).get(belonging.href).text


def test_twice_does_it_once(ada, alice):
    now = timezone.now()
    assert services.deactivate(actor=ada, person=alice, now=now)
    assert not services.deactivate(actor=ada, person=alice, now=now)
    assert services.activate(actor=ada, person=alice, now=now)
    assert not services.activate(actor=ada, person=alice, now=now)
    assert Event.objects.filter(action__startswith="user.").count() == 3  # with the invitation


def test_nobody_deactivates_themselves(sign_in, ada):
    GrantFactory(role="administrator")
    page = sign_in(ada).post(f"/people/{ada.pk}/deactivate/", follow=True)
    assert "another administrator has to do that" in page.text
    assert User.objects.get(pk=ada.pk).is_active


# --- branches --------------------------------------------------------------------------------


def test_branches_are_added_and_renamed(sign_in, ada, alice, riverside):
    client = sign_in(ada)
    client.post("/branches/new/", {"name": " Hill  side"})
    client.post(f"/branches/{riverside.pk}/", {"name": "River"})
    page = client.get("/branches/")
    listed = [(branch.name, branch.active) for branch in page.context["branches"]]
    assert listed == [("Hill side", 0), ("River", 1)]
    done = Event.objects.values_list("action", "target_type")
    assert set(done) == {
        ("branch.added", "accounts.branch"),
        ("branch.renamed", "accounts.branch"),
    }


def test_a_branch_has_a_name_of_its_own(sign_in, ada, riverside):
    answer = sign_in(ada).post("/branches/new/", {"name": "Riverside"})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"name": ["A branch with this name exists already."]}
    with pytest.raises(ValidationError, match="already exists"):
        services.rename_branch(actor=ada, branch=BranchFactory(), name="Riverside")
