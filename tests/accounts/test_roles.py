"""Who gives and takes which role; the last administrator; nobody raises their own rights."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts import services
from accounts.models import Grant, Role, User
from audit.models import Event
from tests.factories import GrantFactory, UserFactory

pytestmark = pytest.mark.django_db


def roles(person):
    return sorted(str(grant) for grant in Grant.objects.filter(user=person))


@pytest.fixture
def amy(db):
    """The second administrator."""
    amy = UserFactory(name="Amy Ames")
    GrantFactory(user=amy, role="administrator")
    return amy


@pytest.mark.parametrize(
    ("form", "label"),
    [
        ({"role": "manager", "branch": "lakeside"}, "Branch manager (Lakeside)"),
        ({"role": "assistant", "officer": "bob"}, "Assistant (Bob Barnes)"),
        ({"role": "administrator"}, "Administrator"),
        ({"role": "compliance", "branch": "lakeside"}, "Compliance"),
    ],
)
def test_a_role_is_given_and_taken_away(sign_in, ada, alice, bob, lakeside, form, label):
    form = {key: str({"lakeside": lakeside.pk, "bob": bob.pk}.get(v, v)) for key, v in form.items()}
    client = sign_in(ada)
    assert client.post(f"/people/{alice.pk}/roles/", form).status_code == 302
    assert roles(alice) == sorted([label, "Loan officer"])
    grant = alice.grants.get(role=form["role"])
    assert client.post(f"/people/roles/{grant.pk}/remove/").status_code == 302
    assert roles(alice) == ["Loan officer"]
    events = Event.objects.filter(target_id=str(alice.pk))
    assert [event.action for event in events] == ["grant.added", "grant.removed"]
    first, second = (event.detail for event in events)
    assert first == second
    assert first["role"] == form["role"]


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        ({"role": "manager"}, "branch", "Say which branch they manage."),
        ({"role": "assistant"}, "officer", "Say whom they assist."),
        ({"role": "officer"}, "__all__", "They have this role already."),
        ({"role": "stand_in", "officer": "bob"}, "role", None),
        ({"role": "assistant", "officer": "self"}, "officer", None),
        ({"role": "manager", "branch": "999999"}, "branch", None),
    ],
)
def test_a_role_that_does_not_fit_is_refused(sign_in, ada, alice, bob, form, field, sentence):
    form = {key: str({"self": alice.pk, "bob": bob.pk}.get(v, v)) for key, v in form.items()}
    answer = sign_in(ada).post(f"/people/{alice.pk}/roles/", form)
    errors = answer.context["grant_form"].errors
    assert (answer.status_code, list(errors)) == (422, [field])
    assert sentence is None or errors[field] == [sentence]
    assert roles(alice) == ["Loan officer"]


def test_nobody_raises_their_own_rights(sign_in, ada, amy, mona, riverside):
    """Neither an administrator, who would see conduct, nor a manager, who changes no role."""
    manager = {"role": "manager", "branch": str(riverside.pk)}
    answer = sign_in(ada).post(f"/people/{ada.pk}/roles/", manager)
    assert answer.status_code == 422
    assert "another administrator has to do that" in answer.text
    assert roles(ada) == ["Administrator"]
    answer = sign_in(mona).post(f"/people/{mona.pk}/roles/", {"role": "administrator"})
    assert answer.status_code == 403
    assert roles(mona) == ["Branch manager (Riverside)"]


def test_a_role_of_an_absence_is_given_and_taken_nowhere_here(ada, alice, bob):
    with pytest.raises(ValidationError, match="with their absence"):
        services.give_grant(actor=ada, person=bob, role=Role.STAND_IN, branch=None, officer=alice)
    with pytest.raises(ValidationError, match="with their absence"):
        services.add_person(actor=ada, email="x@x.org", name="X", role=Role.STAND_IN, officer=alice)


def test_an_absence_is_not_taken_away_as_a_role(sign_in, ada, absence):
    assert sign_in(ada).post(f"/people/roles/{absence.pk}/remove/").status_code == 404
    assert not services.take_grant(actor=ada, grant=absence)
    assert Grant.objects.filter(pk=absence.pk).exists()


@pytest.fixture
def absence(alice, bob):
    now = timezone.now()
    return GrantFactory(user=bob, role="stand_in", officer=alice, starts_at=now, ends_at=now)


def test_nobody_takes_their_own_administration_away(sign_in, ada, amy):
    page = sign_in(ada).post(f"/people/roles/{ada.grants.get().pk}/remove/", follow=True)
    assert "Nobody changes their own roles" in page.text
    assert roles(ada) == ["Administrator"]


def test_who_administered_loses_it_at_the_next_request(sign_in, ada, amy):
    theirs = sign_in(amy)
    assert theirs.get("/branches/").status_code == 200
    services.take_grant(actor=ada, grant=amy.grants.get())
    assert theirs.get("/branches/").status_code == 404


def test_the_last_administrator_stays(ada, amy):
    """Amy is one by her grant, and has left: she would be no help."""
    services.deactivate(actor=ada, person=amy, now=timezone.now())
    for act in [
        lambda: services.take_grant(actor=amy, grant=ada.grants.get()),
        lambda: services.deactivate(actor=amy, person=ada, now=timezone.now()),
    ]:
        with pytest.raises(ValidationError, match="This is the last administrator"):
            act()
    assert roles(ada) == ["Administrator"]
    assert User.objects.get(pk=ada.pk).is_active


def test_a_role_is_taken_once(ada, alice):
    grant = alice.grants.get()
    assert services.take_grant(actor=ada, grant=grant)
    assert not services.take_grant(actor=ada, grant=Grant(pk=grant.pk, user=alice, role="officer"))
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_take_each_other_away_leave_one(ada, amy):
    """At the same moment: the second waits for the first, and then is refused."""
    for first, second in [("take", "take"), ("leave", "leave"), ("take", "leave")]:
        User.objects.update(is_active=True)
        Grant.objects.all().delete()
        for user in [ada, amy]:
            GrantFactory(user=user, role="administrator")
        assert refusals(lambda way=first: act(way, ada, amy), lambda way=second: act(way, amy, ada))
        left = Grant.objects.filter(role="administrator", user__is_active=True)
        assert left.count() == 1


def act(way, actor, other):
    if way == "take":
        services.take_grant(actor=actor, grant=other.grants.get())
    else:
        services.deactivate(actor=actor, person=other, now=timezone.now())


def refusals(*acts):
    """Do these at the same moment; answers whether exactly one was the last administrator's."""
    start, refused = threading.Barrier(len(acts)), []

    def work(act):
        try:
            start.wait()
            act()
        except ValidationError as error:
            refused.append(error.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused == [services.LAST_ADMINISTRATOR]
