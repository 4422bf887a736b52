import base64
import os
import stat
import tempfile
import threading
from pathlib import Path

import pytest

from partnercrm import embedded, queue_server


@pytest.fixture
def base(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "BASE_DIR", tmp_path)
    monkeypatch.delenv("PARTNERCRM_ENVIRONMENT", raising=False)
    return tmp_path


@pytest.mark.parametrize(("name", "size"), [("secret_key", 48), ("borrower_key", 32)])
def test_secret_is_made_once_for_this_user_alone(base, name, size):
    first = embedded.secret(name)
    assert len(base64.b64decode(first)) == size
    assert embedded.secret(name) == first
    assert stat.S_IMODE((base / "var" / name).stat().st_mode) == 0o600


def test_secret_asked_for_by_many_at_once_is_one(base):
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(embedded.secret("secret_key")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert os.listdir(base / "var") == ["secret_key"]


def test_secret_is_not_made_on_a_server(base, monkeypatch):
    monkeypatch.setenv("PARTNERCRM_ENVIRONMENT", "system")
    assert embedded.secret("secret_key") == ""
    embedded.make_secrets()
    assert len(embedded.secret("secret_key")) == 64


def test_socket_lies_under_var(monkeypatch):
    monkeypatch.setattr(embedded, "BASE_DIR", Path("/srv/partnercrm"))
    assert embedded.socket_path() == Path("/srv/partnercrm/var/queue.sock")


@pytest.mark.parametrize("folder", ["/srv/" + "deep/" * 20, "/srv/a b", "/srv/a#b", "/srv/é"])
def test_socket_lies_elsewhere_where_var_cannot_hold_it(monkeypatch, folder):
    monkeypatch.setattr(embedded, "BASE_DIR", Path(folder))
    path = embedded.socket_path()
    assert len(os.fsencode(path)) <= 100
    assert path.parent.parent == Path(tempfile.gettempdir())
    monkeypatch.setattr(embedded, "BASE_DIR", Path(folder, "other"))
    assert embedded.socket_path() != path


def test_folder_of_somebody_else_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    with pytest.raises(queue_server.CommandError, match="belongs to somebody else"):
        queue_server.make_folders(tmp_path / "short" / "queue.sock", tmp_path / "data")
