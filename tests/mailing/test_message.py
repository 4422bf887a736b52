"""What leaves: headers, Message-ID, and an HTML part that any mail program shows."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from mailing.kinds import Mail
from mailing.message import build, compose, message_id
from mailing.models import Delivery

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MAIL = Mail("Grüße, Alice", "Hello.\n", "<p>Hello.</p>", {"List-Unsubscribe": "<https://x/y>"})


def leaves(user, mail=MAIL):
    delivery = Delivery(kind="digest", user=user, occurrence="2026-11-24")
    content = build(delivery, mail, user, NOW).message().as_bytes()
    return message_from_bytes(content, policy=policy.default)


def test_headers(alice):
    alice.time_zone = "America/Phoenix"
    message = leaves(alice)
    assert {name: message[name] for name in ["From", "To", "Subject", "Date"]} == {
        "From": "partnercrm@localhost",
        "To": "Alice Abbott <alice@example.com>",
        "Subject": "Grüße, Alice",
        "Date": "Tue, 24 Nov 2026 05:00:00 -0700",
    }
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<https://x/y>"
    parts = [part.get_content_type() for part in message.walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]


def test_message_id_follows_from_the_key_and_tells_nothing(settings):
    settings.SITE_URL = "https://crm.example.com"
    first = message_id("digest", 7, "", "2026-11-24")
    assert first == message_id("digest", 7, "", "2026-11-24")
    assert first.startswith("<digest.")
    assert first.endswith("@crm.example.com>")
    assert len(first) <= 160
    assert "2026" not in first
    others = [message_id("digest", 8, "", "2026-11-24"), message_id("digest", 7, "", "2026-11-25")]
    settings.SECRET_KEY = "x" * 50
    others.append(message_id("digest", 7, "", "2026-11-24"))
    assert len({first, *others}) == 4


def test_message_id_is_the_same_at_any_moment(alice):
    delivery = Delivery(kind="digest", user=alice, subject="7", occurrence="2026-11-24")
    moments = [NOW, NOW + timedelta(days=1)]
    ids = {build(delivery, MAIL, alice, now).message()["Message-ID"] for now in moments}
    assert ids == {message_id("digest", alice.pk, "7", "2026-11-24")}


def test_message_id_once_used_is_kept(alice):
    delivery = Delivery(kind="digest", user=alice, occurrence="1", message_id="<old@host>")
    assert build(delivery, MAIL, alice, NOW).message()["Message-ID"] == "<old@host>"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Abbott, Alice", "Abbott, Alice"),
        ('Al "Ace" Abbott', "Al Ace Abbott"),
        ("Zoë Åkesson", "Zoë Åkesson"),
        ("<script>@evil.com", "<script>@evil.com"),
        ("Eve\r\nBcc: eve@evil.com", "Eve Bcc: eve@evil.com"),
        ("half \ud800", "half ?"),
        ("zero\x00", "zero"),
        ("", ""),
    ],
)
def test_any_name_is_a_name_and_no_second_recipient(alice, name, shown):
    alice.name = name
    (address,) = leaves(alice)["To"].addresses
    assert (address.display_name, address.addr_spec) == (shown, "alice@example.com")


def test_styles_stand_in_the_tags_and_those_of_dark_mode_in_the_head(tmp_path, settings):
    (tmp_path / "emails").mkdir()
    for ending, body in [("html", "<p>{{ word }}</p>"), ("txt", "{{ word }}")]:
        (tmp_path / "emails" / f"x.{ending}").write_text(
            f"{{% extends 'emails/base.{ending}' %}}{{% block body %}}{body}{{% endblock %}}"
        )
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}
    ]
    mail = compose("x", subject="S", context={"word": "a < b"})
    assert mail.text == "a < b\n\n-- \nPartnerCRM, http://localhost:8000\n"
    assert '<p style="margin: 0 0 12px;">a &lt; b</p>' in mail.html
    assert "prefers-color-scheme: dark" in mail.html
    assert mail.html.count("<style") == 1
