"""The pages of policies: what everybody reads, and how a manager drafts, tries and publishes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from policies.forms import DraftForm
from policies.models import PolicyDraft
from tests.factories import (
    PartnerFactory,
    PolicyDraftFactory,
    PolicyVersionFactory,
)
from tiers.classification import Tier
from tiers.models import PolicyVersion
from tiers.overrides import override
from tiers.policy import Policy

pytestmark = pytest.mark.django_db

GUIDE = Policy()
STEADIER = Policy.from_dict({"conversations": {"per_90_days": 4}})
UP = {"from_tier": "cultivation", "from_rule": "C", "from_reasons": ["C1"]}
UP |= {"tier": "maintenance", "rule": "M", "reasons": ["M1", "M2", "M3"]}
CHANGE = "Regular communication: at least 3 → 4 conversations in 90 days"

# What PostgreSQL holds in no text.
NUL = "?way=a%00b-cease"


@pytest.fixture
def first(db):
    """The guide's policy, as the first partner that was judged has it written down."""
    return PolicyVersion.objects.current()


@pytest.fixture
def draft(mona, first):
    return PolicyDraftFactory(made_by=mona, branch=mona.branch, rules=STEADIER.to_dict())


def said(**changed):
    """The form as it is filled in, with some numbers changed."""
    return {**DraftForm(policy=GUIDE).initial, **changed}


def lines(answer):
    """The changes that a page shows."""
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in answer.context["changes"]]


def tried(draft, partner=None, **verdicts):
    """A trial that has ended, with one mover."""
    trial = draft.trials.create(
        rules=draft.rules,
        asked_at=timezone.now(),
        finished_at=timezone.now(),
        tried=3,
        counts={"maintenance": [1, 0], "cultivation": [2, 3]},
    )
    if partner:
        move(trial, partner, **verdicts)
    return trial


def move(trial, partner, **verdicts):
    out = {"from_tier": "maintenance", "from_rule": "M", "from_reasons": ["M1", "M2", "M3"]}
    out |= {"tier": "cultivation", "rule": "C", "reasons": ["not_M2"]}
    return trial.moves.create(partner=partner, **(out | verdicts))


class TestReading:
    def test_everybody_reads_the_policy_of_their_branch_in_words(self, as_, alice, first):
        answer = as_(alice).get("/policies/")
        assert "<strong>3</strong> conversations in 90 days" in answer.text
        assert "Riverside follows the company’s policy:" in answer.text
        assert answer.context["found"].version == first
        assert "Try other numbers" not in answer.text

    def test_a_branch_with_its_own_policy_shows_it_with_the_guide_beside(self, as_, alice, first):
        PolicyVersionFactory(
            branch=alice.branch,
            starts_on=alice.today(timezone.now()),
            rules=STEADIER.to_dict(),
            note="We talk more here",
        )
        text = as_(alice).get("/policies/").text
        assert "“We talk more here”" in text
        assert "<strong>4</strong> conversations in 90 days" in text
        assert "The guide: At least 3 conversations in 90 days, the last one at most 45" in text
        company = as_(alice).get("/policies/?branch=company").text
        assert "<strong>3</strong> conversations in 90 days" in company

    def test_a_policy_to_come_is_announced(self, as_, alice, first):
        version = PolicyVersionFactory(rules=STEADIER.to_dict())
        text = as_(alice).get("/policies/").text
        link = f'<a href="/policies/{version.pk}/">policy {version.number}</a>'
        assert f"From January 1, 2099: {link} of the company." in text
        assert "to come" in text

    def test_other_branches_are_404(self, as_, alice, charlie, first):
        other = PolicyVersionFactory(branch=charlie.branch)
        for address in [f"/policies/?branch={charlie.branch.pk}", f"/policies/{other.pk}/"]:
            assert as_(alice).get(address).status_code == 404
        for nonsense in ["x", "-1", "999999", "9" * 30]:
            assert as_(alice).get(f"/policies/?branch={nonsense}").status_code == 404

    def test_administrator_reads_every_branch_and_begins_with_the_company(
        self, as_, ada, riverside, lakeside, first
    ):
        answer = as_(ada).get("/policies/")
        assert answer.context["found"].branch is None
        assert answer.context["branches"] == [lakeside, riverside]
        assert as_(ada).get(f"/policies/?branch={lakeside.pk}").status_code == 200

    def test_before_the_first_policy_the_guide_is_shown(self, as_, alice):
        answer = as_(alice).get("/policies/")
        assert "the guide’s own numbers" in answer.text
        assert not PolicyVersion.objects.exists()

    def test_version_says_what_it_changed_when_it_took_over(self, as_, alice, first):
        own = PolicyVersionFactory(branch=alice.branch, rules=STEADIER.to_dict())
        again = PolicyVersionFactory(
            branch=alice.branch, rules=None, starts_on=own.starts_on + timedelta(days=9)
        )
        assert lines(as_(alice).get(f"/policies/{own.pk}/")) == [CHANGE]
        text = as_(alice).get(f"/policies/{again.pk}/").text
        assert "From this day Riverside follows" in text
        assert lines(as_(alice).get(f"/policies/{first.pk}/")) == []

    def test_partner_page_names_the_policy(self, as_, alice):
        partner = PartnerFactory(owner=alice)
        today = alice.today(timezone.now())
        version = PolicyVersionFactory(branch=alice.branch, starts_on=today, number=7)
        text = as_(alice).get(partner.get_absolute_url()).text
        assert f'<a href="/policies/{version.pk}/">By policy 7, in force since' in text

    def test_overview_takes_the_same_queries_for_one_and_three_versions(
        self, as_, mona, draft, django_assert_num_queries
    ):
        client = as_(mona)
        client.get("/policies/")
        for _ in range(2):
            with django_assert_num_queries(7):
                client.get("/policies/")
            PolicyVersionFactory(published_by=mona), PolicyVersionFactory(branch=mona.branch)


