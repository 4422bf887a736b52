"""Co-branded pieces: both sides and what they come to, the papers, the timelines, the ledger."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from audit.models import Event as Recorded
from files.models import StoredFile
from gratitude.models import Piece
from tests.factories import (
    EventFactory,
    InvitationFactory,
    PartnerFactory,
    PieceFactory,
    PieceSideFactory,
)


@pytest.fixture
def today(alice):
    return alice.today(timezone.now())


@pytest.fixture
def postcard(rita):
    """Alice's with Rita: half and half of $600."""
    return PieceSideFactory(partner=rita).piece


def form_of(today, *partners, **changed):
    """Half is ours; the other half is shared by the partners."""
    form = {"kind": "flyer", "name": "Flyer", "starts_on": today, "total_cost": "100"}
    form |= {"our_part": "Text", "our_share": "50", "our_cost": "50"}
    for partner in partners:
        side = f"side-{partner.pk}"
        each = Decimal(50) / len(partners)
        form |= {f"{side}-part": "Print", f"{side}-share": each, f"{side}-cost": each}
    return form | changed


def new(*partners):
    return f"/co-marketing/new/?{'&'.join(f'partner={partner.pk}' for partner in partners)}"


def pdf(name="agreement.pdf", content=b"%PDF-1.7\n%%EOF"):
    return SimpleUploadedFile(name, content)


def test_a_piece_is_written_once_with_all_its_sides(sign_in, alice, rita, today):
    other = PartnerFactory(owner=alice)
    client = sign_in(alice)
    address = new(rita, other)
    key = client.get(address).context["form"]["key"].value()
    form = form_of(today, rita, other, key=key, officer=alice.pk)
    first, second = client.post(address, form), client.post(address, form)
    assert first.url == second.url
    piece = Piece.objects.get()
    assert {side.partner for side in piece.sides.all()} == {rita, other}
    assert [side.share for side in piece.sides.all()] == [25, 25]
    assert list(Recorded.objects.values_list("action", flat=True)) == ["piece.added"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"our_share": "40"}, "The shares of the piece come to 90 %, not 100 %: 10 % is missing."),
        ({"our_cost": "20"}, "What the sides pay comes to $70, not $100: $30 is missing."),
        ({"our_cost": "120"}, "We cannot pay more than the whole piece costs."),
        ({"our_cost": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"ends_on": "2020-01-01"}, "It cannot end before it begins."),
        ({"starts_on": "0001-01-01"}, "Enter a day from 1990 to 2100."),
        ({"name": "A\0"}, "Null characters are not allowed."),
    ],
)
def test_what_does_not_add_up_is_refused_with_a_sentence(
    changed, sentence, sign_in, alice, rita, today
):
    form = form_of(today, rita, officer=alice.pk, **changed)
    answer = sign_in(alice).post(new(rita), form)
    assert answer.status_code == 422
    assert [text for texts in answer.context["form"].errors.values() for text in texts] == [
        sentence
    ]
    assert not Piece.objects.exists()


def test_a_piece_is_made_with_partners_with_whom_one_works(sign_in, alice, bob, rita):
    answer = sign_in(bob).get(new(rita))
    assert "With whom?" in answer.text
    assert "Rita Rowe" not in answer.text


def test_a_side_is_added_and_taken_out(sign_in, alice, rita, postcard, today):
    other = PartnerFactory(owner=alice)
    client = sign_in(alice)
    address = reverse("piece_edit", args=[postcard.pk])
    form = form_of(today, rita, other, out=[rita.pk], our_share="75", our_cost="75")
    assert client.post(f"{address}?partner={other.pk}", form).status_code == 302
    assert [side.partner for side in postcard.sides.all()] == [other]
    answer = client.post(address, form_of(today, other, out=[other.pk]))
    assert "needs at least one partner" in answer.text


def test_a_side_of_a_colleagues_partner_counts_and_stays_unnamed(
    sign_in, alice, bob, postcard, today
):
    hidden = PieceSideFactory(
        piece=postcard, partner=PartnerFactory(owner=bob, last_name="Secret"), share=25, cost=25
    )
    client = sign_in(alice)
    text = client.get(postcard.get_absolute_url()).text
    assert "A partner of a colleague" in text
    assert "Secret" not in text
    [seen] = postcard.sides.exclude(pk=hidden.pk)
    form = form_of(today, seen.partner, our_share="25", our_cost="25")
    assert client.post(reverse("piece_edit", args=[postcard.pk]), form).status_code == 302
    hidden.refresh_from_db()
    assert (hidden.share, postcard.sides.count()) == (25, 2)


def test_a_live_piece_ends_today_and_one_to_come_is_called_off(sign_in, alice, postcard, today):
    later = PieceFactory(officer=alice, starts_on=today + timedelta(days=3))
    client = sign_in(alice)
    for piece in [postcard, later, later]:
        client.post(reverse("piece_end", args=[piece.pk]))
    postcard.refresh_from_db()
    later.refresh_from_db()
    assert (postcard.ends_on, later.ends_on) == (today, None)
    assert later.called_off_at
    assert Recorded.objects.filter(action="piece.ended").count() == 2


@pytest.mark.parametrize(
    ("state", "names"),
    [
        ("", ["Coming", "Live", "Off", "Over"]),
        ("live", ["Live"]),
        ("to_come", ["Coming"]),
        ("ended", ["Off", "Over"]),
        ("gold", []),
    ],
)
def test_the_list_is_narrowed_by_state(state, names, sign_in, alice, today):
    day = timedelta(days=1)
    PieceFactory(officer=alice, name="Coming", starts_on=today + day)
    PieceFactory(officer=alice, name="Live", ends_on=today)
    PieceFactory(officer=alice, name="Off", called_off_at=timezone.now())
    PieceFactory(officer=alice, name="Over", starts_on=today - day, ends_on=today - day)
    lines = sign_in(alice).get(f"/co-marketing/?state={state}").context["lines"]
    assert sorted(line.piece.name for line in lines) == names


