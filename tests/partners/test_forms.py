from datetime import date

import pytest

from partners.forms import PartnerForm
from partners.models import Partner

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 15)


def birthday_errors(alice, month, day, year):
    data = {"birth_month": month, "birth_day": day, "birth_year": year}
    form = PartnerForm(data, instance=Partner(owner=alice), user=alice, today=TODAY)
    return {name: errors for name, errors in form.errors.items() if name.startswith("birth")}


@pytest.mark.parametrize(
    ("month", "day", "year", "errors"),
    [
        ("2", "29", "", {}),
        ("2", "29", "2000", {}),
        ("6", "15", "2026", {}),
        ("2", "29", "2001", {"birth_day": ["There is no such day."]}),
        ("2", "30", "", {"birth_day": ["There is no such day."]}),
        ("1", "1", "2027", {"birth_year": ["This year lies in the future."]}),
    ],
)
def test_birthday_is_a_day_that_has_been(alice, month, day, year, errors):
    assert birthday_errors(alice, month, day, year) == errors
