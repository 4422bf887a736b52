"""What the placeholders of a text stand for, for one partner and who writes."""

from datetime import date, timedelta

from accounts.models import User
from partners.models import Partner
from texts.occasions import Occasion
from touches.kinds import Occasion as Kept
from touches.occasions import Anniversaries, day_of

# A greeting that is this late is still for the occasion that has just been.
LATE = timedelta(days=14)
_KEPT = {
    Occasion.BIRTHDAY: Kept.BIRTHDAY,
    Occasion.ANNIVERSARY: Kept.ANNIVERSARY,
    Occasion.BUSINESS: Kept.BUSINESS,
}


def facts_of(partner: Partner, user: User, occasion: str, today: date | None) -> dict[str, str]:
    """A fact for each placeholder, blank where unknown. See `texts.filling.PLACEHOLDERS`."""
    return {
        # With one name alone, that is how people call them.
        "first_name": partner.first_name or partner.last_name,
        "company": partner.company.name if partner.company else "",
        "my_first_name": next(iter(user.name.split()), ""),
        "my_name": user.name,
        **_day_facts(partner, occasion, today),
    }


def _day_facts(partner: Partner, occasion: str, today: date | None) -> dict[str, str]:
    kept = _KEPT.get(Occasion(occasion))
    if kept is None or today is None:
        return {}
    known = Anniversaries(
        birth_month=partner.birth_month,
        birth_day=partner.birth_day,
        relationship_start=partner.relationship_start,
        business_start=partner.business_start,
    )
    for year in range(today.year - 1, today.year + 3):
        day = day_of(known, kept, year)
        if day and day >= today - LATE:
            start = known.start_of(kept)
            years = year - start.year if start else 0
            return {"occasion_day": f"{day:%B} {day.day}", "years": _years(years)}
    return {}


def _years(number: int) -> str:
    if not number:
        return ""
    return "1 year" if number == 1 else f"{number} years"
