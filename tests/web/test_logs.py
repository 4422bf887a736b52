"""No line of the log holds an address that works without a sign-in."""

import logging

import pytest

from web.logs import LineWithoutSecrets


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Not Found: /calendar/s3cret-Ab_1.ics", "Not Found: /calendar/….ics"),
        ("Gone: /digest/done/WzEs:1wZ57k:u_5-oJ/", "Gone: /digest/done/…/"),
        ("Forbidden (no cookie): /digest/snooze/a:b:c", "Forbidden (no cookie): /digest/snooze/…"),
        ("/digest/stop/a%3Ab/ and /digest/stop/c?x=1", "/digest/stop/…/ and /digest/stop/…?x=1"),
        ("Not Found: /partners/7/", "Not Found: /partners/7/"),
    ],
)
def test_secrets_of_addresses_are_left_out(line, expected):
    record = logging.LogRecord("x", logging.WARNING, "x.py", 1, line, (), None)
    assert LineWithoutSecrets("%(message)s").format(record) == expected
