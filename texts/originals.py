"""The starting texts that come with PartnerCRM, in our own words. Pure.

They are friendly and short, and speak of the person alone: of no tier, no number of referrals and
nothing that is given. Those with a tier differ in what the guide asks for: gratitude and
consistency in Maintenance, getting to know and being of use in Cultivation.
"""

from dataclasses import dataclass

from texts.occasions import OCCASIONS, PROGRAMS, Occasion, Program
from tiers.verdict import Tier

ANY_TIER = ""
_BY_TIER = (Tier.MAINTENANCE, Tier.CULTIVATION)


@dataclass(frozen=True)
class Text:
    """What a message says, with placeholders; a text message has no subject."""

    subject: str
    body: str


@dataclass(frozen=True)
class Place:
    """Which text it is: for what, for whom, and where it is opened."""

    occasion: str
    tier: str
    program: str


def _email(subject: str, *paragraphs: str, end: str = "Best,") -> Text:
    whole = ["Hi {first_name},", *paragraphs, f"{end}\n{{my_first_name}}"]
    return Text(subject, "\n\n".join(whole))


def _message(body: str) -> Text:
    return Text("", body)


_EMAILS: dict[tuple[str, str], Text] = {
    (Occasion.BIRTHDAY, Tier.MAINTENANCE): _email(
        "Happy birthday, {first_name}!",
        "Happy birthday! I hope that {occasion_day} brings you good company and a quiet hour of "
        "your own.",
        "I have enjoyed every year of working with you, and I am grateful for the care that you "
        "take of people.",
        end="All my best,",
    ),
    (Occasion.BIRTHDAY, Tier.CULTIVATION): _email(
        "Happy birthday, {first_name}!",
        "Happy birthday! I hope that {occasion_day} is a good day, with the people whom you like "
        "best.",
        "I would enjoy hearing what you look forward to in the year ahead.",
        end="All my best,",
    ),
    (Occasion.ANNIVERSARY, Tier.MAINTENANCE): _email(
        "Thank you for working with me",
        "It will be {years} on {occasion_day} since we began to work together. Thank you for your "
        "trust and for the way in which you look after people.",
        "Is there something that we could do better together this year? I would like to hear it.",
        end="Gratefully,",
    ),
    (Occasion.ANNIVERSARY, Tier.CULTIVATION): _email(
        "A small anniversary",
        "It will be {years} on {occasion_day} since we met. I am glad that we know each other.",
        "I would like to know more about what you are building at {company}. Would a short call "
        "suit you one of these days?",
    ),
    (Occasion.BUSINESS, ANY_TIER): _email(
        "Congratulations, {first_name}!",
        "Congratulations on another year in business! {years} on {occasion_day} are something to "
        "be proud of. It takes patience and a good name, and you have both.",
        "I wish you many more.",
    ),
    (Occasion.THANKS, ANY_TIER): _email(
        "Thank you, {first_name}",
        "Thank you for your trust in me. I know what it means to give somebody a name.",
        "I will reach out today, take good care of them, and let you know how it goes.",
    ),
    (Occasion.CLOSED, ANY_TIER): _email(
        "It closed",
        "Good news: the closing that you were waiting for is done, and everybody is happy.",
        "It was good to have you beside us on the way. Is there anything that we could have done "
        "better?",
    ),
    (Occasion.INSIGHT, Tier.MAINTENANCE): _email(
        "This made me think of you",
        "I came across something on our market that made me think of you and your clients: "
        "(say here what it is, in a sentence or two).",
        "I am curious what you see on your side. You usually notice these things first.",
    ),
    (Occasion.INSIGHT, Tier.CULTIVATION): _email(
        "Something that may be useful to you",
        "I came across something that may be of use to you: (say here what it is, in a sentence or "
        "two).",
        "If a second opinion on a question would help, or a pair of hands at your next open house, "
        "I am glad to be asked.",
    ),
    (Occasion.COFFEE, Tier.MAINTENANCE): _email(
        "Time for a catch-up?",
        "It is always good to sit down with you. Shall we find an hour in the next two weeks?",
        "I would like to hear how things are going, and what is on your mind for the months ahead.",
    ),
    (Occasion.COFFEE, Tier.CULTIVATION): _email(
        "An hour for ideas?",
        "I would enjoy getting to know your work better. Shall we meet for a coffee in the next "
        "two weeks?",
        "I will bring two ideas on how people like us could make life easier for our clients, and "
        "I would love to hear yours.",
    ),
    (Occasion.FAREWELL, ANY_TIER): _email(
        "A short note",
        "I am changing how I spend my time, and I will not be in touch regularly from now on. I "
        "did not want to go quiet without a word.",
        "Whatever we have begun together I will see through. I wish you all the best.",
        end="Kind regards,",
    ),
    (Occasion.DECLINE, ANY_TIER): _email(
        "Your question",
        "Thank you for thinking of me. I am not able to help with this one, and I would rather "
        "tell you at once than keep you waiting.",
        "I wish you well with it.",
        end="Kind regards,",
    ),
}

