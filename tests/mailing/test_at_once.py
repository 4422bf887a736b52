"""Several at once, as it happens when somebody starts a second beat or sends by hand."""

import threading
import time
from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from digests.kinds import DAILY
from digests.models import Subscription
from mailing.models import Delivery, Heartbeat, State
from mailing.services import claim, deliver_due
from tests.factories import PlannedTouchFactory, UserFactory
from tests.mailing.conftest import NOW, noon
from tests.mailing.crew import Crew, wait_until

WAVES, PEOPLE = 10, 5
OPEN = [State.PENDING, State.CLAIMED, State.TRANSMITTING]


def busy_person(number):
    """Whose digest is due now, whenever that is: it is between noon and one for them."""
    zone = f"Etc/GMT{timezone.now().hour - 12:+d}"
    with transaction.atomic():
        user = UserFactory(email=f"busy{number}@example.com", time_zone=zone)
        Subscription.objects.create(user=user, kind=DAILY, on_weekends=True)
        PlannedTouchFactory(partner__owner=user)
    return user.email


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_beats_four_workers_and_the_command_send_one_mail_a_day(settings):
    with Crew(lease=30) as crew:
        crew.start_queue()
        crew.start_mail_server(drop=0, refuse=0, seconds=0)
        crew.send_from_here_too(settings)
        for number in [1, 2, 3, 4]:
            crew.start_worker(number)
        for number in [1, 2]:
            crew.start_beat(number)
        wait_until(Heartbeat.objects.exists, 60)
        people = []
        for wave in range(WAVES):
            people += [busy_person(wave * PEOPLE + number) for number in range(PEOPLE)]
            if wave % 2:
                call_command("send_digests", stdout=StringIO())
        wait_until(lambda: not Delivery.objects.filter(state__in=OPEN).exists(), 20)
        time.sleep(3)  # for a second mail, if there were one
        taken = crew.taken()
    assert Counter(recipient for recipient, _ in taken) == dict.fromkeys(people, 1)
    sent = Delivery.objects.filter(state=State.SENT, kind=DAILY)
    assert sorted(sent.values_list("user__email", flat=True)) == sorted(people)


def in_threads(count, work):
    def run():
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_four_deliverers_send_each_mail_once(plan_mail, sink, settings):
    settings.EMAIL_TIMEOUT = 10
    for number in range(40):
        plan_mail(occurrence=str(number))
    in_threads(4, lambda: deliver_due(clock=noon, seconds=60))
    assert set(Delivery.objects.values_list("state", "attempts")) == {(State.SENT, 1)}
    ids = [message["Message-ID"] for message in sink.taken]
    assert (len(ids), len(set(ids))) == (40, 40)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_claims_does_not_wait_for_who_claims(plan_mail):
    first, second = plan_mail(occurrence="1"), plan_mail(occurrence="2")
    claimed = []
    with transaction.atomic():
        Delivery.objects.select_for_update().get(pk=first.pk)
        in_threads(1, lambda: claimed.append(claim(now=NOW)))
    assert claimed == [second]
