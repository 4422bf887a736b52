"""Signed-in clients, one of each object of Alice's, and what the database holds."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from files.services import store
from ledger.models import Hold
from tests.factories import (
    AbsenceFactory,
    ChoiceFactory,
    DeliveryFactory,
    FocusPlaceFactory,
    HandoverFactory,
    InteractionFactory,
    InvitationFactory,
    PartnerFactory,
    PieceSideFactory,
    PlannedTouchFactory,
    PlanStepFactory,
    PolicyDraftFactory,
    PolicyVersionFactory,
    ReferralFactory,
    UserFactory,
)
from tests.ledger.desk_rows import OFTEN, RAFFLE, a_draft, a_line
from tiers.models import TierStanding


@pytest.fixture
def as_(db):
    """`as_(alice)`: a client signed in as this person, past the second factor if one is needed."""

    def sign_in(user, **headers):
        if user.needs_second_factor:
            totp = {"user": user, "type": Authenticator.Type.TOTP}
            Authenticator.objects.get_or_create(**totp, defaults={"data": {"secret": "JBSWY3DP"}})
        client = Client(headers=headers)
        client.force_login(user)
        return client

    return sign_in


def receipt(user):
    """A little PDF as somebody attached it."""
    upload = SimpleUploadedFile("agreement.pdf", b"%PDF-1.7\n%%EOF")
    return store(actor=user, upload=upload, now=timezone.now())


def in_cease(partner):
    """One-sided, whatever the facts say."""
    TierStanding.objects.filter(partner=partner).update(tier="cease", rule="X3")
    return partner


@pytest.fixture
def book(alice, bob, mona, carl):
    """A partner of Alice with one of everything."""
    partner = PartnerFactory(owner=alice, first_name="Rita", last_name="Rowe", email="rita@rowe.us")
    invitation = InvitationFactory(partner=partner)
    piece = PieceSideFactory(partner=partner).piece
    held_draft = a_draft(alice, findings=[RAFFLE])
    held_draft.files.add(receipt(alice))
    return SimpleNamespace(
        piece=piece,
        piece_file=piece.piece_files.create(file=receipt(alice), what="agreement"),
        invitation=invitation,
        event=invitation.event,
        partner=partner,
        interaction=InteractionFactory(partner=partner, note="Talked about the spring market"),
        ceased=in_cease(PartnerFactory(owner=alice, last_name="Cole")),
        choice=ChoiceFactory(
            partner=in_cease(PartnerFactory(owner=alice, last_name="Choy")), needs_second_look=True
        ),
        plan_step=PlanStepFactory(plan__choice__partner__owner=alice),
        noted=InteractionFactory(partner=partner, conduct="negative"),
        referral=ReferralFactory(partner=partner, borrower="Ben Borrower"),
        step=PlannedTouchFactory(partner=partner),
        place=FocusPlaceFactory(partner=partner),
        handover=HandoverFactory(
            from_owner=UserFactory(name="Gwen Grant", branch=alice.branch),
            to_owner=alice,
            partners=[partner],
        ),
        mail=DeliveryFactory(user=alice, state="failed"),
        role=alice.grants.get(),
        absence=AbsenceFactory(officer=alice, user=bob),
        policy=PolicyVersionFactory(branch=alice.branch),
        draft=PolicyDraftFactory(made_by=mona, branch=alice.branch),
        warned_line=a_line(alice, partner, findings=[OFTEN]),
        held_draft=held_draft,
        receipt=held_draft.files.get(),
        hold=Hold.objects.create(reason="A subpoena", placed_by=carl, placed_at=timezone.now()),
    )


# What the record notes of somebody who only looks, is not let in, or goes.
OF_LOOKING = {"conduct.read", "referral.contact_read", "access.refused", "access.signed_out"}


@contextmanager
def nothing_written():
    """Hold that no row of any table changes; what a sign-in and the record note is left aside."""
    before = all_rows()
    yield
    assert all_rows() == before


def all_rows():
    return {
        model._meta.label: sorted(
            repr([row[name] for name in row if name != "last_login"])
            for row in model._base_manager.values()
            if row.get("action") not in OF_LOOKING
        )
        for model in apps.get_models(include_auto_created=True)
        if model is not Session
    }


@pytest.fixture
def unchanged(db):
    """`with unchanged(): ...` holds that the block writes nothing."""
    return nothing_written
