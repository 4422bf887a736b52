"""What changes a person, their roles and a branch, and nothing else does.

Whoever calls has asked already whether the actor is an administrator. What even an administrator
may not do is decided here, behind the lock: raise their own rights, and take away the last one.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.dispatch import branch_changed
from accounts.mail_kinds import (
    EMAIL_CHANGED,
    INVITATION,
    plan_email_changed,
    plan_invitation,
    plan_security_notice,
)
from accounts.models import Branch, Grant, Role, User
from audit.models import Event
from audit.services import record
from mailing.models import Delivery

BETWEEN_INVITATIONS = timedelta(minutes=1)

NOT_OWN_RIGHTS = "Nobody changes their own roles: another administrator has to do that."
NOT_ONESELF = "Nobody deactivates themselves: another administrator has to do that."
LAST_ADMINISTRATOR = (
    "This is the last administrator. Make somebody else an administrator first, "
    "else nobody could look after people any more."
)
HAS_ROLE = "They have this role already."
NO_STAND_IN = "Who stands in for somebody is said with their absence."
EMAIL_TAKEN = "A person with this e-mail address exists already."


# --- people ---------------------------------------------------------------------------------


def add_person(
    *,
    actor: User | None,
    email: str,
    name: str,
    role: Role,
    time_zone: str = "",
    branch: str = "",
    officer: User | None = None,
    invited_at: datetime | None = None,
) -> User:
    """Add a person with one grant; a branch that does not exist yet is made. Recorded.

    The person has no password: they set one by the link of an invitation, which is planned where
    `invited_at` is given, or by "Forgot your password?" on the sign-in page.
    For a manager `branch` is also the branch that they manage. Raises ValidationError.
    """
    if role == Role.STAND_IN:
        raise ValidationError(NO_STAND_IN)
    try:
        with transaction.atomic():
            home = Branch.objects.get_or_create(name=branch)[0] if branch else None
            zone = {"time_zone": time_zone} if time_zone else {}
            user = User.objects.create_user(email, name=name, branch=home, **zone)
            grant = _grant(user, role, home, officer)
            grant.full_clean()
            grant.save()
            record(actor=actor, action="user.added", target=user, role=role)
            if actor is not None and invited_at is not None:
                invite(actor=actor, person=user, now=invited_at)
    except IntegrityError as error:
        # Two added the same person at the same moment; each looked before the other wrote.
        raise ValidationError({"email": EMAIL_TAKEN}) from error
    return user


def _grant(user: User, role: Role, branch: Branch | None, officer: User | None) -> Grant:
    """A grant with the one scope that its role has, not checked and not saved."""
    return Grant(
        user=user,
        role=role,
        branch=branch if role == Role.MANAGER else None,
        officer=officer if role == Role.ASSISTANT else None,
    )


def invite(*, actor: User, person: User, now: datetime) -> bool:
    """Plan a mail with the link by which a person sets their first password. Recorded.

    False, and nothing is done, for who has a password or has left, and within a minute of the last
    invitation: an impatient click sends one.
    """
    with transaction.atomic():
        locked = _locked(person)
        recent = Delivery.objects.filter(
            kind=INVITATION, user=locked, planned_at__gt=now - BETWEEN_INVITATIONS
        )
        if not locked.is_active or locked.has_usable_password() or recent.exists():
            return False
        plan_invitation(person=locked, invited_by=actor, now=now)
        record(actor=actor, action="user.invited", target=locked)
    return True


def change_person(
    *, actor: User, person: User, values: Mapping[str, Any], now: datetime
) -> list[str]:
    """Write name, e-mail address, time zone or branch; answers which of them changed. Recorded.

    A changed address is told to the old one and to the new one. Nobody signs in with the old one
    any more, and links that were sent there no longer work. A new branch may have another policy,
    so `branch_changed` is told after the commit. Raises ValidationError.
    """
    try:
        with transaction.atomic():
            locked = _locked(person)
            before = locked.email
            changed = [name for name, value in values.items() if getattr(locked, name) != value]
            if not changed:
                return []
            for name in changed:
                setattr(locked, name, values[name])
            locked.full_clean(exclude=["password"])
            locked.save(update_fields=changed)
            record(actor=actor, action="user.changed", target=locked, fields=changed)
            if "email" in changed:
                _tell_both_addresses(actor, locked, before, now)
    except IntegrityError as error:
        raise ValidationError({"email": EMAIL_TAKEN}) from error
    if "branch" in changed:
        branch_changed.send(User, user_id=person.pk, now=now)
    return changed


def _tell_both_addresses(actor: User, person: User, before: str, now: datetime) -> None:
    # allauth keeps every address that it has met, and lets people sign in with each of them.
    EmailAddress.objects.filter(user=person).delete()
    record(actor=actor, action="user.email_changed", target=person, fields=["email"], before=before)
    mine = Event.objects.filter(action="user.email_changed", target_id=str(person.pk))
    plan_email_changed(person=person, event=mine.latest("id"), now=now)
    plan_security_notice(user=person, change=EMAIL_CHANGED, now=now)


def deactivate(*, actor: User, person: User, now: datetime) -> bool:
    """Let a person in no more; False where that was so already. Recorded.

    Their sessions end at once, their password and every link that was sent to them stop for good,
    and so do their calendar and mails, as these ask whether the person is active. Nothing is
    deleted: partners, history and roles stay. Raises ValidationError for oneself, and for the last
    administrator.
    """
    with transaction.atomic():
        if person.pk == actor.pk:
            raise ValidationError(NOT_ONESELF)
        _keep_an_administrator(without=person)
        locked = _locked(person)
        if not locked.is_active:
            return False
        locked.is_active = False
        # Else a session, or a link in an old mail, would come back to life with the person.
        locked.set_unusable_password()
        locked.save(update_fields=["is_active", "password"])
        record(actor=actor, action="user.deactivated", target=locked)
    return True


def activate(*, actor: User, person: User, now: datetime) -> bool:
    """Let a person in again; False where that was so already. Recorded.

    An invitation is planned, as their password ended when they left.
    """
    with transaction.atomic():
        locked = _locked(person)
        if locked.is_active:
            return False
        locked.is_active = True
        locked.save(update_fields=["is_active"])
        record(actor=actor, action="user.activated", target=locked)
        invite(actor=actor, person=locked, now=now)
    return True


def _locked(person: User) -> User:
    """This person as they are now, and nobody else changes them until the transaction ends."""
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


# --- roles ----------------------------------------------------------------------------------


def give_grant(
    *, actor: User, person: User, role: Role, branch: Branch | None, officer: User | None
) -> Grant:
    """Give a role, with the branch or the officer that it is for. Recorded.

    Raises ValidationError: for oneself, for a stand-in's role, for a scope that does not fit, and
    for a role that the person has already.
    """
    if person.pk == actor.pk:
        raise ValidationError(NOT_OWN_RIGHTS)
    if role == Role.STAND_IN:
        raise ValidationError(NO_STAND_IN)
    with transaction.atomic():
        # Two clicks at once: the second waits, and is told that the person has the role.
        held = list(_locked(person).grants.standing())
        grant = _grant(person, role, branch, officer)
        if _words_of(grant) in map(_words_of, held):
            raise ValidationError(HAS_ROLE)
        grant.full_clean()
        grant.save()
        record(actor=actor, action="grant.added", target=person, **_words_of(grant))
    return grant


def take_grant(*, actor: User, grant: Grant) -> bool:
    """Take a role away; False where somebody was quicker. Recorded.

    Raises ValidationError for one's own role as an administrator, and for the last administrator.
    An absence is ended, not taken away: see `accounts.absences`.
    """
    with transaction.atomic():
        if grant.role == Role.ADMINISTRATOR:
            if grant.user_id == actor.pk:
                raise ValidationError(NOT_OWN_RIGHTS)
            _keep_an_administrator(without=grant.user)
        words = _words_of(grant)
        if not Grant.objects.standing().filter(pk=grant.pk).exists():
            return False
        deleted, _ = Grant.objects.filter(pk=grant.pk).delete()
        if deleted:
            record(actor=actor, action="grant.removed", target=grant.user, **words)
    return bool(deleted)


def _keep_an_administrator(*, without: User) -> None:
    """Raise ValidationError where nobody active would administer but for this person.

    Everybody who takes an administrator away locks these rows first and counts afterwards, in a
    query of its own: of two who take away the last two at the same moment, the second sees what
    the first has done.
    """
    grants = Grant.objects.filter(role=Role.ADMINISTRATOR).order_by("pk")
    holders = set(grants.select_for_update().values_list("user_id", flat=True))
    if without.pk not in holders:
        return
    others = User.objects.active().filter(grants__role=Role.ADMINISTRATOR).exclude(pk=without.pk)
    if not others.exists():
        raise ValidationError(LAST_ADMINISTRATOR)


def _words_of(grant: Grant) -> dict[str, Any]:
    """What the record keeps of a grant, as its row may be gone."""
    scope = {"branch": grant.branch_id, "officer": grant.officer_id}
    return {"role": grant.role} | {name: pk for name, pk in scope.items() if pk is not None}


# --- branches -------------------------------------------------------------------------------


def add_branch(*, actor: User, name: str) -> Branch:
    """Add a branch. Recorded. Raises ValidationError for a name that is taken."""
    return _save_branch(actor, Branch(name=name), "branch.added")


def rename_branch(*, actor: User, branch: Branch, name: str) -> Branch:
    """Give a branch another name. Recorded. Raises ValidationError for a name that is taken."""
    branch.name = name
    return _save_branch(actor, branch, "branch.renamed")


def _save_branch(actor: User, branch: Branch, action: str) -> Branch:
    try:
        with transaction.atomic():
            branch.full_clean()
            branch.save()
            record(actor=actor, action=action, target=branch, fields=["name"])
    except IntegrityError as error:
        raise ValidationError({"name": "A branch with this name exists already."}) from error
    return branch
