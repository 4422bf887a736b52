"""Whether the web server answers: ``python -m partnercrm.health`` in its container."""

import os
import sys
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit


def answers(host: str, port: int) -> bool:
    """Whether the health page is there and well; it is asked under the name that people use."""
    connection = HTTPConnection(host, port, timeout=1)
    site = urlsplit(os.environ.get("SITE_URL", "")).netloc or "localhost"
    try:
        connection.request("GET", "/healthz", headers={"Host": site})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if answers("127.0.0.1", 8000) else 1)
