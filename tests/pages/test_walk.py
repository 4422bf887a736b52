"""Walks the whole URLconf as everybody, with every method.

An address that is missing in these tables fails the first test: whoever adds one says here who may
do what with it.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from accounts.mail_kinds import plan_password_reset
from accounts.models import User
from ledger.desk_forms import RulesForm
from ledger.rules import Rules
from mailing.services import beat
from policies.forms import DraftForm
from tests.ledger.lines import said
from tiers.policy import Policy
from touches.cadences import Playbook
from touches.forms import PlaybookForm

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
PEOPLE = ["alice", "mona", "andy", "ada", "bob", "charlie", "lena", "carl"]

# Who gets what: Alice owns the object, Mona manages her, Andy assists her, Ada administers; Bob is
# a colleague, Charlie and Lena work elsewhere, and Carl is of compliance.
#                      allowed     alice mona andy ada  bob charlie lena carl
OBJECT_PAGES = {
    "partner":            ("GET",      200, 200, 200, 200, 404, 404, 404, 404),
    "partner_then":       ("GET",      200, 200, 200, 200, 404, 404, 404, 404),
    "record_of_partner":  ("GET",      200, 200, 200, 200, 404, 404, 404, 404),
    "record_of_referral": ("GET",      200, 200, 200, 200, 404, 404, 404, 404),
    "partner_edit":       ("GET POST", 200, 200, 200, 403, 404, 404, 404, 404),
    "partner_archive":    ("GET POST", 200, 200, 403, 403, 404, 404, 404, 404),
    "partner_restore":    ("POST",     302, 302, 403, 403, 404, 404, 404, 404),
    "partner_stop":       ("GET POST", 200, 200, 200, 403, 404, 404, 404, 404),
    "partner_stop_lift":  ("GET POST", 200, 200, 403, 403, 404, 404, 404, 404),
    "step_away":          ("GET",      200, 200, 403, 403, 404, 404, 404, 404),
    "step_away_choose":   ("POST",     302, 302, 403, 403, 404, 404, 404, 404),
    "step_away_look":     ("POST",     403, 302, 404, 404, 404, 404, 404, 404),
    "step_away_step":     ("POST",     302, 302, 404, 404, 404, 404, 404, 404),
    "step_away_close":    ("POST",     302, 302, 404, 404, 404, 404, 404, 404),
    "tier_override":      ("GET POST", 200, 200, 403, 403, 404, 404, 404, 404),
    "tier_override_end":  ("POST",     302, 302, 403, 403, 404, 404, 404, 404),
    "step_new":           ("GET POST", 200, 200, 200, 403, 404, 404, 404, 404),
    "touch_done":         ("POST",     302, 302, 302, 403, 404, 404, 404, 404),
    "touch_snooze":       ("GET POST", 200, 200, 200, 403, 404, 404, 404, 404),
    "touch_skip":         ("GET POST", 200, 200, 200, 403, 404, 404, 404, 404),
    "cadence_snooze":     ("GET POST", 200, 200, 200, 403, 404, 404, 404, 404),
    "cadence_skip":       ("GET POST", 200, 200, 200, 403, 404, 404, 404, 404),
    "interaction_edit":   ("GET POST", 200, 200, 200, 403, 404, 404, 404, 404),
    "interaction_remove": ("POST",     302, 302, 403, 403, 404, 404, 404, 404),
    "conduct_close":      ("GET POST", 200, 200, 404, 404, 404, 404, 404, 404),
    "conduct_open":       ("POST",     302, 302, 404, 404, 404, 404, 404, 404),
    "referral":           ("GET",      200, 200, 200, 200, 404, 404, 404, 404),
    "referral_edit":      ("GET POST", 200, 200, 200, 403, 404, 404, 404, 404),
    "referral_move":      ("POST",     302, 302, 302, 403, 404, 404, 404, 404),
    "focus_choose":       ("POST",     302, 302, 302, 403, 404, 404, 404, 404),
    "focus_pin":          ("GET POST", 200, 200, 200, 403, 404, 404, 404, 404),
    "focus_options":      ("GET",      200, 200, 200, 403, 404, 404, 404, 404),
    "focus_drop":         ("GET POST", 200, 200, 200, 403, 404, 404, 404, 404),
    "playbook_edit":      ("GET POST", 403, 403, 403, 200, 403, 403, 403, 403),
    "playbook_restore":   ("POST",     403, 403, 403, 302, 403, 403, 403, 403),
    "handovers":          ("GET",      403, 200, 403, 200, 403, 403, 200, 403),
    "handover_new":       ("GET POST", 403, 200, 403, 200, 403, 403, 404, 403),
    "handover":           ("GET",      404, 200, 404, 200, 404, 404, 404, 404),
    "handover_back":      ("POST",     404, 302, 404, 302, 404, 404, 404, 404),
    "branch_figures":     ("GET",      404, 200, 404, 200, 404, 404, 200, 404),
    "to_act_on":          ("GET",      404, 200, 404, 200, 404, 404, 200, 404),
    "officer_figures":    ("GET",      200, 200, 404, 200, 404, 404, 404, 404),
    "policy_version":     ("GET",      200, 200, 200, 200, 200, 404, 404, 404),
    "policy_follow":      ("GET POST", 403, 200, 403, 403, 403, 404, 404, 404),
    "policy_draft_new":   ("POST",     403, 302, 403, 403, 403, 404, 404, 404),
    "policy_draft":       ("GET POST", 404, 200, 404, 404, 404, 404, 404, 404),
    "policy_guide":       ("POST",     404, 302, 404, 404, 404, 404, 404, 404),
    "policy_try":         ("POST",     404, 302, 404, 404, 404, 404, 404, 404),
    "policy_trial":       ("GET",      404, 200, 404, 404, 404, 404, 404, 404),
    "policy_publish":     ("GET POST", 404, 200, 404, 404, 404, 404, 404, 404),
    "policy_discard":     ("POST",     404, 302, 404, 404, 404, 404, 404, 404),
    "event":              ("GET",      200, 200, 200, 200, 404, 404, 404, 404),
    "event_edit":         ("GET POST", 200, 200, 200, 403, 404, 404, 404, 404),
    "event_invite":       ("GET POST", 200, 200, 200, 403, 404, 404, 404, 404),
    "event_walk_in":      ("GET POST", 200, 200, 200, 403, 404, 404, 404, 404),
    "event_came":         ("POST",     302, 302, 302, 403, 404, 404, 404, 404),
    "event_log":          ("POST",     302, 302, 302, 403, 404, 404, 404, 404),
    "event_cancel":       ("POST",     302, 302, 302, 403, 404, 404, 404, 404),
    "event_back":         ("POST",     302, 302, 302, 403, 404, 404, 404, 404),
    "event_ledger":       ("POST",     302, 302, 302, 403, 404, 404, 404, 404),
    "piece":              ("GET",      200, 200, 200, 200, 404, 404, 404, 404),
    "piece_edit":         ("GET POST", 200, 200, 200, 403, 404, 404, 404, 404),
    "piece_end":          ("POST",     302, 302, 302, 403, 404, 404, 404, 404),
    "piece_file_add":     ("POST",     302, 302, 302, 403, 404, 404, 404, 404),
    "piece_file":         ("GET",      200, 200, 200, 200, 404, 404, 404, 404),
    "piece_file_remove":  ("POST",     302, 302, 302, 403, 404, 404, 404, 404),
    "piece_ledger":       ("POST",     302, 302, 302, 403, 404, 404, 404, 404),
    "event_take_off":     ("POST",     302, 302, 302, 403, 404, 404, 404, 404),
    # Of compliance alone one begins at the desk.
    "today":              ("GET",      200, 200, 200, 200, 200, 200, 200, 302),
    "ledger_desk":        ("GET",      404, 404, 404, 404, 404, 404, 404, 200),
    "ledger_neutrality":  ("GET",      404, 404, 404, 404, 404, 404, 404, 200),
    "ledger_line":        ("GET",      200, 200, 200, 200, 404, 404, 404, 200),
    "ledger_reverse":     ("GET POST", 200, 200, 200, 403, 404, 404, 404, 403),
    "ledger_draft":       ("GET POST", 200, 200, 200, 403, 404, 404, 404, 403),
    "ledger_enter":       ("POST",     302, 302, 302, 403, 404, 404, 404, 403),
    "ledger_discard":     ("POST",     302, 302, 302, 403, 404, 404, 404, 403),
    "ledger_file":        ("GET",      200, 200, 200, 200, 404, 404, 404, 200),
    "ledger_answer":      ("GET POST", 404, 404, 404, 404, 404, 404, 404, 200),
    "ledger_release":     ("GET POST", 404, 404, 404, 404, 404, 404, 404, 200),
    "ledger_holds":       ("GET POST", 404, 404, 404, 404, 404, 404, 404, 200),
    "ledger_hold_lift":   ("GET POST", 404, 404, 404, 404, 404, 404, 404, 200),
    "ledger_rules":       ("GET POST", 404, 404, 404, 404, 404, 404, 404, 200),
    "ledger_statement":   ("GET POST", 404, 404, 404, 404, 404, 404, 404, 200),
    "mail":               ("GET",      200, 404, 404, 404, 404, 404, 404, 404),
    "mail_again":         ("POST",     403, 404, 404, 302, 404, 404, 404, 404),
    "text_edit":          ("GET POST", 403, 200, 403, 403, 403, 404, 404, 404),
    "text_original":      ("POST",     403, 302, 403, 403, 403, 404, 404, 404),
}  # fmt: skip

# The pages of those who look after others, of whom some may look and not change: what a GET and
# what a POST answers. The person is Alice, the role hers, and Bob stands in for her.
#                       alice mona andy ada  bob charlie lena carl
TEAM_PAGES = {
    "people":            {
        "GET":           (404, 200, 404, 200, 404, 404, 200, 404)},
    "record":            {
        "GET":           (404, 404, 404, 200, 404, 404, 404, 200)},
    "person_new":        {
        "GET":           (404, 403, 404, 200, 404, 404, 403, 404),
        "POST":          (404, 403, 404, 302, 404, 404, 403, 404)},
    "person":            {
        "GET":           (404, 200, 404, 200, 404, 404, 404, 404),
        "POST":          (404, 403, 404, 302, 404, 404, 404, 404)},
    "person_invite":     {
        "POST":          (404, 403, 404, 302, 404, 404, 404, 404)},
    "person_deactivate": {
        "GET":           (404, 403, 404, 200, 404, 404, 404, 404),
        "POST":          (404, 403, 404, 302, 404, 404, 404, 404)},
    "person_activate":   {
        "POST":          (404, 403, 404, 302, 404, 404, 404, 404)},
    "grant_add":         {
        "POST":          (404, 403, 404, 302, 404, 404, 404, 404)},
    "grant_remove":      {
        "POST":          (404, 403, 404, 302, 404, 404, 404, 404)},
    "branches":          {
        "GET":           (404, 403, 404, 200, 404, 404, 403, 404)},
    "branch_new":        {
        "GET":           (404, 403, 404, 200, 404, 404, 403, 404),
        "POST":          (404, 403, 404, 302, 404, 404, 403, 404)},
    "branch_edit":       {
        "GET":           (404, 403, 404, 200, 404, 404, 403, 404),
        "POST":          (404, 403, 404, 302, 404, 404, 403, 404)},
    "absence_end":       {
        "POST":          (302, 302, 404, 302, 403, 404, 404, 404)},
    # It shows what is written there and keeps nothing.
    "message":           {
        "GET":           (200, 200, 200, 403, 404, 404, 404, 404),
        "POST":          (422, 422, 422, 403, 404, 404, 404, 404)},
    "mail_resume":       {
        "POST":          (403, 403, 403, 302, 403, 403, 403, 403)},
}  # fmt: skip

# Pages that everybody may open; what they show is narrowed to the person.
OPEN_PAGES = {
    "absences": "GET POST",
    "step_aways": "GET",
    "events": "GET",
    "event_new": "GET POST",
    "pieces": "GET",
    "piece_new": "GET POST",
    "focus": "GET",
    "playbook": "GET",
    "policies": "GET",
    "texts": "GET",
    "partners": "GET",
    "partner_options": "GET",
    "quick_log": "GET POST",
    "referrals": "GET",
    "partner_new": "GET POST",
    "referral_new": "GET POST",
    "profile": "GET POST",
    "calendar": "GET",
    "calendar_make": "POST",
    "calendar_revoke": "POST",
    "digest_settings": "GET POST",
    "figure_rows": "GET POST",
    "figure_table": "POST",
    # Answers with a file; who gets it stands in test_record.
    "record_export": "POST",
    "mails": "GET",
    "ledger_print": "GET",
    "ledger": "GET",
    "ledger_new": "GET POST",
    "ledger_export": "POST",
}

# What answers before the sign-in: the sign-in itself, the ways back to a lost password, the signed
# links of a mail, and the calendar, whose address is a secret.
PUBLIC = {
    "healthz",
    "background_health",
    "calendar_feed",
    "digest_done",
    "digest_snooze",
    "digest_stop",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "admin:login",
}

# allauth's own pages about the person who is signed in.
ACCOUNT_PAGES = {
    "account_email",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
}

# Only these tables stand in Django's admin, to be read.
IN_ADMIN = {"accounts_user", "accounts_branch", "accounts_grant"}
IN_ADMIN |= {"mailing_delivery"}
OF_ADMIN = {"index", "logout", "password_change", "password_change_done", "autocomplete"}
OF_ADMIN |= {"jsi18n", "view_on_site", "app_list", None}

# Whose address names a person.
PERSON_PAGES = {"person", "person_invite", "person_deactivate", "person_activate", "grant_add"}

# Of compliance, about no one thing.
DESK_PAGES = {"ledger_desk", "ledger_neutrality", "ledger_holds", "ledger_rules"}
DESK_PAGES |= {"ledger_statement"}

NEW_KEY = "7f9c24e8-3b12-4fef-91e0-56a2d5a06c11"


def patterns(resolver=None, namespace=""):
    """Every address: its full name, and its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield (f"{namespace}{entry.name}" if entry.name else namespace), entry.callback
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner)


