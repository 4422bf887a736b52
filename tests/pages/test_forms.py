"""Bad input: a sentence or an empty list, nothing written, no traceback."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from accounts.models import User
from interactions.models import Interaction, Referral
from partners.models import Partner
from tests.factories import PartnerFactory, ReferralFactory
from touches.models import PlannedTouch

NUL = "Ri\x00ta"
SCRIPT = "<script>alert(1)</script>"
HUGE = "9" * 30
BAD_DAYS = ["2026-02-30", "0001-01-01", "9999-12-31", "yesterday", "2026-13-01", "1\x00", ""]
ODD_DAYS = ["12/31/9999", "-1", "0000-00-00", "2026-02-29", "٢٠٢٦-٠١-٠١٠"]


def log_form(with_whom, **changes):
    form = {"key": uuid4(), "partners": [with_whom.pk], "kind": "call", "day": "2026-01-05"}
    return form | changes


def referral_form(sender, **changes):
    form = {"key": uuid4().hex, "partner": sender.pk, "direction": "received"}
    form |= {"received_at": "2026-01-05T10:00", "borrower": "Bo Borrower"}
    return form | changes


def partner_form(**changes):
    form = {"owner": User.objects.get(name="Alice Abbott").pk, "partner_type": "cpa"}
    return form | {"first_name": "Nina", "last_name": "North"} | changes


def refused(client, url, form, field):
    """The form comes back as 422, with a sentence at this field and at no other."""
    answer = client.post(url, form)
    assert answer.status_code == 422, form
    assert list(answer.context["form"].errors) == [field]


@pytest.mark.parametrize("day", BAD_DAYS + ODD_DAYS)
def test_days_that_cannot_be_are_refused(day, as_, alice, book, unchanged):
    client, pk = as_(alice), book.partner.pk
    contact = log_form(book.partner)
    with unchanged():
        refused(client, "/log/", {**contact, "day": day}, "day")
        edited = {**contact, "day": day, "outcome": "connected", "purpose": "relationship"}
        edited |= {"direction": "out", "conduct": "none"}
        refused(client, f"/interactions/{book.interaction.pk}/edit/", edited, "day")
        refused(
            client,
            f"/partners/{pk}/steps/new/",
            {"what": "Call", "due_on": day, "key": uuid4()},
            "due_on",
        )
        override = {"tier": "cease", "reason": "Moved", "ends_on": day}
        refused(client, f"/partners/{pk}/override/", override, "ends_on")
        stopped = {"on": day, "source": "call"}
        refused(client, f"/partners/{pk}/stop/", stopped, "on")
        refused(client, "/log/", {**contact, "step_what": "Call", "step_on": day}, "step_on")
        refused(
            client,
            "/referrals/new/",
            referral_form(book.partner, received_at=f"{day}T10:00"),
            "received_at",
        )
        for name in ["relationship_start", "business_start"] if day else []:
            refused(client, "/partners/new/", partner_form(**{name: day}), name)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Adak", "Asia/Tokyo"])
@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_moments_at_the_ends_of_the_calendar_are_refused(zone, moment, as_, alice, book, unchanged):
    User.objects.filter(pk=alice.pk).update(time_zone=zone)
    form = referral_form(book.partner, received_at=moment)
    client = as_(User.objects.get(pk=alice.pk))
    with unchanged():
        refused(client, "/referrals/new/", form, "received_at")


@time_machine.travel(datetime(2026, 6, 15, 22, 30, tzinfo=UTC))
def test_a_referral_of_this_morning_is_taken_west_of_the_date_line(as_, alice, book):
    """In Guam it is the 16th already, in Greenwich still the 15th."""
    User.objects.filter(pk=alice.pk).update(time_zone="Pacific/Guam")
    form = referral_form(book.partner, received_at="2026-06-16T08:00")
    assert as_(User.objects.get(pk=alice.pk)).post("/referrals/new/", form).status_code == 302


@pytest.mark.parametrize("text", [NUL, "x" * 20_000])
def test_text_that_no_field_can_hold_is_refused(text, as_, alice, book, unchanged):
    client, pk = as_(alice), book.partner.pk
    with unchanged():
        for name in ["note", "minutes", "kind", "outcome", "purpose", "conduct", "key"]:
            refused(client, "/log/", log_form(book.partner, **{name: text}), name)
        for name in ["first_name", "last_name", "company_name", "tag_names", "email", "notes"]:
            refused(client, "/partners/new/", partner_form(**{name: text}), name)
        for name in ["phone_mobile", "street", "zip", "nmls_id", "source", "partner_type", "key"]:
            refused(client, "/partners/new/", partner_form(**{name: text}), name)
        for name in ["borrower", "borrower_phone", "borrower_email", "amount", "direction", "key"]:
            refused(client, "/referrals/new/", referral_form(book.partner, **{name: text}), name)
        refused(client, f"/partners/{pk}/archive/", {"reason": text}, "reason")
        refused(client, f"/referrals/{book.referral.pk}/move/", {"stage": text}, "stage")
        refused(
            client,
            "/account/profile/",
            {"name": text, "time_zone": "America/Chicago", "weekly_minutes": "600"},
            "name",
        )


@pytest.mark.parametrize("blank", ["", "   ", "\t\n"])
def test_blank_is_not_a_name_or_a_reason(blank, as_, alice, book, unchanged):
    client, pk = as_(alice), book.partner.pk
    with unchanged():
        refused(client, "/partners/new/", partner_form(last_name=blank), "last_name")
        refused(client, f"/partners/{pk}/archive/", {"reason": blank}, "reason")
        refused(client, "/referrals/new/", referral_form(book.partner, borrower=blank), "borrower")
        soon = alice.today(datetime.now(UTC)) + timedelta(days=9)
        ends = {"tier": "cease", "ends_on": soon.isoformat()}
        refused(client, f"/partners/{pk}/override/", {**ends, "reason": blank}, "reason")


@pytest.mark.parametrize("number", [HUGE, "-1", "0", "²", "1.5", "1e5", NUL, "1 or 1=1"])
def test_numbers_that_name_no_row_find_nothing(number, as_, alice, book, unchanged):
    client = as_(alice)
    with unchanged():
        refused(client, "/log/", log_form(book.partner, partners=[number]), "partners")
        refused(client, "/referrals/new/", referral_form(book.partner, partner=number), "partner")
        assert client.get("/log/", {"partner": number}).status_code == 200
        assert client.get("/referrals/new/", {"partner": number}).status_code == 200
        for name in ["owner", "tag", "page"]:
            assert client.get("/", {name: number}).status_code == 200
            assert client.get("/referrals/", {name: number}).status_code == 200
        assert client.get(f"/partners/{book.partner.pk}/", {"show": number}).status_code == 200


@pytest.mark.parametrize("path", ["partners/{}/", "partners/{}/edit/", "referrals/{}/"])
def test_huge_keys_are_404(path, as_, alice, book):
    for pk in [HUGE, "0", "-1", "%00", "²"]:
        assert as_(alice).get("/" + path.format(pk)).status_code == 404


@pytest.mark.parametrize("text", ["%00", "a%00b", "x" * 5000, "%25", "_", "'", "%F0%9F%98%80"])
def test_search_boxes_answer_whatever_is_typed(text, as_, alice, book):
    client = as_(alice)
    for url in ["/partners/", "/partners/options/", "/referrals/"]:
        answer = client.get(f"{url}?q={text}")
        assert answer.status_code == 200
        assert "Rowe" not in answer.text


@pytest.mark.parametrize("minutes", [HUGE, "-1", "1441", "a", "1.5"])
def test_minutes_stay_within_a_day(minutes, as_, alice, book, unchanged):
    client = as_(alice)
    with unchanged():
        refused(client, "/log/", log_form(book.partner, minutes=minutes), "minutes")


@pytest.mark.parametrize("amount", [HUGE, "-1", "0", "a lot", "1e30", "NaN", "Infinity"])
def test_an_amount_is_a_loan(amount, as_, alice, book, unchanged):
    client = as_(alice)
    with unchanged():
        refused(client, "/referrals/new/", referral_form(book.partner, amount=amount), "amount")


@pytest.mark.parametrize(
    "birthday",
    [(2, 30, ""), (13, 1, ""), (4, "", ""), ("", 4, ""), ("", "", 1980), (2, 29, 2023), (1, 1, 1)],
)
def test_birthdays_that_cannot_be_are_refused(birthday, as_, alice, unchanged):
    form = dict(zip(["birth_month", "birth_day", "birth_year"], birthday, strict=True))
    client = as_(alice)
    with unchanged():
        answer = client.post("/partners/new/", partner_form(**form))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) <= {
        "birth_month",
        "birth_day",
        "birth_year",
        "__all__",
    }


def test_a_birthday_on_the_29th_of_february_is_one(as_, alice):
    as_(alice).post("/partners/new/", partner_form(birth_month=2, birth_day=29))
    assert Partner.objects.get().birthday == "February 29"


def test_emoji_are_kept_and_markup_is_escaped(as_, alice, book):
    client = as_(alice)
    changed = partner_form(first_name="Zoë 🏡", last_name=SCRIPT, notes=SCRIPT, tag_names=SCRIPT)
    client.post(f"/partners/{book.partner.pk}/edit/", changed)
    client.post(
        "/log/", log_form(book.partner, note=SCRIPT, step_what=SCRIPT, step_on="2026-12-30")
    )
    lists = ["/", "/partners/", f"/partners/?q={SCRIPT}", "/partners/options/?q="]
    for url in [f"/partners/{book.partner.pk}/", *lists]:
        page = client.get(url).text
        assert "<script>alert" not in page
        assert "🏡" in page or "q=%3C" in url or "?q=<" in url


def test_a_partner_form_that_comes_twice_adds_one(as_, alice):
    client, form = as_(alice), partner_form(key=uuid4())
    first, second = client.post("/partners/new/", form), client.post("/partners/new/", form)
    assert first.url == second.url
    assert Partner.objects.count() == 1


def test_a_partner_form_gone_back_to_adds_the_next_one(as_, alice):
    client, key = as_(alice), uuid4()
    client.post("/partners/new/", partner_form(key=key))
    client.post("/partners/new/", partner_form(key=key, first_name="Noah"))
    assert {row.first_name for row in Partner.objects.all()} == {"Nina", "Noah"}


def test_a_step_that_comes_twice_is_planned_once(as_, alice, book):
    client, key = as_(alice), uuid4()
    due = alice.today(datetime.now(UTC)).isoformat()
    for _ in range(2):
        url = f"/partners/{book.partner.pk}/steps/new/"
        client.post(url, {"what": "Call", "due_on": due, "key": key})
    assert PlannedTouch.objects.filter(what="Call").count() == 1


def test_a_referral_that_comes_twice_is_added_once(as_, alice, book):
    client, form = as_(alice), referral_form(book.partner)
    assert client.post("/referrals/new/", form).url == client.post("/referrals/new/", form).url
    assert Referral.objects.filter(borrower="Bo Borrower").count() == 1


def test_the_key_of_a_strangers_referral_tells_nothing(as_, alice, charlie, book):
    theirs = ReferralFactory(partner=PartnerFactory(owner=charlie), key="R1", borrower="Secret Sam")
    answer = as_(alice).post("/referrals/new/", referral_form(book.partner, key="R1"), follow=True)
    assert "Secret Sam" not in answer.text
    assert f"/referrals/{theirs.pk}/" not in answer.redirect_chain[0][0]
    assert Referral.objects.get(borrower="Bo Borrower").key != "R1"


def test_the_batch_of_a_stranger_does_not_swallow_a_log(as_, alice, charlie, book):
    client, key = as_(charlie), uuid4()
    client.post("/log/", log_form(PartnerFactory(owner=charlie), key=key))
    as_(alice).post("/log/", log_form(book.partner, key=key))
    assert Interaction.objects.filter(partner=book.partner, day="2026-01-05").count() == 1


def test_bytes_that_are_no_text_are_refused(as_, alice, book, unchanged):
    kind = "application/x-www-form-urlencoded"
    client = as_(alice)
    with unchanged():
        for body in [b"last_name=%ff%fe", b"\xff\xfe\x00", b"a=" * 10, b"=" * 500]:
            answer = client.post("/partners/new/", body, content_type=kind)
            assert answer.status_code in {200, 400, 422}


@pytest.mark.parametrize("tag", ["Race", "religion", "Marital status", "national-origin"])
def test_a_tag_that_the_law_keeps_out_is_refused(tag, as_, alice, unchanged):
    partner = {"last_name": "Rowe", "partner_type": "realtor", "owner": alice.pk}
    with unchanged():
        answer = as_(alice).post("/partners/new/", {**partner, "tag_names": f"Rotary, {tag}"})
    assert answer.status_code == 422
    assert "is kept out of this product" in answer.text
