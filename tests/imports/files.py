"""Books as files, and what lies in the database."""

import csv
import io
import json

from django.core.management import call_command

PARTNER = {"key": "p1", "last_name": "Lee", "type": "realtor"}
CALL = {"partner": "p1", "date": "2026-10-01", "kind": "call"}
REFERRAL = {
    "key": "r1",
    "partner": "p1",
    "direction": "received",
    "date": "2026-10-01",
    "borrower": "Sam Hill",
}


def write(path, rows):
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)


def book(folder, partners=(PARTNER,), interactions=None, referrals=None):
    write(folder / "partners.csv", partners)
    if interactions:
        write(folder / "interactions.csv", interactions)
    if referrals:
        write(folder / "referrals.csv", referrals)
    return folder


def bring_in(folder, *options):
    out = io.StringIO()
    call_command(
        "import_book", folder, "--owner", "alice@example.com", *options, stdout=out, stderr=out
    )
    return out.getvalue()


def tiers(*options):
    out = io.StringIO()
    call_command("tiers", "--json", *options, stdout=out)
    return json.loads(out.getvalue())
