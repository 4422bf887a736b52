"""Every page that one can open: accessible, whole on a small screen, and by itself."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

# Whose page it is; each name is looked up in the URLconf.
PAGES = {
    "alice": [
        "today",
        "partners",
        "partner",
        "partner_then",
        "record_of_partner",
        "record_of_referral",
        "quick_log",
        "referrals",
        "referral",
        "partner_new",
        "partner_edit",
        "partner_archive",
        "partner_stop",
        "partner_stop_lift",
        "conduct_close",
        "step_aways",
        "step_away",
        "focus",
        "focus_pin",
        "focus_drop",
        "playbook",
        "tier_override",
        "step_new",
        "touch_snooze",
        "touch_skip",
        "interaction_edit",
        "referral_new",
        "referral_edit",
        "profile",
        "absences",
        "officer_figures",
        "digest_settings",
        "events",
        "event",
        "event_new",
        "event_edit",
        "event_invite",
        "event_walk_in",
        "ledger",
        "ledger_new",
        "ledger_draft",
        "ledger_line",
        "ledger_reverse",
        "pieces",
        "piece",
        "piece_new",
        "piece_edit",
        "mails",
        "mail",
        "texts",
        "message",
        "calendar",
        "account_logout",
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
    ],
    "mona": [
        "branch_figures",
        "officer_figures",
        "to_act_on",
        "people",
        "person",
        "absences",
        "digest_settings",
        "today",
        "partners",
        "partner",
        "handovers",
        "handover",
        "handover_new",
        "policies",
        "policy_version",
        "policy_draft",
        "policy_trial",
        "policy_publish",
        "/policies/follow/?branch={branch}",
        "/texts/thanks-email/?branch={branch}",
    ],
    "ada": [
        "playbook_edit",
        "today",
        "partners",
        "partner",
        "mails",
        "people",
        "person_new",
        "person",
        "person_deactivate",
        "branches",
        "branch_new",
        "branch_edit",
        "absences",
        "record",
    ],
    "carl": [
        "record",
        "ledger_desk",
        "ledger_answer",
        "ledger_release",
        "ledger_neutrality",
        "ledger_print",
        "ledger_holds",
        "ledger_rules",
        "ledger_statement",
    ],
    "": [
        "account_login",
        "account_signup",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_email_verification_sent",
    ],
}
ODD = {
    "alice": [
        "/nowhere/",
        "/co-marketing/new/?partner={}",
        "/events/?kind=gold",
        "/ledger/?kind=gold",
        "/ledger/?person=nobody",
        "/partners/999999/",
        "/partners/?tier=gold",
        "/partners/?q=nobody",
        "/partners/{}/then/?day=2020-01-01",
        f"/partners/{{}}/then/?day={timezone.localdate()}",
        "/referrals/?q=nobody",
        "/partners/{}/touches/personal_call/snooze/",
        "/partners/{}/message/?occasion=insight&program=text",
        "/partners/{}/message/?occasion=farewell",
    ],
    "mona": [
        "/handovers/new/?from={from_}&to={to}",
        "/branch/?as_of=2026-03-01&days=77",
        "/branch/rows/tier:cultivation/",
        "/branch/rows/effort:cultivation/?days=77",
        "/branch/rows/received:365/",
        "/branch/rows/tier:cease/?as_of=2026-03-01",
    ],
    "charlie": ["/"],
    "carl": ["/record/?address=nonsense"],
    "ada": ["/partners/{}/edit/", "/people/?q=nobody&state=left"],
    "": ["/account/password/reset/key/1-none/"],
}
OBJECTS = {
    "officer_figures": "officer",
    "ledger_answer": "warned_line",
    **dict.fromkeys(["ledger_line", "ledger_reverse"], "warned_line"),
    **dict.fromkeys(["ledger_release", "ledger_draft"], "held_draft"),
    **dict.fromkeys(["event", "event_edit", "event_invite", "event_walk_in"], "event"),
    **dict.fromkeys(["piece", "piece_edit"], "piece"),
    "focus_pin": "officer",
    "focus_drop": "place",
    **dict.fromkeys(["person", "person_deactivate"], "officer"),
    "branch_edit": "branch",
    **dict.fromkeys(["interaction_edit", "conduct_close"], "interaction"),
    **dict.fromkeys(["partner_stop_lift", "step_away"], "stopped"),
    "handover": "handover",
    "mail": "mail",
    "policy_version": "policy",
    **dict.fromkeys(["policy_draft", "policy_trial", "policy_publish"], "draft"),
    "touch_snooze": "step",
    "touch_skip": "step",
    "referral": "referral",
    "record_of_referral": "referral",
    "record_of_partner": "partner",
    "referral_edit": "referral",
    **dict.fromkeys(
        [
            "partner",
            "partner_then",
            "partner_edit",
            "partner_archive",
            "partner_stop",
            "tier_override",
            "step_new",
            "message",
        ],
        "partner",
    ),
}
CASES = [(who, name) for pages in (PAGES, ODD) for who, names in pages.items() for name in names]


def address(name, book):
    if name.startswith("/"):
        back = {
            "branch": book.policy.branch_id,
            "from_": book.officer.pk,
            "to": book.handover.from_owner_id,
        }
        return name.format(book.partner.pk, **back)
    return reverse(name, args=[getattr(book, OBJECTS[name]).pk] if name in OBJECTS else [])


def violations(page):
    found = Axe().run(page, options=WCAG).response["violations"]
    return [
        (rule["id"], node["target"], node["failureSummary"][:300])
        for rule in found
        for node in rule["nodes"]
    ]


def overflows(page):
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


@pytest.mark.parametrize(("who", "name"), CASES)
def test_a_page_is_accessible_whole_and_by_itself(who, name, visit, cast, book):
    page = visit(cast.get(who))
    found = {}
    for scheme in ["light", "dark"]:
        # Loaded anew: for a moment after a change of scheme some colors are still the old ones.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.goto(address(name, book))
        # What is folded away is read too.
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        for width in [1280, 390]:
            page.set_viewport_size({"width": width, "height": 850})
            found[scheme, width] = violations(page)
    assert {place: rules for place, rules in found.items() if rules} == {}
    wide = {}
    for width in [390, 320]:
        page.set_viewport_size({"width": width, "height": 850})
        wide[width] = overflows(page)
    assert wide == {390: 0, 320: 0}
    complaints = [text for text in page.complaints if "404" not in text and "403" not in text]
    assert complaints == []


def test_what_opens_below_a_line_of_today_is_accessible(visit, alice, book):
    page = visit(alice, width=390)
    for scheme in ["light", "dark"]:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.goto("/")
        page.get_by_role("link", name="Later ").first.click()
        page.get_by_role("button", name="Tomorrow").wait_for()
        assert violations(page) == []
        page.get_by_role("link", name="Skip it instead").click()
        page.get_by_role("button", name="Skip", exact=True).click()
        page.get_by_text("Say why, in a few words.").wait_for()
        assert violations(page) == []
        assert overflows(page) == 0
    assert page.complaints == []


def test_the_quick_log_in_its_dialog_is_accessible(visit, alice, book):
    page = visit(alice)
    for scheme in ["light", "dark"]:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.goto("/")
        page.keyboard.press("l")
        page.get_by_role("dialog").get_by_role("combobox").wait_for()
        assert violations(page) == []
    assert page.complaints == []
