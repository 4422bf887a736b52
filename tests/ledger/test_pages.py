"""The ledger's pages as an officer, and those who work for one, use them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from files.models import MOST_BYTES, StoredFile
from ledger import services
from ledger.models import Approval, Draft, Line, Statement
from ledger.rules import FIRST_STATEMENT
from tests.factories import PartnerFactory, ReferralFactory
from tests.ledger.lines import draft_of, line_of, said
from tests.ledger.test_entering import receipt


@pytest.fixture
def as_alice(sign_in, alice):
    return sign_in(alice)


def text_of(answer):
    return " ".join(answer.content.decode().split())


def new(alice, partners, **fields):
    return said(partners, officer=alice.pk, key=uuid4(), **fields)


def test_line_is_entered_from_the_first_page_once(as_alice, alice, rita):
    form = new(alice, [rita], enter="1")

    answers = [as_alice.post("/ledger/new/", form | {"receipts": [receipt()]}) for _ in range(2)]

    line = Line.objects.get()
    assert {(one.status_code, one.url) for one in answers} == {(302, line.get_absolute_url())}
    assert line.files.get().name == "receipt.pdf"


def test_line_is_kept_changed_and_entered(as_alice, alice, rita):
    as_alice.post("/ledger/new/", {"officer": alice.pk, "key": uuid4(), "way": "given"})
    draft = Draft.objects.get()
    page = draft.get_absolute_url()

    as_alice.post(page, said([rita], cost="30"))
    shown = text_of(as_alice.get(page))
    answer = as_alice.post(f"{page}enter/", said([rita], cost="50"))

    assert "That is $15 a head, for 2 people." in shown
    assert (answer.status_code, Line.objects.get().cost) == (302, 50)
    assert as_alice.get(page).url == Line.objects.get().get_absolute_url()


def test_form_shows_the_whole_statement_above_the_name(as_alice):
    shown = text_of(as_alice.get("/ledger/new/"))

    assert shown.index(FIRST_STATEMENT) < shown.index('name="stated_name"')


def test_form_begins_with_the_partner_of_the_address(as_alice, rita, charlie):
    strange = PartnerFactory(owner=charlie, last_name="Strange")

    for partner, is_there in [(rita, True), (strange, False)]:
        shown = text_of(as_alice.get(f"/ledger/new/?partner={partner.pk}"))
        assert (f'<option value="{partner.pk}" selected' in shown) == is_there


def test_refused_line_comes_back_with_sentences_that_lead_to_their_fields(as_alice, alice, rita):
    answer = as_alice.post(
        "/ledger/new/", new(alice, [rita], kind="cash", stated_name="", enter="1")
    )

    shown = text_of(answer)
    assert answer.status_code == 422
    assert '<a href="#id_kind">The company gives and takes no cash' in shown
    assert '<a href="#id_stated_name">Type your name under the statement.</a>' in shown
    assert 'id="id_stated_name"' in shown
    assert not Line.objects.exists()


def test_what_cannot_be_read_is_told_and_nothing_is_kept(as_alice, alice, rita):
    draft = draft_of(alice, [rita])

    for wrong in [{"cost": "ten"}, {"day": "soon"}, {"attendees": "0"}, {"partners": ["x"]}]:
        answer = as_alice.post(draft.get_absolute_url(), said([rita]) | wrong)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == list(wrong)
    assert Draft.objects.get().said == draft.said


def test_new_statement_is_to_be_confirmed_anew(as_alice, alice, rita):
    draft = draft_of(alice, [rita])
    Statement.objects.create(number=2, text="The newer words", published_at=timezone.now())

    answer = as_alice.post(f"{draft.get_absolute_url()}enter/", said([rita]))

    shown = text_of(answer)
    assert (answer.status_code, "The newer words" in shown) == (422, True)
    assert 'name="statement" value="2"' in shown
    assert not answer.context["form"]["stated"].value()


def test_partner_of_a_stranger_is_not_chosen(as_alice, alice, charlie):
    strange = PartnerFactory(owner=charlie)

    answer = as_alice.post("/ledger/new/", new(alice, [strange]))

    assert (answer.status_code, Draft.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("page.pdf", b"<html><script>alert(1)</script>"),
        SimpleUploadedFile("huge.pdf", b"%PDF-" + b"0" * (MOST_BYTES + 1024 * 1024)),
        SimpleUploadedFile("empty.pdf", b""),
    ],
)
def test_upload_that_we_do_not_keep_is_told(as_alice, alice, rita, upload):
    upload.seek(0)
    answer = as_alice.post("/ledger/new/", new(alice, [rita], receipts=[upload]))

    assert list(answer.context["form"].errors) == ["receipts"]
    assert not StoredFile.objects.exists()


def test_receipt_is_downloaded_by_who_sees_its_line(sign_in, alice, charlie, carl, rita):
    draft = draft_of(alice, [rita])
    upload = receipt("../Lunch\u202e.exe")
    services.save_draft(actor=alice, draft=draft, said={}, uploads=[upload], now=timezone.now())
    services.enter(actor=alice, draft=draft, now=timezone.now())
    page = f"/ledger/files/{StoredFile.objects.get().pk}/"

    found = {user: sign_in(user).get(page) for user in [alice, carl, charlie]}

    assert [answer.status_code for answer in found.values()] == [200, 200, 404]
    assert found[alice]["Content-Disposition"] == 'attachment; filename="Lunch.exe.pdf"'


def test_list_tells_states_and_sums(as_alice, alice, carl, rita):
    late = (timezone.localdate() - timedelta(days=11)).isoformat()
    waiting = line_of(alice, [rita], day=late)
    asked = line_of(alice, [rita], day=late, cost="10")
    note = {"note": "Which class was it?", "given_by": carl, "given_at": timezone.now()}
    Approval.objects.create(line=asked, answer="questioned", **note)
    wrong = line_of(alice, [rita], cost="99")
    services.reverse(actor=alice, line=wrong, reason="Typo", now=timezone.now())

    answer = as_alice.get("/ledger/")

    assert [(row.line.pk, row.state, row.question) for row in answer.context["rows"]] == [
        (wrong.pk + 1, "reversal", ""),
        (wrong.pk, "reversed", ""),
        (asked.pk, "questioned", "Which class was it?"),
        (waiting.pk, "waiting", ""),
    ]
    assert "On this page: 4 lines; given $50.00, received $0.00." in text_of(answer)


def test_list_filters(as_alice, alice, bob, rita):
    day = timezone.localdate() - timedelta(days=5)
    lunch = line_of(alice, [rita])
    ann = {"others": "Ann Lee, Harbor Homes", "attendees": 1}
    gift = line_of(alice, [], kind="gift", day=day.isoformat(), **ann)
    game = line_of(alice, [], kind="ticket", way="received", **ann)
    line_of(bob, [], **ann)

    def found(address):
        rows = as_alice.get(f"/ledger/?{address}").context["rows"]
        return [row.line for row in rows]

    assert found("") == [game, lunch, gift]
    assert found("way=received") == [game]
    assert found("kind=gift") == [gift]
    assert found(f"officer={alice.pk}") == [game, lunch, gift]
    assert found(f"officer={bob.pk}") == []
    assert found(f"first={day}&last={day}") == [gift]
    assert found("person=lee+harbor") == [game, gift]
    assert found(f"key={rita.key}") == [lunch]
    assert found("kind=bribe") == []


@pytest.mark.parametrize("lines", [1, 3])
def test_list_asks_the_same_queries_for_many(
    as_alice, alice, rita, lines, django_assert_num_queries
):
    for number in range(lines):
        line_of(alice, [rita], cost=str(number))
        draft_of(alice, [rita])
    as_alice.get("/ledger/")

    with django_assert_num_queries(9):
        as_alice.get("/ledger/")


def test_list_shows_drafts_to_who_works_on_them(sign_in, alice, andy, ada, carl, rita):
    draft_of(alice, [rita], description="Lunch with Rita")

    found = [len(sign_in(user).get("/ledger/").context["drafts"]) for user in [alice, andy]]
    others = [len(sign_in(user).get("/ledger/").context["drafts"]) for user in [ada, carl]]

    assert (found, others) == ([1, 1], [0, 0])


def test_line_page_holds_what_was_signed(as_alice, alice, rita):
    line = line_of(alice, [rita], discussed="Inventory <b>and</b> rates")
    Statement.objects.create(number=2, text="The newer words", published_at=timezone.now())

    shown = text_of(as_alice.get(line.get_absolute_url()))

    assert FIRST_STATEMENT in shown
    assert "Confirmed as “Alice Abbott”" in shown
    assert "Everybody of a kind in the area" in shown
    assert "Inventory &lt;b&gt;and&lt;/b&gt; rates" in shown
    assert "The newer words" not in shown


def test_line_is_taken_back_with_a_reason_once(as_alice, alice, rita):
    line = line_of(alice, [rita])
    page = f"{line.get_absolute_url()}reverse/"

    assert as_alice.post(page, {"reason": " "}).status_code == 422
    for _ in range(2):
        as_alice.post(page, {"reason": "It was Tuesday"})

    reversal = Line.objects.get(reverses=line)
    assert reversal.reversal_reason == "It was Tuesday"
    assert as_alice.get(f"{reversal.get_absolute_url()}reverse/").status_code == 403
    assert page not in text_of(as_alice.get(line.get_absolute_url()))


def test_form_shows_no_tier_and_no_referral_of_a_partner(as_alice, alice, rita):
    ReferralFactory.create_batch(3, partner=rita, received_at=timezone.now())
    rita.standing.refresh_from_db()
    draft = draft_of(alice, [rita])

    for page in [f"/ledger/new/?partner={rita.pk}", draft.get_absolute_url()]:
        shown = text_of(as_alice.get(page))
        assert "Rita Rowe" in shown
        # But for the statement, which says that it is not for referrals.
        rest = shown.replace(FIRST_STATEMENT, "").split("<main", 1)[1].casefold()
        words = ["maintenance", "cultivation", "cease", "tier", "referral"]
        assert [word for word in words if word in rest] == []
