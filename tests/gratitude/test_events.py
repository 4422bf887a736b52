"""Events: who sees and changes them, whom we invite, who came, and what is logged for it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event as Recorded
from gratitude.models import Event, Invitation
from gratitude.services import bring_back, kind_logged
from interactions.models import Interaction
from partners.models import Partner
from tests.factories import (
    CompanyFactory,
    EventFactory,
    InvitationFactory,
    PartnerFactory,
    TagFactory,
)


@pytest.fixture
def today(alice):
    return alice.today(timezone.now())


@pytest.fixture
def party(alice, bob):
    """Alice's event of today, which Bob hosts too."""
    event = EventFactory(officer=alice, name="Spring party")
    event.colleagues.add(bob)
    return event


def guest(event, owner, **facts):
    came = facts.pop("came", None)
    return InvitationFactory(event=event, partner=PartnerFactory(owner=owner, **facts), came=came)


def page(client, event):
    return client.get(event.get_absolute_url())


def send(client, name, event, **form):
    return client.post(reverse(name, args=[event.pk]), form)


def actions():
    return list(Recorded.objects.order_by("pk").values_list("action", flat=True))


def valid(today, **changed):
    form = {"kind": "class", "name": "Loan basics", "day": today.isoformat(), "invited": "public"}
    return form | changed


# --- adding and changing ---------------------------------------------------------------------


def test_an_event_is_planned_once_however_often_one_clicks(sign_in, alice, bob, today):
    client = sign_in(alice)
    form = client.get("/events/new/").context["form"]
    sent = valid(today, key=form["key"].value(), officer=alice.pk, colleagues=[bob.pk])
    first, second = client.post("/events/new/", sent), client.post("/events/new/", sent)
    event = Event.objects.get()
    assert first.url == second.url == event.get_absolute_url()
    assert list(event.colleagues.all()) == [bob]
    assert actions() == ["event.added"]


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"invited": "named_few"}, "invited_words", "Say in a few words why these."),
        ({"day": "1989-12-31"}, "day", "Enter a day from 1990 on."),
        ({"day": "2099-01-01"}, "day", "Choose a day within three years."),
        ({"name": "A\0B"}, "name", "Null characters are not allowed."),
        ({"invited": ""}, "invited", "Say whom we invite."),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(
    changed, field, sentence, sign_in, alice, today
):
    answer = sign_in(alice).post("/events/new/", valid(today, officer=alice.pk, **changed))
    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [sentence]}
    assert not Event.objects.exists()


def test_nobody_plans_an_event_of_a_stranger(sign_in, bob, alice, today):
    answer = sign_in(bob).post("/events/new/", valid(today, officer=alice.pk))
    assert answer.context["form"].errors.keys() == {"officer"}


def test_the_day_stays_once_somebody_was_logged(sign_in, alice, party, today):
    guest(party, alice, came=True)
    client = sign_in(alice)
    send(client, "event_log", party)
    form = valid(today, name="Party", day=(today - timedelta(days=1)).isoformat())
    answer = client.post(reverse("event_edit", args=[party.pk]), form)
    assert answer.context["form"].errors == {"day": ["People were logged for this day already."]}
    party.refresh_from_db()
    assert (party.day, party.name) == (today, "Spring party")


def test_an_event_is_cancelled_and_kept(sign_in, alice, party):
    client = sign_in(alice)
    for _ in range(2):
        send(client, "event_cancel", party)
    assert "Cancelled" in client.get("/events/").text
    assert send(client, "event_invite", party, partner=[1]).url == party.get_absolute_url()
    assert send(client, "event_log", party).status_code == 422
    bring_back(actor=alice, event=party)
    assert actions() == ["event.cancelled", "event.changed"]
    party.refresh_from_db()
    assert party.cancelled_at is None


def test_an_event_that_took_place_is_not_cancelled(sign_in, alice, party):
    guest(party, alice, came=True)
    client = sign_in(alice)
    send(client, "event_log", party)
    answer = client.post(reverse("event_cancel", args=[party.pk]), follow=True)
    assert "an event that took place is not cancelled" in answer.text
    party.refresh_from_db()
    assert party.cancelled_at is None


