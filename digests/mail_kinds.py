"""The kinds of e-mail of this app."""

from digests.daily import render
from digests.kinds import DAILY
from mailing.kinds import MailKind, register

register(
    MailKind(name=DAILY, label="Daily digest", render=render, resend_uncertain=True, is_digest=True)
)
