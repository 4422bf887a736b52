"""A line of the ledger: drafted, entered, reversed. The desk's answers are in `desk_services`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from audit.services import record
from files.models import StoredFile
from files.services import let_go, store
from ledger.checks import BLOCK, HOLD, Finding, check, words_of_referrals
from ledger.entries import SAID, Entry, read
from ledger.known import known_of, partners_of, statement_in_force
from ledger.models import Draft, Line, LineFile, Recipient, RulesVersion, Statement
from ledger.rules import Rules
from ledger.writing import line_of, recipients_of, reversal_of
from partners.models import Partner


class HeldBack(Exception):
    """A draft that is not entered as it is; `findings` say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(finding.text for finding in findings))
        self.findings = tuple(findings)


def start_draft(
    *, actor: User, officer: User, source: str, said: Mapping[str, Any], now: datetime
) -> Draft:
    """Begin a line of this officer. Recorded.

    Once for each `source` (blank: anew each time): the draft or the entered one that is there goes
    on as it is, unless it was discarded.
    """
    with transaction.atomic():
        # One after the other, so that the second of two clicks finds what the first one made.
        User.objects.select_for_update(no_key=True).get(pk=officer.pk)
        begun: Draft | None = (
            Draft.objects.filter(source=source, officer=officer, discarded_at__isnull=True).first()
            if source
            else None
        )
        if begun:
            return begun
        draft = Draft(officer=officer, made_by=actor, source=source, made_at=now, changed_at=now)
        _say(draft, said, now)
        draft.save()
        record(actor=actor, action="ledger.drafted", target=draft)
    return draft


def save_draft(
    *,
    actor: User,
    draft: Draft,
    said: Mapping[str, Any],
    now: datetime,
    uploads: Sequence[UploadedFile] = (),
    detached: Sequence[int] = (),
) -> bool:
    """Keep what the form says, with the receipts that came and without those taken off. Recorded.

    False, and nothing kept, where it was entered or discarded meanwhile.
    """
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        if locked.entered_at or locked.discarded_at:
            return False
        before = _content(locked)
        _say(locked, said, now)
        if _content(locked) != before:
            # What compliance released was another line.
            locked.changed_at = now
        locked.save()
        _attach(actor, locked, uploads, now)
        _detach(locked, detached)
        record(actor=actor, action="ledger.draft_saved", target=locked)
    draft.refresh_from_db()
    return True


def discard(*, actor: User, draft: Draft, now: datetime) -> bool:
    """Give a draft up; it is kept, without its receipts. Recorded. False where it is over."""
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        if locked.entered_at or locked.discarded_at:
            return False
        locked.discarded_at = now
        locked.save(update_fields=["discarded_at"])
        _detach(locked, list(locked.files.values_list("pk", flat=True)))
        record(actor=actor, action="ledger.draft_discarded", target=locked)
    return True


def enter(*, actor: User, draft: Draft, now: datetime) -> Line:
    """Write the line of a draft, with its recipients, receipts and the signed statement. Recorded.

    Locks the draft, then its partners, then the statement, so that of two lines the second counts
    the first; then runs the checks. Raises HeldBack, with the findings kept in the draft, where one
    blocks it or holds it without a release. A draft that is entered gives its line.
    """
    with transaction.atomic():
        locked = Draft.objects.select_for_update(of=["self"]).select_related("officer")
        found = _entered(actor, locked.get(pk=draft.pk), now)
    if isinstance(found, Line):
        return found
    raise HeldBack(found)


def _entered(actor: User, draft: Draft, now: datetime) -> Line | list[Finding]:
    if draft.entered_at:
        return draft.line
    if draft.discarded_at:
        text = "This draft was given up. Start a new line."
        return [Finding("required", BLOCK, text)]
    entry, rules = read(draft.said), rules_in_force()
    partners = partners_of(entry, actor)
    Partner.objects.locked([partner.pk for partner in partners])
    statement = _statement_locked(now)
    findings = check(entry, known_of(entry, partners, draft.officer, statement, rules, now), rules)
    findings += _strangers(entry, partners)
    released = draft.released_checks
    kept = [finding.to_dict() | {"released": _is_free(finding, released)} for finding in findings]
    held = [one for one, said in zip(findings, kept, strict=True) if _holds(one, said["released"])]
    draft.findings = kept
    if held:
        draft.save(update_fields=["findings"])
        codes = sorted({finding.code for finding in held})
        record(actor=actor, action="ledger.held_back", target=draft, checks=codes)
        return held
    line = _written(actor, draft, entry, partners, statement, now)
    draft.entered_at = now
    draft.save(update_fields=["findings", "entered_at"])
    record(actor=actor, action="ledger.entered", target=line)
    return line


