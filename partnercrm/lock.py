"""The locks: which versions, with their hashes, pyproject.toml's dependencies stand for."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What each lock holds beside the dependencies that every installation has.
LOCKS = {
    "requirements/app.txt": (),
    "requirements/dev.txt": ("--extra", "embedded", "--group", "dev"),
}


def fingerprint(pyproject: Path) -> str:
    """A hash of what the locks are made from."""
    content = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    project = content["project"]
    wanted = [
        project["requires-python"],
        project["dependencies"],
        project.get("optional-dependencies", {}),
        content.get("dependency-groups", {}),
    ]
    return hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()


def heading(root: Path) -> str:
    made_from = fingerprint(root / "pyproject.toml")
    return f"# Made by `python3 manage.py lock` from pyproject.toml.\n# {made_from}\n"


def stale(root: Path = ROOT) -> list[str]:
    """The locks that were made from other dependencies than those of pyproject.toml now."""
    return [
        name for name in LOCKS if not (root / name).read_text("utf-8").startswith(heading(root))
    ]


def renew(root: Path = ROOT, *, upgrade: bool = False) -> None:
    """Resolve and write both locks; versions stay where they can unless ``upgrade``.

    Needs the network. Raises CalledProcessError where the dependencies do not fit together.
    """
    for name, extras in LOCKS.items():
        subprocess.run(
            [
                *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet"),
                *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"),
                *("--no-annotate", "--no-emit-index-url", "--output-file", name, *extras),
                *(["--upgrade"] if upgrade else []),
            ],
            cwd=root,
            check=True,
        )
        stamp(root, name)


def stamp(root: Path, name: str) -> None:
    path = root / name
    pins = re.sub(r"\A(#.*\n)*", "", path.read_text(encoding="utf-8"))
    path.write_text(heading(root) + pins, encoding="utf-8")
