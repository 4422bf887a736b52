"""Who says whose absence, when it begins and ends, and what a stand-in's grant is meanwhile."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.absences import add_absence, end_absence
from accounts.models import Grant, User
from audit.models import Event
from tests.factories import AbsenceFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
DEC_1, DEC_8 = date(2026, 12, 1), date(2026, 12, 8)


def add(actor, officer, stand_in, first=DEC_1, last=DEC_8, now=NOW):
    return add_absence(
        actor=actor, officer=officer, stand_in=stand_in, first=first, last=last, now=now
    )


def refusal(*args, **kwargs):
    with pytest.raises(ValidationError) as caught:
        add(*args, **kwargs)
    return caught.value.message_dict


@pytest.mark.parametrize(
    ("zone", "starts", "ends"),
    [
        ("America/New_York", "2026-12-01 05:00", "2026-12-09 05:00"),
        ("Pacific/Honolulu", "2026-12-01 10:00", "2026-12-09 10:00"),
        ("Asia/Kathmandu", "2026-11-30 18:15", "2026-12-08 18:15"),
    ],
)
def test_the_days_are_those_of_who_is_away(alice, bob, zone, starts, ends):
    User.objects.filter(pk=alice.pk).update(time_zone=zone)
    alice.refresh_from_db()
    grant = Grant.objects.get(pk=add(alice, alice, bob).pk)
    assert f"{grant.starts_at:%Y-%m-%d %H:%M}" == starts
    assert f"{grant.ends_at:%Y-%m-%d %H:%M}" == ends
    assert (grant.first_day, grant.last_day) == (DEC_1, DEC_8)


def test_one_that_begins_today_begins_now(alice, bob):
    today = date(2026, 11, 24)
    grant = add(alice, alice, bob, first=today, last=today)
    assert (grant.starts_at, grant.first_day, grant.last_day) == (NOW, today, today)


def test_it_is_recorded_with_both_people_and_the_days(alice, bob):
    grant = add(alice, alice, bob)
    end_absence(actor=alice, absence=grant, now=NOW + timedelta(days=9))
    days = {"officer": alice.pk, "stand_in": bob.pk, "first": "2026-12-01"}
    assert list(Event.objects.values_list("actor", "action", "detail")) == [
        (alice.pk, "absence.added", days | {"last": "2026-12-08"}),
        (alice.pk, "absence.ended", days | {"last": "2026-12-03"}),
    ]


@pytest.mark.parametrize(
    ("actor", "stand_in", "allowed"),
    [
        ("alice", "bob", True),
        ("alice", "andy", True),
        ("alice", "mona", True),
        ("alice", "charlie", False),
        ("alice", "ada", False),
        ("mona", "bob", True),
        ("mona", "mona", True),
        ("mona", "charlie", False),
        ("ada", "charlie", True),
        ("ada", "ada", False),
    ],
)
def test_who_may_stand_in_for_alice(cast, actor, stand_in, allowed):
    """Colleagues; for an administrator anybody but themselves, who would raise their own rights."""
    if allowed:
        assert add(cast[actor], cast["alice"], cast[stand_in]).pk
    else:
        assert list(refusal(cast[actor], cast["alice"], cast[stand_in])) == ["stand_in"]
        assert not Grant.objects.absences().exists()


def test_people_without_a_branch_are_no_colleagues(alice):
    alone, other = UserFactory(branch=None), UserFactory(branch=None)
    assert list(refusal(alone, alone, other)) == ["stand_in"]
    assert list(refusal(alice, alice, alice)) == ["stand_in"]


def test_who_has_left_does_not_stand_in(alice, bob):
    bob.is_active = False
    assert refusal(alice, alice, bob) == {"stand_in": ["Choose somebody who still works here."]}


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 11, 23), DEC_8, "first"),
        (date(9999, 12, 31), date(9999, 12, 31), "first"),
        (DEC_8, DEC_1, "last"),
        (DEC_1, date(2027, 12, 3), "last"),
    ],
)
def test_days_that_do_not_fit_are_refused(alice, bob, first, last, field):
    assert list(refusal(alice, alice, bob, first=first, last=last)) == [field]


def test_the_same_pair_does_not_overlap(alice, bob, mona):
    add(alice, alice, bob)
    assert refusal(alice, alice, bob, first=DEC_8, last=date(2026, 12, 20)) == {
        "stand_in": ["Bob Barnes stands in for Alice Abbott on some of these days already."]
    }
    add(alice, alice, mona)  # two may share the work
    add(bob, bob, alice)  # the other way round is another pair
    add(alice, alice, bob, first=date(2026, 12, 9), last=date(2026, 12, 20))
    assert Grant.objects.absences().count() == 4


def test_one_that_was_taken_back_is_said_anew(alice, bob):
    grant = add(alice, alice, bob)
    assert end_absence(actor=alice, absence=grant, now=NOW)
    grant.refresh_from_db()
    assert grant.is_cancelled
    again = add(alice, alice, bob)
    assert (again.pk, again.last_day) == (grant.pk, DEC_8)


def test_one_that_ended_today_is_said_anew_today(alice, bob):
    today = date(2026, 11, 24)
    grant = add(alice, alice, bob, first=today)
    end_absence(actor=alice, absence=grant, now=NOW + timedelta(hours=1))
    again = add(alice, alice, bob, first=today, now=NOW + timedelta(hours=2))
    assert again.pk != grant.pk


@pytest.mark.django_db(transaction=True)
def test_two_who_say_the_same_at_once_make_one(alice, bob):
    both, answers = threading.Barrier(2), []

    def work():
        try:
            both.wait()
            answers.append(add(alice, alice, bob).pk)
        except ValidationError:
            answers.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer is None for answer in answers) == [False, True]
    assert Grant.objects.absences().count() == 1


def test_it_ends_once(alice, bob):
    grant = add(alice, alice, bob)
    during = NOW + timedelta(days=9)
    assert end_absence(actor=alice, absence=grant, now=during)
    assert not end_absence(actor=alice, absence=grant, now=during)
    assert not end_absence(actor=alice, absence=grant, now=during + timedelta(days=9))
    assert Event.objects.filter(action="absence.ended").count() == 1


# --- the page --------------------------------------------------------------------------------


def shown(page, part):
    return [str(row["absence"].officer).split()[0] for row in page.context[part]]


def form_for(bob, **values):
    return {"first": "2026-12-01", "last": "2026-12-08", "stand_in": bob.pk, **values}


@time_machine.travel(NOW, tick=False)
def test_an_officer_says_their_own_and_nobody_elses(sign_in, alice, bob, charlie):
    client = sign_in(alice)
    assert client.post("/absences/", form_for(bob, officer=alice.pk)).status_code == 302
    answer = client.post("/absences/", form_for(alice, officer=bob.pk))
    assert answer.status_code == 422
    answer = client.post("/absences/", form_for(charlie, officer=alice.pk))
    assert answer.status_code == 422
    (grant,) = Grant.objects.absences()
    assert (grant.officer, grant.user) == (alice, bob)


@time_machine.travel(NOW, tick=False)
def test_a_manager_says_those_of_their_branch(sign_in, mona, alice, bob, charlie, lena):
    client = sign_in(mona)
    assert client.post("/absences/", form_for(bob, officer=alice.pk)).status_code == 302
    assert client.post("/absences/", form_for(lena, officer=charlie.pk)).status_code == 422
    assert Grant.objects.absences().count() == 1


@time_machine.travel(NOW, tick=False)
def test_a_double_submit_writes_once(sign_in, alice, bob):
    client, form = sign_in(alice), form_for(bob, officer=alice.pk)
    assert [client.post("/absences/", form).status_code for _ in range(2)] == [302, 422]
    assert Grant.objects.absences().count() == 1


def test_the_page_shows_what_concerns_the_reader(sign_in, cast):
    now = timezone.now()
    alice, bob, charlie = cast["alice"], cast["bob"], cast["charlie"]
    day = timedelta(days=1)
    AbsenceFactory(officer=alice, user=bob, starts_at=now - day, ends_at=now + day)
    AbsenceFactory(officer=charlie, user=cast["lena"])
    AbsenceFactory(officer=bob, user=alice, starts_at=now - 9 * day, ends_at=now - day)
    pages = {name: sign_in(cast[name]).get("/absences/") for name in cast}
    parts = {
        name: tuple(shown(page, part) for part in ["current", "coming", "past"])
        for name, page in pages.items()
    }
    assert parts == {
        "alice": (["Alice"], [], ["Bob"]),
        "bob": (["Alice"], [], ["Bob"]),
        "mona": (["Alice"], [], ["Bob"]),
        "ada": (["Alice"], ["Charlie"], ["Bob"]),
        "charlie": ([], ["Charlie"], []),
        "lena": ([], ["Charlie"], []),
        "andy": ([], [], []),
        "carl": ([], [], []),
    }
    may_end = {name: [row["may_end"] for row in pages[name].context["current"]] for name in cast}
    assert [name for name in cast if may_end[name] == [True]] == ["alice", "mona", "ada"]
    assert may_end["bob"] == [False]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_queries_whatever_its_rows(
    rows, sign_in, alice, django_assert_num_queries
):
    for _ in range(rows):
        AbsenceFactory(officer=alice)
    client = sign_in(alice)
    with django_assert_num_queries(6):
        client.get("/absences/")


def test_an_absence_in_the_past_is_not_in_force(alice, bob):
    now = timezone.now()
    day = timedelta(days=1)
    spans = {"past": (-2, -1), "now": (-1, 1), "coming": (1, 2), "taken back": (1, 1)}
    for start, end in spans.values():
        AbsenceFactory(
            officer=alice, user=UserFactory(), starts_at=now + start * day, ends_at=now + end * day
        )
    assert Grant.objects.absences().in_force().count() == 1