_MESSAGES: dict[tuple[str, str], Text] = {
    (Occasion.BIRTHDAY, Tier.MAINTENANCE): _message(
        "Happy birthday, {first_name}! I am grateful to work with you. Enjoy your day! "
        "– {my_first_name}"
    ),
    (Occasion.BIRTHDAY, Tier.CULTIVATION): _message(
        "Happy birthday, {first_name}! I hope you have a wonderful day. – {my_first_name}"
    ),
    (Occasion.ANNIVERSARY, Tier.MAINTENANCE): _message(
        "Hi {first_name}, it is {years} since we began to work together. Thank you for your trust! "
        "– {my_first_name}"
    ),
    (Occasion.ANNIVERSARY, Tier.CULTIVATION): _message(
        "Hi {first_name}, it is {years} since we met, and I am glad we did. How are things going? "
        "– {my_first_name}"
    ),
    (Occasion.BUSINESS, ANY_TIER): _message(
        "Congratulations on another year in business, {first_name}! {years} on {occasion_day} are "
        "something to be proud of. "
        "– {my_first_name}"
    ),
    (Occasion.THANKS, ANY_TIER): _message(
        "Thank you for your trust, {first_name}! I will reach out today and keep you posted. "
        "– {my_first_name}"
    ),
    (Occasion.CLOSED, ANY_TIER): _message(
        "Good news, {first_name}: it closed, and everybody is happy. It was good to have you "
        "beside us. – {my_first_name}"
    ),
    (Occasion.INSIGHT, Tier.MAINTENANCE): _message(
        "Hi {first_name}, I saw something that made me think of you: (say here what it is). What "
        "do you make of it? – {my_first_name}"
    ),
    (Occasion.INSIGHT, Tier.CULTIVATION): _message(
        "Hi {first_name}, this may be useful to you: (say here what it is). Happy to talk it "
        "through. – {my_first_name}"
    ),
    (Occasion.COFFEE, Tier.MAINTENANCE): _message(
        "Hi {first_name}, it would be good to catch up. Do you have an hour in the next two weeks? "
        "– {my_first_name}"
    ),
    (Occasion.COFFEE, Tier.CULTIVATION): _message(
        "Hi {first_name}, coffee in the next two weeks? I would enjoy hearing about your work and "
        "swapping ideas. – {my_first_name}"
    ),
    (Occasion.FAREWELL, ANY_TIER): _message(
        "Hi {first_name}, I will not be in touch regularly from now on. What we have begun I will "
        "see through. I wish you all the best. – {my_first_name}"
    ),
    (Occasion.DECLINE, ANY_TIER): _message(
        "Hi {first_name}, thank you for asking. I am not able to help with this one. I wish you "
        "well with it. – {my_first_name}"
    ),
}

ORIGINALS: dict[Place, Text] = {
    Place(occasion, tier, program): text
    for program, texts in ((Program.EMAIL, _EMAILS), (Program.TEXT, _MESSAGES))
    for (occasion, tier), text in texts.items()
}


def tiers_of(occasion: str) -> tuple[str, ...]:
    """The tiers for which an occasion has words of its own; one blank where all share them."""
    shared = Place(occasion, ANY_TIER, Program.EMAIL) in ORIGINALS
    return (ANY_TIER,) if shared else _BY_TIER


def places() -> list[Place]:
    """Every text there is, in the order in which people read them."""
    return [
        Place(occasion, tier, program)
        for occasion in OCCASIONS
        for tier in tiers_of(occasion)
        for program in PROGRAMS
    ]
