"""Making the environment. What runs commands is replaced by a list of what should happen."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from partnercrm import bootstrap
from partnercrm.bootstrap import CannotBuild, Environment

ROOT = Path(__file__).resolve().parents[2]
LOCK = r"""six==1.0 \
    --hash=sha256:aa
uv==0.13.9 \
    --hash=sha256:bb \
    --hash=sha256:cc
vine==5.1 \
    --hash=sha256:dd
"""


class Rehearsal(Environment):
    """An environment whose commands succeed unless they contain one of the words in ``fails``."""

    def __init__(self, root, fails=(), output=""):
        super().__init__(root)
        self.fails = fails
        self.output = output
        self.commands = []

    def runs(self, command):
        self.commands.append(command)
        self.log.write_text(self.output)
        if any(word in command for word in self.fails):
            return False
        if "venv" in command:
            self.python.parent.mkdir(parents=True, exist_ok=True)
            self.python.unlink(missing_ok=True)
            self.python.symlink_to(sys.executable)
        return "import sys" not in command or self.python.exists()

    def ran(self, *words):
        return sum(all(word in command for word in words) for command in self.commands)


@pytest.fixture
def root(tmp_path):
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "dev.txt").write_text(LOCK)
    return tmp_path


def test_environment_is_built_once(root):
    first, second = Rehearsal(root), Rehearsal(root)
    first.bring_up_to_date()
    second.bring_up_to_date()
    assert first.ran("venv", "--without-pip") == 1
    assert first.ran("sync", "--require-hashes") == 1
    assert second.commands == []


def test_environment_is_updated_in_place_when_the_lock_changes(root):
    Rehearsal(root).bring_up_to_date()
    (root / "requirements" / "dev.txt").write_text(LOCK + "new==1\n")
    later = Rehearsal(root)
    later.bring_up_to_date()
    assert (later.ran("venv"), later.ran("sync")) == (0, 1)


def test_environment_left_half_built_is_made_anew(root):
    with pytest.raises(CannotBuild):
        Rehearsal(root, fails=["install"]).bring_up_to_date()
    again = Rehearsal(root)
    again.bring_up_to_date()
    assert again.ran("venv", "--clear") == 1
    assert not again.unfinished.exists()


def test_environment_whose_python_is_gone_is_made_anew(root):
    Rehearsal(root).bring_up_to_date()
    gone = root / ".venv" / "bin" / "python"
    gone.unlink()
    gone.symlink_to("/nowhere/python3")
    again = Rehearsal(root)
    again.bring_up_to_date()
    assert again.ran("venv", "--clear") == 1


def test_pip_installs_where_uv_fails(root):
    environment = Rehearsal(root, fails=["sync"])
    environment.bring_up_to_date()
    assert environment.ran("pip", "install", "--require-hashes", str(environment.lock)) == 1


def test_uv_is_installed_as_the_lock_pins_it(root):
    Rehearsal(root).bring_up_to_date()
    assert (root / ".venv" / "uv.txt").read_text() == (
        "uv==0.13.9 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"
    )


@pytest.mark.parametrize(
    ("fails", "output", "sentence"),
    [
        (["venv"], "", "Python's venv module is missing"),
        (["--version", "ensurepip"], "", "pip is missing"),
        (["install"], "Failed to resolve: Temporary failure in name resolution", "needs a network"),
        (["install"], "THESE PACKAGES DO NOT MATCH THE HASHES", "could not be installed; see"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(root, fails, output, sentence):
    with pytest.raises(CannotBuild, match=sentence):
        Rehearsal(root, fails, output).bring_up_to_date()


def test_pip_comes_from_ensurepip_where_the_system_has_none(root):
    environment = Rehearsal(root, fails=["--version"])
    environment.bring_up_to_date()
    assert environment.ran(str(environment.python), "ensurepip") == 1
    assert environment.ran("sync") == 1


def test_two_at_once_build_once(root, capsys):
    first, second = Rehearsal(root), Rehearsal(root)
    with first.alone():
        waiting = threading.Thread(target=second.bring_up_to_date)
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        first.build()
    waiting.join(5)
    assert second.commands == []
    said = capsys.readouterr()
    assert "waiting for it" in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    ("arguments", "goes_inside"),
    [(["up"], True), (["test", "-k", "x"], True), (["migrate"], False), ([], False)],
)
def test_enter_goes_inside_for_up_and_test_alone(root, monkeypatch, arguments, goes_inside):
    calls = []
    monkeypatch.delenv(bootstrap.ENVIRONMENT, raising=False)
    monkeypatch.setattr(bootstrap, "Environment", Rehearsal)
    monkeypatch.setattr(os, "execve", lambda *call: calls.append(call[1]))
    monkeypatch.setattr(os, "environ", dict(os.environ))
    bootstrap.enter(root, arguments)
    python, manage = str(root / ".venv" / "bin" / "python"), str(root / "manage.py")
    assert calls == ([[python, manage, *arguments]] if goes_inside else [])


@pytest.mark.parametrize("value", ["system", "the folder itself"])
def test_enter_returns_where_the_packages_are(root, monkeypatch, value):
    monkeypatch.setenv(bootstrap.ENVIRONMENT, "system" if value == "system" else str(root))
    bootstrap.enter(root, ["up"])
    assert not (root / ".venv").exists()


def test_manage_refuses_a_python_that_is_too_old():
    code = "import runpy, sys; sys.version_info = (3, 10, 4); runpy.run_path('manage.py')"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        "PartnerCRM needs Python 3.11, 3.12 or 3.13, and this is Python 3.10.\n",
    )


def test_bootstrap_needs_the_standard_library_alone():
    for name in ("bootstrap", "embedded"):
        code = f"import runpy; runpy.run_path('partnercrm/{name}.py')"
        # -S leaves out the installed packages, -I the folder and the environment.
        subprocess.run([sys.executable, "-S", "-I", "-c", code], cwd=ROOT, check=True)
