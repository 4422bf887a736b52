"""Real transactions at the same moment: each guest is logged once, who asked us to stop is not."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from gratitude.models import Invitation
from gratitude.services import cancel_event, invite, log_who_came
from interactions.models import Interaction
from interactions.services import remove_interaction
from partners.models import Partner
from tests.factories import EventFactory, InvitationFactory, PartnerFactory
from tests.tiers.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def logging(actor, event):
    now = timezone.now()
    return partial(
        log_who_came, actor=actor, event=event, minutes=60, today=actor.today(now), now=now
    )


def test_two_colleagues_at_once_log_each_guest_once(alice, mona):
    event = EventFactory(officer=alice)
    for _ in range(5):
        Interaction.objects.all().delete()
        for _ in range(3):
            partner = PartnerFactory(owner=alice)
            InvitationFactory(event=event, partner=partner, came=True)
        found = at_once(logging(alice, event), logging(mona, event), logging(alice, event))
        guests = Invitation.objects.count()
        assert sorted(len(rows) for rows in found) == [0, 0, guests]
        assert Interaction.objects.count() == guests
        assert not Invitation.objects.filter(interaction__isnull=True).exists()


def test_two_invitations_at_once_are_one(alice, bob):
    event = EventFactory(officer=alice)
    for _ in range(5):
        partner = PartnerFactory(owner=alice)
        click = partial(invite, actor=alice, event=event, partner_ids=[partner.pk])
        assert sorted(asked.invited for asked in at_once(click, click)) == [0, 1]
        assert event.invitations.filter(partner=partner).count() == 1


def test_logging_and_removing_at_once_wait_for_each_other(alice):
    event = EventFactory(officer=alice)
    for _ in range(5):
        partner = PartnerFactory(owner=alice)
        row = InvitationFactory(event=event, partner=partner, came=True)
        [logged] = logging(alice, event)()
        InvitationFactory(event=event, partner=PartnerFactory(owner=alice), came=True)
        at_once(logging(alice, event), partial(remove_interaction, actor=alice, interaction=logged))
        row.refresh_from_db()
        left = Interaction.objects.filter(partner=partner).first()
        assert row.interaction == left
        event.invitations.all().delete()


def test_an_event_is_logged_or_cancelled_and_never_both(alice):
    for _ in range(5):
        event = EventFactory(officer=alice)
        InvitationFactory(event=event, partner=PartnerFactory(owner=alice), came=True)

        def or_refused(work):
            try:
                return work()
            except ValidationError:
                return None

        cancel = partial(cancel_event, actor=alice, event=event, now=timezone.now())
        at_once(partial(or_refused, logging(alice, event)), partial(or_refused, cancel))
        event.refresh_from_db()
        logged = event.invitations.filter(interaction__isnull=False).exists()
        assert logged is (event.cancelled_at is None)


def test_who_asks_us_to_stop_while_being_invited_is_invited_before_it_or_not_at_all(alice):
    event = EventFactory(officer=alice)
    for _ in range(5):
        partner = PartnerFactory(owner=alice)
        day = alice.today(timezone.now())
        stop = partial(Partner.objects.filter(pk=partner.pk).update, do_not_contact_since=day)
        asking = partial(invite, actor=alice, event=event, partner_ids=[partner.pk])
        asked, _ = at_once(asking, stop)
        assert asked.invited + len(asked.refused) == 1
        assert event.invitations.filter(partner=partner).count() == asked.invited
