"""The commands that others script: `tiers` and `reclassify`."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from interactions.models import Interaction
from partners.models import Partner
from tests.factories import InteractionFactory, PartnerFactory, UserFactory
from tiers.models import PolicyVersion, TierChange, TierStanding

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def judged(*options):
    return json.loads(run("tiers", "--json", *options))


@pytest.fixture
def rita(alice):
    return PartnerFactory(owner=alice, key="rita", first_name="Rita", last_name="Ray")


@pytest.fixture
def grown(rita):
    """Known for years, and not judged since: the tier of today is not written yet."""
    Partner.objects.update(relationship_start=date(2015, 1, 1))
    return rita


def test_tiers_lists_each_active_partner_with_its_verdict(rita):
    archived = PartnerFactory(owner=rita.owner, archived_at=timezone.now())
    [found] = judged()
    assert list(found) == ["key", "tier", "rule", "reasons", "flags", "signals"]
    assert (found["key"], found["tier"], found["rule"]) == ("rita", "cultivation", "G")
    assert found["reasons"] == ["G"]
    assert found["flags"] == ["first_touch_due", "needs_synergy"]
    assert (found["signals"]["partner_type"], len(found["signals"])) == ("realtor", 26)
    assert archived.key not in run("tiers", "--json")


def test_tiers_of_an_empty_book_are_an_empty_list():
    assert judged() == []


def test_tiers_writes_nothing_even_before_the_first_policy(grown):
    TierStanding.objects.all().delete()
    TierChange.objects.all().delete()
    PolicyVersion.objects.all().delete()
    judged()
    run("tiers")
    assert not TierChange.objects.exists()
    assert not PolicyVersion.objects.exists()


def test_tiers_goes_on_from_slice_to_slice(rita, monkeypatch):
    monkeypatch.setattr("tiers.rehearsal.SLICE", 2)
    others = [PartnerFactory(owner=rita.owner).key for _ in range(4)]
    assert [found["key"] for found in judged()] == ["rita", *others]


def test_tiers_of_one_partner(rita):
    PartnerFactory(owner=rita.owner)
    assert [found["key"] for found in judged("--partner", "rita")] == ["rita"]


def test_tiers_on_a_past_day_know_neither_later_facts_nor_tiers(rita):
    InteractionFactory(partner=rita)
    yesterday = rita.owner.today(timezone.now()) - timedelta(days=1)
    [found] = judged("--as-of", str(yesterday))
    assert found["signals"]["conversations_total"] == 0
    assert found["signals"]["tracked_days"] == 0


def test_tiers_are_those_of_each_owners_today():
    with time_machine.travel(datetime(2026, 3, 2, 5, tzinfo=UTC), tick=False):
        for zone in ["Pacific/Honolulu", "America/New_York"]:
            owner = UserFactory(time_zone=zone)
            partner = PartnerFactory(owner=owner, relationship_start=date(2026, 1, 1))
            InteractionFactory(partner=partner, day=date(2026, 2, 1))
        days = [found["signals"]["days_since_conversation"] for found in judged()]
    assert days == [28, 29]


def test_tiers_without_json_is_a_table(rita):
    heading, row = run("tiers").splitlines()
    assert heading.split() == ["key", "name", "tier", "rule", "why"]
    assert " ".join(row.split()) == "rita Rita Ray Cultivation G New: first touch due"


@pytest.mark.parametrize("command", ["tiers", "reclassify"])
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2026-02-30", "2026-02-30 is not a date. Write YYYY-MM-DD."),
        ("20260201", "20260201 is not a date. Write YYYY-MM-DD."),
        ("0001-01-01", "0001-01-01 is too long ago. Dates begin on 1900-01-01."),
    ],
)
def test_bad_day_is_refused(command, text, sentence):
    with pytest.raises(CommandError) as caught:
        run(command, "--as-of", text)
    assert str(caught.value) == sentence


def test_unknown_partner_is_refused(rita):
    with pytest.raises(CommandError) as caught:
        run("tiers", "--partner", "rosa")
    assert str(caught.value) == "There is no active partner with the key rosa."


@pytest.fixture
def abused(rita):
    """What a bulk path past the services would leave behind: a fact that is not judged yet."""
    Interaction.objects.bulk_create([InteractionFactory.build(partner=rita, conduct="abusive")])
    return rita


def test_reclassify_shows_what_would_change_and_changes_nothing(abused):
    assert run("reclassify") == (
        "rita  Rita Ray: cultivation -> cease (X1)\n1 tier would change.\n"
    )
    assert TierStanding.objects.get().tier == "cultivation"
    assert TierChange.objects.count() == 1


def test_reclassify_applies_what_it_shows(abused):
    assert run("reclassify", "--apply") == (
        "rita  Rita Ray: cultivation -> cease (X1)\n1 tier changed.\n"
    )
    assert TierStanding.objects.get().tier == "cease"
    assert run("reclassify", "--apply") == "0 tiers changed.\n"


def test_reclassify_as_of_a_day_records_that_day(abused):
    today = abused.owner.today(timezone.now())
    run("reclassify", "--apply", "--as-of", str(today))
    assert TierChange.objects.last().on == today


def test_reclassify_refuses_to_change_what_lies_before_a_recorded_change(rita):
    today = rita.owner.today(timezone.now())
    yesterday = today - timedelta(days=1)
    with pytest.raises(CommandError) as caught:
        run("reclassify", "--apply", "--as-of", str(yesterday))
    assert str(caught.value) == (
        f"A tier change is recorded on {today} already, so nothing is changed as of {yesterday}. "
        f"Choose {today} or a later day."
    )
    assert run("reclassify", "--as-of", str(yesterday)).endswith("would change.\n")


def test_reclassify_refuses_to_change_the_future(rita):
    with pytest.raises(CommandError) as caught:
        run("reclassify", "--apply", "--as-of", "2999-01-01")
    assert str(caught.value) == "2999-01-01 is in the future. Choose a day that has begun."
