"""The desk of compliance: trays, answers, releases, rules and the statement."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from audit.models import Event
from ledger import desk_services
from ledger.models import Approval, Release, RulesVersion, Statement
from ledger.rules import Rules
from tests.factories import GrantFactory, PartnerFactory
from tests.ledger.desk_rows import OFTEN, RAFFLE, a_draft, a_line, reversal

pytestmark = pytest.mark.django_db

BLOCK = {"code": "cash", "level": "block", "text": "Cash is never given."}


def actions():
    return list(Event.objects.order_by("id").values_list("action", flat=True))


def tray(client, name):
    answer = client.get(f"/ledger/desk/?show={name}")
    desk = answer.context["desk"]
    assert desk.open_tray.name == name
    assert desk.open_tray.count == len(desk.page.rows)
    return [row.pk for row in desk.page.rows], answer.text


def test_lines_wait_until_somebody_answers_or_they_are_reversed(sign_in, alice, carl, rita):
    now = timezone.now()
    a_line(alice, rita)
    waits = a_line(alice, rita, findings=[OFTEN])
    reversal(a_line(alice, rita, findings=[OFTEN]))
    asked, fine = (a_line(alice, rita, findings=[OFTEN]) for _ in range(2))
    for line, given in [(fine, "questioned"), (asked, "questioned"), (fine, "approved")]:
        desk_services.answer(actor=carl, line=line, answer=given, note="Why three?", now=now)
    client = sign_in(carl)
    rows, text = tray(client, "waiting")
    assert rows == [waits.pk]
    assert OFTEN["text"] in text
    assert "Rita Rowe" in text
    rows, text = tray(client, "questioned")
    assert rows == [asked.pk]
    assert "Why three?" in text


def test_drafts_are_held_until_they_are_released(sign_in, alice, carl, rita):
    said = {"description": "A grill, drawn at the party", "partners": [rita.pk], "kind": "gift"}
    held = a_draft(alice, findings=[RAFFLE, BLOCK], said=said)
    a_draft(alice, findings=[BLOCK])
    a_draft(alice, findings=[RAFFLE], discarded_at=timezone.now())
    client = sign_in(carl)
    rows, text = tray(client, "held")
    assert rows == [held.pk]
    for words in [RAFFLE["text"], "A grill, drawn at the party", "Rita Rowe", "Gift"]:
        assert words in text
    answer = client.post(f"/ledger/drafts/{held.pk}/release/", {"check_code": "raffle"})
    assert answer.status_code == 422
    # What is blocked is never released.
    cash = {"check_code": "cash", "reason": "Please"}
    assert client.post(f"/ledger/drafts/{held.pk}/release/", cash).status_code == 422
    form = {"check_code": "raffle", "reason": "Open to all of the town"}
    for _ in range(2):
        assert client.post(f"/ledger/drafts/{held.pk}/release/", form).status_code == 302
    release = Release.objects.get()
    assert (release.check_code, release.reason, release.released_by) == (
        "raffle",
        "Open to all of the town",
        carl,
    )
    assert tray(client, "held")[0] == []
    assert actions() == ["ledger.released"]


def test_words_of_referrals_are_seen_after_they_are_reworded(sign_in, alice, carl, rita):
    now = timezone.now()
    flagged = {"flagged_at": now, "flagged_words": "Thanks for the three referrals"}
    draft = a_draft(alice, **flagged, said={"purpose": "Lunch"}, entered_at=now)
    a_line(alice, rita, draft=draft, purpose="A talk about the spring market")
    a_draft(alice, said={"purpose": "Nothing of the kind"})
    rows, text = tray(sign_in(carl), "words")
    assert rows == [draft.pk]
    assert "Thanks for the three referrals" in text
    assert "A talk about the spring market" in text


@pytest.mark.parametrize("lines", [1, 3])
@pytest.mark.parametrize("show", ["waiting", "held"])
def test_the_desk_asks_a_fixed_number_of_queries(
    show, lines, sign_in, alice, carl, django_assert_num_queries
):
    for _ in range(lines):
        partner = PartnerFactory(owner=alice)
        a_line(alice, partner, findings=[OFTEN])
        a_draft(alice, findings=[RAFFLE], said={"partners": [partner.pk]})
    client = sign_in(carl)
    client.get("/ledger/desk/")
    with django_assert_num_queries({"waiting": 13, "held": 14}[show]):
        client.get(f"/ledger/desk/?show={show}")


def test_an_answer_against_a_check_needs_words_and_is_written_once(sign_in, alice, carl, rita):
    line = a_line(alice, rita, findings=[OFTEN])
    client, url = sign_in(carl), f"/ledger/lines/{line.pk}/answer/"
    for given in ["approved", "questioned", "maybe"]:
        assert client.post(url, {"answer": given}).status_code == 422
    for _ in range(2):
        form = {"answer": "approved", "note": "Four classes for all of the office"}
        assert client.post(url, form).status_code == 302
    given = Approval.objects.get()
    assert (given.answer, given.given_by) == ("approved", carl)
    client.post(url, {"answer": "questioned", "note": "Who came?"})
    assert list(Approval.objects.values_list("answer", flat=True)) == ["approved", "questioned"]
    assert actions() == ["ledger.approved", "ledger.questioned"]


def test_a_line_without_findings_is_approved_without_words(sign_in, alice, carl, rita):
    line = a_line(alice, rita)
    answer = sign_in(carl).post(f"/ledger/lines/{line.pk}/answer/", {"answer": "approved"})
    assert answer.status_code == 302
    assert line.approvals.get().note == ""


def test_nobody_answers_for_their_own(sign_in, alice, bob, rita):
    """A person with both grants: as the officer of a line, or as who entered it."""
    GrantFactory(user=alice, role="compliance")
    now = timezone.now()
    own = a_line(alice, rita, findings=[OFTEN])
    entered = a_line(bob, findings=[OFTEN], entered_by=alice)
    draft = a_draft(bob, findings=[RAFFLE], made_by=alice)
    client = sign_in(alice)
    for line in [own, entered]:
        assert "ask a colleague" in client.get(f"/ledger/lines/{line.pk}/answer/").text
        form = {"answer": "approved", "note": "Fine"}
        assert client.post(f"/ledger/lines/{line.pk}/answer/", form).status_code == 403
    form = {"check_code": "raffle", "reason": "Fine"}
    assert client.post(f"/ledger/drafts/{draft.pk}/release/", form).status_code == 403
    with pytest.raises(PermissionDenied):
        desk_services.answer(actor=alice, line=own, answer="approved", note="x", now=now)
    assert not Approval.objects.exists()
    assert not Release.objects.exists()


def rules_form(**fields):
    return {
        "most_times": 4,
        "times_days": 90,
        "referral_days": 14,
        "late_days": 10,
        "benchmark_times": "1.25",
        "on": ["cash", "raffle"],
        "after": 0,
    } | fields


def test_the_yearly_limit_is_asked_for_until_it_is_set(sign_in, carl):
    client = sign_in(carl)
    asked = "a company limit, not a legal safe harbor"
    assert asked in client.get("/ledger/desk/").text
    assert client.post("/ledger/rules/", rules_form(yearly_cap="250")).status_code == 302
    assert asked not in client.get("/ledger/desk/").text
    rules = Rules.from_dict(RulesVersion.objects.get().rules)
    assert (rules.yearly_cap, rules.is_on("cash"), rules.is_on("often")) == (250, True, False)
    # Nobody switches these off.
    assert rules.is_on("required")
    assert "Carl Cooper" in client.get("/ledger/rules/").text


def test_rules_are_published_once_and_not_over_somebody_elses(sign_in, carl):
    client = sign_in(carl)
    for _ in range(2):
        assert client.post("/ledger/rules/", rules_form(late_days=5)).status_code == 302
    assert client.post("/ledger/rules/", rules_form(late_days=6)).status_code == 422
    assert client.post("/ledger/rules/", rules_form(late_days=6, after=1)).status_code == 302
    versions = RulesVersion.objects.values_list("number", "rules__late_days", "published_by")
    assert list(versions) == [(1, 5, carl.pk), (2, 6, carl.pk)]
    assert actions() == ["ledger.rules_published"] * 2


@pytest.mark.parametrize(
    "wrong",
    [{"most_times": 0}, {"late_days": ""}, {"benchmark_times": "0.5"}, {"yearly_cap": "-1"}],
)
def test_rules_that_make_no_sense_are_refused(wrong, sign_in, carl):
    assert sign_in(carl).post("/ledger/rules/", rules_form(**wrong)).status_code == 422
    assert not RulesVersion.objects.exists()


def test_a_new_statement_leaves_old_lines_theirs(sign_in, alice, carl, rita):
    line = a_line(alice, rita)
    client = sign_in(carl)
    form = {"text": "Given freely, for nothing.", "after": 1}
    for _ in range(2):
        assert client.post("/ledger/statement/", form).status_code == 302
    line.refresh_from_db()
    assert (line.statement.number, line.statement.text) == (1, "Not for referrals.")
    newest = Statement.objects.order_by("number").last()
    assert (newest.number, newest.text, newest.published_by) == (
        2,
        "Given freely, for nothing.",
        carl,
    )
    assert actions() == ["ledger.statement_published"]


def test_holds_name_one_thing_and_stand_at_the_line(sign_in, alice, carl, rita):
    line = a_line(alice, rita)
    client = sign_in(carl)
    wrong = [{}, {"officer": alice.pk, "line": line.pk}, {"line": line.pk + 999}]
    for form in [*wrong, {"recipient": "nobody"}, {"everything": "on", "reason": ""}]:
        assert client.post("/ledger/holds/", {"reason": "Matter 7"} | form).status_code == 422
    form = {"recipient": rita.key, "reason": "Matter 7"}
    assert client.post("/ledger/holds/", form).status_code == 302
    assert "All lines of the recipient Rita Rowe" in client.get("/ledger/holds/").text
    assert "Matter 7" in client.get(f"/ledger/lines/{line.pk}/answer/").text


def test_who_is_of_compliance_alone_begins_at_the_desk(sign_in, carl):
    answer = sign_in(carl).get("/")
    assert (answer.status_code, answer.url) == (302, "/ledger/desk/")


def test_who_has_partners_or_another_grant_too_begins_with_today(sign_in, alice, carl):
    GrantFactory(user=alice, role="compliance")
    assert sign_in(alice).get("/").status_code == 200
    PartnerFactory(owner=carl)
    assert sign_in(carl).get("/").status_code == 200


def test_a_line_long_ago_can_be_answered(sign_in, alice, carl):
    day = alice.today(timezone.now()) - timedelta(days=400)
    line = a_line(alice, day=day, description="x" * 300)
    assert "x" * 300 in sign_in(carl).get(f"/ledger/lines/{line.pk}/answer/").text
