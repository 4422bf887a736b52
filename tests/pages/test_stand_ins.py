"""Who stands in sees and works the list while it lasts; Today says so to both of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Grant
from tests.factories import AbsenceFactory, InteractionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def absence(alice, bob):
    """Alice is away since yesterday, and Bob stands in."""
    now = timezone.now()
    return AbsenceFactory(
        officer=alice,
        user=bob,
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=9),
    )


def lines(page):
    words = page.text.split('class="stand-in"')[1:]
    return [" ".join(part.split("<span>")[1].split("</span>")[0].split()) for part in words]


def test_today_says_to_both_who_stands_in(as_, alice, bob, rita, absence):
    until = f"{absence.last_day:%B} {absence.last_day.day}"
    assert lines(as_(alice).get("/")) == [f"Bob Barnes stands in for you until {until}."]
    link = f'<a href="/?officer={alice.pk}">Alice Abbott</a>'
    # Bob has a list of his own, or nothing: his own Today leads to hers.
    own = as_(bob).get(f"/?officer={bob.pk}")
    assert lines(own) == [f"You stand in for {link} until {until}."]
    hers = as_(bob).get(f"/?officer={alice.pk}")
    assert lines(hers) == [f"You stand in for Alice Abbott until {until}."]


def test_a_manager_reads_it_too_and_strangers_have_no_line(as_, mona, charlie, rita, absence):
    hers = as_(mona).get(f"/?officer={rita.owner_id}")
    assert "Bob Barnes stands in for Alice Abbott until" in lines(hers)[0]
    assert lines(as_(mona).get(f"/?officer={mona.pk}")) == []
    assert lines(as_(charlie).get("/")) == []


def test_a_list_without_partners_is_no_link(as_, bob, absence):
    (line,) = lines(as_(bob).get("/"))
    assert line.startswith("You stand in for Alice Abbott until")


def test_somebody_who_left_stands_in_for_nobody(as_, alice, bob, absence):
    bob.is_active = False
    bob.save()
    assert lines(as_(alice).get("/")) == []


def test_a_session_that_is_open_loses_the_list_at_the_end(as_, bob, rita, absence):
    client = as_(bob)
    partner = f"/partners/{rita.pk}/"
    assert "Alice Abbott" in client.get("/partners/").text
    assert [client.get(partner).status_code, client.get(f"{partner}edit/").status_code] == [200] * 2
    Grant.objects.filter(pk=absence.pk).update(ends_at=timezone.now() - timedelta(seconds=1))
    assert [client.get(partner).status_code, client.get(f"{partner}edit/").status_code] == [404] * 2
    assert "Rowe" not in client.get("/partners/").text
    assert client.get(f"/?officer={rita.owner_id}").status_code == 404


def test_a_stand_in_decides_nothing_and_sees_no_conduct(as_, bob, rita, absence):
    InteractionFactory(partner=rita, conduct="abusive", note="Shouted at us")
    client = as_(bob)
    page = client.get(f"/partners/{rita.pk}/")
    assert "Shouted at us" not in page.text
    assert "busive" not in page.text
    for act in ["archive", "tier"]:
        assert client.post(f"/partners/{rita.pk}/{act}/", {"reason": "x"}).status_code in {403, 404}
    rita.refresh_from_db()
    assert rita.archived_at is None


def test_nothing_is_seen_before_the_first_day(as_, bob, rita):
    now = timezone.now()
    AbsenceFactory(
        officer=rita.owner,
        user=bob,
        starts_at=now + timedelta(minutes=5),
        ends_at=now + timedelta(days=1),
    )
    assert as_(bob).get(f"/partners/{rita.pk}/").status_code == 404
    assert lines(as_(bob).get("/")) == []
