"""Real transactions at the same moment: one effect, whoever comes second."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.utils import timezone

from interactions.models import Interaction
from interactions.services import Contact, log, remove_interaction
from partners.models import Partner
from tests.factories import PartnerFactory, PlannedTouchFactory
from tests.tiers.test_races import at_once
from tests.touches.books import known
from touches.cadences import Playbook
from touches.kinds import TouchKind
from touches.models import PlannedTouch, PlanningDay, PlaybookVersion
from touches.planning import plan_dates_now, plan_new_days
from touches.services import finish, publish_playbook, skip, snooze

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

TOUCH = TouchKind.PERSONAL_TOUCH


def today(partner):
    return partner.owner.today(timezone.now())


def put_off(partner, days=3):
    day = today(partner)
    until = day + timedelta(days=days)
    return snooze(
        actor=partner.owner, partner=partner, kind=TOUCH, until=until, row_id=None, today=day
    )


def leave_out(partner):
    return skip(
        actor=partner.owner,
        partner=partner,
        kind=TOUCH,
        reason="On vacation",
        row_id=None,
        today=today(partner),
    )


def logging(partner):
    contact = Contact(day=today(partner), kind="call")
    return log(actor=partner.owner, partners=[partner], contact=contact, batch=uuid4())


def test_two_people_finish_a_step_once():
    for _ in range(10):
        step = PlannedTouchFactory()
        works = [partial(finish, actor=step.planned_by, touch=step, now=timezone.now())] * 2
        assert sorted(at_once(*works)) == [False, True]


def test_two_snoozes_at_once_are_one_row():
    for _ in range(10):
        partner = known()
        assert sorted(at_once(*[partial(put_off, partner)] * 2)) == [False, True]
        assert PlannedTouch.objects.filter(partner=partner).count() == 1


def test_two_skips_at_once_are_one():
    for _ in range(10):
        partner = known()
        assert sorted(at_once(*[partial(leave_out, partner)] * 2)) == [False, True]
        assert PlannedTouch.objects.filter(partner=partner).count() == 1


def test_skip_against_a_snooze_closes_it():
    for _ in range(10):
        partner = known()
        at_once(partial(leave_out, partner), partial(put_off, partner))
        assert PlannedTouch.objects.get(partner=partner).skipped_on


def test_snooze_against_a_log_is_never_left_open():
    """Whichever comes second, the contact of today has done what was put off today."""
    for _ in range(20):
        partner = known()
        at_once(partial(put_off, partner), partial(logging, partner))
        assert not PlannedTouch.objects.open().filter(partner=partner).exists()


def test_two_logs_complete_a_touch_once():
    for _ in range(10):
        partner = known()
        put_off(partner)
        at_once(*[partial(logging, partner)] * 2)
        done = PlannedTouch.objects.get(partner=partner)
        assert done.done_with == Interaction.objects.filter(partner=partner).first()


def test_log_against_the_removal_of_the_contact_that_did_it():
    for _ in range(15):
        partner = known()
        put_off(partner)
        (row,) = logging(partner)
        removal = partial(remove_interaction, actor=partner.owner, interaction=row)
        at_once(removal, partial(logging, partner))
        done = PlannedTouch.objects.get(partner=partner)
        assert done.done_with == Interaction.objects.get(partner=partner)


def test_dates_are_planned_once_by_all_who_plan_at_once():
    for _ in range(8):
        day = timezone.localdate() + timedelta(days=12)
        partners = [PartnerFactory(birth_month=day.month, birth_day=day.day) for _ in range(3)]
        ids = [partner.pk for partner in partners]
        PlannedTouch.objects.all().delete()
        PlanningDay.objects.all().delete()
        at_once(
            *[lambda: plan_new_days(now=timezone.now(), slices=5)] * 2,
            partial(plan_dates_now, ids[::-1], now=timezone.now()),
            Partner.objects.get(pk=ids[1]).save,
            partial(logging, partners[0]),
        )
        calls = PlannedTouch.objects.filter(kind="congratulate").order_by("partner")
        assert list(calls.values_list("partner", flat=True)) == ids
        Partner.objects.update(archived_at=timezone.now(), archived_reason="moved")


def test_two_playbooks_at_once_get_two_numbers(alice, bob):
    for number in range(5):
        books = [Playbook(thanks_minutes=2 * number + one) for one in (1, 2)]
        at_once(
            *(
                partial(publish_playbook, actor=actor, playbook=book, now=timezone.now())
                for actor, book in zip((alice, bob), books, strict=True)
            )
        )
    numbers = PlaybookVersion.objects.values_list("number", flat=True)
    assert list(numbers) == list(range(1, 11))
