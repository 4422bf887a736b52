"""What the page of a person says is in their hands: partners, and open referrals."""

from django.urls import reverse

from accounts.belongings import Belonging, register
from accounts.models import User
from interactions.models import OPEN_STAGES, Referral
from partners.models import Partner


@register
def partners_of(person: User) -> Belonging:
    count = Partner.objects.active().filter(owner=person).count()
    words = "partner" if count == 1 else "partners"
    return Belonging(count, words, f"{reverse('partners')}?owner={person.pk}")


@register
def open_referrals_of(person: User) -> Belonging:
    received = Referral.objects.received().filter(stage__in=OPEN_STAGES)
    count = received.filter(partner__owner=person).count()
    words = "open referral" if count == 1 else "open referrals"
    return Belonging(count, words, f"{reverse('referrals')}?owner={person.pk}")