ALL_PAGES = sorted(OBJECT_PAGES.keys() | OPEN_PAGES.keys() | TEAM_PAGES.keys())


def methods_of(name):
    if name in TEAM_PAGES:
        return list(TEAM_PAGES[name])
    return (OBJECT_PAGES[name][0] if name in OBJECT_PAGES else OPEN_PAGES[name]).split()


def admin_names():
    actions = ["changelist", "add", "history", "delete", "change"]
    names = {f"{table}_{action}" for table in IN_ADMIN for action in actions} | OF_ADMIN
    return {f"admin:{name or ''}" for name in names}


def address(name, book):
    target = dict.fromkeys(["touch_done", "touch_snooze", "touch_skip"], book.step)
    target |= dict.fromkeys(["interaction_edit", "interaction_remove"], book.interaction)
    target |= dict.fromkeys(["referral", "referral_edit", "referral_move"], book.referral)
    target["record_of_referral"] = book.referral
    target |= dict.fromkeys(["conduct_close", "conduct_open"], book.noted)
    target |= {"step_away_choose": book.ceased, "step_away_look": book.choice}
    target |= {"step_away_step": book.plan_step, "step_away_close": book.plan_step.plan}
    target |= dict.fromkeys(["mail", "mail_again"], book.mail)
    target |= dict.fromkeys(["focus_choose", "focus_pin", "focus_options"], book.partner.owner)
    target |= dict.fromkeys(["handover", "handover_back"], book.handover)
    target["focus_drop"] = book.place
    target |= {"ledger_answer": book.warned_line, "ledger_release": book.held_draft}
    target["ledger_hold_lift"] = book.hold
    target |= dict.fromkeys(["ledger_line", "ledger_reverse"], book.warned_line)
    target["ledger_file"] = book.receipt
    drafts = ["ledger_draft", "ledger_enter", "ledger_discard"]
    target |= dict.fromkeys(drafts, book.held_draft)
    events = ["edit", "invite", "walk_in", "came", "log", "cancel", "back", "ledger"]
    target |= dict.fromkeys(["event", *(f"event_{name}" for name in events)], book.event)
    target["event_take_off"] = book.invitation
    target |= dict.fromkeys(["piece", "piece_edit", "piece_end", "piece_ledger"], book.piece)
    target |= {"piece_file_add": book.piece, "piece_file": book.piece_file}
    target["piece_file_remove"] = book.piece_file
    target["officer_figures"] = book.partner.owner
    target |= dict.fromkeys(PERSON_PAGES, book.partner.owner)
    target |= {"grant_remove": book.role, "absence_end": book.absence}
    target["branch_edit"] = book.partner.owner.branch
    drafts = ["policy_draft", "policy_guide", "policy_try", "policy_trial", "policy_publish"]
    target |= dict.fromkeys([*drafts, "policy_discard"], book.draft)
    target["policy_version"] = book.policy
    if name == "policy_follow":
        return f"{reverse(name)}?branch={book.policy.branch_id}"
    if name in DESK_PAGES or name in {"policy_draft_new", "today"}:
        return reverse(name)
    if name == "message":
        return f"{reverse(name, args=[book.partner.pk])}?occasion=thanks"
    if name in {"text_edit", "text_original"}:
        return f"{reverse(name, args=['thanks-text'])}?branch={book.policy.branch_id}"
    if name == "handover_new":
        people = book.handover.to_owner, book.handover.from_owner
        return f"{reverse(name)}?from={people[0].pk}&to={people[1].pk}"
    if name.startswith("playbook_") or name in {"handovers", "branch_figures", "to_act_on"}:
        return reverse(name)
    if name.startswith("cadence_"):
        return reverse(name, args=[book.partner.pk, "personal_call"])
    if name in OBJECT_PAGES or name in PERSON_PAGES | {
        "grant_remove",
        "absence_end",
        "branch_edit",
    }:
        return reverse(name, args=[target.get(name, book.partner).pk])
    if name == "admin:":
        # Django's way from a short address to the long one, and its page for what is nowhere.
        return "/admin/nowhere/"
    return reverse(name, kwargs=PLACES.get(name, {}))


