"""A borrower's contact as pages show it, opened once."""

from dataclasses import dataclass

from interactions.encryption import CannotOpen
from interactions.masking import dialed, masked_email, masked_phone
from interactions.models import Referral


@dataclass(frozen=True)
class BorrowerContact:
    """In full for the referral's own page, masked for lists; blank what is not known."""

    phone: str
    email: str
    # False where a value was sealed by a key that is not there, or was changed from outside.
    is_readable: bool

    @property
    def call(self) -> str:
        """The address of a link that calls; blank for words such as "by e-mail"."""
        number = dialed(self.phone)
        return f"tel:{number}" if number else ""

    @property
    def masked(self) -> str:
        """What a list shows of it: the phone, or else the e-mail."""
        return masked_phone(self.phone) or masked_email(self.email)

    @property
    def says_something(self) -> bool:
        return bool(self.phone or self.email)


def contact_of(referral: Referral) -> BorrowerContact:
    """Never fails: what cannot be opened is blank, and `is_readable` is False."""
    phone, email = (_opened(referral, name) for name in ("borrower_phone", "borrower_email"))
    return BorrowerContact(
        phone=phone or "",
        email=email or "",
        is_readable=phone is not None and email is not None,
    )


def _opened(referral: Referral, name: str) -> str | None:
    try:
        text: str = getattr(referral, name)
    except CannotOpen:
        return None
    return text
