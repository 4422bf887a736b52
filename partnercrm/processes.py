"""The command lines of the processes, the same under ``up`` and in docker-compose.yml.

Each begins with the name of a module that Python runs.
"""


def web(bind: str) -> list[str]:
    """The web server at ``bind`` (host:port). WEB_CONCURRENCY sets its processes, 1 by default."""
    return [
        *("gunicorn", "partnercrm.wsgi:application", "--bind", bind, "--threads", "8"),
        # Its default place is shared by every gunicorn of this user.
        "--no-control-socket",
    ]


def worker() -> list[str]:
    """The worker, without beat inside: a killed worker would leave that one running."""
    return ["celery", "--app", "partnercrm", "worker", "--loglevel", "info", "--concurrency", "2"]


def beat(schedule: str) -> list[str]:
    """The clock. The file ``schedule`` remembers what ran, so that a missed tick is made up."""
    return [
        *("celery", "--app", "partnercrm", "beat", "--loglevel", "info", "--schedule", schedule),
        # A file left by a kill would keep the next beat from starting.
        *("--pidfile", ""),
    ]
