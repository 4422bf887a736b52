"""Without a mail server each mail is a file, whole or not there."""

import os
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.mail import send_mail
from django.utils import timezone

from mailing import services
from mailing.backends import read_from_folder
from mailing.models import State
from mailing.services import LeaseLostError, deliver_due, deliver_one
from mailing.tasks import sweep_task
from tests.mailing.conftest import noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "mailing.backends.FileBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path / "mail"


def test_a_mail_is_a_file_that_is_found_by_its_delivery(plan_mail, folder):
    delivery = plan_mail()
    deliver_one(clock=noon)
    message = read_from_folder(delivery.key)
    assert message["Subject"] == "News"
    assert message.get_content() == "Hello.\r\n"
    (file,) = folder.iterdir()
    assert (file.name, file.stat().st_mode & 0o777) == (f"{delivery.key}.eml", 0o600)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_there_is_no_mail_that_was_not_sent(folder, settings):
    assert read_from_folder(uuid4()) is None
    settings.EMAIL_FILE_PATH = None
    assert read_from_folder(uuid4()) is None


def test_a_lost_lease_leaves_no_file(plan_mail, folder, monkeypatch):
    def lost(delivery, clock):
        raise LeaseLostError

    monkeypatch.setattr(services, "_start_transmitting", lost)
    plan_mail()
    deliver_one(clock=noon)
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_tried_again(plan_mail, folder):
    folder.write_text("a file where the folder should be")
    delivery = plan_mail()
    deliver_one(clock=noon)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (State.PENDING, 1)


def test_old_files_are_removed_and_new_ones_stay(plan_mail, folder, settings):
    old, new = plan_mail(occurrence="1"), plan_mail(occurrence="2")
    deliver_due(clock=noon, seconds=10)
    (folder / ".writing-x").touch()
    for name in [f"{old.key}.eml", ".writing-x"]:
        os.utime(folder / name, (0, (timezone.now() - timedelta(days=31)).timestamp()))
    sweep_task()
    assert [path.name for path in folder.iterdir()] == [f"{new.key}.eml"]
    settings.EMAIL_FILE_PATH = None
    sweep_task()


def test_other_mails_are_files_too(folder):
    send_mail("Subject", "Text", None, ["alice@example.com"])
    (file,) = folder.iterdir()
    assert file.suffix == ".eml"
