"""Settings take what makes sense and refuse what does not, with a sentence."""

import base64
import runpy
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from partnercrm import checks, embedded

SETTINGS = Path(__file__).resolve().parents[2] / "partnercrm" / "settings.py"
SERVER = {
    "AUDIT_KEYS": base64.b64encode(bytes(range(32, 64))).decode(),
    "BORROWER_KEYS": base64.b64encode(bytes(range(32))).decode(),
    "DATABASE_URL": "postgres://crm:secret@db.example.com/crm",
    "PARTNERCRM_ENVIRONMENT": "system",
    "EMAIL_URL": "smtp+tls://crm:secret@mail.example.com:587",
    "REDIS_URL": "redis://queue.example.com:6379",
    "SECRET_KEY": "Aa0-" * 16,
    "SITE_URL": "https://crm.example.com",
}


@pytest.fixture
def settings_with(tmp_path, monkeypatch):
    """Reads settings.py anew, in a folder of its own, with exactly these variables."""
    monkeypatch.setattr(embedded, "BASE_DIR", tmp_path)

    def read(variables):
        for name in [*checks.OWN_VARIABLES, "PARTNERCRM_ENVIRONMENT"]:
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return read


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("DEBUG", "perhaps", "DEBUG must be true or false"),
        ("DEMO", "2", "DEMO must be true or false"),
        ("DEMO", "true", "DEMO is for the SQLite file"),
        ("SECRET_KEY", "", "SECRET_KEY is not set"),
        ("SECRET_KEY", "short", "SECRET_KEY must have at least 50 characters"),
        ("SITE_URL", "crm.example.com", "SITE_URL must be an address such as"),
        ("SITE_URL", "ftp://crm.example.com", "SITE_URL must be an address such as"),
        ("TIME_ZONE", "Eastern", "TIME_ZONE must be a name such as America/Chicago"),
        ("DATABASE_URL", "mysql://crm@db/crm", "DATABASE_URL must begin with"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL must begin with"),
        ("REDIS_URL", "amqp://queue", "REDIS_URL must begin with"),
        ("EMAIL_URL", "mail.example.com", "EMAIL_URL must"),
        ("EMAIL_URL", "smtp://", "EMAIL_URL must"),
        ("EMAIL_URL", "smtp://mail.example.com:many", "EMAIL_URL must"),
        ("EMAIL_URL", "imap://mail.example.com", "EMAIL_URL must"),
        ("EMAIL_URL", "smtp://me:pass/word@mail.example.com", "EMAIL_URL must"),
        ("DELIVERY_LEASE_SECONDS", "3 minutes", "DELIVERY_LEASE_SECONDS must"),
        ("AUDIT_KEYS", "", "AUDIT_KEYS is not set"),
        ("BORROWER_KEYS", "", "BORROWER_KEYS is not set"),
        ("BORROWER_KEYS", "not base64!", "BORROWER_KEYS must"),
        ("BORROWER_KEYS", "short", "BORROWER_KEYS must"),
        ("BORROWER_KEYS", "c2hvcnQ=", "BORROWER_KEYS must"),
        ("BORROWER_KEYS", "ü" * 44, "BORROWER_KEYS must"),
        ("TRUSTED_PROXY_COUNT", "one", "TRUSTED_PROXY_COUNT must"),
        ("TRUSTED_PROXY_COUNT", "-1", "TRUSTED_PROXY_COUNT must"),
        ("ALLOWED_HOSTS", "https://crm.example.com", "ALLOWED_HOSTS must"),
    ],
)
def test_settings_refuse_nonsense_with_a_sentence(settings_with, variable, value, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        settings_with({**SERVER, variable: value})


def test_settings_take_a_server(settings_with):
    settings = settings_with(SERVER)
    assert settings["DATABASES"]["default"]["HOST"] == "db.example.com"
    assert settings["CELERY_BROKER_URL"] == "redis://queue.example.com:6379/0"
    assert settings["ALLOWED_HOSTS"][0] == "crm.example.com"
    assert (settings["DEBUG"], settings["DEMO"]) == (False, False)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.com", ("mail.example.com", 25, "", "", None, None)),
        ("smtp://127.0.0.1:1025", ("127.0.0.1", 1025, "", "", None, None)),
        ("smtp+tls://me:a+b%40c@example.com", ("example.com", 587, "me", "a+b@c", True, None)),
        ("smtp+ssl://me%40x.org:p@[::1]:9465/", ("::1", 9465, "me@x.org", "p", None, True)),
        ("smtps://me:p@mail.example.com", ("mail.example.com", 465, "me", "p", None, True)),
    ],
)  # fmt: skip
def test_settings_take_any_mail_server(settings_with, url, expected):
    settings = settings_with({**SERVER, "EMAIL_URL": url})
    names = ["HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL"]
    assert tuple(settings.get(f"EMAIL_{name}") for name in names) == expected
    assert settings["EMAIL_BACKEND"] == "mailing.backends.SmtpBackend"


def test_a_refused_mail_server_keeps_its_password(settings_with):
    with pytest.raises(ImproperlyConfigured) as refused:
        settings_with({**SERVER, "EMAIL_URL": "http://me:hunter2@mail.example.com"})
    assert "hunter2" not in str(refused.value)


def test_settings_need_nothing_for_the_embedded_default(settings_with, tmp_path):
    settings = settings_with({})
    assert settings["DATABASES"]["default"]["NAME"] == str(tmp_path / "var/partnercrm.sqlite3")
    assert settings["REDIS_URL"] == f"unix://{embedded.socket_path()}"
    assert settings["SECRET_KEY"] == (tmp_path / "var/secret_key").read_text().strip()
    assert settings["BORROWER_KEYS"] == [(tmp_path / "var/borrower_key").read_text().strip()]
    assert settings["AUDIT_KEYS"] == [(tmp_path / "var/audit_key").read_text().strip()]


def test_settings_make_no_key_on_a_server(settings_with, tmp_path):
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        settings_with({**SERVER, "SECRET_KEY": ""})
    assert list((tmp_path / "var").iterdir()) == []
