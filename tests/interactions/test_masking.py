"""What a list shows of a borrower's contact."""

import pytest

from interactions.masking import dialed, masked_email, masked_phone


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("(202) 555-0147", "···· 0147"),
        ("+44 20 7946 0018", "···· 0018"),
        ("(202) 555-0147 ext. 7788", "···· 0147"),
        ("0147", "····"),
        ("by e-mail", "····"),
        ("", ""),
    ],
)
def test_a_phone_shows_its_last_four_digits(phone, masked):
    assert masked_phone(phone) == masked


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("bo@example.com", "b···@example.com"),
        ("b@example.com", "···@example.com"),
        ('"a@b"@example.com', '"···@example.com'),
        ("nonsense", "····"),
        ("", ""),
    ],
)
def test_an_email_shows_its_first_letter_and_host(email, masked):
    assert masked_email(email) == masked


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("(202) 555-0147", "2025550147"),
        ("+44 20 7946 0018", "+442079460018"),
        ("(202) 555-0147 ext. 12", "2025550147"),
        ("by e-mail", ""),
        ("", ""),
    ],
)
def test_a_borrower_is_called_by_the_number_alone(phone, number):
    assert dialed(phone) == number
