"""What an import writes, and what a second one does."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.utils import timezone

from accounts.models import Role, User
from audit.models import Event
from imports.copies import Copies, content
from interactions.models import Interaction, Referral, StageMove
from partners.models import Partner
from tests.factories import UserFactory
from tests.imports.files import CALL, PARTNER, REFERRAL, book, bring_in, write
from tiers.models import TierChange, TierStanding

FULL = {
    "owner": "new.person@example.com",
    "tier": "Maintenance",
    "do_not_contact": "NO",
    "synergy": "4",
    "relationship_start": "2020-01-05",
    "birthday": "02-29",
    "phone": "202-555-0123",
    "email": "ann@example.com",
    "type": "builder",
    "company": "Acme  Homes",
    "last_name": "Lee",
    "first_name": "Ann",
    "key": "p1",
}
APPS = ["accounts", "audit", "partners", "interactions", "tiers", "touches"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alice")]


def everything():
    """All rows of all tables."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def moves(key="r1"):
    rows = StageMove.objects.filter(referral__key=key)
    return [(move.stage, str(move.day)) for move in rows]


def test_partner_is_written_as_the_row_says(tmp_path):
    bring_in(book(tmp_path, [FULL]))
    partner = Partner.objects.get()
    assert (partner.full_name, partner.company.name) == ("Ann Lee", "Acme Homes")
    assert (partner.partner_type, partner.email) == ("builder", "ann@example.com")
    assert (str(partner.phone_work), partner.synergy) == ("(202) 555-0123", 4)
    assert (partner.birth_month, partner.birth_day, partner.birth_year) == (2, 29, None)
    assert partner.relationship_start == date(2020, 1, 5)
    assert partner.do_not_contact_since is None
    assert partner.created_on == partner.owner.today(timezone.now())


def test_owner_that_does_not_exist_is_made_as_an_officer_without_a_password(tmp_path):
    bring_in(book(tmp_path, [FULL]))
    owner = User.objects.get(email="new.person@example.com")
    assert (owner.name, owner.has_usable_password()) == ("New Person", False)
    assert [grant.role for grant in owner.grants.all()] == [Role.OFFICER]
    assert Event.objects.filter(action="user.added", target_id=owner.pk).count() == 1


def test_import_is_recorded_for_each_owner_by_counts_alone(tmp_path, alice):
    bring_in(book(tmp_path, [PARTNER], [CALL, CALL], [REFERRAL]))
    event = Event.objects.get(action="book.imported")
    assert (event.target_id, event.actor) == (str(alice.pk), None)
    assert event.detail == {"partners_added": 1, "interactions_added": 2, "referrals_added": 1}


def test_summary_says_what_was_done(tmp_path):
    assert bring_in(book(tmp_path, [PARTNER], [CALL])).endswith(
        "Imported: partners 1 added, 0 changed; interactions 1 added, 0 changed; "
        "referrals 0 added, 0 changed. Partners judged: 1.\n"
    )


def test_byte_order_mark_and_blank_rows_are_accepted(tmp_path):
    text = '\ufeffType,KEY,last_name\r\n\r\nrealtor,p1,"Lee, Jr."\r\n,,\r\n'
    (tmp_path / "partners.csv").write_bytes(text.encode())
    bring_in(tmp_path)
    assert Partner.objects.get().last_name == "Lee, Jr."


def test_blank_cells_of_an_interaction_take_their_defaults(tmp_path, alice):
    bring_in(book(tmp_path, interactions=[CALL, CALL | {"kind": "note"}]))
    call, note = Interaction.objects.order_by("id")
    assert (call.direction, call.outcome, call.purpose) == ("out", "connected", "relationship")
    assert (call.conduct, call.minutes, call.note) == ("none", None, "")
    assert (call.officer, call.logged_by, note.outcome) == (alice, alice, "sent")


def test_inbound_is_connected_whatever_the_file_says(tmp_path):
    bring_in(book(tmp_path, interactions=[CALL | {"direction": "in", "outcome": "no_response"}]))
    assert Interaction.objects.get().outcome == "connected"


def test_officer_of_a_row_is_whose_effort_it_is(tmp_path):
    bring_in(book(tmp_path, interactions=[CALL | {"officer": "Bob@Example.com"}]))
    row = Interaction.objects.get()
    assert (row.officer.email, row.logged_by.email) == ("bob@example.com", "bob@example.com")


@pytest.mark.parametrize("amount", ["350000", "350000.00", "$350,000"])
def test_amount_is_read_as_people_write_it(tmp_path, amount):
    bring_in(book(tmp_path, referrals=[REFERRAL | {"amount": amount}]))
    assert Referral.objects.get().amount == Decimal("350000")


