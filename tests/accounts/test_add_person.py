"""`manage.py add_person`: how the people of an installation come in."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Branch, User
from audit.models import Event
from tests.factories import BranchFactory

pytestmark = pytest.mark.django_db


def add(capsys, *arguments):
    call_command("add_person", *arguments)
    return capsys.readouterr().out


def test_officer_is_added_without_a_password(capsys):
    out = add(capsys, "Olive@Example.com", "--name", "Olive", "--branch", "Riverside")
    olive = User.objects.get()
    assert out == "Added Olive <olive@example.com>.\n"
    assert (olive.branch.name, olive.time_zone) == ("Riverside", "America/New_York")
    assert [str(grant) for grant in olive.grants.all()] == ["Loan officer"]
    assert not olive.has_usable_password()


def test_adding_is_recorded(capsys):
    add(capsys, "olive@example.com", "--name", "Olive")
    event = Event.objects.get()
    assert (event.actor, event.action, event.detail) == (None, "user.added", {"role": "officer"})
    assert event.target_id == str(User.objects.get().pk)


def test_manager_manages_their_branch(capsys):
    home = BranchFactory(name="Riverside")
    add(capsys, "mona@example.com", "--name", "Mona", "--role", "manager", "--branch", "Riverside")
    mona = User.objects.get()
    assert (mona.branch, mona.grants.get().branch) == (home, home)


def test_assistant_names_their_officer(capsys, alice):
    add(
        capsys,
        "andy@x.org",
        "--name",
        "Andy",
        "--role",
        "assistant",
        "--assists",
        "Alice@example.com",
    )
    assert User.objects.get(email="andy@x.org").grants.get().officer == alice


def test_time_zone_is_kept(capsys):
    add(capsys, "olive@example.com", "--name", "Olive", "--time-zone", "Pacific/Honolulu")
    assert User.objects.get().time_zone == "Pacific/Honolulu"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--role", "assistant", "--assists", "nobody@x.org"], "Nobody has the e-mail address"),
        (["--role", "assistant"], "an assistant's an officer"),
        (["--role", "manager"], "A manager's grant names a branch"),
        (["--time-zone", "Mars/Base", "--branch", "New"], "Choose a time zone"),
        (["--role", "boss"], "invalid choice: 'boss'"),
        (["--role", "stand_in"], "invalid choice: 'stand_in'"),
    ],
)
def test_nonsense_adds_nobody(capsys, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        add(capsys, "olive@example.com", "--name", "Olive", *arguments)
    assert not User.objects.exists()
    assert not Branch.objects.exists()
    assert not Event.objects.exists()


def test_person_is_added_once(capsys, alice):
    with pytest.raises(CommandError, match="exists already"):
        add(capsys, "ALICE@example.com", "--name", "Alice Again")
    assert User.objects.get() == alice