def _is_free(finding: Finding, released: set[str]) -> bool:
    """Whether compliance let it pass: what blocks is never released."""
    return finding.level == HOLD and finding.code in released


def _holds(finding: Finding, is_released: bool) -> bool:
    return finding.level == BLOCK or (finding.level == HOLD and not is_released)


def _strangers(entry: Entry, partners: Sequence[Partner]) -> tuple[Finding, ...]:
    if len(partners) == len(entry.partners):
        return ()
    text = "A partner of this line is not among those with whom you work. Choose the others."
    return (Finding("required", BLOCK, text, "partners"),)


def _statement_locked(now: datetime) -> Statement:
    """The statement in force, made where nobody published one, and locked until the end.

    Whoever enters a line waits here for who entered before: recipients who are no partners have no
    row of their own that could be locked.
    """
    statement = statement_in_force(now)
    if statement.pk is None:
        # Somebody else may make it at this moment.
        statement, _ = Statement.objects.get_or_create(
            number=statement.number,
            defaults={"text": statement.text, "published_at": statement.published_at},
        )
    return Statement.objects.select_for_update(no_key=True).get(pk=statement.pk)


def _written(
    actor: User,
    draft: Draft,
    entry: Entry,
    partners: Sequence[Partner],
    statement: Statement,
    now: datetime,
) -> Line:
    line = line_of(draft, entry)
    line.entered_by, line.entered_at = actor, now
    line.statement, line.stated_at = statement, now
    line.save(force_insert=True)
    Recipient.objects.bulk_create(recipients_of(line, entry, partners))
    LineFile.objects.bulk_create(LineFile(line=line, file=file) for file in draft.files.all())
    return line


def reverse(*, actor: User, line: Line, reason: str, now: datetime) -> Line:
    """Take a line back by a new one with opposite amounts, of the same day. Recorded.

    A line is reversed once: the second of two clicks gives the reversal that is there. Raises
    ValueError for a reversal: enter the line anew.
    """
    with transaction.atomic():
        locked = Line.objects.select_for_update(of=["self"]).get(pk=line.pk)
        if locked.reverses_id:
            raise ValueError("A reversal is not reversed.")
        known: Line | None = Line.objects.filter(reverses=locked).first()
        if known:
            return known
        reversal = reversal_of(locked)
        reversal.entered_by, reversal.entered_at = actor, now
        reversal.reversal_reason = reason
        reversal.save(force_insert=True)
        Recipient.objects.bulk_create(
            Recipient(
                line=reversal,
                partner_key=one.partner_key,
                name=one.name,
                company=one.company,
                value=-one.value,
            )
            for one in locked.recipients.all()
        )
        record(actor=actor, action="ledger.reversed", target=locked)
    return reversal


def rules_in_force() -> Rules:
    """The newest rules that compliance published, else the usual ones."""
    newest = RulesVersion.objects.newest()
    return Rules.from_dict(newest.rules) if newest else Rules()


def _say(draft: Draft, said: Mapping[str, Any], now: datetime) -> None:
    """Put these fields into the draft, as plain texts; note words of referrals, for good."""
    draft.said = {**draft.said, **_plain(said)}
    words = words_of_referrals(read(draft.said), rules_in_force())
    if words and words not in draft.flagged_words:
        draft.flagged_at = draft.flagged_at or now
        draft.flagged_words = f"{draft.flagged_words}\n{words}".strip()


def _content(draft: Draft) -> Entry:
    """What it says of the thing itself, without the giver's statement."""
    return replace(read(draft.said), stated=False, stated_name="", statement=None)


def _plain(said: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(said.keys() - set(SAID))
    if unknown:
        raise ValueError(f"A draft says nothing called {', '.join(unknown)}.")
    return {name: _plain_value(value) for name, value in said.items()}


def _plain_value(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool | int | str):
        return value
    return [getattr(one, "pk", one) for one in value]


def _attach(actor: User, draft: Draft, uploads: Sequence[UploadedFile], now: datetime) -> None:
    there = set(draft.files.values_list("sha256", flat=True))
    for upload in uploads:
        file = store(actor=actor, upload=upload, now=now)
        if file.sha256 in there:
            # A form that was sent again.
            let_go(file=file)
            continue
        there.add(file.sha256)
        draft.files.add(file)


def _detach(draft: Draft, keys: Sequence[int]) -> None:
    for file in StoredFile.objects.filter(pk__in=draft.files.filter(pk__in=keys).values("pk")):
        draft.files.remove(file)
        let_go(file=file)
