"""Real transactions at the same moment: entering, counting, reversing, beginning."""

from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone

from ledger import services
from ledger.models import Draft, Line, Recipient, RulesVersion
from ledger.rules import Rules
from tests.factories import PartnerFactory, UserFactory
from tests.ledger.lines import draft_of, line_of, said
from tests.tiers.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def entering(draft):
    def enter():
        try:
            return services.enter(actor=draft.officer, draft=draft, now=timezone.now())
        except services.HeldBack as held:
            return {finding.code for finding in held.findings}

    return enter


def test_two_clicks_enter_one_line():
    rita = PartnerFactory()
    for number in range(1, 6):
        click = entering(draft_of(rita.owner, [rita]))
        first, second = at_once(click, click)
        assert first == second
        assert Line.objects.count() == Recipient.objects.count() == number


@pytest.mark.parametrize("is_partner", [True, False])
def test_two_lines_never_pass_the_yearly_cap_together(is_partner):
    rules = Rules(yearly_cap=Decimal(50)).to_dict()
    RulesVersion.objects.create(number=1, rules=rules, published_at=timezone.now())
    for number in range(5):
        rita = PartnerFactory()
        whom = [rita] if is_partner else []
        other = "" if is_partner else f"Ann Lee {number}, Harbor Homes"
        drafts = [
            draft_of(rita.owner, whom, cost="30", kind="gift", attendees=1, others=other)
            for _ in range(2)
        ]
        found = at_once(*map(entering, drafts))
        assert sorted(isinstance(one, Line) for one in found) == [False, True]
        assert {"yearly_cap"} in found


def test_two_clicks_reverse_once():
    rita = PartnerFactory()
    for _ in range(5):
        line = line_of(rita.owner, [rita])
        click = partial(
            services.reverse, actor=rita.owner, line=line, reason="Typo", now=timezone.now()
        )
        first, second = at_once(click, click)
        assert first == second


def test_two_clicks_begin_one_draft():
    rita, officer = PartnerFactory(), UserFactory()
    for number in range(1, 6):
        click = partial(
            services.start_draft,
            actor=officer,
            officer=officer,
            source=f"form:{number}",
            said=said([rita]),
            now=timezone.now(),
        )
        first, second = at_once(click, click)
        assert first == second
        assert Draft.objects.count() == number


def test_entering_and_giving_up_at_once_end_one_way():
    rita = PartnerFactory()
    for _ in range(5):
        draft = draft_of(rita.owner, [rita])
        give_up = partial(services.discard, actor=rita.owner, draft=draft, now=timezone.now())
        entered, given_up = at_once(entering(draft), give_up)
        assert isinstance(entered, Line) != given_up
