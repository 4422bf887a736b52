"""What the digest says, and what it never says."""

import re
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

import pytest
from django.core import mail as django_mail
from django.test import Client

from digests.daily import render
from digests.services import plan_due, stop
from mailing.kinds import Suppressed
from mailing.models import Delivery, State
from mailing.services import deliver_one, retry
from tests.digests.conftest import NOW, TODAY
from tests.factories import (
    CompanyFactory,
    InteractionFactory,
    PartnerFactory,
    PlannedTouchFactory,
    ReferralFactory,
)
from touches.models import FocusPlace, FocusWeek

pytestmark = pytest.mark.django_db

LONG_AGO = TODAY - timedelta(days=300)
SITE = "http://localhost:8000"


def known(owner, name, ago, **fields):
    """A partner for a year, with a call so many days ago that went badly."""
    first, last = name.split()
    fields = {"first_name": first, "last_name": last, "created_on": LONG_AGO} | fields
    partner = PartnerFactory(owner=owner, **fields)
    words = {"note": "Angry about Bo Borrower", "conduct": "negative"}
    InteractionFactory(partner=partner, day=TODAY - timedelta(days=ago), **words)
    return partner


@pytest.fixture
def book(alice, settings):
    """Somebody of each sort; borrowers, conduct and notes that could show."""
    settings.SECRET_KEY = "k" * 50
    keystone = CompanyFactory(name="Keystone Realty")
    book = {
        "tess": known(alice, "Tess Turner", 9, company=keystone),
        "peter": known(alice, "Peter Park", 12),
        "sam": known(alice, "Sam Stone", 20, birth_month=6, birth_day=15, birth_year=1961),
        "faye": known(alice, "Faye Ford", 20),
        "nadia": known(alice, "Nadia Novak", 50),
        "omar": known(alice, "Omar Ortiz", 41),
        "grace": known(alice, "Grace Green", 10, no_mail=True, business_start=date(2016, 6, 24)),
    }
    for borrower in ["Bo Borrower", "Cora Client"]:
        ReferralFactory(partner=book["tess"], borrower=borrower, borrower_phone="+12025550143")
    PlannedTouchFactory(
        partner=book["peter"], what="Call about Bo Borrower", due_on=date(2026, 6, 12)
    )
    for monday in [TODAY - timedelta(days=7), TODAY]:
        week = FocusWeek.objects.create(officer=alice, starts_on=monday, chosen_at=NOW)
        days = {"starts_on": monday, "ends_on": monday + timedelta(days=6)}
        FocusPlace.objects.create(week=week, partner=book["faye"], rank=1, score=5, **days)
    return book


def without_tokens(text):
    return re.sub(r"(/digest/\w+)/[^/\s]+/", r"\1/TOKEN/", text)


GOLDEN = """\
Monday, June 15

5 partners to reach today

WAITING FOR A FIRST CALL

* 2 referrals from Tess Turner, since June 15
  {site}/partners/{tess}/

WHOM TO REACH

1. Tess Turner, Keystone Realty
   Thanks for a referral, due today. A referral came on June 15.
   Open: {site}/partners/{tess}/
   Log: {site}/log/?partner={tess}&purpose=gratitude&kind=call
   Snooze a week: {site}/digest/snooze/TOKEN/

2. Peter Park
   Next step, due since June 12.
   Open: {site}/partners/{peter}/
   Log: {site}/log/?partner={peter}
   Done: {site}/digest/done/TOKEN/
   Snooze a week: {site}/digest/snooze/TOKEN/

3. Sam Stone
   Call to congratulate, due today. Birthday on Monday, June 15.
   Open: {site}/partners/{sam}/
   Log: {site}/log/?partner={sam}&kind=call
   Done: {site}/digest/done/TOKEN/

4. Faye Ford
   Conversation, due since June 9. Every 14 days; the last one was 20 days ago.
   Open: {site}/partners/{faye}/
   Log: {site}/log/?partner={faye}&kind=call
   Snooze a week: {site}/digest/snooze/TOKEN/

5. Nadia Novak
   Personal touch, due since June 7. Every 42 days; the last one was 50 days ago.
   Open: {site}/partners/{nadia}/
   Log: {site}/log/?partner={nadia}&kind=call
   Snooze a week: {site}/digest/snooze/TOKEN/

6. Omar Ortiz
   Personal touch, due tomorrow. Every 42 days; the last one was 41 days ago.
   Open: {site}/partners/{omar}/
   Log: {site}/log/?partner={omar}&kind=call
   Snooze a week: {site}/digest/snooze/TOKEN/

COMING UP

* Wednesday, June 24: Grace Green, 10 years in business
  {site}/partners/{grace}/


--{space}
Today: {site}/
Another hour, or on weekends too: {site}/account/digests/
Stop this daily mail: {site}/digest/stop/TOKEN/
"""


