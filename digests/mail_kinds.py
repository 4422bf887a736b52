"""The kinds of e-mail of this app."""

from digests import daily, monday
from digests.kinds import DAILY, MONDAY, WORDS
from mailing.kinds import MailKind, register

for name, render in [(DAILY, daily.render), (MONDAY, monday.render)]:
    register(
        MailKind(
            name=name,
            label=WORDS[name].label,
            render=render,
            resend_uncertain=True,
            is_digest=True,
        )
    )
