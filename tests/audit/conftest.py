"""A record that somebody tampers with, past the triggers."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit import append_only
from audit.models import Event, Seal
from audit.sealer import seal_new
from audit.services import record


@pytest.fixture
def sealed(alice, rita):
    """Six sealed events of Alice's; their numbers."""
    for number in range(6):
        record(actor=alice, action="partner.changed", target=rita, fields=["email"], place=number)
    seal_new(now=Event.objects.latest("pk").at)
    return list(Event.objects.values_list("pk", flat=True))


@pytest.fixture
def tamper():
    """`tamper(sql, *values)`: as somebody who owns the database and took its triggers away."""

    def run(sql, *values):
        append_only.remove(connection)
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
        append_only.install(connection)

    return run


@pytest.fixture
def verified():
    """What `audit verify` says, line by line, without the head; and whether it ended well."""

    def run(*arguments):
        out, ended_well = StringIO(), True
        try:
            call_command("audit", "verify", *arguments, stdout=out)
        except CommandError:
            ended_well = False
        lines = [line for line in out.getvalue().splitlines() if "Head" not in line]
        return [line for line in lines if "Keep it" not in line], ended_well

    return run


@pytest.fixture
def head():
    """The head as it is now, as `audit verify` prints it."""

    def now():
        last = Seal.objects.latest("number")
        return f"{last.number}:{last.mac}"

    return now
