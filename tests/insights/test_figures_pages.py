"""The page of a branch and that of an officer: what stands there, for whom, at what cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from insights.models import BranchReport
from insights.services import refresh_reports
from insights.storing import to_store
from tests.factories import (
    BranchFactory,
    GrantFactory,
    InteractionFactory,
    PartnerFactory,
    ReferralFactory,
    UserFactory,
)
from tests.insights.samples import sample_report
from tests.pages.conftest import as_

__all__ = ["as_"]

SECRETS = ["Conduct toward us", "top producer, poor conduct", "Watch conduct", "poor conduct"]


def text_of(answer):
    """Without the breaks of its lines."""
    return " ".join(answer.text.split())


@pytest.fixture
def stored(riverside):
    """Figures of Riverside in which everything says something, counted a minute ago."""
    now = timezone.now()
    report = sample_report(end=timezone.localdate(now), counted_at=now)
    return BranchReport.objects.create(
        branch=riverside, day=report.end, counted_at=now, figures=to_store(report)
    )


def test_a_manager_reads_what_the_background_counted(as_, mona, stored):
    page = text_of(as_(mona).get("/branch/"))
    for said in [
        "<h1>Riverside</h1>",
        "Borrowers waiting",
        "In 90 days: Cultivation 24 h 40 min of 47 h 45 min (51%). That is most of it",
        "2 of 35 in Cultivation at the start went up to Maintenance (5%).",
        "7 loans funded of 9 that ended after an application: 77%.",
        "56% of 108 referrals in 365 days came from the five who sent most.",
        "Both ways with 9 partners, received only from 17, given only to 4.",
        "By name: a start for a talk, not a ranking",
        "2 overrides</a> past their date: end or renew them.",
        "Conduct toward us",
        "Top producer, poor conduct",
    ]:
        assert said in page, said


def test_each_figure_opens_its_rows_for_the_same_branch(as_, mona, stored, riverside):
    page = as_(mona).get("/branch/").text
    for name in [
        "tier:cease",
        "effort:cultivation",
        "effort:unknown",
        "covered:focus",
        "uncovered:cultivation",
        "move:cultivation:maintenance",
        "move:new:cultivation",
        "move:maintenance:archived",
        "reached:2026-09:funded",
        "conversion:undated",
        "pull:lost",
        "pull:undated",
        "lost:not_ready",
        "largest:11",
        "received:365",
        "given:365",
        "contact:undated",
        "thanks:not_due",
        "freed:touches",
        "flag:cultivation:win_back",
        "overrides:past",
        "at_risk",
        "waiting",
    ]:
        assert f'"/branch/rows/{name}/?branch={riverside.pk}"' in page, name
    for name in ["officers", "movers", "effort", "health"]:
        assert f'formaction="/branch/tables/{name}/?branch={riverside.pk}"' in page, name


def test_an_administrator_reads_nothing_about_conduct(as_, ada, stored, riverside):
    page = text_of(as_(ada).get(f"/branch/?branch={riverside.pk}"))
    assert "Ed East" in page
    assert "Set by the owner and their manager" in page
    assert [secret for secret in SECRETS if secret in page] == []


def test_the_page_costs_the_same_with_one_officer_and_with_three(
    as_, mona, riverside, django_assert_num_queries
):
    client = as_(mona)
    for officers in [1, 2]:
        for _ in range(officers):
            PartnerFactory.create_batch(3, owner=UserFactory(branch=riverside))
        BranchReport.objects.all().delete()
        refresh_reports(now=timezone.now(), seconds=60)
        # The session, the person, their second factor and grants, the branches, the people, the
        # report.
        with django_assert_num_queries(7):
            page = client.get("/branch/")
    assert page.text.count("/branch/officers/") == 3


def test_another_day_a_filter_and_a_wish_are_counted_at_once(as_, mona, stored, alice):
    PartnerFactory(owner=alice)
    client = as_(mona)
    yesterday = timezone.localdate() - timedelta(days=1)
    for query in ["fresh=1", "days=30", "type=cpa", f"as_of={yesterday}"]:
        page = client.get(f"/branch/?{query}").text
        assert "Ed East" not in page, query
    assert "Ed East" in client.get("/branch/").text


def test_a_report_of_another_day_is_not_shown(as_, mona, stored):
    BranchReport.objects.update(day=timezone.localdate() - timedelta(days=2))
    assert "Ed East" not in as_(mona).get("/branch/").text


def test_the_past_says_what_is_as_then_and_as_today(as_, mona, alice):
    PartnerFactory(owner=alice)
    page = text_of(as_(mona).get("/branch/?as_of=2026-03-01"))
    assert "<strong>As of March 1, 2026:</strong> facts, tiers and policy as then" in page
    assert "As of" not in text_of(as_(mona).get("/branch/")).split("</form>")[-1]


def test_nonsense_in_the_address_is_said_and_today_is_counted(as_, mona):
    answer = as_(mona).get("/branch/?days=77&as_of=soon")
    assert answer.status_code == 200
    assert "Choose one of the periods: 90 days are counted." in answer.text


def test_a_branch_without_partners_says_what_comes(as_, mona):
    assert "Nothing to count yet" in as_(mona).get("/branch/").text


def test_who_chooses_an_officer_comes_to_their_page(as_, mona, alice):
    answer = as_(mona).get(f"/branch/?officer={alice.pk}&days=30")
    assert answer.url == f"/branch/officers/{alice.pk}/?days=30"


def test_an_officer_stands_beside_the_branch(as_, mona, alice, bob, rita):
    InteractionFactory(partner=rita, kind="lunch")
    ReferralFactory(partner=rita)
    PartnerFactory(owner=bob)
    page = text_of(as_(mona).get(f"/branch/officers/{alice.pk}/"))
    assert "<h1>Alice Abbott</h1>" in page
    assert '<th scope="row">Partners</th> <td class="num"><strong>1</strong></td>' in page
    assert '<td class="num muted">2</td>' in page
    assert "To ask in the talk" in page


def test_ones_own_figures_stand_alone(as_, alice, bob, rita):
    ReferralFactory(partner=rita)
    PartnerFactory(owner=bob)
    client = as_(alice)
    page = text_of(client.get(f"/branch/officers/{alice.pk}/"))
    assert "<h1>Your figures</h1>" in page
    assert "Beside the branch" not in page
    assert 'name="branch"' not in page
    assert 'name="officer"' not in page
    assert client.get(f"/branch/officers/{bob.pk}/").status_code == 404


def test_partners_to_talk_about_come_with_a_reason_and_stand_once(as_, alice):
    today = alice.today(timezone.now())
    long_ago = today - timedelta(days=70)
    partner = PartnerFactory(owner=alice, first_name="Sam", last_name="Silent")
    InteractionFactory(partner=partner, day=long_ago)
    page = as_(alice).get(f"/branch/officers/{alice.pk}/")
    (group,) = page.context["board"].talk
    assert (group.title, group.total) == ("Not in touch: Other Cultivation", 1)
    assert [line.why for line in group.lines] == ["Last talk 70 days ago"]


def test_the_officers_page_reads_a_fixed_number_of_times(as_, mona, alice, riverside):
    client = as_(mona)
    counts = []
    for partners in [1, 4]:
        PartnerFactory.create_batch(partners, owner=alice)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/branch/officers/{alice.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_manager_of_two_branches_reads_them_together(as_, mona, riverside):
    GrantFactory(user=mona, role="manager", branch=BranchFactory(name="Hillside"))
    page = as_(mona).get("/branch/?branch=all").text
    assert "<h1>All your branches</h1>" in page


def test_officers_without_a_branch_to_lead_find_no_way_there(as_, alice, mona):
    assert 'href="/branch/"' not in as_(alice).get("/partners/").text
    assert 'href="/branch/"' in as_(mona).get("/partners/").text
