"""One kind of e-mail that says what it is told, and mail servers that fail as they are told."""

from datetime import UTC, datetime, timedelta

import pytest

from mailing import kinds
from mailing.kinds import Mail, MailKind
from mailing.models import Delivery
from mailing.services import plan
from tests.mailing.sink import Sink, running

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def noon():
    return NOW


def says(text):
    return lambda delivery, now: Mail("News", f"{text}\n")


@pytest.fixture
def made_up_kinds(monkeypatch):
    """A digest and a letter; tests may put their own rendering in. Yields the registry."""
    monkeypatch.setattr(kinds, "_kinds", {})
    kinds.register(MailKind("digest", "Digest", says("Hello."), resend_uncertain=True))
    kinds.register(MailKind("letter", "Letter", says("Dear you.")))
    return kinds._kinds


@pytest.fixture
def renders(made_up_kinds):
    """Lets the digest be written by this function."""

    def renders(render):
        made_up_kinds["digest"] = MailKind("digest", "Digest", render, resend_uncertain=True)

    return renders


@pytest.fixture
def plan_mail(alice, made_up_kinds):
    """Plans a mail that is due at NOW and may leave until eight hours later."""

    def plan_mail(kind="digest", occurrence="2026-11-24", user=alice, **changes):
        usual = {"due_at": NOW, "expires_at": NOW + timedelta(hours=8), "now": NOW}
        plan(kind=kind, user=user, occurrence=occurrence, **usual | changes)
        return Delivery.objects.get(kind=kind, user=user, occurrence=occurrence)

    return plan_mail


@pytest.fixture
def sink(settings):
    """A mail server that works, for tests to spoil: `sink.answers["rcpt"] = "451 later"`."""
    with running(Sink()) as server:
        settings.EMAIL_BACKEND = "mailing.backends.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 0.5
        yield server
