"""Today: each section with one story; what is done there leaves the list."""

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.utils import timezone
from django.utils.html import strip_tags

from interactions.models import Interaction
from pages.due_lines import line_of
from tests.factories import (
    CompanyFactory,
    InteractionFactory,
    PartnerFactory,
    PlannedTouchFactory,
    ReferralFactory,
    UserFactory,
)
from touches.forms import snooze_choices
from touches.kinds import TouchKind
from touches.models import PlannedTouch
from touches.playbook import Due, Urgency

# What the page asks for, whatever its rows.
QUERIES = 20
HTMX = {"HX-Request": "true"}


@pytest.fixture
def today(alice):
    return alice.today(timezone.now())


@pytest.fixture
def ago(today):
    """`ago(3)`: the day three days before Alice's today."""
    return lambda days: today - timedelta(days=days)


@pytest.fixture
def sam(alice, ago):
    """A partner in Cultivation whose personal touch, every 42 days, is eight days late."""
    sam = PartnerFactory(
        owner=alice, first_name="Sam", last_name="Stone", created_on=ago(400), email="sam@stone.us"
    )
    InteractionFactory(partner=sam, day=ago(50), note="Asked about the spring market\nLater more")
    return sam


def day_of(client, query=""):
    return client.get(f"/{query}").context["day"]


def lines(day):
    return [(card.partner.first_name, line.due.label) for card in day.cards for line in card.lines]


# Whom to reach


def test_a_partner_who_is_due_shows_what_why_and_the_last_conversation(as_, alice, sam, ago):
    answer = as_(alice).get("/")
    [card] = answer.context["day"].cards
    [line] = card.lines
    assert (line.due.kind, line.late) == (TouchKind.PERSONAL_TOUCH, True)
    assert (card.last.kind, card.last.day, card.last.note) == (
        "Call", ago(50), "Asked about the spring market"
    )  # fmt: skip
    assert "8 days late" in answer.text
    assert "Every 42 days; the last one was 50 days ago." in answer.text
    assert 'href="mailto:sam@stone.us"' in answer.text


def test_a_touch_that_is_logged_leaves_the_list_and_leads_back_to_today(as_, alice, sam):
    client = as_(alice)
    [[line]] = [card.lines for card in day_of(client).cards]
    form = client.get(line.log).context["form"]
    sent = {name: form[name].value() for name in ["key", "partners", "kind", "day"]}
    answer = client.post("/log/", sent | {"next": "/"})
    assert (answer.status_code, answer.url) == (302, "/")
    assert Interaction.objects.get(day=alice.today(timezone.now())).kind == "call"
    assert lines(day_of(client)) == []


@pytest.mark.parametrize(
    ("kind", "filled"),
    [
        (TouchKind.PERSONAL_CALL, {"kind": "call"}),
        (TouchKind.HANDWRITTEN_NOTE, {"kind": "note"}),
        (TouchKind.REVIEW, {"kind": "meeting", "was_review": "on"}),
        (TouchKind.VALUE_GIVEN, {"kind": "email", "gave_value": "on"}),
        (TouchKind.THANKS, {"kind": "call", "purpose": "gratitude"}),
    ],
)
def test_the_log_of_a_line_is_filled_in_as_far_as_the_touch_says(kind, filled, sam):
    due = Due(kind, date(2026, 6, 1), Urgency.DUE, 10, "Touch", "Why")
    log = line_of(sam, due, date(2026, 6, 1), "/?show=all").log
    query = {name: values[0] for name, values in parse_qs(urlsplit(log).query).items()}
    assert query == {"partner": str(sam.pk), "next": "/?show=all"} | filled


def test_a_log_begins_with_a_way_that_they_left_open(sam):
    sam.no_calls = sam.no_emails = True
    due = Due(TouchKind.PERSONAL_TOUCH, date(2026, 6, 1), Urgency.DUE, 10, "Touch", "Why")
    assert "kind=text" in line_of(sam, due, date(2026, 6, 1), "/").log


