"""One thing to do with a partner as a line with its buttons: what, why, by when, and where to."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from partners.models import Partner
from texts.occasions import Occasion
from texts.overview import message_address
from touches.agenda import agenda
from touches.kinds import TouchKind
from touches.log_links import log_query
from touches.models import PlannedTouch
from touches.playbook import BY_HAND, PLAIN_MINUTES, SOON_DAYS, Due, urgency_of

TOUCH_ICONS: dict[TouchKind, str] = {
    TouchKind.STEP: "list-checks",
    TouchKind.PERSONAL_CALL: "phone",
    TouchKind.IN_PERSON: "coffee",
    TouchKind.HANDWRITTEN_NOTE: "pen-line",
    TouchKind.REVIEW: "clipboard-list",
    TouchKind.FOCUS_CONVERSATION: "message-circle",
    TouchKind.FOCUS_IN_PERSON: "coffee",
    TouchKind.VALUE_GIVEN: "lightbulb",
    TouchKind.LIGHT_TOUCH: "send",
    TouchKind.PERSONAL_TOUCH: "phone",
    TouchKind.FIRST_TOUCH: "sprout",
    TouchKind.THANKS: "heart-handshake",
    TouchKind.PREPARE: "mail-plus",
    TouchKind.CONGRATULATE: "cake",
}
# For what there is a starting text; a call and a note by hand need none.
WRITTEN_FOR: dict[TouchKind, str] = {
    TouchKind.IN_PERSON: Occasion.COFFEE,
    TouchKind.REVIEW: Occasion.COFFEE,
    TouchKind.FOCUS_CONVERSATION: Occasion.COFFEE,
    TouchKind.FOCUS_IN_PERSON: Occasion.COFFEE,
    TouchKind.VALUE_GIVEN: Occasion.INSIGHT,
    TouchKind.LIGHT_TOUCH: Occasion.INSIGHT,
    TouchKind.PERSONAL_TOUCH: Occasion.COFFEE,
    TouchKind.FIRST_TOUCH: Occasion.COFFEE,
    TouchKind.THANKS: Occasion.THANKS,
}
# Far enough that an empty day knows what comes next; the longest usual pause is 42 days.
LOOK_AHEAD_DAYS = 45


@dataclass(frozen=True)
class Line:
    """A touch that is due, or will be, with the addresses of its buttons."""

    partner: Partner
    due: Due
    late: bool
    icon: str
    log: str
    # The message to them; blank where there is no text for it, or they take none.
    write: str
    # Blank where logging the contact is what finishes it.
    done: str
    later: str
    # Whether its buttons show: what is far ahead is there to be read, a step to be done.
    acts: bool

    @property
    def key(self) -> str:
        """Names it within a page, so that the focus finds it again in a list that came anew."""
        return f"{self.partner.pk}-{self.due.row_id or self.due.kind}"


def line_of(partner: Partner, due: Due, today: date, back: str) -> Line:
    """The line for a touch; `back` is the address that its forms lead back to."""
    row = due.row_id
    by_hand = row is not None and due.kind in BY_HAND
    if row is not None:
        later = reverse("touch_snooze", args=[row])
    else:
        later = reverse("cadence_snooze", args=[partner.pk, due.kind])
    return Line(
        partner=partner,
        due=due,
        late=due.due_on < today,
        icon=TOUCH_ICONS[due.kind],
        log=f"{reverse('quick_log')}?{log_query(partner, due.kind, next=back)}",
        write=_write(partner, due),
        done=reverse("touch_done", args=[row]) if by_hand else "",
        later=f"{later}?{urlencode({'next': back})}",
        acts=due.kind == TouchKind.STEP or due.due_on <= today + timedelta(days=SOON_DAYS),
    )


def _write(partner: Partner, due: Due) -> str:
    occasion = due.occasion or WRITTEN_FOR.get(due.kind, "")
    if not occasion or (partner.no_emails and partner.no_texts):
        return ""
    return message_address(partner, occasion)


def step_line(step: PlannedTouch, today: date, back: str) -> Line:
    """The line for a step that the agenda leaves out: far ahead, or with who asked us to stop."""
    due = Due(
        kind=TouchKind.STEP,
        due_on=step.due_on,
        urgency=urgency_of(step.due_on, today),
        minutes=PLAIN_MINUTES,
        label=step.what,
        why="",
        row_id=step.pk,
    )
    return line_of(step.partner, due, today, back)


def lines_of_partner(partner: Partner, today: date, back: str) -> list[Line]:
    """What is next with one partner, the soonest first; `today` is the owner's."""
    entries = agenda(partner.owner, today, partner=partner, soon_days=LOOK_AHEAD_DAYS)
    lines = [line_of(partner, due, today, back) for entry in entries for due in entry.dues]
    known = {line.due.row_id for line in lines}
    steps = PlannedTouch.objects.open().steps().filter(partner=partner).select_related("partner")
    lines += [step_line(step, today, back) for step in steps if step.pk not in known]
    return sorted(lines, key=lambda line: line.due.due_on)
