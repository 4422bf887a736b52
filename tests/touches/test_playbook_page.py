"""The play-book: everybody reads it, an administrator changes it, nonsense is refused in words."""

import pytest

from audit.models import Event
from touches.cadences import Audience, Cadence, FirstTouch, Playbook
from touches.forms import PlaybookForm
from touches.kinds import TouchKind
from touches.models import PlaybookVersion
from touches.playbook_words import FIT_NAMES, Line, in_words

pytestmark = pytest.mark.django_db

EDIT = "/playbook/edit/"


def said(**changed):
    """The form as it is filled in, with some fields changed."""
    return {**PlaybookForm(playbook=Playbook()).initial, **changed}


def test_the_default_playbook_in_words():
    parts = {
        part.name: [(line.what, line.often, line.minutes) for line in part.lines]
        for part in in_words(Playbook())
    }
    assert parts == {
        "Maintenance": [
            ("Personal call", "every 30 days", 10),
            ("Time together in person", "every 90 days", 60),
            ("Handwritten note", "every 90 days", 10),
            ("Partnership review", "every 180 days", 60),
        ],
        "Cultivation, on the focus list": [
            ("Conversation", "every 14 days", 10),
            ("In person, or brainstorming", "every 45 days", 60),
            ("Give value", "every 30 days", 30),
            ("Light touch", "every 14 days", 5),
        ],
        "Cultivation, the rest": [("Personal touch", "every 42 days", 10)],
        "Cultivation, too new to judge": [
            ("First touches", "within 2 working days, then on days 7, 21, 45, 75 and 105", 15)
        ],
        "Cease": [],
        "Everybody but Cease": [("Thanks for a referral", "the same working day", 5)],
    }


def test_small_numbers_in_words():
    playbook = Playbook(
        {Audience.CULTIVATION: (Cadence(TouchKind.PERSONAL_TOUCH, 1, 1),)}, FirstTouch(5, 1, (9,))
    )
    lines = [line for part in in_words(playbook) for line in part.lines]
    assert lines == [
        Line("Personal touch", "every day", 1, "any touch"),
        Line("First touches", "within a working day, then on day 9", 5, "any touch"),
        Line("Thanks for a referral", "the same working day", 5, "any touch to say thanks"),
    ]


def test_everything_that_completes_a_touch_has_a_name():
    assert len(FIT_NAMES) == 9


def test_everybody_reads_the_playbook_and_only_an_administrator_sees_edit(sign_in, alice, ada):
    page = sign_in(alice).get("/playbook/")
    assert page.context["parts"] == in_words(Playbook())
    assert "the guide’s own numbers" in page.text
    assert EDIT not in page.text
    assert EDIT in sign_in(ada).get("/playbook/").text


def test_the_page_shows_the_version_that_holds(sign_in, ada):
    client = sign_in(ada)
    client.post(EDIT, said(personal_call_days=21))
    page = client.get("/playbook/")
    assert "Version 1, by Ada Adams" in page.text
    assert "every 21 days" in page.text


def test_others_are_told_why_they_may_not_edit(sign_in, mona):
    for answer in [sign_in(mona).get(EDIT), sign_in(mona).post(EDIT, said(thanks_minutes=9))]:
        assert answer.status_code == 403
        assert "Only an administrator changes the play-book." in answer.text
    assert not PlaybookVersion.objects.exists()


def test_an_edit_is_published_and_recorded(sign_in, ada):
    answer = sign_in(ada).post(EDIT, said(personal_call_days=21, first_days="5 10,20"), follow=True)
    assert answer.redirect_chain == [("/playbook/", 302)]
    published = PlaybookVersion.objects.playbook()
    call, *_ = published.cadences_for(Audience.MAINTENANCE)
    assert call == Cadence(TouchKind.PERSONAL_CALL, 21, 10)
    assert published.first_touch == FirstTouch(15, 2, (5, 10, 20))
    assert published.cadences_for(Audience.FOCUS) == Playbook().cadences_for(Audience.FOCUS)
    event = Event.objects.get(action="playbook.published")
    assert (event.actor, event.detail) == (ada, {"number": 1})


def test_what_is_not_changed_makes_no_version(sign_in, ada):
    client = sign_in(ada)
    client.post(EDIT, said())
    assert not PlaybookVersion.objects.exists()
    for _ in range(2):
        client.post(EDIT, said(thanks_minutes=9))
    assert PlaybookVersion.objects.count() == 1


def test_the_form_shows_what_holds_beside_what_the_guide_says(sign_in, ada):
    client = sign_in(ada)
    client.post(EDIT, said(personal_call_days=21))
    page = client.get(EDIT)
    form = page.context["form"]
    assert form["personal_call_days"].value() == 21
    assert form.fields["personal_call_days"].help_text == "The guide: 30"
    assert form.fields["first_days"].help_text == "The guide: 7, 21, 45, 75, 105"


def test_the_defaults_are_restored(sign_in, ada):
    client = sign_in(ada)
    assert "Restore the defaults" not in client.get(EDIT).text
    client.post(EDIT, said(personal_call_days=21))
    assert "Restore the defaults" in client.get(EDIT).text
    for _ in range(2):
        client.post("/playbook/defaults/")
    assert PlaybookVersion.objects.playbook() == Playbook()
    assert PlaybookVersion.objects.count() == 2


DAYS = "Enter a whole number from 1 to 365."
MINUTES = "Enter a whole number from 1 to 480."


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("personal_call_days", "0", DAYS),
        ("personal_call_days", "366", DAYS),
        ("personal_call_days", "", DAYS),
        ("personal_call_days", "often", DAYS),
        ("personal_call_days", "2.5", DAYS),
        ("personal_call_days", "9" * 5000, DAYS),
        ("in_person_minutes", "-5", MINUTES),
        ("in_person_minutes", "481", MINUTES),
        ("first_working_days", "11", "Enter a whole number from 1 to 10."),
        ("first_days", "", "Enter at least one day."),
        ("first_days", ", ,", "Enter days from 1 to 365."),
        ("first_days", "0, 7", "Enter days from 1 to 365."),
        ("first_days", "7, 366", "Enter days from 1 to 365."),
        ("first_days", "7, 7", "Each day must be later than the one before."),
        ("first_days", "21, 7", "Each day must be later than the one before."),
        ("first_days", "7, soon", "Enter days as whole numbers, such as 7, 21, 45."),
        ("first_days", "-7", "Enter days as whole numbers, such as 7, 21, 45."),
        ("first_days", "٧", "Enter days as whole numbers, such as 7, 21, 45."),
        ("first_days", " ".join(map(str, range(1, 14))), "Enter at most 12 days."),
    ],
)
def test_nonsense_is_refused_in_words(sign_in, ada, name, value, sentence):
    answer = sign_in(ada).post(EDIT, said(**{name: value}))
    assert answer.status_code == 422
    assert answer.context["form"].errors == {name: [sentence]}
    assert not PlaybookVersion.objects.exists()


def test_what_the_form_takes_the_playbook_takes(sign_in, ada):
    """The outermost numbers are stored and read back."""
    highest = {"personal_call_days": 365, "review_minutes": 480, "first_working_days": 10}
    sign_in(ada).post(EDIT, said(**highest, first_days="1 365"))
    assert PlaybookVersion.objects.playbook().first_touch.days == (1, 365)
