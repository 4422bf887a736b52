"""Each action of the record as a sentence: a table of words, and what may stand in them.

`{who}` and `{what}` are filled by the page, the others by the event's detail. What stands in square
brackets is left out where something in it is missing.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

WORDS = {
    "access.refused": "{who} was not let in: {view_words}[ for {what}]",
    "access.signed_in": "{who} signed in",
    "access.signed_out": "{who} signed out",
    "access.sign_in_failed": "Somebody failed to sign in as {what}",
    "access.second_factor_failed": "{who} gave a wrong second factor",
    "access.second_factor_added": "{who} set up a second factor",
    "access.second_factor_removed": "{who} removed a second factor",
    "access.recovery_codes_made": "{who} made new recovery codes",
    "access.password_changed": "{who} changed their password",
    "absence.added": "{who} entered an absence[ from {first} to {last}]",
    "absence.ended": "{who} ended an absence[ of {first} to {last}]",
    "backup.made": "{who} made a backup",
    "backup.restored": "{who} restored a backup",
    "book.imported": "{who} imported a book for {what}",
    "borrowers.rotated": "{who} sealed the borrowers’ contacts with the newest key",
    "branch.added": "{who} added the branch {what}",
    "branch.renamed": "{who} renamed the branch {what}",
    "calendar.made": "{who} made an address for their calendar",
    "calendar.revoked": "{who} revoked the address of their calendar",
    "conduct.closed": "{who} closed a conduct note on {what}",
    "conduct.opened": "{who} opened a closed conduct note on {what} again",
    "conduct.read": "{who} read about conduct of {what}",
    "delivery.retried": "{who} sent {what} again",
    "demo.book_written": "{who} wrote a demo book for {what}",
    "digest.changed": "{who} changed when their digest comes",
    "digest.stopped": "{who} stopped their digest",
    "event.added": "{who} planned {what}",
    "event.cancelled": "{who} cancelled {what}",
    "event.changed": "{who} changed {what}[ ({fields})]",
    "event.invited": "{who} invited people to {what}",
    "event.logged": "{who} noted who came to {what}",
    "event.uninvited": "{who} took somebody off the list of {what}",
    "figures.exported": "{who} exported figures[: {table_words}, {rows} rows]",
    "focus.chosen": "{who} had a focus list chosen",
    "focus.dropped": "{who} took {what} off the focus list",
    "focus.pinned": "{who} put {what} on the focus list",
    "grant.added": "{who} gave {what} a role[: {role}]",
    "grant.removed": "{who} took a role from {what}[: {role}]",
    "handover.made": "{who} handed over {partners} partners",
    "handover.taken_back": "{who} took back a hand-over of {partners} partners",
    "interaction.changed": "{who} corrected a contact with {what}[ ({fields})]",
    "interaction.logged": "{who} logged a contact with {what}[: {kind}]",
    "interaction.removed": "{who} removed a contact with {what}[: {kind}]",
    "ledger.approved": "{who} approved {what} of the ledger",
    "ledger.draft_discarded": "{who} discarded {what} for the ledger",
    "ledger.draft_saved": "{who} worked on {what} for the ledger",
    "ledger.drafted": "{who} began {what} for the ledger",
    "ledger.entered": "{who} entered {what} into the ledger",
    "ledger.exported": "{who} exported the ledger[: {rows} lines]",
    "ledger.held_back": "{who} was held back by a check on {what} for the ledger",
    "ledger.hold_lifted": "{who} lifted {what}",
    "ledger.hold_placed": "{who} placed {what}",
    "ledger.purged": "{who} removed old lines from the ledger",
    "ledger.questioned": "{who} asked about {what} of the ledger",
    "ledger.released": "{who} released {what} for the ledger",
    "ledger.reversed": "{who} reversed {what} of the ledger",
    "ledger.rules_published": "{who} published {what}",
    "ledger.statement_published": "{who} published {what}",
    "mail.resumed": "{who} let mail leave again",
    "partner.added": "{who} added {what}",
    "partner.archived": "{who} archived {what}[: {reason}]",
    "partner.changed": "{who} changed {what}[ ({fields})]",
    "partner.handed_back": "{who} handed {what} back",
    "partner.handed_over": "{who} handed {what} over",
    "partner.restored": "{who} brought {what} back from the archive",
    "partner.stop_lifted": "{who} noted that {what} may be contacted again",
    "partner.stopped": "{who} noted that {what} asked us to stop",
    "piece.added": "{who} added {what}",
    "piece.changed": "{who} changed {what}[ ({fields})]",
    "piece.ended": "{who} ended {what}",
    "piece.file_added": "{who} added a file to {what}",
    "piece.file_removed": "{who} took a file off {what}",
    "playbook.published": "{who} published a playbook",
    "policy.company_followed": "{who} let a branch follow the company’s policy[: {branch}]",
    "policy.draft_discarded": "{who} discarded a draft of a policy",
    "policy.draft_saved": "{who} changed a draft of a policy",
    "policy.drafted": "{who} began a draft of a policy",
    "policy.published": "{who} published a policy[, number {number}][, from {starts_on} on]",
    "policy.tried": "{who} tried a draft of a policy",
    "record.exported": "{who} exported the record[: {rows} lines]",
    "referral.added": "{who} added {what}",
    "referral.changed": "{who} changed {what}[ ({fields})]",
    "referral.contact_erased": "{who} erased the borrower’s contact of {what}",
    "referral.contact_read": "{who} read the borrower’s contact of {what}",
    "referral.moved": "{who} moved {what}[ from {before_words}][ to {after_words}]",
    "step.done": "{who} did a planned step with {what}",
    "step.planned": "{who} planned a step with {what}[ for {due_on}]",
    "stepaway.chosen": "{who} chose what to do about {what}",
    "stepaway.closed": "{who} closed the plan about {what}",
    "stepaway.looked": "{who} looked second at what to do about {what}",
    "stepaway.opened": "{who} began a plan about {what}",
    "stepaway.step_done": "{who} did a step of the plan about {what}",
    "text.changed": "{who} changed a starting text",
    "text.restored": "{who} went back to the original of a starting text",
    "tier.overridden": "{who} set the tier of {what} by hand[: {tier}]",
    "tier.override_ended": "{who} let the rules decide about {what} again",
    "touch.done": "{who} noted a touch with {what} as done[: {kind_words}]",
    "touch.skipped": "{who} skipped a touch with {what}[: {kind_words}]",
    "touch.snoozed": "{who} put off a touch with {what}[ until {until}]",
    "user.activated": "{who} let {what} sign in again",
    "user.added": "{who} added {what}[ as {role}]",
    "user.changed": "{who} changed {what}[ ({fields})]",
    "user.deactivated": "{who} closed the account of {what}",
    "user.email_changed": "{who} changed the e-mail address of {what}",
    "user.invited": "{who} invited {what}",
}

# What is seen by the owner of a partner and their manager alone, and what others read instead.
PRIVATE = {
    "conduct.": "{who} worked on a private note",
    "stepaway.": "{who} worked on a private plan",
}
PRIVATE_READ = "{who} read a private note"
# A line without fields among others with them would tell that one of these was changed.
WITH_PRIVATE_FIELDS = {"interaction.changed"}

# What somebody can ask for: a label, and how the actions begin or end.
GROUPS = {
    "access": ("Sign-ins and refused access", ("access.",), ()),
    "reads": ("Reads of contacts and private notes", ("conduct.read", "referral.contact_read"), ()),
    "exports": ("Exports", (), (".exported",)),
    "partners": ("Partners", ("partner.", "handover.", "tier.", "interaction."), ()),
    "referrals": ("Referrals", ("referral.", "borrowers."), ()),
    "touches": ("Steps, touches and focus", ("step.", "touch.", "focus."), ()),
    "gratitude": ("Events, pieces and texts", ("event.", "piece.", "text."), ()),
    "ledger": ("Ledger", ("ledger.",), ()),
    "private": ("Private notes and plans", ("conduct.", "stepaway."), ()),
    "people": ("People and roles", ("user.", "grant.", "branch.", "absence."), ()),
    "rules": ("Policy and playbook", ("policy.", "playbook."), ()),
    "system": (
        "Mail, imports and backups",
        ("mail.", "delivery.", "digest.", "calendar.", "book.", "backup.", "demo.", "record."),
        (),
    ),
}

OPTIONAL = re.compile(r"\[([^\]]*)\]")
NAMES = re.compile(r"\{(\w+)\}")
UNKNOWN = "{who} did something with {what}[ ({fields})]"


def is_private(action: str) -> bool:
    return action.startswith(tuple(PRIVATE))


def sentence(
    action: str, *, who: str, what: str, fields: Iterable[str], detail: Mapping[str, Any]
) -> str:
    """Such as "Alice Abbott archived Rita Rowe: moved away"."""
    said = {**detail, "who": who, "what": what, "fields": ", ".join(map(_plain, fields))}
    said |= {f"{name}_words": _plain(value) for name, value in detail.items()}
    return _filled(WORDS.get(action, UNKNOWN), said)


def private_sentence(action: str, who: str) -> str:
    """What those read who may not see it: nothing about whom."""
    if action == "conduct.read":
        return _filled(PRIVATE_READ, {"who": who})
    words = next(words for start, words in PRIVATE.items() if action.startswith(start))
    return _filled(words, {"who": who})


def open_fields(action: str, fields: Iterable[str]) -> list[str]:
    """None where one of them may be conduct: its very name tells something private."""
    return [] if action in WITH_PRIVATE_FIELDS else list(fields)


def _plain(value: object) -> str:
    return str(value).replace("_", " ")


def _filled(words: str, said: Mapping[str, Any]) -> str:
    def part(found: re.Match[str]) -> str:
        names = NAMES.findall(found[1])
        known = all(said.get(name) not in (None, "") for name in names)
        return found[1] if known else ""

    return NAMES.sub(lambda found: str(said.get(found[1], "")), OPTIONAL.sub(part, words))