def test_twenty_partners_show_at_first_and_all_on_request(as_, alice, ago):
    for number in range(23):
        PartnerFactory(owner=alice, last_name=f"P{number:02}", created_on=ago(100))
    client = as_(alice)
    first, every = client.get("/"), client.get("/?show=all")
    assert (len(first.context["day"].cards), len(every.context["day"].cards)) == (20, 23)
    assert "Show all 23" in first.text
    assert "Show all 23" not in every.text


def test_all_is_what_a_page_can_hold(as_, alice, ago, monkeypatch):
    monkeypatch.setattr("pages.today.MOST_AT_ALL", 2)
    for _ in range(3):
        PartnerFactory(owner=alice, created_on=ago(100))
    page = as_(alice).get("/?show=all")
    assert (len(page.context["day"].cards), page.context["day"].people) == (2, 3)
    assert "The first 2. The rest comes up as these are done." in page.text


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_page_takes_the_same_queries_whatever_its_rows(
    rows, as_, alice, ago, today, django_assert_num_queries
):
    soon = today + timedelta(days=4)
    for number in range(rows):
        partner = PartnerFactory(
            owner=alice,
            company=CompanyFactory(),
            created_on=ago(100),
            birth_month=soon.month,
            birth_day=soon.day,
        )
        InteractionFactory(partner=partner, day=ago(50), note=f"Talk {number}")
        ReferralFactory(partner=partner)
        PlannedTouchFactory(partner=partner)
        PlannedTouchFactory(partner=partner, due_on=soon)
    client = as_(alice)
    with django_assert_num_queries(QUERIES):
        day = day_of(client, "?show=all")
    assert [len(day.waiting), len(day.cards), len(day.ahead.occasions)] == [rows] * 3


# Done, snoozed, skipped


def test_a_step_is_done_in_place_or_by_a_page(as_, alice, rita, today):
    client = as_(alice)
    first = PlannedTouchFactory(partner=rita, what="Send the rates", due_on=today)
    second = PlannedTouchFactory(partner=rita, what="Call her", due_on=today)
    answer = client.post(f"/touches/{first.pk}/done/", {"next": "/?show=all"})
    assert (answer.status_code, answer.url) == (302, "/?show=all")
    answer = client.post(f"/touches/{second.pk}/done/", headers=HTMX)
    assert (answer.status_code, answer["HX-Trigger"]) == (204, "touch-changed")
    assert not PlannedTouch.objects.open().steps().exists()
    # The list that comes anew says what was done.
    assert "Done: Call her." in client.get("/", headers=HTMX).text


def test_what_somebody_finished_before_is_said_so(as_, alice, andy, rita, today, unchanged):
    step = PlannedTouchFactory(partner=rita, due_on=today)
    as_(andy).post(f"/touches/{step.pk}/done/")
    client, later = as_(alice), {"until": today + timedelta(days=1)}
    acts = [("done", {}), ("snooze", later), ("skip", {"reason": "They are away"})]
    for act, form in acts:
        with unchanged():
            client.post(f"/touches/{step.pk}/{act}/", form, headers=HTMX)
        assert "somebody was quicker" in client.get("/").text


def test_what_a_log_completes_nobody_ticks_off(as_, alice, rita, unchanged):
    row = rita.planned_touches.filter(kind=TouchKind.FIRST_TOUCH).first()
    client = as_(alice)
    with unchanged():
        answer = client.post(f"/touches/{row.pk}/done/")
    assert answer.status_code == 403
    assert "Log the contact, and this is done by itself." in answer.text


def test_a_cadence_is_snoozed_until_a_day(as_, alice, sam, today):
    client, monday = as_(alice), today + timedelta(days=7)
    [[line]] = [card.lines for card in day_of(client).cards]
    answer = client.post(line.later, {"until": monday})
    assert (answer.status_code, answer.url) == (302, "/")
    assert lines(day_of(client)) == []
    row = sam.planned_touches.get()
    assert (row.kind, row.due_on, row.planned_by) == ("personal_touch", monday, alice)


