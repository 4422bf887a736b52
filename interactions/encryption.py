"""Borrowers' contact, encrypted at rest.

AES-GCM, with the row and the field as associated data: a value that is copied into another row or
another field does not open there. A sealed value is `v1:<key id>:<base64 of nonce and ciphertext>`;
the key's id tells which of `settings.BORROWER_KEYS` opens it, so that a new key can be put first
while the old ones still open old rows.
"""

import base64
import hashlib
import os
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

VERSION = "v1"
NONCE_BYTES = 12


class CannotOpen(Exception):
    """A sealed value was changed, moved to another row, or its key is gone."""


@cache
def _ciphers(keys: tuple[str, ...]) -> dict[str, AESGCM]:
    """The cipher of each key by the key's id; the settings refuse what is no key."""
    found = [base64.b64decode(text) for text in keys]
    return {hashlib.sha256(key).hexdigest()[:8]: AESGCM(key) for key in found}


def key_ids() -> list[str]:
    """The ids of the keys of the settings, the one that seals first."""
    return list(_ciphers(tuple(settings.BORROWER_KEYS)))


def key_id_of(sealed: str) -> str:
    """Which key sealed this; blank for what `seal` never made."""
    parts = sealed.split(":")
    return parts[1] if len(parts) == 3 else ""


def seal(text: str, bound_to: str) -> str:
    """Encrypt with the first key; `bound_to` names the row and the field. Blank stays blank."""
    if not text:
        return ""
    key_id, cipher = next(iter(_ciphers(tuple(settings.BORROWER_KEYS)).items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + cipher.encrypt(nonce, text.encode(), bound_to.encode())
    return f"{VERSION}:{key_id}:{base64.b64encode(sealed).decode()}"


def unseal(sealed: str, bound_to: str) -> str:
    """Decrypt what `seal` made for the same `bound_to`. Raises CannotOpen."""
    if not sealed:
        return ""
    try:
        version, key_id, body = sealed.split(":")
        cipher = _ciphers(tuple(settings.BORROWER_KEYS))[key_id]
        data = base64.b64decode(body, validate=True)
        if version != VERSION:
            raise CannotOpen(f"Unknown version {version!r}.")
        opened = cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], bound_to.encode())
    except (ValueError, KeyError, InvalidTag) as error:
        raise CannotOpen("A borrower's contact cannot be opened.") from error
    return opened.decode()


class Sealed(str):
    """The text as it lies in the database. It is opened only through its row's attribute."""


class _Opener:
    """The attribute of an encrypted field: opens a sealed value when it is read."""

    def __init__(self, field: "EncryptedTextField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
        value = instance.__dict__[self.field.attname]
        if isinstance(value, Sealed):
            return unseal(value, self.field.bound_to(instance))
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text that is encrypted in the database and plain on its model.

    `row_key` names a field with a value that is set before the first save and never changes.
    `.values()` and raw queries give the sealed text, and no lookup can search it.
    """

    def __init__(self, *args: Any, row_key: str = "key", **kwargs: Any) -> None:
        self.row_key = row_key
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "row_key": self.row_key}

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _Opener(self))

    def bound_to(self, instance: models.Model) -> str:
        return f"{self.model._meta.db_table}.{self.column}:{getattr(instance, self.row_key)}"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        return Sealed(seal(str(value), self.bound_to(model_instance)))

    def get_prep_value(self, value: Any) -> Any:
        """Refuse what would write or look for plain text past the row, such as `.update()`."""
        if value and not isinstance(value, Sealed):
            raise TypeError(f"{self.name} is encrypted: set it on its row and save the row.")
        return value