# What stands for the parts of the other addresses.
PLACES = {
    "figure_rows": {"name": "at_risk"},
    "figure_table": {"name": "tiers"},
    "calendar_feed": {"secret": "none"},
    "digest_done": {"token": "none"},
    "digest_snooze": {"token": "none"},
    "digest_stop": {"token": "none"},
    "account_confirm_email": {"key": "none"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "none"},
    "mfa_remove_webauthn": {"pk": 1},
    "mfa_edit_webauthn": {"pk": 1},
    "admin:view_on_site": {"content_type_id": 1, "object_id": 1},
    "admin:app_list": {"app_label": "accounts"},
} | {
    f"admin:{table}_{action}": {"object_id": "1"}
    for table in IN_ADMIN
    for action in ["history", "delete", "change"]
}


def valid_form(name, book):
    """What a person would send there."""
    today = timezone.localdate()
    tomorrow = (today + timedelta(days=1)).isoformat()
    contact = {"day": today.isoformat(), "kind": "lunch", "direction": "out"}
    contact |= {"outcome": "connected", "purpose": "relationship"}
    borrower = {"borrower": "Cora Client", "direction": "received", "amount": "350000"}
    borrower |= {"received_at": f"{today - timedelta(days=3)}T10:00"}
    person = {"first_name": "Nina", "last_name": "North", "partner_type": "cpa"}
    about = {"name": "Olive Other", "email": "olive@example.com", "time_zone": "America/Chicago"}
    party = {"name": "Party", "kind": "game", "day": tomorrow, "invited": "public"}
    side = f"side-{book.partner.pk}"
    piece = {"kind": "flyer", "name": "Flyer", "starts_on": today, "total_cost": "100"}
    piece |= {"our_part": "Text", "our_share": "50", "our_cost": "50"}
    piece |= {f"{side}-part": "Print", f"{side}-share": "50", f"{side}-cost": "50"}
    paper = SimpleUploadedFile("proof.pdf", b"%PDF-1.7\n%%EOF")
    return {
        "piece_edit": piece,
        "piece_file_add": {"what": "payment", "upload": paper},
        "event_edit": party,
        "event_new": {**party, "officer": book.event.officer_id},
        **{key: {"partner": [book.partner.pk]} for key in ["event_invite", "event_walk_in"]},
        "person_new": {**about, "role": "officer"},
        "person": about,
        "grant_add": {"role": "compliance"},
        "branch_new": {"name": "Hillside"},
        "branch_edit": {"name": "Hillside"},
        "partner_edit": person,
        "partner_archive": {"reason": "Moved away"},
        "partner_stop": {"on": today.isoformat(), "source": "call"},
        "partner_stop_lift": {"reason": "They called us"},
        "tier_override": {"tier": "maintenance", "reason": "Old friend", "ends_on": tomorrow},
        "step_new": {"what": "Call them", "due_on": tomorrow, "key": uuid4()},
        "touch_snooze": {"until": tomorrow},
        "touch_skip": {"reason": "They are away"},
        "cadence_snooze": {"until": tomorrow},
        "cadence_skip": {"reason": "They are away"},
        "focus_pin": {"partner": book.partner.pk, "reason": "Moves offices"},
        "focus_drop": {"reason": "They are away"},
        "handover_new": {"partner": [book.partner.pk], "note": "Closer to them"},
        "playbook_edit": {**PlaybookForm(playbook=Playbook()).initial, "thanks_minutes": 9},
        "policy_draft_new": {"branch": book.policy.branch_id},
        "policy_draft": {**DraftForm(policy=Policy()).initial, "grace_days": 100},
        "policy_publish": {"starts_on": today},
        "policy_follow": {"starts_on": tomorrow},
        "text_edit": {"body": "Thank you, {first_name}!"},
        "text_original": {"branch": book.policy.branch_id},
        **dict.fromkeys(["ledger_enter", "ledger_draft"], said([book.partner])),
        "ledger_new": said([book.partner], officer=book.partner.owner_id, key=NEW_KEY),
        "ledger_reverse": {"reason": "Entered twice"},
        "ledger_answer": {"answer": "approved", "note": "A class for all of the office"},
        "ledger_release": {"check_code": "raffle", "reason": "Open to the public"},
        "ledger_holds": {"everything": "on", "reason": "A subpoena"},
        "ledger_hold_lift": {"reason": "Settled"},
        "ledger_rules": {**RulesForm(rules=Rules()).initial, "yearly_cap": "250", "after": 0},
        "ledger_statement": {"text": "Not for referrals.", "after": 1},
        "interaction_edit": {**contact, "conduct": "none"},
        "step_away_choose": {"way": "step_away", "reason": "One-sided"},
        "step_away_look": {"answer": "agree"},
        "step_away_close": {"outcome": "resumed"},
        "conduct_close": {"reason": "We talked"},
        "referral_edit": borrower,
        "referral_move": {"stage": "contacted"},
        "quick_log": {**contact, "partners": [book.partner.pk], "key": NEW_KEY},
        "partner_new": person,
        "referral_new": {**borrower, "partner": book.partner.pk, "key": NEW_KEY},
        "digest_settings": {"wanted": "on", "hour": "8", "monday-hour": "9"},
        "profile": {"name": "New Name", "time_zone": "America/Chicago", "weekly_minutes": "600"},
    }.get(name, {"sent": "1"})


