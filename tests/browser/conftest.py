"""Debian's chromium, one for all tests, at a live server on a file database."""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright

from insights.models import BranchReport
from insights.storing import to_store
from tests.factories import (
    AbsenceFactory,
    DeliveryFactory,
    FocusPlaceFactory,
    HandoverFactory,
    InteractionFactory,
    InvitationFactory,
    PartnerFactory,
    PieceSideFactory,
    PlannedTouchFactory,
    PolicyDraftFactory,
    PolicyVersionFactory,
    ReferralFactory,
    UserFactory,
)
from tests.insights.samples import sample_report
from tests.ledger.desk_rows import OFTEN, RAFFLE, a_draft, a_line

# Playwright's loop runs in this thread, in which the fixtures write rows.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Long, so that a busy machine fails nothing; what is there at once is seen at once.
LONGEST_WAIT = 30_000  # ms
expect.set_options(timeout=LONGEST_WAIT)


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium():
    program = shutil.which("chromium")
    if program is None:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("There is no chromium here: apt-get install chromium.")
    with sync_playwright() as playwright:
        # Its sandbox does not start for root, as which a build runs.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, live_server):
    """`visit(alice, width=390)`: a page of a new browser of this person.

    `page.complaints` holds the errors of its console, and requests to anywhere else.
    """
    contexts = []

    def open_page(user=None, width=1280, **options):
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 850}, **options
        )
        context.set_default_timeout(LONGEST_WAIT)
        contexts.append(context)
        if user:
            context.add_cookies([session_cookie(user, live_server.url)])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda line: note(page, line))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: note_stranger(page, request.url, live_server.url))
        return page

    yield open_page
    for context in contexts:
        context.close()


def note(page, line):
    # A refused form answers with 422, which the console notes as well.
    if line.type in {"error", "warning"} and "422" not in line.text:
        page.complaints.append(line.text)


def note_stranger(page, url, home):
    if not url.startswith(("data:", "blob:", home)):
        page.complaints.append(url)


def session_cookie(user, url):
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}


def tried_draft(manager, partner):
    """A draft that would move this partner."""
    draft = PolicyDraftFactory(made_by=manager, branch=partner.owner.branch)
    counts = {"maintenance": [0, 1], "cultivation": [3, 2]}
    trial = draft.trials.create(
        rules={}, asked_at=timezone.now(), finished_at=timezone.now(), tried=3, counts=counts
    )
    trial.moves.create(
        partner=partner,
        from_tier="cultivation",
        from_rule="G",
        from_reasons=["G"],
        tier="maintenance",
        rule="M",
        reasons=["M1", "M2", "M3"],
    )
    return draft


def figures_of(alice):
    """A report of her branch in which every figure says something, as counted today."""
    now = timezone.now()
    report = sample_report(end=alice.today(now), counted_at=now)
    return BranchReport.objects.create(
        branch=alice.branch, day=report.end, counted_at=now, figures=to_store(report)
    )


@pytest.fixture
def book(alice, mona, settings):
    """Alice's partners, with one of everything; managers need no second factor here."""
    settings.DEMO = True
    names = ["Anna Adler", "Ben Baker", "Cleo Cole"]
    partners = [
        PartnerFactory(owner=alice, first_name=first, last_name=last)
        for first, last in map(str.split, names)
    ]
    anna = partners[0]
    stopped = PartnerFactory(owner=alice, last_name="Stone", do_not_contact_since="2026-01-01")
    # One whom we invited and who asked us to stop since; it can be logged today.
    event = InvitationFactory(partner=anna).event
    InvitationFactory(partner=stopped, event=event)
    return SimpleNamespace(
        event=event,
        warned_line=a_line(alice, anna, findings=[OFTEN]),
        held_draft=a_draft(alice, findings=[RAFFLE], said={"partners": [anna.pk]}),
        piece=PieceSideFactory(partner=anna).piece,
        officer=alice,
        branch=alice.branch,
        absence=AbsenceFactory(officer=alice, user=mona, starts_at=timezone.now()),
        place=FocusPlaceFactory(partner=anna),
        partners=partners,
        partner=anna,
        stopped=stopped,
        interaction=InteractionFactory(partner=anna, note="Spring market", conduct="negative"),
        referral=ReferralFactory(partner=anna, borrower="Bo Borrower", amount=350_000),
        step=PlannedTouchFactory(partner=anna),
        handover=HandoverFactory(
            from_owner=UserFactory(name="Gwen Grant", branch=alice.branch),
            to_owner=alice,
            partners=[anna],
            note="Gwen changes branches",
        ),
        policy=PolicyVersionFactory(branch=alice.branch, note="Closer to what we can do"),
        draft=tried_draft(mona, anna),
        report=figures_of(alice),
        mail=DeliveryFactory(user=alice, state="failed", reason="550 There is no such mailbox."),
    )
