"""The words that a text to a partner had better not have: forty to refuse, forty near ones."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.fair_words import objections, speaks_of_referrals

TIE, COUNT, DEBT = "comes with nothing else", "counts who sent what", "somebody owed something"

REFUSED = {
    # Something of value beside a referral.
    "For every client you send I’ll buy lunch.": {TIE},
    "Thanks for the three referrals, here is a gift card.": {TIE, COUNT},
    "Refer a friend and get a $50 gift card!": {TIE},
    "Thank you for referring the Garcias. Two tickets for Friday’s game are in the mail.": {TIE},
    "Lunch is on me if you bring me a buyer this month.": {TIE},
    "As a token of our appreciation for your referral, a bottle of wine is on its way.": {TIE},
    "If you send us your buyers, we’ll cover the photos of your next listing.": {TIE},
    "A small bonus waits for each lead.": {TIE},
    "Send me clients and I will send you mine.": {TIE},
    "Dinner for two whenever you refer somebody!": {TIE},
    "THANK YOU FOR SENDING ME CLIENTS\nLET ME TAKE YOU TO LUNCH": {TIE},
    "Thanks for the referral! Here’s a g1ft c@rd.": {TIE},
    "Thanks for the r-e-f-e-r-r-a-l, the g i f t is on your desk.": {TIE},
    "We’ll sponsor your open house for the clients you sent our way.": {TIE},
    "I’d love to make it worth your while to recommend us.": {TIE},
    "Our way to say thanks for the introduction: a basket for your office.": {TIE},
    "Every time you refer a family, we donate to your school.": {TIE},
    "Let’s celebrate your referral over drinks!": {TIE},
    "The golf on Friday is for agents who sent us business.": {TIE},
    # Counts.
    "That is your fifth referral this year!": {COUNT},
    "You sent more than anybody.": {COUNT},
    "You are our top referral partner.": {COUNT},
    "Nobody refers as many families as you do.": {COUNT},
    "You’ve sent us 12 buyers since January.": {COUNT},
    "Twelve clients you sent have closed with us.": {COUNT},
    "So far we have had no referrals from your office.": {COUNT},
    "Congratulations, Referrer of the Year!": {COUNT},
    "You brought us more buyers than last year.": {COUNT},
    "This makes two leads in a row.": {COUNT},
    # Debts.
    "You owe me one.": {DEBT},
    "It’s your turn.": {DEBT},
    "I sent you two, so when do I hear from you?": {COUNT, DEBT},
    "I owe you a lunch!": {DEBT},
    "I’m in your debt.": {DEBT},
    "How can I ever repay you?": {DEBT},
    "We would be glad to return the favor.": {DEBT},
    "You scratch my back, I scratch yours.": {DEBT},
    "I’m still waiting for a referral from you.": {DEBT},
    "You really should send me some of your buyers.": {DEBT},
    "It has been a while since your last referral.": {DEBT},
}

ACCEPTED = [
    "Thank you for referring the Smiths; we will take good care of them.",
    "Lunch was fun, let’s do it again!",
    "We closed today, and everybody left with a smile.",
    "As a thank-you for hosting the class, I brought you our notes.",
    "I owe you a call back.",
    "I owe you an apology for my late answer about the Smiths you referred.",
    "Happy birthday! I hope that somebody takes you out to dinner tonight.",
    "Shall we have coffee next week? I’d like to hear how your spring is going.",
    "It’s your turn to pick the place for our book club.",
    "You’ll get your turn to speak after the panel.",
    "Thank you for trusting us with your client.",
    "Thank you for your kind introduction at the chamber of commerce.",
    "Your client asked whether gift funds count toward the down payment. They do.",
    "The underwriter needs the gift letter by Friday.",
    "Her cash to close is on the statement.",
    "Please refer to the agenda for the room.",
    "Your preferred day works for me.",
    "Here is the reference that you asked for.",
    "I sent you two photos of the class.",
    "I sent you the flyer for the open house this morning.",
    "Thank you for the article that you sent me.",
    "The first client meeting is on Monday.",
    "Your third year in business, congratulations!",
    "Congratulations on your fifth closing this month!",
    "You know more about this neighborhood than anybody.",
    "We owe it to our clients to pick up the phone.",
    "Nobody owes anybody anything; I was glad to help.",
    "What do I owe you for the lock box?",
    "The tickets for the charity run are at the door; come with the whole family.",
    "The class is free for every agent in town.",
    "If you refer a client to us, we call them the same day.",
    "When a client of yours calls, we keep you posted every week.",
    "Thank you for the referral. I called them this morning, and we meet on Tuesday.",
    "Thank you for referring Ben. It was good to see you at lunch.",
    "She leads the class on Tuesday, and Ben leads to the tune.",
    "The lead time for an appraisal is two weeks.",
    "May I share two numbers on the spring market?",
    "Could you send me the closing date?",
    "Your debt-to-income question is a good one; I will call you about it.",
    "Let’s think about who would like to meet whom, and bring people together.",
]

OF_REFERRALS = [
    "to get more referrals",
    "thanking her for referring the Garcias",
    "so that they send me business",
    "the clients you send",
    "two leads sent last week",
    "they send us their buyers",
    "buyers whom he brought",
    "to keep their future business",
    "in return for the Miller deal she brought us",
    "so that he recommends us",
    "R E F E R R A L S",
    "re\ufb00errals, refer\u200brals",
    "steering clients our way",
    "to introduce us to her sellers",
    "discussed leads from the open house",
]
OF_OTHER_THINGS = [
    "the preferred lender list of the association",
    "asked for a reference",
    "please refer to the agenda",
    "a deferral of the payment",
    "she leads the class",
    "lead paint rules",
    "send me the agenda",
    "market update for the office",
    "closing gifts are for their clients to give",
    "how first-time buyers find a home",
    "the business plan for next year",
    "brainstorming on the spring market",
    "a class on loan programs for buyers",
    "bring the family photos",
    "to thank them for bringing the family to the picnic",
    "a second opinion, to give her client a hand",
]


def of(text):
    """Which of the three are objected to."""
    said = objections(text)
    return {kind for kind in (TIE, COUNT, DEBT) if any(kind in line for line in said)}


def test_the_tables_have_forty_each():
    assert (len(REFUSED), len(ACCEPTED), len(set(ACCEPTED))) == (40, 40, 40)


@pytest.mark.parametrize(("text", "kinds"), REFUSED.items())
def test_refused(text, kinds):
    assert of(text) == kinds


@pytest.mark.parametrize("text", ACCEPTED)
def test_accepted(text):
    assert objections(text) == ()


def test_an_objection_names_the_words_and_says_what_to_change():
    assert objections("Thank you for the referral! A gift card is in the mail.") == (
        "“gift card” stands with “referral”. Please write about one of the two alone: a thank-you "
        "for a referral comes with nothing else.",
    )


@pytest.mark.parametrize("text", OF_REFERRALS)
def test_speaks_of_referrals(text):
    assert speaks_of_referrals(text)


@pytest.mark.parametrize("text", OF_OTHER_THINGS)
def test_speaks_of_other_things(text):
    assert not speaks_of_referrals(text)


EITHER = st.sampled_from([*REFUSED, *ACCEPTED])
SPACE = st.text(st.sampled_from(" \n\t\r\u00a0\u2009"), min_size=1, max_size=3)


@given(EITHER, st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_capitals_change_nothing(text, recase):
    assert objections(recase(text)) == objections(text)


@given(EITHER, SPACE, SPACE)
def test_white_space_changes_nothing(text, space, around):
    assert objections(around + text.replace(" ", space) + around) == objections(text)


@given(EITHER, st.sampled_from("'’‘ʼ`´＇"))
def test_an_apostrophe_is_an_apostrophe(text, mark):
    assert objections(re.sub("['’]", mark, text)) == objections(text)


@given(st.sampled_from([*REFUSED]), EITHER, EITHER)
def test_what_is_refused_is_refused_amid_other_sentences(text, before, after):
    assert of(text) <= of(f"{before}\n\n{text}\n\n{after}")


@given(st.text())
def test_any_text_is_answered(text):
    assert isinstance(objections(text), tuple)
    assert isinstance(speaks_of_referrals(text), bool)