class TestDrafting:
    def test_draft_begins_with_the_numbers_in_force_and_is_opened_again(self, as_, mona, first):
        client, data = as_(mona), {"branch": mona.branch.pk}
        answers = [client.post("/policies/drafts/new/", data) for _ in range(2)]
        draft = PolicyDraft.objects.get()
        assert [answer.url for answer in answers] == [f"/policies/drafts/{draft.pk}/"] * 2
        assert (draft.policy, draft.made_by, draft.branch) == (GUIDE, mona, mona.branch)

    def test_company_is_drafted_by_an_administrator_alone(self, as_, mona, ada, first):
        assert as_(mona).post("/policies/drafts/new/", {"branch": ""}).status_code == 403
        assert as_(ada).post("/policies/drafts/new/", {"branch": ""}).status_code == 302
        assert PolicyDraft.objects.get().branch is None

    def test_save_keeps_the_numbers_and_tells_what_differs(self, as_, mona, draft):
        client, address = as_(mona), f"/policies/drafts/{draft.pk}/"
        sent = said(conversations__per_90_days=5, stay_referral_share="62.5")
        assert client.post(address, sent).url == address
        draft.refresh_from_db()
        assert draft.policy == Policy.from_dict(
            {"conversations": {"per_90_days": 5}, "stay_referral_share": 0.625}
        )
        assert lines(client.get(address)) == [
            "Regular communication: at least 3 → 5 conversations in 90 days",
            "Staying in Maintenance: 50 → 62.5 percent of the referrals",
        ]

    def test_form_comes_back_as_it_was_saved(self, draft):
        form = DraftForm(DraftForm(policy=STEADIER).initial, policy=GUIDE)
        assert form.is_valid()
        assert form.policy() == STEADIER

    @pytest.mark.parametrize(
        ("changed", "errors"),
        [
            (
                {"conversations__stay_per_180_days": 9},
                {
                    "conversations__stay_per_180_days": [
                        "Enter 3 at most: staying asks for no more than entering."
                    ]
                },
            ),
            ({"grace_days": ""}, {"grace_days": ["Enter a whole number from 0 to 3650."]}),
            ({"grace_days": "1e3"}, {"grace_days": ["Enter a whole number from 0 to 3650."]}),
            (
                {"stay_referral_share": "120", "synergy_low": 3},
                {
                    "stay_referral_share": ["Enter a number from 0 to 100."],
                    "synergy_low": [
                        "Enter less than the score of potential synergy: nobody has both."
                    ],
                },
            ),
            (
                {"conduct__abusive_730": "9" * 40},
                {"conduct__abusive_730": ["Enter a whole number from 1 to 3650."]},
            ),
        ],
    )
    def test_nonsense_is_refused_beneath_its_sentence(self, changed, errors, as_, mona, draft):
        answer = as_(mona).post(f"/policies/drafts/{draft.pk}/", said(**changed))
        assert (answer.status_code, answer.context["form"].errors) == (422, errors)
        for (sentence,) in errors.values():
            assert sentence in answer.text
        draft.refresh_from_db()
        assert draft.policy == STEADIER

    def test_guides_numbers_and_discarding(self, as_, mona, draft):
        client = as_(mona)
        client.post(f"/policies/drafts/{draft.pk}/guide/")
        assert PolicyDraft.objects.get().policy == GUIDE
        answer = client.post(f"/policies/drafts/{draft.pk}/discard/")
        assert answer.url == f"/policies/?branch={mona.branch.pk}"
        assert not PolicyDraft.objects.exists()
        actions = Event.objects.filter(actor_id=mona.pk).values_list("action", flat=True)
        assert list(actions.order_by("pk")) == ["policy.draft_saved", "policy.draft_discarded"]

    def test_who_no_longer_manages_the_branch_opens_the_draft_no_more(self, as_, mona, draft):
        mona.grants.all().delete()
        assert as_(mona).get(f"/policies/drafts/{draft.pk}/").status_code == 404