# --- who sees what ----------------------------------------------------------------------------


def test_a_colleague_sees_the_event_and_of_others_guests_their_number(sign_in, alice, bob, party):
    guest(party, alice, last_name="Ofalice", came=True)
    guest(party, bob, last_name="Ofbob")
    text = page(sign_in(bob), party).text
    assert "Ofbob" in text
    assert "Ofalice" not in text
    assert "And 1 guest of colleagues, of whom 1 came." in text


@pytest.mark.parametrize(
    ("who", "status"),
    [("bob", 200), ("mona", 200), ("ada", 200), ("andy", 200), ("charlie", 404), ("carl", 404)],
)
def test_who_sees_an_event_that_bob_hosts_too(who, status, cast, sign_in, party):
    assert page(sign_in(cast[who]), party).status_code == status
    listed = sign_in(cast[who]).get("/events/").context["page"].rows
    assert listed == ([party] if status == 200 else [])


def test_a_colleague_invites_and_logs_their_own_partners_and_changes_nothing_else(
    sign_in, alice, bob, party
):
    hers, his = guest(party, alice, came=True), guest(party, bob)
    other = PartnerFactory(owner=bob)
    client = sign_in(bob)
    assert send(client, "event_edit", party).status_code == 403
    assert send(client, "event_cancel", party).status_code == 403
    assert client.post(reverse("event_take_off", args=[hers.pk])).status_code == 404
    send(client, "event_invite", party, partner=[other.pk, hers.partner_id])
    guests, came = [hers.pk, his.pk], [his.pk]
    send(client, "event_log", party, guest=guests, came=came, minutes=60)
    assert [row.partner for row in Interaction.objects.all()] == [his.partner]
    hers.refresh_from_db()
    assert (hers.came, hers.interaction) == (True, None)
    assert party.invitations.filter(partner=other).exists()


# --- inviting ---------------------------------------------------------------------------------


def test_a_whole_office_is_one_action(sign_in, alice, bob, party):
    office = CompanyFactory(name="Elm Street Realty")
    mine = [PartnerFactory(owner=alice, company=office) for _ in range(3)]
    PartnerFactory(owner=alice, company=office, do_not_contact_since=date(2026, 1, 1))
    PartnerFactory(owner=bob, company=office)
    PartnerFactory(owner=alice)
    client = sign_in(alice)
    address = f"{reverse('event_invite', args=[party.pk])}?company={office.pk}"
    text = client.get(address).text
    assert "all of Elm Street Realty with whom you work" in text
    assert "1 partner who fits asked us to stop" in text
    for _ in range(2):
        send(client, "event_invite", party, company=office.pk)
    assert [row.partner for row in party.invitations.all()] == mine
    assert actions() == ["event.invited"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Cpa", "Dallas", "Tagged"]),
        ("q=dal", ["Dallas"]),
        ("partner_type=cpa", ["Cpa"]),
        ("city=dallas", ["Dallas"]),
        ("tag={tag}", ["Tagged"]),
        ("tier=maintenance", ["Cpa", "Dallas", "Tagged"]),
        ("company=99999", []),
    ],
)
def test_one_chooses_by_who_people_are(query, found, sign_in, alice, party):
    tag = TagFactory()
    PartnerFactory(owner=alice, last_name="Cpa", partner_type="cpa")
    PartnerFactory(owner=alice, last_name="Dallas", city="Dallas")
    PartnerFactory(owner=alice, last_name="Tagged").tags.add(tag)
    address = reverse("event_invite", args=[party.pk])
    answer = sign_in(alice).get(f"{address}?{query.format(tag=tag.pk)}")
    assert [partner.last_name for partner in answer.context["page"].rows] == found


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"do_not_contact_since": date(2026, 1, 1)}, "asked us to stop and cannot be invited."),
        ({"stepping_away_since": date(2026, 1, 1)}, "is left in peace and cannot be invited."),
        ({"archived_at": timezone.now()}, "is archived and cannot be invited."),
    ],
)
def test_who_is_left_in_peace_is_not_invited(facts, sentence, sign_in, alice, party):
    silent = PartnerFactory(owner=alice, first_name="Sue", last_name="Silent", **facts)
    client = sign_in(alice)
    address = reverse("event_invite", args=[party.pk])
    assert silent not in client.get(address).context["page"].rows
    answer = client.post(address, {"partner": [silent.pk]}, follow=True)
    assert f"Sue Silent {sentence}" in answer.text
    assert not party.invitations.exists()


