"""24 months after the last activity a borrower's contact is erased; the row stays."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from insights.book import load
from insights.counting import report_of
from insights.scope import scope_of
from interactions.erasure import erase_contacts, quiet_since
from interactions.models import Referral, Stage
from interactions.services import change_referral, move_referral
from interactions.tasks import erase_contacts_task
from tests.factories import ReferralFactory, StageMoveFactory
from tiers.models import TierStanding

PHONE, EMAIL = "(202) 555-0147", "bo@example.org"


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        ("2026-11-24T12:00", "2024-11-24T12:00"),
        ("2026-02-28T12:00", "2024-02-28T12:00"),
        ("2026-03-01T00:00", "2024-03-01T00:00"),
        # There was no 29 February two years before.
        ("2028-02-29T12:00", "2026-02-28T12:00"),
    ],
)
def test_24_months_are_calendar_months(now, moment):
    now, moment = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, moment)]
    assert quiet_since(now) == moment


@pytest.mark.parametrize(
    ("last", "erased_from"), [("2024-02-29", "2026-03-01"), ("2024-02-28", "2026-02-28")]
)
def test_nothing_goes_before_its_24_months(last, erased_from):
    last, erased_from = [
        datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (last, erased_from)
    ]
    assert last <= quiet_since(erased_from)
    assert last > quiet_since(erased_from - timedelta(minutes=1))


NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OLD, RECENT = NOW - timedelta(days=800), NOW - timedelta(days=600)


def old_referral(partner, **values):
    """Everything about it is `OLD`."""
    usual = {"borrower_phone": PHONE, "borrower_email": EMAIL, "received_at": OLD}
    row = ReferralFactory(partner=partner, day=OLD.date(), **usual | values)
    Referral.objects.filter(pk=row.pk).update(logged_at=OLD)
    return row


def contact(referral):
    row = Referral.objects.get(pk=referral.pk)
    return row.borrower_phone, row.borrower_email, row.contact_erased_at


@pytest.mark.django_db
def test_a_quiet_one_loses_its_contact_alone(rita):
    quiet, email = old_referral(rita), old_referral(rita, borrower_phone="")
    nothing = old_referral(rita, borrower_phone="", borrower_email="")
    before = Referral.objects.filter(pk=quiet.pk)
    facts = [name.name for name in Referral._meta.fields if "contact" not in name.name]
    facts = [name for name in facts if name not in {"borrower_phone", "borrower_email"}]
    kept = before.values(*facts).get()
    assert erase_contacts(now=NOW) == 2
    assert contact(quiet) == contact(email) == ("", "", NOW)
    assert contact(nothing) == ("", "", None)
    assert before.values(*facts).get() == kept
    rows = Event.objects.values_list("action", "actor", "target_id", "detail")
    assert sorted(rows) == [
        ("referral.contact_erased", None, str(row.pk), {}) for row in (quiet, email)
    ]
    assert erase_contacts(now=NOW) == 0


def received(row):
    Referral.objects.filter(pk=row.pk).update(received_at=RECENT)


def logged(row):
    Referral.objects.filter(pk=row.pk).update(logged_at=RECENT)


def moved(row):
    StageMoveFactory(referral=row, stage=Stage.CONTACTED, at=RECENT)


def edited(row):
    change_referral(actor=row.logged_by, referral=row, changed=["amount"])


@pytest.mark.django_db
@pytest.mark.parametrize("act", [received, logged, moved, edited])
def test_whatever_happened_lately_keeps_it(act, rita):
    row = old_referral(rita)
    act(row)
    assert erase_contacts(now=NOW) == 0
    assert contact(row) == (PHONE, EMAIL, None)


@pytest.mark.django_db
def test_that_somebody_read_it_keeps_it_not(sign_in, alice, rita):
    row = old_referral(rita)
    sign_in(alice).get(f"/referrals/{row.pk}/")
    assert erase_contacts(now=NOW) == 1


@pytest.mark.django_db
def test_it_goes_in_slices(rita):
    for _ in range(3):
        old_referral(rita)
    assert [erase_contacts(now=NOW, at_once=2) for _ in range(3)] == [2, 1, 0]


@pytest.mark.django_db
def test_no_figure_and_no_tier_changes(rita, riverside):
    def figures():
        scope = scope_of([riverside.pk], end=NOW.date(), days=900)
        return report_of(load(scope, NOW))

    for stage in [Stage.FUNDED, Stage.RECEIVED, Stage.APPLICATION]:
        old_referral(rita, stage=stage)
    ReferralFactory(partner=rita, borrower_phone=PHONE)
    before = figures(), list(TierStanding.objects.values())
    assert erase_contacts(now=NOW) == 3
    assert (figures(), list(TierStanding.objects.values())) == before


@pytest.mark.django_db
def test_who_moves_it_may_enter_a_contact_anew(sign_in, alice, rita):
    row = old_referral(rita)
    erase_contacts_task()
    client = sign_in(alice)
    page, edit = f"/referrals/{row.pk}/", f"/referrals/{row.pk}/edit/"
    assert "Phone and e-mail were erased on" in client.get(page).text
    form = {"borrower": "Bo Back", "direction": "received", "received_at": "2024-09-10T10:00"}
    form |= {"borrower_phone": "(202) 555-0199"}
    assert "borrower_phone" not in client.get(edit).context["form"].fields
    client.post(edit, form)
    assert contact(row)[:2] == ("", "")
    row = Referral.objects.get()
    assert row.borrower == "Bo Back"
    move_referral(actor=alice, referral=row, stage=Stage.CONTACTED, at=timezone.now())
    client.post(edit, form)
    assert contact(row) == ("(202) 555-0199", "", None)
    assert "were erased" not in client.get(page).text
    assert erase_contacts(now=timezone.now()) == 0