class TestTrying:
    def test_save_and_try_leads_to_a_trial_that_waits(self, as_, mona, draft):
        client = as_(mona)
        answer = client.post(f"/policies/drafts/{draft.pk}/", said(grace_days=90, **{"try": "1"}))
        assert answer.url == f"/policies/drafts/{draft.pk}/trial/"
        assert draft.trials.get().rules["grace_days"] == 90
        text = client.get(answer.url, headers={"HX-Request": "true"}).text
        assert "Waiting for its turn" in text
        assert 'hx-trigger="every 1s"' in text

    def test_progress_is_shown_while_it_runs(self, as_, mona, draft):
        draft.trials.create(rules={}, asked_at=timezone.now(), tried=500, total=1200)
        text = as_(mona).get(f"/policies/drafts/{draft.pk}/trial/").text
        assert "500 of 1200 partners" in text

    def test_result_shows_each_mover_with_both_reasons(self, as_, mona, alice, draft):
        partner = PartnerFactory(owner=alice, first_name="Rita", last_name="Rowe")
        tried(draft, partner)
        answer = as_(mona).get(f"/policies/drafts/{draft.pk}/trial/")
        (mover,) = answer.context["movers"]
        assert (mover.partner, mover.why_before, mover.why_after) == (
            partner,
            "Maintenance: long-standing, in regular contact, and actively sending referrals.",
            "Cultivation: regular conversation is still missing.",
        )
        result = answer.context["result"]
        counts = [(one.tier, one.before, one.after, one.change) for one in result.counts]
        assert counts == [
            ("maintenance", 1, 0, "−1"),
            ("cultivation", 2, 3, "+1"),
            ("cease", 0, 0, "no change"),
        ]
        assert [(way.name, way.number) for way in result.ways] == [
            ("Maintenance to Cultivation", 1)
        ]
        for shown in ["Rita Rowe", "Alice Abbott", mover.why_after]:
            assert shown in answer.text
        assert not result.outdated

    def test_override_that_stays_in_force_is_told(self, as_, mona, alice, draft):
        partner = PartnerFactory(owner=alice)
        now = timezone.now()
        ends_on = alice.today(now) + timedelta(days=30)
        override(
            actor=mona, partner=partner, tier=Tier.CEASE, reason="No", ends_on=ends_on, now=now
        )
        tried(draft, partner)
        text = as_(mona).get(f"/policies/drafts/{draft.pk}/trial/").text
        assert "Cease stays in force until" in text

    def test_trial_of_other_numbers_says_so(self, as_, mona, draft):
        tried(draft)
        draft.rules = GUIDE.to_dict()
        draft.save()
        text = as_(mona).get(f"/policies/drafts/{draft.pk}/trial/").text
        assert "You changed the draft after this trial." in text

    def test_list_is_narrowed_to_one_way(self, as_, mona, alice, draft):
        down, up = PartnerFactory(owner=alice), PartnerFactory(owner=alice)
        trial = tried(draft, down)
        move(trial, up, **UP)
        address = f"/policies/drafts/{draft.pk}/trial/"
        shown = {
            way: [mover.partner for mover in as_(mona).get(address + way).context["movers"]]
            for way in ["?way=cultivation-maintenance", "?way=cease-cease", "?way=nonsense", NUL]
        }
        assert shown["?way=cultivation-maintenance"] == [up]
        assert shown["?way=cease-cease"] == []
        assert set(shown["?way=nonsense"]) == set(shown[NUL]) == {up, down}

    def test_administrator_is_not_told_who_moves_by_conduct(self, as_, ada, alice, first):
        """Else a draft of the conduct limits alone would tell of whom notes were written."""
        hidden, open_ = PartnerFactory(owner=alice), PartnerFactory(owner=alice)
        draft = PolicyDraftFactory(made_by=ada)
        trial = tried(draft, hidden, tier="cease", rule="X1", reasons=["X1c"])
        move(trial, open_, flags=["conduct_watch"])
        answer = as_(ada).get(f"/policies/drafts/{draft.pk}/trial/")
        assert [mover.partner for mover in answer.context["movers"]] == [open_]
        assert answer.context["movers"][0].after.flags == ()
        assert hidden.full_name not in answer.text
        assert "1 more would move. Their reasons are seen by the owner" in answer.text

    def test_manager_sees_who_moves_by_conduct(self, as_, mona, alice, draft):
        partner = PartnerFactory(owner=alice)
        tried(draft, partner, tier="cease", rule="X1", reasons=["X1c"])
        answer = as_(mona).get(f"/policies/drafts/{draft.pk}/trial/")
        (mover,) = answer.context["movers"]
        assert mover.why_after == "Cease: negative moments have added up."
        assert answer.context["result"].private == 0

    def test_result_takes_the_same_queries_for_one_and_three_movers(
        self, as_, mona, alice, draft, django_assert_num_queries
    ):
        client, address = as_(mona), f"/policies/drafts/{draft.pk}/trial/"
        trial = tried(draft, PartnerFactory(owner=alice))
        client.get(address)
        for _ in range(2):
            with django_assert_num_queries(9):
                client.get(address)
            for _ in range(2):
                move(trial, PartnerFactory(owner=alice))