@pytest.mark.parametrize(
    ("kind", "latest", "offered"),
    [
        # The birthday is on Thursday, June 25.
        ("prepare", date(2026, 6, 25), ["Tomorrow", "In 3 days", "Next Monday"]),
        (
            "congratulate",
            date(2026, 7, 2),
            ["Tomorrow", "In 3 days", "Next Monday", "In two weeks"],
        ),
    ],
)
def test_what_an_occasion_asks_for_is_put_off_while_it_makes_sense(
    kind, latest, offered, as_, alice, unchanged
):
    with time_machine.travel(datetime(2026, 6, 15, 16, tzinfo=UTC), tick=False):
        partner = PartnerFactory(owner=alice, birth_month=6, birth_day=25)
        row = partner.planned_touches.get(kind=kind)
        client, url = as_(alice), f"/touches/{row.pk}/snooze/"
        assert [name for name, _ in client.get(url).context["choices"]] == offered
        with unchanged():
            answer = client.post(url, {"until": latest + timedelta(days=1)})
        assert answer.status_code == 422
        assert f"After {latest:%B} {latest.day} it would come too late." in answer.text
        assert client.post(url, {"until": latest}).status_code == 302
    row.refresh_from_db()
    assert row.due_on == latest
    with time_machine.travel(datetime.combine(latest, time(16), UTC), tick=False):
        cards = day_of(as_(alice)).cards
    assert row.pk in [line.due.row_id for card in cards for line in card.lines]


def test_a_cadence_is_skipped_with_a_reason_and_starts_anew(as_, alice, sam, today):
    client = as_(alice)
    url = f"/partners/{sam.pk}/touches/personal_touch/skip/"
    answer = client.post(url, {"reason": "They are away", "next": "/"}, headers=HTMX)
    assert (answer.status_code, answer["HX-Trigger"]) == (204, "touch-changed")
    row = sam.planned_touches.get()
    assert (row.skipped_on, row.skipped_by, row.skip_reason) == (today, alice, "They are away")
    assert lines(day_of(client)) == []


@pytest.mark.parametrize("days", [0, -1, 731, None])
def test_a_day_that_does_not_fit_is_refused_in_words(days, as_, alice, sam, today, unchanged):
    until = today + timedelta(days=days) if days is not None else "soon"
    sentence = {731: "Choose a day within two years.", None: "Enter a valid date."}
    url = f"/partners/{sam.pk}/touches/personal_touch/snooze/"
    client = as_(alice)
    for headers in [HTMX, {}]:
        with unchanged():
            answer = client.post(url, {"until": until}, headers=headers)
        assert answer.status_code == 422
        assert sentence.get(days, "Choose a day after today.") in answer.text
        assert ("<html" in answer.text) is not bool(headers)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_a_skip_needs_its_reason(reason, as_, alice, sam, unchanged):
    client = as_(alice)
    with unchanged():
        answer = client.post(
            f"/partners/{sam.pk}/touches/personal_touch/skip/", {"reason": reason}, headers=HTMX
        )
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"reason"}


@pytest.mark.parametrize("kind", ["step", "prepare", "congratulate", "gift", "%00"])
def test_only_a_cadence_is_put_off_without_a_row(kind, as_, alice, sam):
    url = f"/partners/{sam.pk}/touches/{kind}/snooze/"
    assert as_(alice).get(url).status_code == 404


def test_each_day_is_offered_once():
    """On a Friday "in 3 days" is the next Monday, and on a Sunday so is tomorrow."""
    friday, sunday = date(2026, 11, 27), date(2026, 11, 29)
    assert [name for name, _ in snooze_choices(friday)] == [
        "Tomorrow", "Next Monday", "In two weeks"
    ]  # fmt: skip
    assert snooze_choices(sunday) == [
        ("Tomorrow", date(2026, 11, 30)),
        ("In 3 days", date(2026, 12, 2)),
        ("In two weeks", date(2026, 12, 13)),
    ]


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "/\\evil", "x", ""])
def test_a_form_never_leads_to_another_site(next_, as_, alice, rita):
    step = PlannedTouchFactory(partner=rita)
    answer = as_(alice).post(f"/touches/{step.pk}/done/", {"next": next_})
    assert answer.url == rita.get_absolute_url()


