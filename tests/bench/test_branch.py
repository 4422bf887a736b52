"""The measurement of the branch page goes on working; what it says is for whoever runs it."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow


def test_a_small_run_measures_both_pages_and_leaves_nothing(tmp_path):
    file = tmp_path / "branch.json"
    command = [sys.executable, "-m", "bench", "branch", "--small", "--database", "sqlite"]
    run = subprocess.run(
        [*command, "--json", str(file)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(file.read_text())
    assert [page["page"].split(":")[0] for page in found["pages"]] == [
        "floor", "branch", "branch", "branch", "one officer", "rows",
    ]  # fmt: skip
    # Two of them write down who read of conduct.
    assert found["pages"][1]["queries"] <= 9
    assert "The branch page takes" in run.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["branch.json"]