def test_the_whole_digest(alice, book):
    plan_due(NOW)
    assert deliver_one(clock=lambda: NOW)
    (message,) = django_mail.outbox
    assert message.recipients() == ['"Alice Abbott" <alice@example.com>']
    assert message.subject == "Today: 2 to call, 2 referrals waiting, 1 birthday, 1 to thank"
    keys = {name: partner.pk for name, partner in book.items()}
    assert without_tokens(message.body) == GOLDEN.format(site=SITE, space=" ", **keys)
    assert Delivery.objects.get().state == State.SENT


def test_the_headers_say_when_by_whom_and_how_to_stop_it(alice, book):
    plan_due(NOW)
    deliver_one(clock=lambda: NOW)
    headers = message_from_bytes(django_mail.outbox[0].message().as_bytes(), policy=default)
    assert headers["Date"] == "Mon, 15 Jun 2026 07:05:00 -0400"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop_link = without_tokens(headers["List-Unsubscribe"].replace(" ", ""))
    assert stop_link == f"<{SITE}/digest/stop/TOKEN/>"


class Parsed(HTMLParser):
    """The links of a page with their words, and everything that a person reads."""

    def __init__(self, html):
        super().__init__()
        self.links, self.words, self.tags, self.inside = [], [], set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "a":
            self.links.append([dict(attrs)["href"], ""])
        if tag not in {"meta", "br"}:
            self.inside.append(tag)

    def handle_endtag(self, tag):
        assert self.inside.pop() == tag

    def handle_data(self, data):
        if "style" not in self.inside:
            self.words.append(data)
        if "a" in self.inside:
            self.links[-1][1] += data

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def test_the_html_says_the_same_with_the_same_links(alice, book, mail_for):
    mail = mail_for(alice)
    page = Parsed(mail.html)
    urls = re.findall(r"https?://\S+", mail.text)
    assert {url for url, _ in page.links} == set(urls)
    for words in ["Tess Turner Keystone Realty", "Conversation, due since June 9", "Focus list"]:
        assert words in page.text
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert "http" not in re.sub(r'href="[^"]*"', "", mail.html)


def test_nothing_of_borrowers_conduct_notes_or_tiers_is_in_it(alice, book, mail_for):
    mail = mail_for(alice)
    # Without addresses, whose keys and signatures are any signs at all.
    shown = f"{mail.subject}\n{mail.text}\n{mail.html}\n{Parsed(mail.html).text}"
    everything = re.sub(r"https?://[^\s\"]+", "", shown).lower()
    secret = ["borrower", "cora client", "bo ", "202", "555", "angry", "negative", "conduct"]
    secret += ["abusive", "cultivation", "maintenance", "cease", "1961"]
    for word in secret:
        assert word not in everything, word


def test_names_can_do_no_harm(alice, mail_for):
    rtl = "\u202eevil\u2066"
    PlannedTouchFactory(
        partner__owner=alice,
        partner__first_name="<script>alert(1)</script>",
        partner__last_name=f"O'Neil\r\nBcc: all@example.com{rtl}",
        partner__company=CompanyFactory(name="A & B\n<b>Bold</b>"),
    )
    mail = mail_for(alice)
    name = "<script>alert(1)</script> O'Neil Bcc: all@example.comevil"
    assert f"1. {name}, A & B <b>Bold</b>\n" in mail.text
    page = Parsed(mail.html)
    assert {"script", "b"}.isdisjoint(page.tags)
    assert name in page.text
    assert mail.subject == "Today: 1 next step"


def test_names_from_right_to_left_stand_for_themselves(alice, mail_for):
    PlannedTouchFactory(
        partner__owner=alice, partner__first_name="محمد", partner__last_name="العربي"
    )
    assert "1. محمد العربي\n" in mail_for(alice).text
    assert "<bdi>محمد العربي</bdi>" in mail_for(alice).html


def test_five_hundred_due_are_seven_lines_and_a_link(alice, mail_for):
    for number in range(500):
        PlannedTouchFactory(partner__owner=alice, partner__last_name=f"Nr {number:03}")
    mail = mail_for(alice)
    assert mail.subject == "Today: 500 next steps"
    assert "7. Rita Nr 006" in mail.text
    assert "Nr 007" not in mail.text
    assert f"And 493 more on Today: {SITE}/\n" in mail.text
    assert len(mail.html) < 60_000


def test_much_of_everything_is_one_screen_too(alice, mail_for):
    for number in range(12):
        partner = PartnerFactory(
            owner=alice, last_name=f"Nr {number:02}", no_mail=True, birth_month=6, birth_day=20
        )
        PlannedTouchFactory(partner=PartnerFactory(owner=alice))
        ReferralFactory(partner=partner, day=TODAY - timedelta(days=30))
    text = mail_for(alice).text
    assert text.count("* ") == 6
    assert len(re.findall(r"^\d+\. ", text, re.MULTILINE)) == 4
    assert "And 9 more on Today" in text
    assert "And 20 more on Today" in text


