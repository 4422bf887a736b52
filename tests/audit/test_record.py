"""The record of who did what: in the transaction of the deed, and never without it."""

import pytest
from django.db import transaction

from audit.models import Event
from audit.services import record, record_each
from tests.factories import PartnerFactory

pytestmark = pytest.mark.django_db


def test_a_line_says_who_did_what_to_what(alice):
    partner = PartnerFactory(owner=alice)
    record(
        actor=alice, action="partner.changed", target=partner, fields=["email"], reason="new job"
    )
    line = Event.objects.get()
    assert (line.actor, line.action) == (alice, "partner.changed")
    assert (line.target_type, line.target_id) == ("partners.partner", str(partner.pk))
    assert (line.fields, line.detail) == (["email"], {"reason": "new job"})


def test_the_system_itself_has_no_actor(alice):
    record(actor=None, action="book.imported", target=alice)
    assert Event.objects.get().actor is None


def test_a_deed_that_is_taken_back_leaves_no_line(alice):
    with transaction.atomic():
        record(actor=alice, action="user.changed", target=alice)
        transaction.set_rollback(True)
    assert not Event.objects.exists()


def test_several_objects_take_one_query(alice, django_assert_num_queries):
    partners = [PartnerFactory(owner=alice) for _ in range(5)]
    with django_assert_num_queries(1):
        record_each(actor=alice, action="interaction.logged", targets=partners)
    assert Event.objects.count() == 5