def test_dated_stages_become_moves_at_noon_of_the_owner(tmp_path, alice):
    dates = {"contacted_on": "2026-10-02", "funded_on": "2026-11-01"}
    bring_in(book(tmp_path, referrals=[REFERRAL | {"stage": "funded"} | dates]))
    referral = Referral.objects.get()
    noon = datetime.combine(date(2026, 10, 1), time(12), alice.zone)
    assert (referral.stage, referral.day, referral.received_at) == (
        "funded",
        date(2026, 10, 1),
        noon.astimezone(UTC),
    )
    assert moves() == [
        ("received", "2026-10-01"),
        ("contacted", "2026-10-02"),
        ("funded", "2026-11-01"),
    ]


def test_stage_without_a_date_is_dated_by_the_latest_one(tmp_path):
    row = REFERRAL | {"stage": "lost", "lost_reason": "withdrew", "contacted_on": "2026-10-05"}
    bring_in(book(tmp_path, referrals=[row]))
    assert moves()[-1] == ("lost", "2026-10-05")
    assert StageMove.objects.last().lost_reason == "withdrew"


def test_stage_moved_by_a_second_import_is_the_last_move(tmp_path):
    row = REFERRAL | {"stage": "application", "contacted_on": "2026-10-05"}
    bring_in(book(tmp_path, referrals=[row]))
    bring_in(book(tmp_path, referrals=[row | {"stage": "contacted"}]))
    assert (Referral.objects.get().stage, moves()[-1]) == ("contacted", ("contacted", "2026-10-05"))


def test_blank_stage_leaves_a_referral_where_it_stands(tmp_path):
    bring_in(book(tmp_path, referrals=[REFERRAL | {"stage": "application"}]))
    bring_in(book(tmp_path, referrals=[REFERRAL | {"stage": ""}]))
    assert Referral.objects.get().stage == "application"
    assert len(moves()) == 2


def test_key_makes_a_second_import_update(tmp_path):
    first = [CALL | {"key": "i1"}]
    bring_in(book(tmp_path, [FULL], first, [REFERRAL]))
    book(
        tmp_path,
        [FULL | {"last_name": "Yu", "synergy": "", "owner": ""}],
        [CALL | {"key": "i1", "kind": "lunch", "minutes": "75"}],
        [REFERRAL | {"date": "2026-09-01", "stage": "junk"}],
    )
    bring_in(tmp_path)
    partner, lunch, referral = (
        Partner.objects.get(),
        Interaction.objects.get(),
        Referral.objects.get(),
    )
    assert (partner.last_name, partner.synergy) == ("Yu", None)
    assert (lunch.kind, lunch.minutes) == ("lunch", 75)
    assert (referral.day, referral.stage) == (date(2026, 9, 1), "junk")


def test_column_that_is_not_in_the_file_changes_nothing(tmp_path):
    bring_in(book(tmp_path, [FULL]))
    bring_in(book(tmp_path, [PARTNER]))
    partner = Partner.objects.get()
    assert (partner.first_name, partner.synergy, partner.birth_month) == ("Ann", 4, 2)


def test_do_not_contact_is_taken_back_by_an_explicit_no_alone(tmp_path):
    bring_in(book(tmp_path, [PARTNER | {"do_not_contact": "yes"}]))
    since = Partner.objects.get().do_not_contact_since
    bring_in(book(tmp_path, [PARTNER | {"do_not_contact": ""}]))
    assert Partner.objects.get().do_not_contact_since == since is not None
    assert Partner.objects.get().do_not_contact_source == "import"
    bring_in(book(tmp_path, [PARTNER | {"do_not_contact": "no"}]))
    assert Partner.objects.get().do_not_contact_since is None
    # What they asked of a person, a person takes back.
    Partner.objects.update(do_not_contact_since=since, do_not_contact_source="call")
    bring_in(book(tmp_path, [PARTNER | {"do_not_contact": "no"}]))
    assert Partner.objects.get().do_not_contact_since == since


@pytest.mark.parametrize("options", [[], ["--replay"]], ids=["judged", "replayed"])
def test_second_import_of_the_same_files_changes_nothing(tmp_path, options):
    calls = [CALL, CALL, CALL | {"key": "i1"}, CALL | {"officer": "bob@example.com"}]
    dates = {"stage": "funded", "contacted_on": "2026-10-05", "amount": "$350,000"}
    bring_in(book(tmp_path, [FULL], calls, [REFERRAL | dates]))
    bring_in(tmp_path, *options)
    before = everything()
    bring_in(tmp_path, *options)
    after = everything()
    if options:
        # A rebuilt history says the same in new rows.
        for rows in (*before["TierChange"], *after["TierChange"]):
            rows.pop("id"), rows.pop("recorded_at")
    assert after == before