def test_who_only_looks_reads_why_and_nothing_is_planned_with_who_is_archived(
    as_, alice, ada, sam, today, unchanged
):
    url, until = f"/partners/{sam.pk}/touches/personal_touch/snooze/", today + timedelta(days=1)
    looks, works = as_(ada), as_(alice)
    with unchanged():
        assert "You can look at this partner, and not change it." in looks.get(url).text
    works.post(f"/partners/{sam.pk}/archive/", {"reason": "Moved away"})
    with unchanged():
        answer = works.post(url, {"until": until})
    assert (answer.status_code, "archived" in answer.text) == (403, True)


# The other sections


def test_a_borrower_who_waits_is_contacted_in_one_click(as_, alice, ago):
    """Also one whom a partner in Cease sent: this is service on a loan."""
    stopped = PartnerFactory(owner=alice, do_not_contact_since=ago(9))
    late = ReferralFactory(partner=stopped, day=ago(7), borrower_phone="(202) 555-0147")
    client = as_(alice)
    [wait] = day_of(client).waiting
    assert (wait.referral, wait.late, wait.contact) == (late, True, "···· 0147")
    assert wait.words.startswith("Came in 7 days ago; the first call is ")
    form = {"stage": "contacted", "next": "/"}
    answer = client.post(f"/referrals/{late.pk}/move/", form, headers=HTMX)
    assert (answer.status_code, answer["HX-Trigger"]) == (204, "touch-changed")
    assert day_of(client).waiting == []


def test_a_borrowers_contact_is_masked_and_leads_to_their_page(as_, alice, rita):
    known = ReferralFactory(partner=rita, borrower_phone="(202) 555-0147")
    ReferralFactory(partner=rita, borrower_email="bo@example.org")
    page = as_(alice).get("/")
    shown = sorted(wait.contact for wait in page.context["day"].waiting)
    assert shown == ["b···@example.org", "···· 0147"]
    assert f'href="/referrals/{known.pk}/"' in page.text
    for secret in ["555-0147", "2025550147", "bo@example.org", "tel:"]:
        assert secret not in page.text


def test_a_referral_asks_for_thanks_which_the_log_gives(as_, alice, sam):
    ReferralFactory(partner=sam)
    client = as_(alice)
    thanks = day_of(client).cards[0].lines[0]
    assert thanks.due.kind == TouchKind.THANKS
    form = client.get(thanks.log).context["form"]
    sent = {name: form[name].value() for name in ["key", "partners", "kind", "purpose", "day"]}
    client.post("/log/", sent)
    assert Interaction.objects.latest("pk").purpose == "gratitude"
    assert lines(day_of(client)) == []


def test_steps_to_come_stand_apart_and_lead_to_their_partner(as_, alice, rita, today):
    for days in range(1, 9):
        due_on = today + timedelta(days=days)
        PlannedTouchFactory(partner=rita, what=f"Step {days}", due_on=due_on)
    day = day_of(as_(alice)).ahead
    assert [line.due.label for line in day.steps] == [f"Step {days}" for days in range(1, 7)]
    assert [line.due.label for line in day.later_steps] == ["Step 7", "Step 8"]


def test_a_birthday_is_told_ten_days_ahead_and_without_an_age(as_, alice, today):
    soon = today + timedelta(days=6)
    PartnerFactory(
        owner=alice,
        first_name="Bea",
        last_name="Bright",
        birth_month=soon.month,
        birth_day=soon.day,
        birth_year=soon.year - 47,
    )
    answer = as_(alice).get("/")
    [occasion] = answer.context["day"].ahead.occasions
    assert occasion.due.occasion_on == soon
    assert [line.due.kind for line in occasion.lines] == ["prepare", "congratulate"]
    assert "Birthday on" in answer.text
    words = strip_tags(answer.text.partition('id="results"')[2])
    assert "47" not in words
    assert str(soon.year - 47) not in words


def test_a_card_is_sent_and_the_call_stays(as_, alice, today):
    soon = today + timedelta(days=6)
    bea = PartnerFactory(owner=alice, birth_month=soon.month, birth_day=soon.day)
    client = as_(alice)
    card = bea.planned_touches.get(kind=TouchKind.PREPARE)
    client.post(f"/touches/{card.pk}/done/")
    [occasion] = day_of(client).ahead.occasions
    assert [line.due.kind for line in occasion.lines] == ["congratulate"]


