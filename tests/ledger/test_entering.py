"""Drafts, and entering them: what is written, what is held back, and what is counted."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from audit.models import Event
from files.models import StoredFile
from ledger import services
from ledger.desk_services import release
from ledger.models import Draft, Line, Release, RulesVersion, Statement
from ledger.rules import FIRST_STATEMENT, Rules
from tests.factories import CompanyFactory, PartnerFactory, ReferralFactory
from tests.ledger.lines import draft_of, line_of, said

PDF = b"%PDF-1.7 a receipt"


def receipt(name="receipt.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def codes_of(draft):
    return {finding["code"] for finding in draft.findings}


def publish(**numbers):
    RulesVersion.objects.create(
        number=RulesVersion.objects.count() + 1,
        rules=Rules(**numbers).to_dict(),
        published_at=timezone.now(),
    )


def held_back(officer, draft):
    with pytest.raises(services.HeldBack) as caught:
        services.enter(actor=officer, draft=draft, now=timezone.now())
    return {finding.code for finding in caught.value.findings}


def test_enter_writes_the_line_its_recipients_and_the_signed_statement(alice, rita):
    rita.company = CompanyFactory(name="Keystone Realty")
    rita.save()
    draft = draft_of(alice, [rita], others="Ann Lee, Harbor Homes", attendees=3, cost="100.00")
    services.save_draft(actor=alice, draft=draft, said={}, uploads=[receipt()], now=timezone.now())

    now = timezone.now()
    line = services.enter(actor=alice, draft=draft, now=now)

    line.refresh_from_db()
    assert (line.cost, line.market_value, line.value_a_head) == (100, 100, Decimal("33.33"))
    assert list(line.recipients.values_list("partner_key", "name", "company", "value")) == [
        (rita.key, "Rita Rowe", "Keystone Realty", Decimal("33.34")),
        ("", "Ann Lee", "Harbor Homes", Decimal("33.33")),
    ]
    assert (line.statement.text, line.stated_name, line.stated_at) == (
        FIRST_STATEMENT,
        "Alice Abbott",
        now,
    )
    assert [file.name for file in line.files.all()] == ["receipt.pdf"]
    assert (line.findings, line.officer, line.entered_by) == ([], alice, alice)
    assert list(Event.objects.values_list("action", flat=True)) == [
        "ledger.drafted",
        "ledger.draft_saved",
        "ledger.entered",
    ]


def test_enter_twice_writes_once(alice, rita):
    draft = draft_of(alice, [rita])

    first = services.enter(actor=alice, draft=draft, now=timezone.now())
    second = services.enter(actor=alice, draft=draft, now=timezone.now())

    assert first == second
    assert Line.objects.count() == 1


def test_enter_that_is_held_back_writes_nothing_and_keeps_the_findings(alice, rita):
    draft = draft_of(alice, [rita], kind="cash", stated=False)

    assert held_back(alice, draft) == {"cash", "statement"}

    draft.refresh_from_db()
    assert codes_of(draft) == {"cash", "statement"}
    assert not Line.objects.exists()
    assert Event.objects.filter(action="ledger.held_back").count() == 1


def test_enter_of_a_late_line_waits_for_approval(alice, rita):
    late = timezone.localdate() - timedelta(days=12)

    line = line_of(alice, [rita], day=late.isoformat())

    assert [finding["code"] for finding in line.findings] == ["late"]
    assert list(Line.objects.awaiting_approval()) == [line]


def test_enter_needs_the_release_of_each_check_that_holds(alice, carl, rita):
    draft = draft_of(alice, [rita], is_raffle=True, kind="gift")
    assert held_back(alice, draft) == {"raffle"}

    Release.objects.create(
        draft=draft,
        check_code="raffle",
        reason="Open to the whole town",
        released_by=carl,
        released_at=timezone.now(),
    )
    line = services.enter(actor=alice, draft=draft, now=timezone.now())

    assert [(one["code"], one["released"]) for one in line.findings] == [("raffle", True)]
    assert list(Line.objects.awaiting_approval()) == [line]


def test_a_changed_draft_waits_for_compliance_again(alice, carl, rita):
    """Else one would have a small raffle released and enter a large one."""
    draft = draft_of(alice, [rita], is_raffle=True, kind="gift")
    assert held_back(alice, draft) == {"raffle"}
    release(actor=carl, draft=draft, check_code="raffle", reason="Fine", now=timezone.now())

    services.save_draft(actor=alice, draft=draft, said={"stated_name": "A. A."}, now=timezone.now())
    assert draft.released_checks == {"raffle"}
    services.save_draft(actor=alice, draft=draft, said={"cost": "900"}, now=timezone.now())

    assert held_back(alice, draft) == {"raffle"}
    release(actor=carl, draft=draft, check_code="raffle", reason="Fine too", now=timezone.now())
    assert services.enter(actor=alice, draft=draft, now=timezone.now()).cost == 900


def test_enter_never_takes_a_release_of_cash(alice, carl, rita):
    draft = draft_of(alice, [rita], kind="cash")
    Release.objects.create(
        draft=draft, check_code="cash", reason="No", released_by=carl, released_at=timezone.now()
    )

    assert held_back(alice, draft) == {"cash"}


def test_words_of_referrals_stay_flagged_when_they_are_reworded(alice, rita):
    draft = draft_of(alice, [rita], purpose="Thanks for the referral")
    assert held_back(alice, draft) == {"referral_words"}

    services.save_draft(
        actor=alice, draft=draft, said={"purpose": "Market update"}, now=timezone.now()
    )
    services.enter(actor=alice, draft=draft, now=timezone.now())

    draft.refresh_from_db()
    assert (draft.flagged_words, draft.flagged_at is None) == ("Thanks for the referral", False)


def test_enter_counts_what_stands_for_the_same_recipient(alice, rita):
    for _ in range(4):
        line = line_of(alice, [rita])
    assert line.findings == []

    fifth = line_of(alice, [rita])
    services.reverse(actor=alice, line=fifth, reason="Entered twice", now=timezone.now())
    services.reverse(actor=alice, line=line, reason="Entered twice", now=timezone.now())
    after = line_of(alice, [rita])

    assert [one["code"] for one in fifth.findings] == ["often"]
    assert after.findings == []


def test_enter_counts_for_others_by_name_and_company(alice, rita):
    alone = {"attendees": 1, "others": "Ann Lee, Harbor Homes"}
    for _ in range(4):
        line_of(alice, [], **alone)

    same = line_of(alice, [], **alone | {"others": "ANN LEE, harbor homes"})
    namesake = line_of(alice, [], **alone | {"others": "Ann Lee, Keystone"})

    assert ([one["code"] for one in same.findings], namesake.findings) == (["often"], [])


def test_enter_holds_what_is_above_the_yearly_cap(alice, rita):
    publish(yearly_cap=Decimal(50))
    line = line_of(alice, [rita], cost="60")

    draft = draft_of(alice, [rita], cost="40.02")
    assert held_back(alice, draft) == {"yearly_cap"}
    line_of(alice, [rita], cost="40.00")
    services.reverse(actor=alice, line=line, reason="It was Bob’s", now=timezone.now())

    services.enter(actor=alice, draft=draft, now=timezone.now())


def test_enter_notes_a_referral_days_before(alice, rita):
    now = timezone.now()
    ReferralFactory(partner=rita, received_at=now - timedelta(days=3))

    assert [one["code"] for one in line_of(alice, [rita]).findings] == ["near_referral"]


def test_enter_holds_a_line_for_whom_we_leave_in_peace(alice, rita):
    today = timezone.localdate()
    rita.do_not_contact_since = today
    rita.save()
    pete = PartnerFactory(owner=alice, stepping_away_since=today)

    assert held_back(alice, draft_of(alice, [rita, pete])) == {"no_contact", "stepping_away"}
    before = (today - timedelta(days=1)).isoformat()
    assert line_of(alice, [rita, pete], day=before).findings == []


def test_enter_refuses_a_partner_of_a_stranger(alice, charlie, rita):
    strange = PartnerFactory(owner=charlie)

    assert held_back(alice, draft_of(alice, [rita, strange])) == {"required"}


def test_enter_refuses_an_older_statement(alice, rita):
    draft = draft_of(alice, [rita])
    Statement.objects.create(number=2, text="A new one", published_at=timezone.now())

    assert held_back(alice, draft) == {"statement"}


@pytest.mark.parametrize("recipients", [1, 30])
def test_enter_asks_the_same_queries_for_many(alice, recipients, django_assert_num_queries, rita):
    partners = [rita, *PartnerFactory.create_batch(recipients - 1, owner=alice)]
    line_of(alice, [rita])
    draft = draft_of(alice, partners)

    with django_assert_num_queries(16):
        services.enter(actor=alice, draft=draft, now=timezone.now())


def test_start_draft_is_one_for_a_source_until_it_is_given_up(alice, rita):
    def start():
        return services.start_draft(
            actor=alice,
            officer=alice,
            source="contact:7",
            said=said([rita]),
            now=timezone.now(),
        )

    first = start()
    assert start() == first
    assert services.discard(actor=alice, draft=first, now=timezone.now())
    assert start() != first
    assert not services.discard(actor=alice, draft=first, now=timezone.now())


def test_start_draft_refuses_what_no_form_says(alice, rita):
    with pytest.raises(ValueError, match="tier"):
        draft_of(alice, [rita], tier="maintenance")


def test_receipts_come_once_and_go_with_a_draft(alice, rita):
    draft = draft_of(alice, [rita])
    other = receipt("other.pdf", PDF + b" two")
    uploads = [receipt(), receipt("again.pdf"), other]
    services.save_draft(actor=alice, draft=draft, said={}, uploads=uploads, now=timezone.now())
    first, second = draft.files.order_by("pk")

    services.save_draft(actor=alice, draft=draft, said={}, detached=[first.pk], now=timezone.now())
    assert list(StoredFile.objects.all()) == [second]
    services.discard(actor=alice, draft=draft, now=timezone.now())

    assert not StoredFile.objects.exists()


def test_save_draft_keeps_nothing_after_it_was_entered(alice, rita):
    draft = draft_of(alice, [rita])
    services.enter(actor=alice, draft=draft, now=timezone.now())

    kept = services.save_draft(actor=alice, draft=draft, said={"cost": "1"}, now=timezone.now())

    assert (kept, Draft.objects.get().said["cost"]) == (False, "40.00")


def test_reverse_is_a_new_line_with_opposite_amounts_once(alice, rita):
    line = line_of(alice, [rita], cost="40.01")

    first = services.reverse(actor=alice, line=line, reason="Typo", now=timezone.now())
    second = services.reverse(actor=alice, line=line, reason="Again", now=timezone.now())

    assert first == second
    assert (first.cost, first.market_value, first.day) == (
        Decimal("-40.01"),
        Decimal("-40.01"),
        line.day,
    )
    assert [-one.value for one in first.recipients.all()] == [Decimal("20.01")]
    assert not Line.objects.standing().exists()


def test_reverse_refuses_a_reversal(alice, rita):
    reversal = services.reverse(
        actor=alice, line=line_of(alice, [rita]), reason="Typo", now=timezone.now()
    )

    with pytest.raises(ValueError, match="not reversed"):
        services.reverse(actor=alice, line=reversal, reason="No", now=timezone.now())
