"""What somebody reads who may look at a partner, and not do this."""

import pytest

pytestmark = pytest.mark.django_db


def test_refusal_says_who_decides(sign_in, andy, rita):
    response = sign_in(andy).get(f"/partners/{rita.pk}/archive/")
    assert response.status_code == 403
    assert "<p>The owner and their manager decide this.</p>" in response.content.decode()


def test_refusal_says_that_one_may_look(sign_in, ada, rita):
    response = sign_in(ada).get(f"/partners/{rita.pk}/edit/")
    assert response.status_code == 403
    assert "<p>You can look at this partner, and not change it.</p>" in response.content.decode()
