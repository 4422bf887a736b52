"""For what there is a starting text, and in which program it is opened. Pure."""

from enum import StrEnum


class Occasion(StrEnum):
    BIRTHDAY = "birthday"
    ANNIVERSARY = "anniversary"
    BUSINESS = "business"
    THANKS = "thanks"
    CLOSED = "closed"
    INSIGHT = "insight"
    COFFEE = "coffee"
    # Of a step-away plan alone.
    FAREWELL = "farewell"
    DECLINE = "decline"


class Program(StrEnum):
    EMAIL = "email"
    TEXT = "text"


OCCASIONS: dict[str, str] = {
    Occasion.BIRTHDAY: "Birthday",
    Occasion.ANNIVERSARY: "Partnership anniversary",
    Occasion.BUSINESS: "Business anniversary",
    Occasion.THANKS: "Thanks for a referral",
    Occasion.CLOSED: "It closed",
    Occasion.INSIGHT: "An insight worth sharing",
    Occasion.COFFEE: "The next coffee",
    Occasion.FAREWELL: "Stepping away",
    Occasion.DECLINE: "Declining a request",
}
PROGRAMS: dict[str, str] = {Program.EMAIL: "E-mail", Program.TEXT: "Text message"}
