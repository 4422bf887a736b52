"""What is entered stays as it was written: by page, admin, ORM and SQL."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from ledger import services
from ledger.models import (
    Approval,
    Hold,
    Line,
    LineFile,
    Purge,
    Recipient,
    Release,
    RulesVersion,
    Statement,
)
from tests.factories import GrantFactory
from tests.ledger.lines import draft_of, line_of
from tests.ledger.test_entering import receipt

KEPT = [Line, Recipient, LineFile, Approval, Release, Statement, RulesVersion]
LONG_AGO = timedelta(days=6 * 365)


@pytest.fixture
def line(alice, carl, rita):
    """One with a row in each table."""
    draft = draft_of(alice, [rita], kind="gift", is_raffle=True)
    now = timezone.now()
    services.save_draft(actor=alice, draft=draft, said={}, uploads=[receipt()], now=now)
    given = {"released_by": carl, "released_at": now}
    Release.objects.create(draft=draft, check_code="raffle", reason="Open to all", **given)
    line = services.enter(actor=alice, draft=draft, now=now)
    Approval.objects.create(line=line, answer="approved", given_by=carl, given_at=now)
    RulesVersion.objects.create(number=1, rules={}, published_at=now)
    return line


def old_line(alice, rita, days=LONG_AGO):
    return line_of(alice, [rita], day=(timezone.localdate() - days).isoformat())


def refused(do):
    with pytest.raises(IntegrityError), transaction.atomic():
        do()


@pytest.mark.parametrize("model", KEPT)
def test_rows_are_not_changed_or_deleted_by_the_orm(line, model):
    row = model.objects.first()
    name = next(field.name for field in model._meta.fields if not field.primary_key)

    refused(row.save)
    refused(lambda: model.objects.filter(pk=row.pk).update(**{name: getattr(row, name)}))
    refused(lambda: model.objects.bulk_update([row], [name]))
    refused(lambda: model.objects.filter(pk=row.pk)._raw_delete(using="default"))
    assert model.objects.get(pk=row.pk) == row


@pytest.mark.parametrize("model", KEPT)
def test_rows_are_not_changed_or_deleted_by_sql(line, model):
    # PostgreSQL empties no table while foreign keys are still to be looked at.
    connection.check_constraints()
    table = model._meta.db_table
    statements = [f"UPDATE {table} SET id = id", f"DELETE FROM {table}"]
    if connection.vendor == "sqlite":
        statements.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
        statements.append(f"UPDATE OR REPLACE {table} SET id = id")
    else:
        statements.append(f"TRUNCATE {table} CASCADE")
        upsert = "ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id"
        statements.append(f"INSERT INTO {table} SELECT * FROM {table} {upsert}")

    for statement in statements:
        with connection.cursor() as cursor:
            refused(lambda cursor=cursor, statement=statement: cursor.execute(statement))
    assert model.objects.count() == 1


def test_line_is_not_deleted_by_the_orm(line):
    refused(lambda: Recipient.objects.first().delete())
    refused(lambda: Recipient.objects.all().delete())


def test_line_has_no_way_to_be_changed_by_page_or_admin(sign_in, alice, ada, line):
    GrantFactory(user=alice, role=Role.ADMINISTRATOR)
    before = Line.objects.values().get()
    client = sign_in(alice)
    pages = [
        line.get_absolute_url(),
        reverse("ledger"),
        reverse("ledger_draft", args=[line.draft.pk]),
        reverse("ledger_enter", args=[line.draft.pk]),
        reverse("ledger_discard", args=[line.draft.pk]),
        "/admin/ledger/line/",
        f"/admin/ledger/line/{line.pk}/change/",
        f"/admin/ledger/line/{line.pk}/delete/",
    ]

    for page in pages:
        client.post(page, {"cost": "1", "description": "Other", "post": "yes"})
        client.delete(page)
        client.put(page)

    assert Line.objects.values().get() == before
    assert Line.objects.count() == 1


def delete_all_of(line):
    Recipient.objects.filter(line=line)._raw_delete(using="default")
    Line.objects.filter(pk=line.pk)._raw_delete(using="default")


def open_purge(**fields):
    return Purge.objects.create(
        **{"before": timezone.localdate(), "started_at": timezone.now()} | fields
    )


def test_old_line_goes_while_a_purge_is_open_alone(alice, rita):
    line = old_line(alice, rita)
    refused(lambda: delete_all_of(line))

    open_purge(ended_at=timezone.now())
    refused(lambda: delete_all_of(line))
    open_purge(before=line.day)
    refused(lambda: delete_all_of(line))
    open_purge()
    delete_all_of(line)

    assert not Line.objects.exists()


def test_line_within_five_years_never_goes(alice, rita):
    line = old_line(alice, rita, timedelta(days=5 * 365 - 2))
    open_purge()

    refused(lambda: delete_all_of(line))


@pytest.mark.parametrize("what", ["everything", "line", "officer", "recipient", "reversed"])
def test_held_line_stays_until_the_hold_is_lifted(alice, carl, rita, what):
    now = timezone.now()
    line = old_line(alice, rita)
    reversal = services.reverse(actor=alice, line=line, reason="Typo", now=now)
    held = {
        "everything": {},
        "line": {"line": reversal},
        "officer": {"officer": alice},
        "recipient": {"partner_key": rita.key},
        "reversed": {"line": line},
    }[what]
    hold = Hold.objects.create(reason="A lawsuit", placed_by=carl, placed_at=now, **held)
    open_purge()

    refused(lambda: delete_all_of(reversal))
    hold.lifted_at, hold.lifted_by, hold.lift_reason = now, carl, "It is over"
    hold.save()
    Hold.objects.filter(line=reversal).delete()
    delete_all_of(reversal)

    assert list(Line.objects.all()) == [line]
