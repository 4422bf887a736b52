"""When no message is offered for a partner: the one place that decides it."""

from datetime import date

from partners.models import Partner
from texts.occasions import OCCASIONS, Occasion, Program
from tiers.verdict import Tier

OF_A_PLAN = {Occasion.FAREWELL, Occasion.DECLINE}


def reason_for_silence(partner: Partner, occasion: str, program: str, *, ceased: bool) -> str:
    """A sentence on why there is no text for this occasion and program; blank where there is."""
    return _silence(partner, occasion, ceased=ceased) or opt_out(partner, program)


def _silence(partner: Partner, occasion: str, *, ceased: bool) -> str:
    name = partner.full_name
    if partner.do_not_contact:
        return f"{name} asked us to stop, so nothing goes out."
    if partner.archived_at:
        return f"{name} is archived, so nothing goes out."
    stepping_away = partner.stepping_away_since is not None
    if occasion in OF_A_PLAN:
        return "" if stepping_away else "This text belongs to a step-away plan, and none is open."
    if stepping_away:
        return f"We are stepping away from {name}, so no other message goes out."
    if ceased:
        return f"{name} is in Cease, where greetings and invitations rest."
    return ""


def offered_occasions(partner: Partner, today: date) -> list[str]:
    """For what there is a text now, in whichever program; `today` is the owner's."""
    ceased = partner.standing.tier_in_force(today) == Tier.CEASE
    return [occasion for occasion in OCCASIONS if not _silence(partner, occasion, ceased=ceased)]


def opt_out(partner: Partner, program: str) -> str:
    """A sentence where they asked not to be written to in this program; blank elsewhere."""
    name = partner.full_name
    if program == Program.EMAIL and partner.no_emails:
        return f"{name} asked for no e-mail. A text message or a call may be welcome."
    if program == Program.TEXT and partner.no_texts:
        return f"{name} asked for no text messages. An e-mail or a call may be welcome."
    return ""
