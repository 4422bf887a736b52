"""Who a partner is: name, company, ways of contact, dates. Some records have gaps, as in life."""

from datetime import date, timedelta
from random import Random

from demo.names import (
    COMPANY_KINDS,
    COMPANY_STEMS,
    FIRST_NAMES,
    LAST_NAMES,
    PARTNER_NOTES,
    PLACES,
    SOURCES,
    STREETS,
    TAGS,
)
from demo.telling import Teller
from partners.models import PartnerType, SynergyQuestion

GAPS = 0.13
LICENSED = {PartnerType.REALTOR, PartnerType.INSURANCE_AGENT, PartnerType.TITLE_ESCROW}


class Names:
    """Full names, each of them once in a book."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.taken: set[tuple[str, str]] = set()

    def next(self) -> tuple[str, str]:
        name = self.rng.choice(FIRST_NAMES), self.rng.choice(LAST_NAMES)
        # A book of more partners than there are names takes some twice.
        while name in self.taken and len(self.taken) < len(FIRST_NAMES) * len(LAST_NAMES) / 2:
            name = self.rng.choice(FIRST_NAMES), self.rng.choice(LAST_NAMES)
        self.taken.add(name)
        return name


def companies(rng: Random, partners: int) -> dict[PartnerType, list[str]]:
    """The companies that the partners of a book work for: some share one."""
    return {
        kind: [
            f"{rng.choice(COMPANY_STEMS)} {rng.choice(endings)}" for _ in range(2 + partners // 8)
        ]
        for kind, endings in COMPANY_KINDS.items()
        if endings
    }


def place(rng: Random, time_zone: str) -> tuple[str, str, str, str]:
    """City, state, ZIP code and area code in a time zone."""
    return rng.choice(PLACES[time_zone])


def profile(
    teller: Teller, last_name: str, company: str, home: tuple[str, str, str, str]
) -> dict[str, object]:
    """The fields of a partner, some left out where the record has gaps."""
    rng = teller.rng
    fields: dict[str, object] = {
        "first_name": teller.first_name,
        "last_name": last_name,
        "email": _email(rng, teller.first_name, last_name, company),
        "phone_mobile": teller.phone(),
        "phone_work": teller.phone() if company and rng.random() < 0.5 else "",
        **_address(rng, home),
        **_license(rng, teller.partner_type),
        **_opt_outs(rng),
        **_birthday(rng, teller.today),
        **_synergy(rng, teller.synergy),
        "relationship_start": _start(rng, teller),
        "source": rng.choice(SOURCES),
        "business_start": _business_start(rng, teller.today),
        "notes": rng.choice(PARTNER_NOTES) if rng.random() < 0.35 else "",
    }
    return _with_gaps(rng, fields)


def tags(rng: Random) -> list[str]:
    return rng.sample(TAGS, rng.choice([0, 0, 1, 1, 1, 2, 3]))


def _with_gaps(rng: Random, fields: dict[str, object]) -> dict[str, object]:
    if rng.random() >= GAPS:
        return fields
    gaps = [
        ["email"],
        ["phone_mobile", "phone_work"],
        ["street", "city", "state", "zip"],
        ["birth_month", "birth_day", "birth_year"],
        ["source", "business_start"],
    ]
    missing = {name for names in rng.sample(gaps, rng.randint(1, 3)) for name in names}
    blank = {"birth_month", "birth_day", "birth_year", "business_start"}
    return {
        name: (None if name in blank else "") if name in missing else value
        for name, value in fields.items()
    }


def _email(rng: Random, first: str, last: str, company: str) -> str:
    """An address at a domain that is kept for examples, so that no mail reaches anybody."""
    name = f"{first}.{last}".lower()
    if company and rng.random() < 0.7:
        domain = "".join(letter for letter in company.lower() if letter.isalnum())
        return f"{name}@{domain}.test"
    return f"{name}@{rng.choice(['example.com', 'example.org'])}"


def _address(rng: Random, home: tuple[str, str, str, str]) -> dict[str, str]:
    city, state, zip_code, _ = home
    street = f"{rng.randint(10, 1999)} {rng.choice(STREETS)}"
    return {"street": street, "city": city, "state": state, "zip": zip_code}


def _license(rng: Random, partner_type: PartnerType) -> dict[str, str]:
    licensed = partner_type in LICENSED and rng.random() < 0.7
    return {"license_no": f"{rng.randint(100000, 999999)}" if licensed else ""}


def _opt_outs(rng: Random) -> dict[str, bool]:
    return {
        name: rng.random() < share
        for name, share in {"no_texts": 0.04, "no_emails": 0.05, "no_mail": 0.03}.items()
    }


def _birthday(rng: Random, today: date) -> dict[str, int | None]:
    """Any day of the year; one in eight within the next two weeks, so that a demo has some."""
    ahead = rng.randint(0, 14) if rng.random() < 0.125 else rng.randint(0, 364)
    day = today + timedelta(days=ahead)
    year = rng.randint(1955, 1996) if rng.random() < 0.3 else None
    if (day.month, day.day) == (2, 29) and year:
        year -= year % 4
    return {"birth_month": day.month, "birth_day": day.day, "birth_year": year}


def _synergy(rng: Random, score: int | None) -> dict[str, object]:
    if score is None:
        return {"synergy": None, "synergy_answers": None}
    answers = set(rng.sample(SynergyQuestion.values, score))
    yes = [question for question in SynergyQuestion.values if question in answers]
    return {"synergy": score, "synergy_answers": yes}


def _start(rng: Random, teller: Teller) -> date | None:
    """Since when they are partners; some of the long ones have their anniversary these days."""
    ago = teller.partners_since
    if ago > 800 and rng.random() < 0.08:
        ago = 365 * (ago // 365) + ago // 365 // 4 - rng.randint(0, 10)
    return teller.today - timedelta(days=ago)


def _business_start(rng: Random, today: date) -> date | None:
    if rng.random() < 0.5:
        return None
    return date(today.year - rng.randint(4, 25), rng.randint(1, 12), rng.randint(1, 28))