def test_what_is_missing_is_a_to_do_until_it_is_attached(sign_in, alice, postcard):
    client = sign_in(alice)
    address = postcard.get_absolute_url()
    assert len(client.get(address).context["to_do"]) == 2
    for what in ["agreement", "payment"]:
        client.post(reverse("piece_file_add", args=[postcard.pk]), {"what": what, "upload": pdf()})
    assert client.get(address).context["to_do"] == []
    assert [file.what for file in postcard.piece_files.all()] == ["agreement", "payment"]
    last = Recorded.objects.filter(action="piece.file_added").last()
    assert last.detail == {"what": "payment"}


def test_paying_over_our_share_is_said(sign_in, alice, postcard):
    Piece.objects.update(our_cost=400)
    assert "We pay more of the cost than our share" in (
        sign_in(alice).get(postcard.get_absolute_url()).text
    )


@pytest.mark.parametrize("content", [b"", b"MZ\x90 a program"])
def test_a_paper_that_is_none_is_refused(content, sign_in, alice, postcard):
    upload = pdf(content=content)
    address = reverse("piece_file_add", args=[postcard.pk])
    answer = sign_in(alice).post(address, {"what": "copy", "upload": upload})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"upload"}
    assert not postcard.piece_files.exists()


def test_a_paper_comes_as_it_was_attached_to_who_sees_the_piece(sign_in, alice, bob, postcard):
    client = sign_in(alice)
    client.post(
        reverse("piece_file_add", args=[postcard.pk]), {"what": "agreement", "upload": pdf()}
    )
    address = reverse("piece_file", args=[postcard.piece_files.get().pk])
    answer = client.get(address)
    assert answer.content == b"%PDF-1.7\n%%EOF"
    assert answer["Content-Disposition"].startswith("attachment")
    assert sign_in(bob).get(address).status_code == 404


def test_a_paper_that_was_attached_by_mistake_goes_with_its_bytes(sign_in, alice, postcard):
    client = sign_in(alice)
    form = {"what": "copy", "upload": pdf()}
    client.post(reverse("piece_file_add", args=[postcard.pk]), form)
    client.post(reverse("piece_file_remove", args=[postcard.piece_files.get().pk]))
    assert not postcard.piece_files.exists()
    assert not StoredFile.objects.exists()


def test_the_ledger_line_begins_with_both_shares(sign_in, alice, rita, postcard):
    client = sign_in(alice)
    address = reverse("piece_ledger", args=[postcard.pk])
    assert client.post(address).url == client.post(address).url
    said = alice.ledger_drafts.get().said
    assert {name: said[name] for name in ["kind", "cost", "share_of_piece", "share_of_cost"]} == {
        "kind": "marketing",
        "cost": "300.00",
        "share_of_piece": "50.00",
        "share_of_cost": "50.00",
    }
    assert said["partners"] == [rita.pk]


def test_pieces_and_events_stand_on_the_timeline_without_amounts(
    sign_in, alice, rita, postcard, today
):
    event = EventFactory(officer=alice, name="Spring party", day=today - timedelta(days=1))
    InvitationFactory(event=event, partner=rita, came=False)
    answer = sign_in(alice).get(rita.get_absolute_url())
    entries = {entry.type: entry for entry in answer.context["timeline"].entries}
    assert entries["event"].title == "Invited to Spring party"
    assert entries["event"].meta == "Client event · Did not come"
    assert entries["event"].href == event.get_absolute_url()
    assert entries["piece"].title == f"Co-marketing: {postcard.name}"
    assert "$" not in entries["piece"].meta
    assert "600" not in entries["piece"].meta


def test_the_timeline_links_only_to_what_one_may_open(sign_in, bob, alice, rita, postcard):
    InvitationFactory(event=EventFactory(officer=alice), partner=rita)
    rita.owner = bob
    rita.save()
    entries = sign_in(bob).get(rita.get_absolute_url()).context["timeline"].entries
    links = {entry.type: entry.href for entry in entries if entry.type in {"event", "piece"}}
    assert links == {"event": "", "piece": ""}


def test_today_tells_of_the_events_of_the_next_week(sign_in, alice, bob, today):
    for name, owner, days in [
        ("Tomorrow", alice, 1),
        ("In a week", alice, 7),
        ("Later", alice, 8),
        ("Yesterday", alice, -1),
        ("Only Bob’s", bob, 1),
        ("Cancelled", alice, 1),
    ]:
        EventFactory(officer=owner, name=name, day=today + timedelta(days=days))
    alice.events.filter(name="Cancelled").update(cancelled_at=timezone.now())
    PartnerFactory(owner=alice)
    answer = sign_in(alice).get("/")
    assert [event.name for event in answer.context["day"].events] == ["Tomorrow", "In a week"]
    assert "Events this week" in answer.text


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_take_the_same_queries_whatever_their_rows(
    rows, sign_in, alice, postcard, django_assert_num_queries
):
    for _ in range(rows):
        PieceFactory(officer=alice)
        PieceSideFactory(piece=postcard, partner=PartnerFactory(owner=alice))
    client = sign_in(alice)
    with django_assert_num_queries(4):
        client.get("/co-marketing/")
    with django_assert_num_queries(7):
        client.get(postcard.get_absolute_url())
