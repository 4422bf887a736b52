"""Which wording holds for whom, when nothing is offered, and what is recorded."""

from datetime import UTC, date, datetime

import pytest

from audit.models import Event
from partners.services import archive
from tests.factories import PartnerFactory
from texts.models import TeamText
from texts.occasions import Occasion, Program
from texts.originals import Place, Text
from texts.services import NotOffered, back_to_original, change_text, filled_text
from tiers.models import TierStanding

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 16, 15, tzinfo=UTC)
TODAY = date(2026, 6, 16)
THANKS = Place(Occasion.THANKS, "", Program.TEXT)


def filled(user, partner, occasion="thanks", program="text", today=TODAY):
    partner = type(partner).objects.get(pk=partner.pk)
    return filled_text(user=user, partner=partner, occasion=occasion, program=program, today=today)


def refused(*args, **kwargs):
    with pytest.raises(NotOffered) as said:
        filled(*args, **kwargs)
    return str(said.value)


def word(actor, body, branch=None, place=THANKS):
    return change_text(actor=actor, place=place, branch=branch, text=Text("", body), now=NOW)


def stands(partner, tier):
    TierStanding.objects.filter(partner=partner).update(tier=tier)


def events():
    return list(Event.objects.order_by("pk").values_list("actor__name", "action", "fields"))


def test_text_is_filled_with_the_partner_and_who_writes(andy, rita):
    assert filled(andy, rita).body == (
        "Thank you for your trust, Rita! I will reach out today and keep you posted. – Andy"
    )


def test_years_and_day_are_those_of_the_next_anniversary(alice, rita):
    rita.relationship_start = date(2016, 6, 20)
    rita.save()
    stands(rita, "maintenance")
    assert filled(alice, rita, "anniversary").body.startswith("Hi Rita, it is 10 years since we be")
    assert filled(alice, rita, "anniversary", today=date(2026, 7, 4)).body.count("10 years")
    assert filled(alice, rita, "anniversary", today=date(2026, 7, 5)).body.count("11 years")


def test_partner_with_one_name_and_no_dates_gets_a_whole_text(alice):
    cher = PartnerFactory(owner=alice, first_name="", last_name="Cher", company=None)
    assert filled(alice, cher, "business", "email").body == (
        "Hi Cher,\n\nCongratulations on another year in business! It takes patience and a good "
        "name, and you have both.\n\nI wish you many more.\n\nBest,\nAlice"
    )


def test_tier_in_force_chooses_the_wording(alice, rita):
    stands(rita, "maintenance")
    grateful = filled(alice, rita, "birthday").body
    stands(rita, "cultivation")
    assert "grateful" in grateful
    assert "grateful" not in filled(alice, rita, "birthday").body


def test_branch_comes_before_the_company_and_that_before_the_original(alice, rita, lakeside):
    word(alice, "The other branch", lakeside)
    assert filled(alice, rita).body.startswith("Thank you for your trust")
    word(alice, "The company, {first_name}")
    assert filled(alice, rita).body == "The company, Rita"
    word(alice, "Riverside, {first_name}", alice.branch)
    assert filled(alice, rita).body == "Riverside, Rita"
    assert back_to_original(actor=alice, place=THANKS, branch=alice.branch)
    assert filled(alice, rita).body == "The company, Rita"


def test_owner_without_a_branch_reads_the_companys(alice, rita, lakeside):
    alice.branch = None
    alice.save()
    word(alice, "The other branch", lakeside)
    word(alice, "The company")
    assert filled(alice, rita).body == "The company"


def test_mail_whose_subject_lacks_a_fact_still_has_one(alice, rita):
    place = Place(Occasion.CLOSED, "", Program.EMAIL)
    text = Text("News for {company}", "It closed.")
    change_text(actor=alice, place=place, branch=None, text=text, now=NOW)
    type(rita).objects.update(company=None)
    assert filled(alice, rita, "closed", "email").subject == "Hello from Alice Abbott"


def test_change_is_recorded_once_and_so_is_the_way_back(alice):
    word(alice, "Thanks!")
    word(alice, "Thanks!")
    word(alice, "Thank you!")
    assert TeamText.objects.get().body == "Thank you!"
    assert back_to_original(actor=alice, place=THANKS, branch=None)
    assert not back_to_original(actor=alice, place=THANKS, branch=None)
    assert events() == [
        ("Alice Abbott", "text.changed", ["subject", "body"]),
        ("Alice Abbott", "text.changed", ["subject", "body"]),
        ("Alice Abbott", "text.restored", []),
    ]


@pytest.mark.parametrize("occasion", Occasion)
def test_who_asked_us_to_stop_gets_nothing(alice, rita, occasion):
    type(rita).objects.update(do_not_contact_since=TODAY, stepping_away_since=TODAY)
    assert refused(alice, rita, occasion) == "Rita Rowe asked us to stop, so nothing goes out."


@pytest.mark.parametrize("occasion", Occasion)
def test_stepping_away_leaves_its_own_texts_alone(alice, rita, occasion):
    type(rita).objects.update(stepping_away_since=TODAY)
    if occasion in {"farewell", "decline"}:
        assert filled(alice, rita, occasion, today=None).body.startswith("Hi Rita, ")
    else:
        assert refused(alice, rita, occasion).startswith("We are stepping away from Rita Rowe")


def test_texts_of_a_plan_need_one(alice, rita):
    assert refused(alice, rita, "farewell").startswith("This text belongs to a step-away plan")


def test_nothing_for_cease_and_the_archived(alice, rita):
    stands(rita, "cease")
    assert refused(alice, rita).startswith("Rita Rowe is in Cease")
    archive(actor=alice, partner=rita, reason="Moved", now=NOW)
    assert refused(alice, rita).startswith("Rita Rowe is archived")


def test_opt_out_closes_its_program_alone(alice, rita):
    type(rita).objects.update(no_emails=True)
    assert refused(alice, rita, program="email").startswith("Rita Rowe asked for no e-mail.")
    assert filled(alice, rita, program="text")
    type(rita).objects.update(no_emails=False, no_texts=True)
    assert refused(alice, rita, program="text").startswith("Rita Rowe asked for no text messages.")
    assert filled(alice, rita, program="email")
