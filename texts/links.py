"""Links that open a message in a person's own program: nothing is sent from here. Pure."""

from urllib.parse import quote

# Some programs cut off what is longer.
MOST_CHARACTERS = 2000


def mail_link(address: str, subject: str, body: str) -> str:
    """A mailto link; a line ends with CRLF there (RFC 6068)."""
    lines = "\r\n".join(body.splitlines())
    words = f"subject={quote(subject, safe='')}&body={quote(lines, safe='')}"
    return f"mailto:{quote(address, safe='@')}?{words}"


def message_link(number: str, body: str) -> str:
    """An sms link (RFC 5724); `number` such as +13125550123."""
    return f"sms:{number}?body={quote(body, safe='')}"
