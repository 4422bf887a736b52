"""The pages on which a manager or an administrator hands partners over."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from pages.handover_words import Going, notes_of
from partners.handover import hand_over
from partners.models import Handover, Partner
from tests.factories import (
    FocusPlaceFactory,
    PartnerFactory,
    PlannedTouchFactory,
    ReferralFactory,
)

pytestmark = pytest.mark.django_db

NEW = "/handovers/new/"


def query(old, new, **more):
    return {"from": old.pk, "to": new.pk, **more}


def address(old, new):
    return f"{NEW}?from={old.pk}&to={new.pk}"


def give(actor, old, new, *partners):
    return hand_over(
        actor=actor,
        from_owner=old,
        to_owner=new,
        partner_ids=[partner.pk for partner in partners],
        note="",
        key=uuid4(),
        now=timezone.now(),
    )


def owner_of(partner):
    return Partner.objects.get(pk=partner.pk).owner


def ticked(page):
    groups = page.context["preview"].groups
    return [line.partner.last_name for group in groups for line in group.lines if line.ticked]


def messages(page):
    return [str(message) for message in page.context["messages"]]


@pytest.fixture
def book(alice, rita):
    """Two partners of Alice, and what hangs on them."""
    PartnerFactory(owner=alice, first_name="Zoe", last_name="Zane", archived_at=timezone.now())
    PlannedTouchFactory(partner=rita)
    FocusPlaceFactory(partner=rita)
    ReferralFactory(partner=rita, borrower="Ben Borrower")
    ReferralFactory(partner=rita, stage="application", borrower="Cora Client")
    return rita


def test_preview_names_what_goes(sign_in, mona, alice, andy, bob, book):
    page = sign_in(mona).get(NEW, query(alice, bob))
    preview = page.context["preview"]
    assert [(group.name, len(group.lines)) for group in preview.groups] == [
        ("Cultivation", 1),
        ("Archived", 1),
    ]
    assert (preview.referrals, preview.steps, preview.places) == (2, 1, 1)
    assert [referral.borrower for referral in preview.waiting] == ["Ben Borrower"]
    line = preview.groups[0].lines[0]
    assert line.extras == (
        "1 referral waits",
        "1 open referral",
        "1 next step",
        "on the focus list",
    )
    assert preview.notes == [
        "Tiers, overrides, next steps and what was put off go along. What Alice Abbott logged stays"
        " Alice Abbott’s effort.",
        "1 place on Alice Abbott’s focus list ends; Bob Barnes can pin them, or wait for Monday’s.",
        "Andy Archer, who helps Alice Abbott, sees them no more.",
    ]
    assert "Cora Client" not in page.text
    assert ticked(page) == ["Rowe", "Zane"]


def test_preview_says_what_is_different_elsewhere():
    going = Going(
        from_name="Alice",
        to_name="Charlie",
        from_zone="America/New_York",
        to_zone="America/Los_Angeles",
        from_branch="Riverside",
        to_branch="Lakeside",
        other_policy=3,
        gaining=("Gus",),
    )
    assert notes_of(going)[1:] == [
        "They are in Lakeside from then on: who manages the old branch sees them no more.",
        "There tiers follow policy 3, so some may change at once.",
        "Days are counted in Los Angeles time then, as Charlie works there.",
        "Gus, who helps Charlie, sees them from then on.",
    ]


@pytest.mark.parametrize(
    ("tick", "names"),
    [
        ("", ["Rowe", "Zane"]),
        ("nobody", []),
        ("cultivation", ["Rowe"]),
        ("archived", ["Zane"]),
    ],
)
def test_address_says_who_is_ticked(tick, names, sign_in, mona, alice, bob, book):
    assert ticked(sign_in(mona).get(NEW, query(alice, bob, tick=tick))) == names


def test_those_who_are_ticked_go_to_the_new_owner(sign_in, mona, alice, bob, book):
    form = {"partner": [book.pk], "note": "Closer to Bob", "key": uuid4()}
    client = sign_in(mona)
    page = client.post(address(alice, bob), form, follow=True)
    made = Handover.objects.get()
    assert page.redirect_chain == [(f"/handovers/{made.pk}/", 302)]
    assert messages(page) == ["1 partner went to Bob Barnes."]
    assert (owner_of(book), made.note, made.made_by) == (bob, "Closer to Bob", mona)
    again = client.post(address(alice, bob), form, follow=True)
    assert again.redirect_chain == page.redirect_chain
    assert Handover.objects.count() == 1


def test_nobody_ticked_is_refused_and_the_note_kept(sign_in, mona, alice, bob, book):
    page = sign_in(mona).post(address(alice, bob), {"note": "Closer to Bob"})
    assert page.status_code == 422
    assert page.context["form"].non_field_errors() == ["Tick at least one partner."]
    assert "Closer to Bob" in page.text
    assert ticked(page) == []


def test_partners_who_are_gone_meanwhile_are_refused_in_a_sentence(sign_in, mona, alice, bob, book):
    give(mona, alice, bob, *Partner.objects.filter(owner=alice))
    stays = PartnerFactory(owner=alice)
    page = sign_in(mona).post(address(alice, bob), {"partner": [book.pk]})
    assert page.status_code == 422
    assert "None of these partners is with Alice Abbott any more." in page.text
    assert owner_of(stays) == alice


def test_one_partner_is_given_from_their_own_page(sign_in, mona, ada, alice, bob, book):
    link = f"/handovers/new/?from={alice.pk}&amp;partner={book.pk}"
    assert link not in sign_in(alice).get(f"/partners/{book.pk}/").text
    for leader in (ada, mona):
        assert link in sign_in(leader).get(f"/partners/{book.pk}/").text
    client = sign_in(mona)
    chosen = client.get(NEW, {"from": alice.pk, "partner": book.pk})
    assert "Give Rita Rowe to somebody else" in chosen.text
    assert ticked(client.get(NEW, query(alice, bob, partner=book.pk))) == ["Rowe"]


def choices(page, name):
    return [label for value, label in page.context["form"].fields[name].choices if value]


def test_people_to_choose_are_those_whom_one_leads(
    sign_in, mona, ada, alice, bob, charlie, lena, book
):
    PartnerFactory(owner=charlie)
    alice.is_active = False
    alice.save()
    page = sign_in(mona).get(NEW)
    assert choices(page, "from") == ["Alice Abbott, Riverside (left)"]
    assert choices(page, "to") == ["Bob Barnes, Riverside", "Mona Miller, Riverside"]
    page = sign_in(ada).get(NEW, {"from": alice.pk})
    assert choices(page, "from") == ["Alice Abbott, Riverside (left)", "Charlie Clark, Lakeside"]
    assert "Lena Lopez, Lakeside" in choices(page, "to")


@pytest.mark.parametrize(
    ("to", "status"), [("charlie", 404), ("nobody", 404), ("alice", 422), ("andy", 422)]
)
def test_people_of_others_do_not_exist_and_the_rest_is_said(to, status, sign_in, cast, mona, book):
    """Nobody gets their own partners; Andy has left."""
    PartnerFactory(owner=cast["charlie"])
    User.objects.filter(pk=cast["andy"].pk).update(is_active=False)
    pk = cast[to].pk if to in cast else 999_999
    for who in (f"from={book.owner_id}&to={pk}", f"from={pk}"):
        page = sign_in(mona).post(f"{NEW}?{who}", {"partner": [book.pk]})
        assert page.status_code == status
        assert owner_of(book) == cast["alice"]
    if status == 422:
        page = sign_in(mona).get(f"{NEW}?from={book.owner_id}&to={pk}")
        assert list(page.context["form"].errors) == ["to"]


@pytest.mark.parametrize("junk", ["from=x&to=y", "from=x&to=99999999999999999999", "to="])
def test_nonsense_in_the_address_is_said_in_the_form(junk, sign_in, mona, book):
    page = sign_in(mona).get(f"{NEW}?{junk}&tick=gold&partner=zero")
    assert page.status_code == 200
    assert page.context["form"].errors


def test_hand_over_is_taken_back_once(sign_in, mona, alice, bob, charlie, ada, book):
    zoe = Partner.objects.get(last_name="Zane")
    made = give(mona, alice, bob, book, zoe)
    give(ada, bob, charlie, zoe)
    client = sign_in(mona)
    page = client.get(made.get_absolute_url())
    assert "1 partner would go back to Alice Abbott" in page.text
    assert "1 partner whom people outside of your branches look after" in page.text
    assert "Zane" not in page.text
    back = reverse("handover_back", args=[made.pk])
    page = client.post(back, follow=True)
    assert messages(page) == [
        "1 partner went back to Alice Abbott. 1 partner stayed where somebody gave them since."
    ]
    assert owner_of(book) == alice
    assert "Take back" not in page.text
    assert messages(client.post(back, follow=True)) == ["This was taken back already."]


def test_who_left_gets_nobody_back(sign_in, mona, alice, bob, book):
    made = give(mona, alice, bob, book)
    alice.is_active = False
    alice.save()
    client = sign_in(mona)
    page = client.post(reverse("handover_back", args=[made.pk]), follow=True)
    assert messages(page) == ["Alice Abbott has left. Choose somebody who signs in."]
    assert "Hand the partners over to somebody else instead." in page.text


def test_manager_of_one_of_both_looks_and_the_administrator_takes_back(
    sign_in, mona, lena, ada, bob, alice, charlie, book
):
    made = give(ada, alice, charlie, book)
    for leader in (mona, lena):
        client = sign_in(leader)
        assert "Alice Abbott → Charlie Clark" in client.get("/handovers/").text
        assert "Take back" not in client.get(made.get_absolute_url()).text
        assert client.post(reverse("handover_back", args=[made.pk])).status_code == 403
    inside = give(ada, charlie, lena, book)
    assert sign_in(mona).get(inside.get_absolute_url()).status_code == 404
    sign_in(ada).post(reverse("handover_back", args=[inside.pk]))
    assert owner_of(book) == charlie


def test_timeline_of_the_partner_says_who_had_them(sign_in, mona, alice, bob, andy, book):
    made = give(mona, alice, bob, book)
    sign_in(mona).post(reverse("handover_back", args=[made.pk]))
    for reader in (alice, andy):
        page = sign_in(reader).get(book.get_absolute_url())
        titles = [entry.title for entry in page.context["timeline"].entries]
        assert titles[:2] == ["Back with Alice Abbott", "Alice Abbott handed over to Bob Barnes"]


def test_more_than_a_form_holds_waits_for_the_next_time(
    sign_in, mona, alice, bob, book, monkeypatch
):
    monkeypatch.setattr("pages.handover_preview.MOST_AT_ONCE", 1)
    page = sign_in(mona).get(NEW, query(alice, bob))
    assert (page.context["preview"].partners, page.context["preview"].rest) == (1, 1)
    assert "1 more partner of Alice Abbott" in " ".join(page.text.split())


@pytest.mark.parametrize("count", [1, 3])
def test_number_of_queries_is_the_same_for_any_number(
    count, sign_in, mona, alice, bob, django_assert_num_queries
):
    partners = [PartnerFactory(owner=alice) for _ in range(count)]
    for partner in partners:
        FocusPlaceFactory(partner=partner)
        ReferralFactory(partner=partner)
    client = sign_in(mona)
    with django_assert_num_queries(12):
        client.get(NEW, query(alice, bob))
    made = give(mona, alice, bob, *partners)
    for partner in partners:
        give(mona, bob, alice, partner)
    with django_assert_num_queries(5):
        client.get("/handovers/")
    with django_assert_num_queries(6):
        client.get(made.get_absolute_url())


def test_list_is_paged_newest_first(sign_in, mona, alice, bob, rita):
    first = give(mona, alice, bob, rita)
    Handover.objects.update(made_at=timezone.now() - timedelta(days=3))
    second = give(mona, bob, alice, rita)
    page = sign_in(mona).get("/handovers/")
    assert page.context["page"].rows == [second, first]
