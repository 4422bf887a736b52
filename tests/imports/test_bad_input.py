"""Whatever a file holds: a sentence with its place, nothing written, no traceback."""

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from interactions.models import Interaction, Referral
from partners.models import Partner
from tests.imports.files import CALL, PARTNER, REFERRAL, book, bring_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alice")]


def refused(folder, *options):
    """The lines below the headline; nothing is in the database."""
    with pytest.raises(CommandError) as caught:
        bring_in(folder, *options)
    assert not Partner.objects.exists()
    assert not Interaction.objects.exists()
    assert not Referral.objects.exists()
    assert not Event.objects.exists()
    headline, *lines = str(caught.value).split("\n")
    assert headline.startswith("Nothing was imported. ")
    return lines


PARTNER_CELLS = [
    ("key", "", "This must not be blank."),
    ("key", "k" * 65, "This is longer than 64 characters. Shorten it."),
    ("last_name", " ", "This must not be blank."),
    ("last_name", "x" * 61, "This is longer than 60 characters. Shorten it."),
    ("company", "x" * 121, "This is longer than 120 characters. Shorten it."),
    (
        "type",
        "plumber",
        "plumber is not a type. Write one of realtor, builder, financial_advisor, cpa, attorney, "
        "insurance_agent, title_escrow, past_client, other.",
    ),
    ("email", "ann@", "ann@ is not an e-mail address."),
    ("phone", "12345", "12345 is not a phone number. Write it as (202) 555-0123."),
    ("phone", "call me", "call me is not a phone number. Write it as (202) 555-0123."),
    ("birthday", "02-30", "02-30 is not a birthday. Write MM-DD or YYYY-MM-DD."),
    ("birthday", "2023-02-29", "2023-02-29 is not a birthday. Write MM-DD or YYYY-MM-DD."),
    ("birthday", "1899-12-31", "1899-12-31 is too long ago. Dates begin on 1900-01-01."),
    ("birthday", "2999-01-01", "2999-01-01 is in the future. Write a day that has begun."),
    ("relationship_start", "1/2/2020", "1/2/2020 is not a date. Write YYYY-MM-DD."),
    (
        "relationship_start",
        "2999-01-01",
        "2999-01-01 is in the future. Write a day that has begun.",
    ),
    ("synergy", "6", "6 is not a whole number from 0 to 5."),
    ("synergy", "3.5", "3.5 is not a whole number from 0 to 5."),
    (
        "do_not_contact",
        "maybe",
        "maybe is neither yes nor no. Write yes or no, or leave it blank.",
    ),
    ("tier", "gold", "gold is not a tier. Write one of maintenance, cultivation, cease."),
    ("owner", "alice", "alice is not an e-mail address."),
]


@pytest.mark.parametrize(("column", "cell", "sentence"), PARTNER_CELLS)
def test_partner_with_a_bad_cell_is_refused(tmp_path, column, cell, sentence):
    book(tmp_path, [PARTNER | {column: cell}])
    assert refused(tmp_path) == [f"partners.csv, line 2, {column}: {sentence}"]


INTERACTION_CELLS = [
    ("partner", "p9", "No partner has the key p9. Add it to partners.csv."),
    ("date", "2026-02-30", "2026-02-30 is not a date. Write YYYY-MM-DD."),
    ("date", "20260201", "20260201 is not a date. Write YYYY-MM-DD."),
    ("date", "", "This must not be blank."),
    ("date", "0202-01-01", "0202-01-01 is too long ago. Dates begin on 1900-01-01."),
    ("date", "2999-01-01", "2999-01-01 is in the future. Write a day that has begun."),
    ("direction", "up", "up is not a direction. Write one of out, in."),
    (
        "outcome",
        "fine",
        "fine is not an outcome. Write one of connected, no_response, sent.",
    ),
    ("minutes", "1441", "1441 is not a whole number from 0 to 1,440."),
    ("minutes", "-5", "-5 is not a whole number from 0 to 1,440."),
    ("note", "x" * 2001, "This is longer than 2,000 characters. Shorten it."),
    ("officer", "bob@", "bob@ is not an e-mail address."),
]


@pytest.mark.parametrize(("column", "cell", "sentence"), INTERACTION_CELLS)
def test_interaction_with_a_bad_cell_is_refused(tmp_path, column, cell, sentence):
    book(tmp_path, interactions=[CALL | {column: cell}])
    assert refused(tmp_path) == [f"interactions.csv, line 2, {column}: {sentence}"]


REFERRAL_CELLS = [
    ("borrower", "", "This must not be blank."),
    ("direction", "", "This must not be blank."),
    ("amount", "-1", "-1 is not an amount. Write dollars, such as 350000."),
    ("amount", "1,00", "1,00 is not an amount. Write dollars, such as 350000."),
    ("amount", "0", "0 is out of range. Write an amount from $1 to $999,999,999.99."),
    (
        "amount",
        "1000000000",
        "1000000000 is out of range. Write an amount from $1 to $999,999,999.99.",
    ),
    (
        "lost_reason",
        "not_ready",
        "Only a lost referral has a reason. Leave it blank.",
    ),
    ("funded_on", "2999-01-01", "2999-01-01 is in the future. Write a day that has begun."),
]


