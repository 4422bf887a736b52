"""Who wants which digest, and when: the page of one's own settings, and the way to stop one."""

import pytest
from django.test import Client

from audit.models import Event
from digests.kinds import DAILY, MONDAY
from digests.links import stop_url
from digests.models import Subscription

pytestmark = pytest.mark.django_db

URL = "/account/digests/"
BOTH = {"wanted": "on", "hour": "7", "monday-wanted": "on", "monday-hour": "7"}


def wishes(user):
    rows = Subscription.objects.filter(user=user).order_by("kind")
    return [(row.kind, row.hour, row.stopped_at is None) for row in rows]


def test_a_manager_chooses_each_apart(sign_in, mona):
    form = BOTH | {"monday-hour": "9"}
    assert sign_in(mona).post(URL, form).url == URL
    assert wishes(mona) == [(MONDAY, 9, True)]
    assert Event.objects.get(action="digest.changed").detail["kind"] == MONDAY
    del form["wanted"]
    sign_in(mona).post(URL, form)
    assert wishes(mona) == [(DAILY, 7, False), (MONDAY, 9, True)]


def test_who_changes_nothing_writes_nothing(sign_in, mona):
    sign_in(mona).post(URL, BOTH)
    assert wishes(mona) == []
    assert not Event.objects.filter(action="digest.changed").exists()


def test_only_managers_are_asked_about_the_pack(sign_in, cast):
    for name, user in cast.items():
        asked = "Monday pack" in sign_in(user).get(URL).text
        assert asked is (name in {"mona", "lena"}), name
    sign_in(cast["alice"]).post(URL, BOTH | {"monday-hour": "9"})
    assert wishes(cast["alice"]) == []


@pytest.mark.parametrize("hour", ["3", "19", "", "noon"])
def test_an_hour_that_is_none_is_refused_whole(sign_in, mona, hour):
    answer = sign_in(mona).post(URL, {"hour": "8", "monday-wanted": "on", "monday-hour": hour})
    assert answer.status_code == 422
    assert wishes(mona) == []


def test_one_click_stops_the_pack_alone_and_the_page_says_so(sign_in, mona):
    path = stop_url(mona.pk, MONDAY).removeprefix("http://localhost:8000")
    page = Client().get(path).text
    assert "Stop the Monday pack?" in page
    assert "The page of your branch still shows the figures." in page
    answer = Client().post(path, {"List-Unsubscribe": "One-Click"})
    assert "The Monday pack is off" in answer.text
    assert wishes(mona) == [(MONDAY, 7, False)]
    assert "Off since June 15." in sign_in(mona).get(URL).text


def test_a_link_for_a_kind_that_is_none_stops_nothing(mona):
    path = stop_url(mona.pk, "weekly_horoscope").removeprefix("http://localhost:8000")
    assert Client().post(path).status_code == 404
    assert wishes(mona) == []