class TestPublishing:
    def test_publish_shows_the_changes_and_the_last_trial(self, as_, mona, draft):
        address = f"/policies/drafts/{draft.pk}/publish/"
        answer = as_(mona).get(address)
        assert lines(answer) == [CHANGE]
        assert "This draft was not tried yet." in answer.text
        tried(draft)
        assert as_(mona).get(address).context["result"].trial == draft.trials.get()

    def test_published_draft_is_the_policy_and_gone(self, as_, mona, draft):
        today = mona.today(timezone.now())
        address, sent = f"/policies/drafts/{draft.pk}/publish/", {"starts_on": today, "note": "Hm"}
        client = as_(mona)
        answer = client.post(address, sent, follow=True)
        assert "Published. Everybody is judged by it within minutes." in answer.text
        version = PolicyVersion.objects.in_force(today).of(mona.branch.pk)
        assert (version.policy, version.note, version.published_by) == (STEADIER, "Hm", mona)
        assert not PolicyDraft.objects.exists()
        assert client.post(address, sent).url == "/policies/"
        assert PolicyVersion.objects.count() == 2

    def test_published_for_a_later_day_says_when(self, as_, mona, draft):
        day = mona.today(timezone.now()) + timedelta(days=30)
        address = f"/policies/drafts/{draft.pk}/publish/"
        answer = as_(mona).post(address, {"starts_on": day}, follow=True)
        assert f"Published. It holds from {day:%B} {day.day}, {day.year}." in answer.text

    @pytest.mark.parametrize(
        ("days", "sentence"),
        [
            (-1, "Choose today or a later day: the past was judged already."),
            (367, "Choose a day within a year."),
        ],
    )
    def test_day_that_is_past_or_too_far_is_refused(self, days, sentence, as_, mona, draft):
        day = mona.today(timezone.now()) + timedelta(days=days)
        answer = as_(mona).post(f"/policies/drafts/{draft.pk}/publish/", {"starts_on": day})
        assert (answer.status_code, answer.context["form"].errors) == (
            422,
            {"starts_on": [sentence]},
        )

    def test_branch_follows_the_company_again(self, as_, mona, first):
        today = mona.today(timezone.now())
        PolicyVersionFactory(branch=mona.branch, starts_on=today, rules=STEADIER.to_dict())
        client, address = as_(mona), f"/policies/follow/?branch={mona.branch.pk}"
        (change,) = lines(client.get(address))
        assert change == "Regular communication: at least 4 → 3 conversations in 90 days"
        client.post(address, {"starts_on": today})
        assert PolicyVersion.objects.in_force(today).of(mona.branch.pk) == first
        text = client.post(address, {"starts_on": today}, follow=True).text
        assert "Riverside follows the company’s policy already." in text
        assert PolicyVersion.objects.count() == 3
