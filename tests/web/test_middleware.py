import pytest

pytestmark = pytest.mark.django_db


def test_no_copy_is_kept_of_what_a_person_sees(sign_in, alice, rita):
    client = sign_in(alice)
    for path in ("/", f"/partners/{rita.pk}/", "/partners/options/?q=rita", "/partners/0/"):
        assert client.get(path).headers["Cache-Control"] == "private, no-store"


def test_the_health_page_may_be_kept(client):
    assert "Cache-Control" not in client.get("/healthz").headers