@pytest.mark.parametrize(("column", "cell", "sentence"), REFERRAL_CELLS)
def test_referral_with_a_bad_cell_is_refused(tmp_path, column, cell, sentence):
    book(tmp_path, referrals=[REFERRAL | {column: cell}])
    assert refused(tmp_path) == [f"referrals.csv, line 2, {column}: {sentence}"]


def test_lost_referral_needs_its_reason(tmp_path):
    book(tmp_path, referrals=[REFERRAL | {"stage": "lost", "lost_reason": ""}])
    assert refused(tmp_path) == [
        "referrals.csv, line 2, lost_reason: A lost referral needs the reason why it was lost."
    ]


def test_every_bad_row_of_every_file_is_listed(tmp_path):
    book(
        tmp_path,
        [PARTNER, PARTNER, PARTNER | {"key": "p2", "type": "x"}],
        [CALL, CALL | {"date": "never"}, CALL | {"partner": "p2", "minutes": "long"}],
        [REFERRAL | {"amount": "much"}],
    )
    places = [line.partition(": ")[0] for line in refused(tmp_path)]
    assert places == [
        "partners.csv, line 3, key",
        "partners.csv, line 4, type",
        "interactions.csv, line 3, date",
        "interactions.csv, line 4, minutes",
        "referrals.csv, line 2, amount",
    ]


def test_beyond_a_thousand_problems_are_counted(tmp_path):
    book(tmp_path, interactions=[CALL | {"kind": "x"}] * 1005)
    lines = refused(tmp_path)
    assert (len(lines), lines[-1]) == (1001, "and 5 more.")


HOSTILE = [
    (b"", "partners.csv: The file is empty. Its first line names the columns: key, first_name,"),
    (b"\n\n", "partners.csv: The file is empty."),
    (b"key,last_name\n", "partners.csv, line 1, type: This column is missing."),
    (
        b"key,last_name,type,shoe\n",
        "partners.csv, line 1, shoe: There is no such column. The columns are key, first_name,",
    ),
    (b"key,last_name,type,key\n", "partners.csv, line 1, key: This column is there twice."),
    (b"key,last_name,type,\n", "partners.csv, line 1: The column in place 4 has no name."),
    (
        b"key,last_name,type,Marital Status\n",
        "partners.csv, line 1, marital status: PartnerCRM never holds this about people.",
    ),
    (
        b"key,last_name,type\np1,Lee\n",
        "partners.csv, line 2: This row has 2 cells, and the first line names 3 columns.",
    ),
    (
        b"key,last_name,type\np1,L\xe9e,realtor\n",
        "partners.csv, line 2: Byte 5 (0xE9) is not UTF-8. Save the file as UTF-8.",
    ),
    (
        "key,last_name,type\np1,Lee,realtor\n".encode("utf-16"),
        "partners.csv, line 1: Byte 1 (0xFF) is not UTF-8. Save the file as UTF-8.",
    ),
    (
        b"key,last_name,type\np1,L\0e,realtor\n",
        "partners.csv, line 2: Byte 5 is NUL, which no text holds. Take it out.",
    ),
    (
        b'key,last_name,type\np1,"Lee,realtor\n',
        'partners.csv, line 2: A quote (") that is opened here is never closed.',
    ),
    (
        b'key,last_name,type\np1,"Lee,realtor\np2,"Yu",cpa\n',
        'partners.csv, line 2: A quote (") stands inside a quoted cell.',
    ),
    (
        b"key,last_name,type\np1," + b"x" * 10_000_000 + b",realtor\n",
        "partners.csv, line 2, last_name: A cell is longer than 131,072 characters. Shorten it,",
    ),
    (
        b'key,last_name,type\np1,"' + b"x\n" * 5_000_000 + b'",realtor\n',
        "partners.csv, line 2: A cell is longer than 131,072 characters. Shorten it,",
    ),
]


@pytest.mark.parametrize(("content", "beginning"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_file_is_refused_with_its_place(tmp_path, content, beginning):
    (tmp_path / "partners.csv").write_bytes(content)
    first = refused(tmp_path)[0]
    assert first.startswith(beginning)
    assert len(first) < 400


def test_partners_file_must_be_there(tmp_path):
    assert refused(tmp_path) == [
        "partners.csv: The file cannot be read: No such file or directory."
    ]


def test_broken_partners_file_does_not_make_every_fact_wrong(tmp_path):
    book(tmp_path, interactions=[CALL])
    (tmp_path / "partners.csv").write_text("key,last_name\n")
    assert refused(tmp_path) == ["partners.csv, line 1, type: This column is missing."]


def test_partner_whom_nobody_owns_is_refused(tmp_path):
    book(tmp_path)
    with pytest.raises(CommandError, match="line 2, owner: Nobody owns this partner"):
        call_command("import_book", tmp_path)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere"], "nowhere is not a folder. Name the folder that holds the files."),
        ([".", "--owner", "alice"], "alice is not an e-mail address."),
    ],
)
def test_bad_arguments_are_refused(arguments, sentence):
    with pytest.raises(CommandError) as caught:
        call_command("import_book", *arguments)
    assert str(caught.value) == sentence
