"""Real transactions at the same moment: nobody waits for ever, nobody has two owners."""

from functools import partial
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from accounts.services import activate, deactivate
from interactions.models import Interaction
from partners.handover import hand_over, take_back
from partners.models import Handover, Partner
from partners.services import save_partner
from tests.factories import PartnerFactory
from tests.tiers.test_races import assert_settled, at_once, logging
from touches.focus_list import choose_for, pin
from touches.models import FocusPlace

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def giving(actor, old, new, partners, key=None):
    return partial(
        hand_over,
        actor=actor,
        from_owner=old,
        to_owner=new,
        partner_ids=[partner.pk for partner in partners],
        note="",
        key=key or uuid4(),
        now=timezone.now(),
    )


def or_refused(work):
    """The result, or None where a sentence refuses it."""

    def run():
        try:
            return work()
        except ValidationError:
            return None

    return run


def book(owner, count=3):
    return [PartnerFactory(owner=owner) for _ in range(count)]


def owners(partners):
    rows = Partner.objects.filter(pk__in=[partner.pk for partner in partners])
    return {partner.owner for partner in rows.select_related("owner")}


def test_two_hand_overs_of_the_same_partners_give_them_once(alice, bob, charlie, mona):
    for _ in range(5):
        partners = book(alice)
        works = [
            giving(mona, alice, new, partners[::way]) for new, way in ((bob, 1), (charlie, -1))
        ]
        made = [one for one in at_once(*map(or_refused, works)) if one]
        assert len(made) == 1
        assert owners(partners) == {made[0].to_owner}


def test_double_submit_at_once_hands_over_once(alice, bob, mona):
    for _ in range(5):
        partners = book(alice, 1)
        one, other = at_once(*[giving(mona, alice, bob, partners, uuid4())] * 2)
        assert one == other
        assert owners(partners) == {bob}


def test_hand_overs_in_both_directions_do_not_wait_for_each_other(alice, bob, mona):
    for _ in range(5):
        hers, his = book(alice), book(bob)
        at_once(giving(mona, alice, bob, hers), giving(mona, bob, alice, his))
        assert (owners(hers), owners(his)) == ({bob}, {alice})


def test_log_of_the_old_owner_is_kept_and_counted(alice, bob, mona):
    for _ in range(5):
        partners = book(alice)
        at_once(giving(mona, alice, bob, partners), logging(partners[::-1]))
        logged = Interaction.objects.filter(partner__in=partners)
        assert [row.officer for row in logged] == [alice] * 3
        assert owners(partners) == {bob}
    assert_settled(*partners)


def test_saved_form_of_the_old_owner_takes_nobody_back(alice, bob, mona):
    for _ in range(5):
        (partner,) = book(alice, 1)
        form = Partner.objects.get(pk=partner.pk)
        form.notes = "Likes mornings"
        said = {"company": "", "tags": (), "changed": ["notes"], "now": timezone.now()}
        at_once(
            giving(mona, alice, bob, [partner]),
            partial(save_partner, actor=alice, partner=form, **said),
        )
        partner.refresh_from_db()
        assert (partner.owner, partner.notes) == (bob, "Likes mornings")


def test_pin_or_a_new_list_of_the_old_owner_keeps_nobody(alice, bob, mona):
    for _ in range(5):
        partners, now = book(alice), timezone.now()
        at_once(
            giving(mona, alice, bob, partners),
            or_refused(
                partial(pin, actor=alice, officer=alice, partner=partners[0], reason="x", now=now)
            ),
            partial(choose_for, actor=None, officer=alice, now=now),
        )
        places = FocusPlace.objects.on(alice.today(now)).filter(partner__in=partners)
        assert not places.exists()


def test_handing_back_against_giving_on(alice, bob, charlie, mona):
    for _ in range(5):
        partners = book(alice)
        handover = hand_over_now(mona, alice, bob, partners)
        back = or_refused(partial(take_back, actor=mona, handover=handover, now=timezone.now()))
        returned, given_on = at_once(back, or_refused(giving(mona, bob, charlie, partners)))
        assert (returned is None) != (given_on is None)
        assert owners(partners) == ({alice} if returned else {charlie})


def test_receiver_who_leaves_at_that_moment(alice, bob, mona, ada):
    for _ in range(5):
        partners = book(alice)
        made, _ = at_once(
            or_refused(giving(mona, alice, bob, partners)),
            partial(deactivate, actor=ada, person=bob, now=timezone.now()),
        )
        assert owners(partners) == ({bob} if made else {alice})
        assert not User.objects.get(pk=bob.pk).is_active
        activate(actor=ada, person=bob, now=timezone.now())


def test_two_who_hand_back_at_once_do_it_once(alice, bob, mona):
    for _ in range(5):
        partners = book(alice)
        hand_over_now(mona, alice, bob, partners)
        works = [
            partial(take_back, actor=mona, handover=one, now=timezone.now())
            for one in [Handover.objects.order_by("-pk").first() for _ in range(2)]
        ]
        assert sorted(at_once(*works)) == [(0, 0), (3, 0)]


def hand_over_now(*people_and_partners):
    return giving(*people_and_partners)()
