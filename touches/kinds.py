"""The kinds of planned touches, and what a logged interaction must be to complete one. Pure.

Source of the kinds: the default play-book of the guide, docs/playbook.md.
"""

from dataclasses import dataclass
from enum import StrEnum


class TouchKind(StrEnum):
    """What is planned. A step is in a person's own words; the others are the play-book's."""

    STEP = "step"
    PERSONAL_CALL = "personal_call"
    IN_PERSON = "in_person"
    HANDWRITTEN_NOTE = "handwritten_note"
    REVIEW = "review"
    FOCUS_CONVERSATION = "focus_conversation"
    FOCUS_IN_PERSON = "focus_in_person"
    VALUE_GIVEN = "value_given"
    LIGHT_TOUCH = "light_touch"
    PERSONAL_TOUCH = "personal_touch"
    FIRST_TOUCH = "first_touch"
    THANKS = "thanks"
    PREPARE = "prepare"
    CONGRATULATE = "congratulate"


class Occasion(StrEnum):
    BIRTHDAY = "birthday"
    ANNIVERSARY = "anniversary"
    BUSINESS = "business"


class Fit(StrEnum):
    """Which interactions complete a touch; `touches.querysets.FITTING` asks the database so."""

    CALL = "call"  # call or video, connected
    IN_PERSON = "in_person"  # coffee, lunch, meeting, brainstorm, event; held
    NOTE = "note"  # a note that we sent
    REVIEW = "review"  # a conversation ticked "review"
    CONVERSATION = "conversation"
    VALUE = "value"  # class or open house, or a touch ticked "value given"
    LIGHT = "light"  # social, email or text that we sent
    TOUCH = "touch"
    GRATITUDE = "gratitude"  # a touch with that purpose


@dataclass(frozen=True)
class KindFacts:
    """What is fixed about a kind: its name, what completes it, the opt-out that silences it."""

    label: str
    fit: Fit | None
    # A field of Partner such as "no_calls"; blank where several ways are open.
    silenced_by: str = ""


KINDS: dict[TouchKind, KindFacts] = {
    TouchKind.STEP: KindFacts("Next step", None),
    TouchKind.PERSONAL_CALL: KindFacts("Personal call", Fit.CALL, "no_calls"),
    TouchKind.IN_PERSON: KindFacts("Time together in person", Fit.IN_PERSON),
    TouchKind.HANDWRITTEN_NOTE: KindFacts("Handwritten note", Fit.NOTE, "no_mail"),
    TouchKind.REVIEW: KindFacts("Partnership review", Fit.REVIEW),
    TouchKind.FOCUS_CONVERSATION: KindFacts("Conversation", Fit.CONVERSATION),
    TouchKind.FOCUS_IN_PERSON: KindFacts("In person, or brainstorming", Fit.IN_PERSON),
    TouchKind.VALUE_GIVEN: KindFacts("Give value", Fit.VALUE),
    TouchKind.LIGHT_TOUCH: KindFacts("Light touch", Fit.LIGHT),
    TouchKind.PERSONAL_TOUCH: KindFacts("Personal touch", Fit.TOUCH),
    TouchKind.FIRST_TOUCH: KindFacts("First touches", Fit.TOUCH),
    TouchKind.THANKS: KindFacts("Thanks for a referral", Fit.GRATITUDE),
    TouchKind.PREPARE: KindFacts("Prepare a card or note", Fit.NOTE, "no_mail"),
    TouchKind.CONGRATULATE: KindFacts("Call to congratulate", Fit.CALL, "no_calls"),
}
