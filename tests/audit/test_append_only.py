"""Events and seals stay as they were written: the database refuses, whoever asks."""

import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import Event, Seal

pytestmark = pytest.mark.django_db


CHANGED = {Event: "action", Seal: "mac"}


def save(model):
    row = model.objects.first()
    setattr(row, CHANGED[model], "other")
    row.save()


def save_one_field(model):
    row = model.objects.first()
    setattr(row, CHANGED[model], "other")
    row.save(update_fields=[CHANGED[model]])


def update(model):
    model.objects.update(**{CHANGED[model]: "other"})


def bulk_update(model):
    rows = list(model.objects.all())
    model.objects.bulk_update(rows, [CHANGED[model]])


def delete(model):
    model.objects.first().delete()


def delete_all(model):
    model.objects.all().delete()


def raw_delete(model):
    rows = model.objects.all()
    rows._raw_delete(rows.db)


def sql_update(model):
    run(f"UPDATE {model._meta.db_table} SET {CHANGED[model]} = 'other'")


def sql_delete(model):
    run(f"DELETE FROM {model._meta.db_table}")


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def upsert(model):
    row = model.objects.values().first()
    model.objects.bulk_create(
        [model(**row)],
        update_conflicts=True,
        update_fields=[CHANGED[model]],
        unique_fields=[model._meta.pk.name],
    )


def replace(model):
    """On SQLite REPLACE deletes the old row; PostgreSQL has no such word."""
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        run(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE")
    run(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


WAYS = [
    save, save_one_field, update, bulk_update, upsert, sql_update,
    delete, delete_all, raw_delete, sql_delete, replace,
]  # fmt: skip


@pytest.mark.parametrize("model", [Event, Seal])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_way_changes_or_removes_a_row(way, model, sealed):
    before = list(model.objects.values())
    refused = pytest.raises(IntegrityError, match="rows are kept as they were written")
    with refused, transaction.atomic():
        way(model)
    assert list(model.objects.values()) == before
