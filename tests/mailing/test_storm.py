"""Real workers, a real queue and a real mail server, in a storm."""

import random
import time
from collections import defaultdict
from datetime import timedelta
from functools import partial

import pytest
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from mailing.models import Delivery, State
from mailing.services import plan_many
from tests.mailing.crew import Crew, wait_until

LEASE = 6  # seconds
MAILS = 300
# Seconds from the first mail on for which the mail server drops and refuses. No mail can fail for
# a third time so early, and its second wait is two leases: by then the kills have not ended yet.
SPOILED = 8
SHORTEST, LONGEST = 20, 120  # seconds of kills
GOES_ON = Q(state__in=[State.PENDING, State.CLAIMED, State.TRANSMITTING])


def plan_storm():
    now = timezone.now()
    people = User.objects.bulk_create(
        User(email=f"person{number}@example.com", name=f"Person {number}")
        for number in range(MAILS)
    )
    plan_many(
        Delivery(kind="storm", user=user, occurrence="1", due_at=now, planned_at=now,
                 expires_at=now + timedelta(hours=1))
        for user in people
    )  # fmt: skip


def rage(crew):
    """kill -9 after every few mails; the queue hangs, and later vanishes with all that it held.

    By mails and not by time, as a busy machine takes seconds to start what was killed.
    """
    started = time.monotonic()
    kills, count = 0, 0
    troubles = [(MAILS * 2 / 3, crew.lose_the_queue), (MAILS / 3, partial(crew.hang_the_queue, 4))]
    while time.monotonic() - started < LONGEST:
        wait_for_mails(crew, count + random.randint(2, 12))
        count = len(crew.taken())
        if count > MAILS * 0.9 and time.monotonic() - started > SHORTEST:
            break
        crew.kill(random.choice(["worker1", "worker2", "worker3"] * 8 + ["beat1"]))
        kills += 1
        if troubles and count > troubles[-1][0]:
            _, trouble = troubles.pop()
            trouble()
    assert troubles == []
    return kills


def wait_for_mails(crew, count, seconds=4):
    until = time.monotonic() + seconds
    while len(crew.taken()) < count and time.monotonic() < until:
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_300_mails_in_a_storm_none_is_lost_and_none_doubled():
    plan_storm()
    with Crew(lease=LEASE) as crew:
        crew.start_queue()
        crew.start_mail_server(drop=0.02, refuse=0.05, seconds=SPOILED)
        crew.start_beat(1)
        for number in [1, 2, 3]:
            crew.start_worker(number)
        wait_until(crew.taken, 30)
        assert rage(crew) > 20
        wait_until(lambda: not Delivery.objects.filter(GOES_ON).exists(), 2 * LEASE)
        taken = crew.taken()

    ids = defaultdict(list)
    for recipient, message_id in taken:
        ids[recipient].append(message_id)
    mails = {row.user.email: row for row in Delivery.objects.select_related("user")}
    lost = {who for who, row in mails.items() if row.state == State.SENT and who not in ids}
    renamed = {who for who, found in ids.items() if set(found) != {mails[who].message_id}}
    doubled = {who for who, found in ids.items() if len(found) > 1 + mails[who].sent_again}
    assert (lost, renamed, doubled) == (set(), set(), set())
    # Who was killed twice while the message was leaving asks a person, who sees that.
    uncertain = [row for row in mails.values() if row.state == State.UNCERTAIN]
    assert {row.state for row in mails.values()} <= {State.SENT, State.UNCERTAIN}
    assert all(row.sent_again for row in uncertain)
    assert len(uncertain) < 15
