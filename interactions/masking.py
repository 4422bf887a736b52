"""A borrower's phone and e-mail as lists show them: enough to tell two apart, too little to use."""

import re

DOTS = "····"
SHOWN_DIGITS = 4


def masked_phone(phone: str) -> str:
    """The last four digits of what a phone dials; of a short number or of words none."""
    digits = re.sub(r"\D", "", dialed(phone))
    if len(digits) <= SHOWN_DIGITS:
        return DOTS if phone else ""
    return f"{DOTS} {digits[-SHOWN_DIGITS:]}"


def masked_email(email: str) -> str:
    """The first letter and the host: "b···@example.com"; of a name of one letter the host alone."""
    if not email:
        return ""
    name, at, host = email.rpartition("@")
    first = name[:1] if len(name) > 1 else ""
    return f"{first}···{at}{host}" if at else DOTS


def dialed(phone: str) -> str:
    """What a phone dials; an extension is for a person to press."""
    main, *_ = re.split(r"[a-z]", phone, maxsplit=1, flags=re.IGNORECASE)
    return re.sub(r"[^+0-9]", "", main)