def test_copies_without_a_key_are_counted(tmp_path):
    bring_in(book(tmp_path, interactions=[CALL]))
    bring_in(book(tmp_path, interactions=[CALL] * 3 + [CALL | {"minutes": "5"}]))
    assert Interaction.objects.count() == 4


def test_handed_over_partner_keeps_its_copies(tmp_path):
    bring_in(book(tmp_path, interactions=[CALL, CALL]))
    Partner.objects.update(owner=UserFactory())
    (tmp_path / "partners.csv").unlink()
    write(tmp_path / "partners.csv", [PARTNER | {"owner": User.objects.last().email}])
    bring_in(tmp_path)
    assert Interaction.objects.count() == 2


def test_copies_of_named_officers_are_kept_for_their_rows():
    copies, call = Copies(), content("p1", date(2026, 10, 1), "call")
    copies.expect(call, "")
    copies.expect(call, "bob@example.com")
    for officer in ["alice@example.com", "bob@example.com"]:
        copies.find(call, officer)
    copies.settle()
    assert [copies.is_missing(call, officer) for officer in ["", "bob@example.com"]] == [False] * 2
    assert [copies.is_missing(call, officer) for officer in ["", "bob@example.com"]] == [True] * 2


def test_fact_may_name_a_partner_of_the_database(tmp_path):
    bring_in(book(tmp_path, [PARTNER]))
    book(tmp_path, [PARTNER | {"key": "p2"}], [CALL])
    bring_in(tmp_path)
    assert Interaction.objects.get().partner.key == "p1"
    assert TierStanding.objects.get(partner__key="p1").last_conversation_on == date(2026, 10, 1)


def test_fact_that_moves_judges_the_partner_whom_it_leaves(tmp_path):
    """Also one whom the second book does not name."""
    bring_in(book(tmp_path, referrals=[REFERRAL], interactions=[{**CALL, "key": "i1"}]))
    left = TierStanding.objects.get(partner__key="p1")
    assert (left.referrals_365, left.last_conversation_on) == (1, date(2026, 10, 1))
    facts = {
        "referrals": [{**REFERRAL, "partner": "p2"}],
        "interactions": [{**CALL, "key": "i1", "partner": "p2"}],
    }
    bring_in(book(tmp_path, [{**PARTNER, "key": "p2"}], **facts))
    left.refresh_from_db()
    assert (left.referrals_365, left.last_conversation_on) == (0, None)


def test_import_plans_the_dates_ahead(tmp_path, alice):
    ahead = alice.today(timezone.now()) + timedelta(days=12)
    bring_in(book(tmp_path, [PARTNER | {"birthday": f"{ahead:%m-%d}"}]))
    planned = Partner.objects.get().planned_touches
    assert planned.filter(kind="congratulate").count() == 1
    assert planned.filter(kind="first_touch").count() == 6


def test_import_completes_what_it_tells_of_and_opens_what_it_takes_back(tmp_path, alice):
    """The first touch with a new partner, by a call that was none when the file was corrected."""
    today = alice.today(timezone.now())
    call = CALL | {"key": "i1", "date": today.isoformat()}
    bring_in(book(tmp_path, [PARTNER]))
    first = Partner.objects.get().planned_touches.filter(occurrence="first")
    bring_in(book(tmp_path, [PARTNER], [call]))
    assert first.get().done_with == Interaction.objects.get()
    bring_in(book(tmp_path, [PARTNER], [call | {"purpose": "service"}]))
    assert (first.get().done_with, first.get().done_at) == (None, None)


def test_archived_partner_is_updated_and_stays_archived(tmp_path):
    bring_in(book(tmp_path, [PARTNER]))
    Partner.objects.update(archived_at=timezone.now())
    changes = TierChange.objects.count()
    bring_in(book(tmp_path, [PARTNER | {"last_name": "Yu"}], [CALL]), "--replay")
    partner = Partner.objects.get()
    assert (partner.last_name, partner.archived_at is None) == ("Yu", False)
    assert TierChange.objects.count() == changes


def test_tier_of_the_file_is_a_label_and_judged_after(tmp_path):
    bring_in(book(tmp_path, [FULL | {"owner": ""}]))
    label, judged = TierChange.objects.all()
    assert (label.tier, label.rule, label.since) == ("maintenance", "", None)
    assert (judged.tier, judged.rule, judged.since) == ("maintenance", "MS", None)


def test_company_is_found_whatever_its_capitals(tmp_path):
    bring_in(book(tmp_path, [FULL, FULL | {"key": "p2", "company": "ACME homes"}]))
    assert {partner.company.name for partner in Partner.objects.all()} == {"Acme Homes"}