def test_every_address_has_an_entry():
    """Fails for a new address: say in these tables who may do what with it."""
    listed = (
        OBJECT_PAGES.keys()
        | OPEN_PAGES.keys()
        | TEAM_PAGES.keys()
        | PUBLIC
        | ACCOUNT_PAGES
        | admin_names()
    )
    assert {name for name, _ in patterns()} == listed


def test_only_the_listed_addresses_are_public():
    public = {name for name, view in patterns() if not getattr(view, "login_required", True)}
    assert public == PUBLIC


def test_addresses_without_a_pattern_are_404_and_need_no_sign_in(client, db):
    assert client.get("/nowhere/").status_code == 404


@pytest.mark.parametrize("method", METHODS)
def test_who_is_not_signed_in_is_sent_to_the_sign_in(method, book, unchanged):
    private = sorted({name for name, _ in patterns()} - PUBLIC)
    client = Client()
    with unchanged():
        for name in private:
            answer = client.generic(method, address(name, book))
            doors = {"/account/login/", *(["/admin/login/"] if name.startswith("admin:") else [])}
            assert answer.status_code == 302, name
            assert answer.url.split("?")[0] in doors, name


@pytest.mark.parametrize("method", METHODS)
def test_a_fragment_without_a_session_sends_the_whole_page_to_the_sign_in(method, book, unchanged):
    client = Client(headers={"HX-Request": "true"})
    with unchanged():
        for name in ALL_PAGES:
            answer = client.generic(method, address(name, book))
            assert answer.status_code == 200, name
            assert answer["HX-Redirect"].startswith("/account/login/?next="), name
            assert answer.content == b"", name


