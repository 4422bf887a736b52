"""The web server that is measured: gunicorn with two processes, on this computer alone."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

WORKERS = 2
# The first answer of each process loads the application.
PATIENCE = 60.0


@contextmanager
def running(log: str) -> Iterator[int]:
    """A server with the settings of this process's environment; gives its port, stops it after."""
    port = _free_port()
    with open(log, "wb") as output:
        process = subprocess.Popen(_command(port), env=os.environ, stdout=output, stderr=output)
        try:
            _wait_for(process, port, log)
            yield port
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def _command(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "partnercrm.wsgi:application"),
        *("--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--threads", "8"),
        *("--keep-alive", "60", "--timeout", "300", "--no-control-socket"),
    ]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_for(process: subprocess.Popen[bytes], port: int, log: str) -> None:
    """Return when it answers. Raises RuntimeError where it ended or does not in a minute."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"The web server did not start; {log} says why.")
