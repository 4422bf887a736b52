from celery import shared_task
from django.utils import timezone

from interactions.erasure import erase_contacts


@shared_task
def erase_contacts_task() -> None:
    """One slice; the next tick takes the next."""
    erase_contacts(now=timezone.now())
