"""Django's admin: administrators look, and nobody changes anything there."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from accounts.mail_kinds import plan_password_reset
from accounts.models import Branch, Grant, User
from audit.models import Event
from mailing.models import Delivery

pytestmark = pytest.mark.django_db

SHOWN = [Branch, Delivery, Grant, User]


def pages(model, pk):
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    return {
        "list": reverse(f"admin:{name}_changelist"),
        "add": reverse(f"admin:{name}_add"),
        "row": reverse(f"admin:{name}_change", args=[pk]),
        "delete": reverse(f"admin:{name}_delete", args=[pk]),
    }


@pytest.fixture
def rows(cast):
    """A row of each model that the admin shows."""
    plan_password_reset(user=cast["alice"], now=timezone.now())
    return {model: model.objects.first() for model in SHOWN}


def everything():
    """All rows, but for the record of who was not let in."""
    models = [model for model in apps.get_models() if model is not Event]
    return {model: list(model.objects.order_by("pk").values()) for model in models}


def test_admin_shows_people_and_mails_alone():
    """No partner or record, as conduct would show; no second factors, as their secrets would."""
    assert sorted(admin.site._registry, key=str) == sorted(SHOWN, key=str)


def test_administrator_looks(sign_in, cast, rows):
    client = sign_in(cast["ada"])
    for model, row in rows.items():
        assert str(row) in client.get(pages(model, row.pk)["row"]).content.decode()
        listed = client.get(pages(model, row.pk)["list"]).context["cl"].result_count
        assert listed == model.objects.count()


def test_password_hash_is_not_shown(sign_in, cast):
    page = sign_in(cast["ada"]).get(pages(User, cast["alice"].pk)["row"]).content.decode()
    assert "alice@example.com" in page
    assert cast["alice"].password not in page


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_administrator_changes_nothing(sign_in, cast, rows, method):
    client = sign_in(cast["ada"])
    client.get(reverse("admin:index"))
    before = everything()
    for model, row in rows.items():
        for what in ["add", "delete"]:
            response = getattr(client, method)(pages(model, row.pk)[what], {"post": "yes"})
            assert response.status_code in {403, 405}
        getattr(client, method)(pages(model, row.pk)["row"], {"name": "Changed"})
        selected = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
        getattr(client, method)(pages(model, row.pk)["list"], selected)
    assert everything() == before


@pytest.mark.parametrize("name", ["alice", "andy", "mona", "carl"])
def test_others_do_not_look(sign_in, cast, rows, name):
    client = sign_in(cast[name])
    for model, row in rows.items():
        for page in pages(model, row.pk).values():
            for response in [client.get(page), client.post(page)]:
                assert response.status_code in {302, 403}
                follow = client.get(response.url) if response.status_code == 302 else response
                assert follow.status_code == 403


def test_stranger_is_sent_to_the_one_sign_in(client, rows):
    response = client.get(reverse("admin:login"))
    assert (response.status_code, response.url) == (302, "/account/login/?next=%2Fadmin%2Flogin%2F")