def statuses(as_, cast, ask):
    return [ask(as_(cast[name])).status_code for name in PEOPLE]


@pytest.mark.parametrize("name", OBJECT_PAGES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_may_open_an_object(method, name, as_, cast, book):
    allowed, *expected = OBJECT_PAGES[name]
    if "GET" not in allowed:
        expected = [405] * len(PEOPLE)
    url = address(name, book)
    assert statuses(as_, cast, lambda client: client.generic(method, url)) == expected
    htmx = {"HX-Request": "true"}
    # A redirect sends the whole page elsewhere.
    whole = [200 if status == 302 else status for status in expected]
    assert statuses(as_, cast, lambda c: c.generic(method, url, headers=htmx)) == whole


@pytest.mark.parametrize("name", OBJECT_PAGES)
def test_who_may_change_an_object(name, as_, cast, book, unchanged):
    allowed, *expected = OBJECT_PAGES[name]
    # A form that is sent answers with a redirect.
    done = [302 if status == 200 else status for status in expected]
    if "POST" not in allowed:
        done = [405] * len(PEOPLE)
    found = []
    for person in PEOPLE:
        client = as_(cast[person])
        with transaction.atomic():
            if done[len(found)] == 302:
                answer = client.post(address(name, book), valid_form(name, book))
            else:
                with unchanged():
                    answer = client.post(address(name, book), valid_form(name, book))
            found.append(answer.status_code)
            transaction.set_rollback(True)
    assert found == done


@pytest.mark.parametrize("name", TEAM_PAGES)
def test_who_may_look_after_others(name, as_, cast, book, unchanged):
    for method, expected in TEAM_PAGES[name].items():
        found = []
        for person, status in zip(PEOPLE, expected, strict=True):
            client = as_(cast[person])
            with transaction.atomic():
                if status == 302:
                    answer = client.post(address(name, book), valid_form(name, book))
                else:
                    with unchanged():
                        answer = client.generic(method, address(name, book))
                found.append(answer.status_code)
                transaction.set_rollback(True)
        assert tuple(found) == expected, method


@pytest.mark.parametrize("name", ALL_PAGES)
def test_other_methods_are_refused_and_write_nothing(name, as_, cast, book, unchanged):
    allowed = methods_of(name)
    allowed = [*allowed, *(["HEAD"] if "GET" in allowed else [])]
    clients = [as_(cast[person]) for person in PEOPLE]
    form = "sent=1&last_name=Changed&reason=Changed&stage=lost"
    with unchanged():
        for method in METHODS:
            if method in allowed:
                continue
            for client in clients:
                answer = client.generic(
                    method, address(name, book), form, "application/x-www-form-urlencoded"
                )
                assert answer.status_code == 405, method
                assert sorted(answer["Allow"].split(", ")) == sorted(allowed)


@pytest.mark.parametrize("name", ALL_PAGES)
def test_looking_writes_nothing(name, as_, cast, book, unchanged):
    clients = [as_(cast[person]) for person in PEOPLE]
    with unchanged():
        for client in clients:
            client.get(address(name, book))
            client.head(address(name, book))


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_everybody_opens_their_own_pages(name, as_, cast, book):
    url = address(name, book)
    expected = 200 if "GET" in OPEN_PAGES[name] else 405
    assert statuses(as_, cast, lambda client: client.get(url)) == [expected] * len(PEOPLE)


@pytest.mark.parametrize("name", ["quick_log", "referral_new"])
def test_a_form_takes_only_partners_with_whom_one_works(name, as_, cast, book, unchanged):
    """A stranger's partner is refused in the same words as one that does not exist."""
    for person in ["ada", "bob", "charlie", "lena", "carl"]:
        client, form = as_(cast[person]), valid_form(name, book)
        field = "partners" if name == "quick_log" else "partner"
        with unchanged():
            real = client.post(address(name, book), form)
            none = client.post(address(name, book), {**form, field: 999_999})
        assert (real.status_code, none.status_code) == (422, 422)
        assert "Rowe" not in real.text
        errors = real.context["form"].errors[field]
        assert errors == none.context["form"].errors[field]
        assert len(errors) == 1


def test_lists_and_options_show_no_partner_of_others(as_, cast, book):
    sees = {"alice", "mona", "andy", "ada"}
    for name in ["partners", "partner_options", "referrals"]:
        shown = {who for who in PEOPLE if "Rowe" in as_(cast[who]).get(reverse(name)).text}
        # Options are to log with: Ada looks only.
        assert shown == (sees - {"ada"} if name == "partner_options" else sees), name


def test_filters_find_no_partner_of_others(as_, bob, alice, book):
    for query in ["q=Rowe", f"owner={alice.pk}", "archived=true", "sort=-name", "contact=never"]:
        answer = as_(bob).get(f"/partners/?{query}")
        assert answer.context["rows"] == [], query
        assert "Rita" not in answer.text, query
        assert "Alice" not in answer.text, query


@pytest.mark.parametrize("name", sorted(ACCOUNT_PAGES | PUBLIC))
@pytest.mark.parametrize("method", METHODS)
def test_the_pages_of_the_sign_in_never_fail_and_write_nothing_by_themselves(
    method, name, as_, alice, book, unchanged
):
    beat("plan_digests", timezone.now())  # else the health of the background is bad
    # Codes of Alice's own are hers to make.
    own = {"mfa_generate_recovery_codes", "mfa_activate_totp"}
    for client in [Client(), as_(alice)]:
        if name in own:
            answer = client.generic(method, address(name, book))
        else:
            with unchanged():
                answer = client.generic(method, address(name, book))
        assert answer.status_code < 500


@pytest.mark.parametrize("name", sorted(admin_names()))
def test_the_admin_is_for_administrators_and_changes_nothing(name, as_, cast, book, unchanged):
    clients = {person: as_(cast[person]) for person in PEOPLE}
    url = address(name, book)
    with unchanged():
        for person, client in clients.items():
            for method in METHODS:
                answer = client.generic(method, url, "name=x", "application/x-www-form-urlencoded")
                assert answer.status_code < 500
                if person != "ada":
                    assert answer.status_code in {302, 403, 404, 405}, (person, method)


@pytest.mark.parametrize("table", sorted(IN_ADMIN))
def test_an_administrator_reads_and_changes_nothing(table, as_, ada, alice, book, unchanged):
    plan_password_reset(user=alice, now=timezone.now())
    client = as_(ada)
    found = {}
    with unchanged():
        for action in ["changelist", "change", "add", "delete"]:
            place = {"object_id": _any_pk(table)} if action in {"change", "delete"} else {}
            url = reverse(f"admin:{table}_{action}", kwargs=place)
            found[action] = [client.get(url).status_code, client.post(url, {"x": 1}).status_code]
    assert found == {
        "changelist": [200, 200],
        "change": [200, 403],
        "add": [403, 403],
        "delete": [403, 403],
    }


def _any_pk(table):
    return apps.get_model(*table.split("_")).objects.order_by("pk").first().pk


def test_no_secret_stands_in_the_admin(as_, ada, alice):
    """Neither passwords, nor the seeds of second factors."""
    password = User.objects.get(pk=alice.pk).password
    page = as_(ada).get(f"/admin/accounts/user/{alice.pk}/change/")
    assert alice.email in page.text
    assert password not in page.text
    assert "mfa" not in as_(ada).get("/admin/").text


def test_without_a_second_factor_managers_and_up_come_to_its_set_up(cast, book):
    for person in ["mona", "lena", "ada", "carl"]:
        client = Client()
        client.force_login(cast[person])
        for name in [*ALL_PAGES, "admin:index"]:
            answer = client.post(address(name, book), {"last_name": "Changed"})
            assert (answer.status_code, answer.url) == (302, "/account/2fa/"), name
    client.force_login(cast["alice"])
    assert client.get("/").status_code == 200