@pytest.mark.parametrize("partners", [1, 12])
def test_writing_one_takes_twelve_queries(alice, partners, mail_for, django_assert_num_queries):
    for number in range(partners):
        company = CompanyFactory()
        partner = known(alice, f"Rita Nr{number}", 50, company=company, birth_month=6, birth_day=20)
        ReferralFactory(partner=partner)
    with django_assert_num_queries(12):
        mail_for(alice)


# --- none -----------------------------------------------------------------------------------


def ended(alice, now=NOW):
    deliver_one(clock=lambda: now)
    row = Delivery.objects.get(user=alice)
    assert django_mail.outbox == []
    return row.state, row.reason


def test_with_nothing_to_say_no_mail_comes_and_the_day_is_closed(alice):
    known(alice, "Quiet Quinn", 1)
    plan_due(NOW)
    assert ended(alice) == (State.SUPPRESSED, "Nothing to say today.")
    assert plan_due(NOW + timedelta(hours=12)) == []


def test_what_was_due_soon_alone_is_news_too(alice, mail_for):
    known(alice, "Omar Ortiz", 40)
    mail = mail_for(alice)
    assert mail.subject == "Nothing is due today, 1 coming up"
    assert "Nothing is due today. This is what comes next.\n" in mail.text
    assert "due on Wednesday" in mail.text


def test_a_partner_handed_over_since_is_not_in_it(alice, bob, book, mail_for):
    plan_due(NOW)
    book["nadia"].owner = bob
    book["nadia"].save()
    deliver_one(clock=lambda: NOW)
    assert "Nadia" not in django_mail.outbox[0].body
    assert "Faye" in django_mail.outbox[0].body


def test_who_was_deactivated_since_gets_none(alice, book):
    plan_due(NOW)
    alice.is_active = False
    alice.save()
    assert ended(alice)[0] == State.SUPPRESSED


def test_who_stopped_it_since_gets_none(alice, book):
    plan_due(NOW)
    stop(user=alice, kind="daily_digest", now=NOW)
    assert ended(alice) == (State.SUPPRESSED, "Switched off by its reader.")


def test_none_leaves_after_the_evening(alice, book):
    plan_due(NOW)
    evening = NOW + timedelta(hours=12, minutes=55)
    assert not deliver_one(clock=lambda: evening)
    assert django_mail.outbox == []


@pytest.mark.parametrize("hours", [13, 17, 20])
def test_none_that_is_sent_again_by_hand_leaves_at_night(alice, ada, book, hours):
    """Eight in the evening, midnight and three in the morning for Alice."""
    plan_due(NOW)
    Delivery.objects.update(state="expired")
    night = NOW + timedelta(hours=hours)
    assert retry(actor=ada, delivery=Delivery.objects.get(), now=night)
    assert deliver_one(clock=lambda: night)
    assert Delivery.objects.get().state == "suppressed"
    assert django_mail.outbox == []


def test_an_old_one_sent_again_gives_way_to_a_newer(alice, book):
    old = Delivery(kind="daily_digest", user=alice, occurrence="2026-06-12")
    plan_due(NOW)
    assert render(old, NOW) == Suppressed("A newer digest has taken its place.")


def test_others_partners_are_not_in_it(alice, bob, mona, mail_for):
    """Nobody else's: not those of whom one manages or assists."""
    PlannedTouchFactory(partner__owner=bob, partner__last_name="Bobs")
    PlannedTouchFactory(partner__owner=mona, partner__last_name="Monas")
    assert "Monas" in mail_for(mona).text
    assert "Bobs" not in mail_for(mona).text
    assert mail_for(alice) == Suppressed("Nothing to say today.")


def test_every_link_of_a_digest_does_its_step_once(alice, book, mail_for):
    """And with all of them pressed only what must be logged is left."""
    links = re.findall(rf"(?:Done|Snooze a week): {SITE}(\S+)", mail_for(alice).text)
    assert len(links) == 7
    # Of Peter's step the first link leaves nothing to do for the second.
    answers = [Client().post(link).status_code for link in links]
    assert answers == [200, 200, 409, 200, 200, 200, 200]
    assert [Client().post(link).status_code for link in links] == [409] * 7
    assert "WHOM TO REACH" not in mail_for(alice).text


def test_a_first_touch_can_be_put_off_too(alice, mail_for):
    PartnerFactory(owner=alice, created_on=TODAY - timedelta(days=2))
    (link,) = re.findall(rf"Snooze a week: {SITE}(\S+)", mail_for(alice).text)
    assert Client().post(link).status_code == 200
    assert mail_for(alice) == Suppressed("Nothing to say today.")