def test_who_asks_us_to_stop_after_being_invited_is_not_to_be_reminded(sign_in, alice, party):
    row = guest(party, alice)
    client = sign_in(alice)
    words = "asked us to stop: do not expect a reminder"
    assert words not in page(client, party).text
    Partner.objects.update(do_not_contact_since=date(2026, 1, 1))
    assert words in page(client, party).text
    invite = client.get(reverse("event_invite", args=[party.pk]))
    assert row.partner not in invite.context["page"].rows


def test_somebody_who_was_put_on_the_list_by_mistake_comes_off(sign_in, alice, party):
    row = guest(party, alice)
    sign_in(alice).post(reverse("event_take_off", args=[row.pk]))
    assert not party.invitations.exists()
    assert actions() == ["event.uninvited"]


# --- who came, and the log --------------------------------------------------------------------


def test_one_action_logs_everybody_who_came_once(sign_in, alice, party, today):
    first, second, absent = [guest(party, alice) for _ in range(3)]
    client = sign_in(alice)
    guests, came = [first.pk, second.pk, absent.pk], [first.pk, second.pk]
    form = {"guest": guests, "came": came, "minutes": 121}
    answers = [send(client, "event_log", party, **form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    rows = Interaction.objects.order_by("pk")
    assert [row.partner for row in rows] == [first.partner, second.partner]
    assert [row.minutes for row in rows] == [61, 60]
    for row in rows:
        facts = (row.kind, row.direction, row.purpose, row.day, row.note, row.officer)
        assert facts == ("event", "out", "relationship", today, "Spring party", alice)
    absent.refresh_from_db()
    assert absent.came is False
    assert actions().count("event.logged") == 1


def test_late_comers_get_theirs_later_and_cost_no_more_time(sign_in, alice, party):
    guest(party, alice, came=True)
    client = sign_in(alice)
    assert page(client, party).context["guests"].minutes == 120
    send(client, "event_log", party, minutes=120)
    late = PartnerFactory(owner=alice)
    send(client, "event_walk_in", party, partner=[late.pk])
    guests = page(client, party).context["guests"]
    assert (guests.minutes, guests.to_log) == (0, 1)
    send(client, "event_log", party, minutes=0)
    assert list(late.interactions.values_list("kind", "minutes")) == [("event", 0)]
    assert Interaction.objects.count() == 2


def test_an_interaction_that_is_removed_can_be_logged_again(sign_in, alice, party):
    row = guest(party, alice, came=True)
    client = sign_in(alice)
    send(client, "event_log", party)
    Interaction.objects.get().delete()
    row.refresh_from_db()
    assert (row.came, row.interaction) == (True, None)
    send(client, "event_log", party)
    assert Interaction.objects.count() == 1


def test_who_was_logged_is_not_unticked_here(sign_in, alice, party):
    row = guest(party, alice, last_name="Logged", came=True)
    client = sign_in(alice)
    send(client, "event_log", party)
    answer = send(client, "event_came", party, guest=[row.pk])
    assert answer.status_code == 422
    assert "remove the interaction on the partner’s page first" in answer.text
    row.refresh_from_db()
    assert row.came is True


def test_who_was_invited_meanwhile_is_left_as_they_are(sign_in, alice, party):
    """A page that was open before does not say that they stayed away."""
    shown, later = guest(party, alice), guest(party, alice)
    send(sign_in(alice), "event_came", party, guest=[shown.pk])
    assert [row.came for row in (shown, later) if not row.refresh_from_db()] == [False, None]


def test_who_walked_in_and_was_not_there_after_all_is_gone(sign_in, alice, party):
    client = sign_in(alice)
    send(client, "event_walk_in", party, partner=[PartnerFactory(owner=alice).pk])
    row = Invitation.objects.get()
    assert (row.came, row.walked_in) == (True, True)
    send(client, "event_came", party, guest=[row.pk])
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("name", ["event_log", "event_came", "event_walk_in"])
def test_an_event_to_come_is_not_logged(name, sign_in, alice, rita, today):
    event = EventFactory(officer=alice, day=today + timedelta(days=1))
    row = InvitationFactory(event=event, partner=rita)
    form = {"guest": [row.pk], "came": [row.pk], "partner": [rita.pk]}
    answer = send(sign_in(alice), name, event, **form)
    assert answer.status_code == 422
    sentences = {"event_log": "This day lies in the future."}
    assert sentences.get(name, "This event has not been yet.") in answer.text
    row.refresh_from_db()
    assert (row.came, Interaction.objects.count()) == (None, 0)


def test_an_event_of_long_ago_is_not_logged(sign_in, alice):
    event = EventFactory(officer=alice, day=date(1980, 1, 1))
    answer = send(sign_in(alice), "event_log", event)
    assert "Enter a day from 1990 on." in answer.text


@pytest.mark.parametrize(
    ("kind", "logged"),
    [
        ("class", "class"),
        ("lunch_and_learn", "class"),
        ("open_house", "open_house"),
        ("game", "event"),
        ("fundraiser", "event"),
    ],
)
def test_each_kind_of_event_is_logged_as_its_kind_of_contact(kind, logged):
    assert kind_logged(Event(kind=kind)) == logged


def test_the_ledger_line_begins_with_who_came_and_no_amount(sign_in, alice, bob, party):
    came = guest(party, alice, came=True)
    guest(party, alice), guest(party, bob, came=True)
    client = sign_in(alice)
    first, second = send(client, "event_ledger", party), send(client, "event_ledger", party)
    assert first.url == second.url
    assert "Spring party" in client.get(first.url).text
    draft = alice.ledger_drafts.get()
    assert draft.source == f"event:{party.key}"
    assert (draft.said["kind"], draft.said["partners"]) == ("event_place", [came.partner_id])
    assert "cost" not in draft.said
    send(sign_in(bob), "event_ledger", party)
    assert bob.ledger_drafts.count() == 1


# --- lists ------------------------------------------------------------------------------------


def test_what_comes_stands_first_and_then_what_was(sign_in, alice, today):
    days = [-40, 3, -2, 30, 0]
    for ago in days:
        EventFactory(officer=alice, day=today + timedelta(days=ago))
    rows = sign_in(alice).get("/events/").context["page"].rows
    assert [(event.day - today).days for event in rows] == [0, 3, 30, -2, -40]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("when=past", ["Old"]),
        ("kind=game", ["Game"]),
        ("officer={bob}", ["Shared"]),
        ("kind=gold", []),
    ],
)
def test_the_list_is_narrowed(query, names, sign_in, mona, alice, bob, today):
    EventFactory(officer=alice, name="Old", day=today - timedelta(days=1))
    EventFactory(officer=alice, name="Game", kind="game")
    EventFactory(officer=alice, name="Shared").colleagues.add(bob)
    answer = sign_in(mona).get(f"/events/?{query.format(bob=bob.pk)}")
    assert [event.name for event in answer.context["page"].rows] == names


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_take_the_same_queries_whatever_their_rows(
    rows, sign_in, alice, party, django_assert_num_queries
):
    for _ in range(rows):
        guest(party, alice, company=CompanyFactory(), came=True)
        PartnerFactory(owner=alice, company=CompanyFactory())
        EventFactory(officer=alice)
    client = sign_in(alice)
    with django_assert_num_queries(4):
        client.get("/events/")
    with django_assert_num_queries(7):
        page(client, party)
    with django_assert_num_queries(9):
        client.get(reverse("event_invite", args=[party.pk]))


def test_long_names_and_single_names_stand_on_the_pages(sign_in, alice):
    event = EventFactory(officer=alice, name="E" * 120)
    guest(event, alice, first_name="", last_name="L" * 60)
    client = sign_in(alice)
    assert "L" * 60 in page(client, event).text
    assert "E" * 120 in client.get("/events/").text