def test_what_comes_within_three_days_is_folded_away(as_, alice, ago):
    soon = PartnerFactory(owner=alice, first_name="Una", created_on=ago(400))
    InteractionFactory(partner=soon, day=ago(40))
    day = day_of(as_(alice))
    assert ([line.partner for line in day.ahead.soon], day.cards) == ([soon], [])
    assert day.ahead.next.partner == soon


def test_a_long_list_of_what_comes_soon_is_cut(as_, alice, ago, monkeypatch):
    monkeypatch.setattr("pages.ahead.MOST_FOLDED", 2)
    for _ in range(3):
        InteractionFactory(partner=PartnerFactory(owner=alice, created_on=ago(400)), day=ago(40))
    ahead = day_of(as_(alice)).ahead
    assert (len(ahead.soon), ahead.soon_count) == (2, 3)


def test_a_tier_that_changed_since_yesterday_says_why(as_, alice, sam, ago):
    sam.do_not_contact_since = ago(0)
    sam.save()
    [move] = day_of(as_(alice)).moves
    assert (move.partner, move.from_tier, move.tier) == (sam, "cultivation", "cease")
    assert move.sentence == "Cease: they asked us to stop."
    assert "8 days late" not in as_(alice).get("/").text


# Whose day


def test_an_assistant_sees_the_officers_day_without_conduct(as_, alice, andy, mona, sam, ago):
    row = {"kind": "lunch", "note": "A noisy scene", "conduct": "negative"}
    InteractionFactory(partner=sam, day=ago(45), **row)
    abuser = PartnerFactory(owner=alice, last_name="Abel", created_on=ago(400))
    InteractionFactory(partner=abuser, day=ago(2), conduct="abusive")
    for user in [alice, mona]:
        page = as_(user).get(f"/?officer={alice.pk}")
        assert "A noisy scene" in page.text, user
        assert "Cease: they abused one of us." in page.text, user
    page = as_(andy).get("/")
    assert page.context["day"].officer == alice
    assert "noisy" not in page.text
    assert "abus" not in page.text
    assert [move.partner for move in page.context["day"].moves] == [abuser]
    assert page.context["day"].cards[0].last.kind == "Lunch"


def test_only_the_days_of_those_one_works_for_open(as_, cast, alice, bob, sam):
    PartnerFactory(owner=bob)
    found = {
        name: [as_(user).get(f"/?officer={officer.pk}").status_code for officer in [alice, bob]]
        for name, user in cast.items()
    }
    assert found == {
        "alice": [200, 404], "bob": [404, 200], "andy": [200, 404], "mona": [200, 200],
        "charlie": [404, 404], "lena": [404, 404], "ada": [404, 404], "carl": [404, 404],
    }  # fmt: skip
    for nonsense in ["x", "0", "-1", "%00", "9" * 30]:
        assert as_(alice).get(f"/?officer={nonsense}").status_code == 404


def test_a_chooser_stands_only_where_there_is_a_choice(as_, alice, bob, mona, sam):
    PartnerFactory(owner=bob)
    assert "Whose day" not in as_(alice).get("/").text
    page = as_(mona).get("/")
    assert [choice.officer for choice in page.context["choices"]] == [alice, bob, mona]
    assert "Whose day would you like to see?" in page.text


# Days on which nothing is due


def test_an_empty_book_says_how_to_begin(as_, charlie):
    page = as_(charlie).get("/").text
    assert "Your book is still empty" in page
    assert 'href="/partners/new/"' in page


def test_an_empty_day_says_what_comes_next(as_, alice, ago):
    una = PartnerFactory(owner=alice, first_name="Una", last_name="Unger", created_on=ago(400))
    InteractionFactory(partner=una, day=ago(22))
    page = as_(alice).get("/")
    assert "Nobody is due today" in page.text
    assert "Next is personal touch with" in page.text
    assert page.context["day"].ahead.next.due.due_on == ago(-20)


def test_who_looks_after_nobody_finds_the_way_to_the_partners(as_, ada, carl):
    assert 'href="/partners/"' in as_(ada).get("/").text.partition('id="results"')[2]
    assert "Your book is still empty" in as_(UserFactory()).get("/").text
    # Who is of compliance alone begins where their work is.
    assert as_(carl).get("/").url == "/ledger/desk/"
