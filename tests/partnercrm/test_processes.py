"""What docker-compose.yml runs is what `up` runs."""

from pathlib import Path

import pytest
import yaml

from partnercrm import processes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("web", processes.web("0.0.0.0:8000")),
        ("worker", processes.worker()),
        ("beat", processes.beat("/app/var/state/beat")),
    ],
)
def test_compose_runs_the_commands_of_up(services, name, command):
    assert services[name]["command"] == ["python", "-m", *command]


def test_image_starts_the_web_server_of_up():
    command = ", ".join(f'"{word}"' for word in ["python", "-m", *processes.web("0.0.0.0:8000")])
    assert f"CMD [{command}]" in (ROOT / "Dockerfile").read_text().splitlines()


def test_image_runs_as_somebody_without_rights():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert lines.index("USER partnercrm") < next(
        number for number, line in enumerate(lines) if "collectstatic" in line
    )


def test_compose_has_every_service_and_each_is_looked_after(services):
    assert set(services) == {"migrate", "web", "worker", "beat", "postgres", "redis", "mail"}
    assert {name for name in services if "healthcheck" not in services[name]} == {"migrate"}


def test_compose_keeps_what_is_queued(services):
    assert services["redis"]["command"] == [
        *("redis-server", "--appendonly", "yes", "--maxmemory-policy", "noeviction")
    ]


def test_compose_holds_no_secret(services):
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${")
    assert services["web"]["environment"]["DATABASE_URL"].startswith(
        "postgres://partnercrm:${POSTGRES_PASSWORD"
    )


def test_worker_has_no_beat_inside():
    assert {"-B", "--beat"}.isdisjoint(processes.worker())
