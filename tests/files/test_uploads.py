"""What is kept of what people upload: by its bytes, under a harmless name."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from files.forms import MultipleUploadField
from files.http import download
from files.looks import clean_name, media_type_of
from files.models import MOST_BYTES, StoredFile
from files.services import readable, store

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"<svg onload=alert(1)>", ""),
        (b"<html>%PDF-1.4", ""),
        (b"MZ\x90\x00", ""),
        (b"GIF89a", ""),
        (b"RIFF\x00\x00\x00\x00WAVE", ""),
        (b"", ""),
    ],
)
def test_media_type_is_what_the_bytes_say(content, media_type):
    assert media_type_of(content) == media_type


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("receipt.pdf", "receipt.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\lunch.PDF", "lunch.pdf"),
        ("bill.exe", "bill.exe.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe.pdf"),
        ('a"b\r\nSet-Cookie: x', "abSet-Cookie x.pdf"),
        ("<script>.pdf", "script.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        ("Quittung für Café.pdf", "Quittung für Café.pdf"),
        ("x" * 500 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_clean_name_is_harmless(name, cleaned):
    assert clean_name(name, "application/pdf") == cleaned


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"hello", "wrong_type"), (PNG + b"\0" * MOST_BYTES, "too_large")],
)
def test_readable_refuses_with_a_sentence(content, code):
    with pytest.raises(ValidationError) as caught:
        readable(SimpleUploadedFile("a.png", content, "image/png"))

    assert caught.value.code == code


def test_readable_takes_the_largest_that_is_allowed():
    content = PNG + b"\0" * (MOST_BYTES - len(PNG))

    assert readable(SimpleUploadedFile("a.png", content)) == content


def test_field_refuses_all_where_one_is_wrong():
    good, bad = SimpleUploadedFile("a.png", PNG), SimpleUploadedFile("b.png", b"no")
    field = MultipleUploadField(required=False)

    assert field.clean([good]) == [good]
    assert field.clean([]) == field.clean(None) == []
    with pytest.raises(ValidationError):
        field.clean([good, bad])
    with pytest.raises(ValidationError, match="at most 10"):
        field.clean([good] * 11)


def test_download_is_saved_and_never_opened(alice):
    upload = SimpleUploadedFile("lunch.html", PNG, "text/html")
    answer = download(store(actor=alice, upload=upload, now=timezone.now()))

    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"] == 'attachment; filename="lunch.html.png"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content == PNG


def test_stored_file_is_never_changed(alice):
    store(actor=alice, upload=SimpleUploadedFile("a.png", PNG), now=timezone.now())

    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.update(name="b.png")
