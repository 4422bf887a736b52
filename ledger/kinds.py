"""The kinds of things of value, and the two ways that they go. Pure."""

from enum import StrEnum


class Way(StrEnum):
    GIVEN = "given"
    RECEIVED = "received"


class Kind(StrEnum):
    MEAL = "meal"
    TICKET = "ticket"
    GIFT = "gift"
    SPONSORSHIP = "sponsorship"
    PROMOTIONAL = "promotional"
    CLASS = "class"
    EVENT_PLACE = "event_place"
    MARKETING = "marketing"
    PARTNER_COST = "partner_cost"
    CASH = "cash"
    OTHER = "other"


WAYS: dict[str, str] = {Way.GIVEN: "We gave", Way.RECEIVED: "We received"}
KINDS: dict[str, str] = {
    Kind.MEAL: "Meal or coffee",
    Kind.TICKET: "Ticket",
    Kind.GIFT: "Gift",
    Kind.SPONSORSHIP: "Sponsorship",
    Kind.PROMOTIONAL: "Promotional item with our name",
    Kind.CLASS: "Class",
    Kind.EVENT_PLACE: "Place at an event",
    Kind.MARKETING: "Share of a co-branded piece",
    Kind.PARTNER_COST: "A cost of the partner’s own business",
    Kind.CASH: "Cash or gift card",
    Kind.OTHER: "Something else",
}
