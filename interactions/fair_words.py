"""What a text to a partner had better not say, by its words. Pure.

Three things are refused: something of value beside a referral, a count of who sent what, and that
somebody owes somebody. Source: 12 CFR 1024.14, which lets a practice prove an agreement, so that a
friendly sentence can read like one.

A help, not the law: it knows words and not what is meant, it misses what it has no word for, and a
text that passes is not thereby allowed. Write as if compliance read along.
"""

import re
import unicodedata
from collections.abc import Iterable

# How some write a word so that a machine does not find it.
_LOOKALIKES = str.maketrans("аеорсухіѕј", "aeopcyxisj")
_MARKS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'", "‐": "-"})
_MARKS |= str.maketrans(dict.fromkeys("‑‒–—―", "-"))
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_IN_WORD = {"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
_DIGIT_IN_WORD = re.compile(r"(?<=[a-z])[0-9@$!](?=[a-z])")
_NOUGHT_AT_START = re.compile(r"\b0(?=[a-z]{2})")
_ONE_AT_END = re.compile(r"(?<=[a-z]{3})1\b")
_SPELLED = re.compile(r"(?<![\w'])(?:[a-z][\s.*_-]+){2,}[a-z](?![\w'])")
_INSIDE = re.compile(r"(?<=[a-z])[*_]+(?=[a-z])")
_ENDS = re.compile(r"[.!?;]+(?:\s|$)")


def _folded(text: str) -> tuple[str, ...]:
    """The text in small letters, one space between words, without tricks of spelling.

    In several readings, as a 1 in a word may be an "i" or an "l", and a hyphen a trick or none.
    """
    plain = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text).translate(_MARKS))
    # Once more in small letters, as some letters of a big one come apart only then.
    plain = unicodedata.normalize("NFKD", plain.casefold()).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = plain.translate(_MARKS).translate(_LOOKALIKES)
    plain = _SPELLED.sub(lambda found: re.sub(r"[^a-z]", "", found[0]), plain)
    plain = _INSIDE.sub("", plain)
    variants = {_unmasked(plain, one).replace("-", to) for one in "il" for to in (" ", "")}
    return tuple(sorted(" ".join(variant.split()) for variant in variants))


def _unmasked(text: str, one: str) -> str:
    letters = {**_IN_WORD, "1": one}
    text = _DIGIT_IN_WORD.sub(lambda found: letters.get(found[0], found[0]), text)
    return _ONE_AT_END.sub("l", _NOUGHT_AT_START.sub("o", text))


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in parts))


# --- words ---------------------------------------------------------------------------------

_NUMBER = (
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty"
    r"|several|many|dozens?|a dozen|a couple(?: of)?|a few|a handful(?: of)?|both|zero|no)"
)
_ORDINAL = (
    r"(?:\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    r"|eleventh|twelfth|umpteenth)"
)
_PEOPLE = (
    r"(?:clients?|buyers?|sellers?|borrowers?|customers?|home ?buyers?|famil(?:y|ies)|couples?"
    r"|business|deals?|leads?|prospects?|referrals?|purchases?|refi(?:nance)?s?)"
    # "The family photos" and "the business plan" are things, and no people.
    r"(?! (?:photos?|pictures?|plan|cards?|documents?|papers?|paperwork|day|dates?|hours"
    r"|reviews?|surveys?|guides?|checklists?|names? tags?))"
)
_SEND = r"(?:sen[dt]|sends|sending|steer(?:s|ed|ing)?|rout(?:e|es|ed|ing))"
# These do so where it is to us alone: one gives a client a hand, and brings the family.
_BRING = (
    r"(?:br(?:ing|ings|ought|inging)|gives?|gave|given|giving|pass(?:es|ed|ing)?"
    r"|direct(?:s|ed|ing)?|hand(?:s|ed|ing)?|throw(?:n|ing|s)?|threw)"
)
_ANY_SEND = rf"(?:{_SEND}|{_BRING})"
_DETERMINER = r"(?:a|an|the|your|my|our|their|her|his|some|any|more|new|another|every|each|good)"
_US = r"(?:me|us|you|them|him|her|over|along)"
_WAY = r"(?:my|our|your|this) way"
_WHO = r"(?:you|they|she|he|we|i|who|people|anybody|anyone|nobody|everyone|everybody)"
_HAVE = r"(?:'?ve|'?s| have| has|'?d| had| will|'?ll)?"

_REFERRAL = _any(
    r"\breferr(?:als?|ers?|(?:ed|ing)(?! (?:back )?to (?!me\b|us\b|our\b|my\b)))\b",
    r"\brefers?\b(?! (?:back )?to\b)",
    # "Send me business", "bring us the Miller deal".
    rf"\b{_SEND}(?: {_US})?(?: to (?:me|us))?(?: (?:{_DETERMINER}|{_NUMBER}|of))*"
    rf"(?: \w+)? {_PEOPLE}\b",
    rf"\b{_BRING} (?:me|us)(?: (?:{_DETERMINER}|{_NUMBER}|of))*(?: \w+)? {_PEOPLE}\b",
    # "The clients you send", "buyers whom you brought".
    rf"\b{_PEOPLE}(?: (?:that|who|whom))? {_WHO}{_HAVE}(?: \w+)? {_ANY_SEND}\b",
    rf"\b{_PEOPLE} (?:sent|{_WAY}|from (?:you|me|us))\b",
    r"\b(?:trad|swapp?|exchang)(?:e|es|ed|ing|s)? (?:clients|buyers|customers|business)\b",
    r"\bthank(?:s| you) for (?:the|your|that|this) leads?\b",
    # "You sent me two", "sent us another".
    rf"\b{_ANY_SEND} (?:me|us|you|{_WAY}) "
    rf"(?:(?:{_NUMBER}|another|more|some(?:body|one)|any(?:body|one)|people)"
    r"(?: more)?)(?=$|[,.;:!?]| (?:so|and|now|this|last|already|in|who|than|from|back)\b)",
    rf"\b{_ANY_SEND} (?:\w+ ){{1,2}}{_WAY}\b",
    r"\b(?:send|sends|sent|sending) (?:more|the most|fewer)(?: \w+)? (?:than|of (?:all|any))\b",
    rf"\b(?:a|another|each|every|per|new|hot|warm|good|last|{_ORDINAL}) leads?\b"
    r"(?! (?:role|time|agent|singer|paint|speaker|story|on|pipes?)\b)",
    rf"\b(?:the|your|my|our|any|more|some|these|those|of|for|buy|buying|get|{_NUMBER}) leads\b",
    r"\bleads (?:you|from|that you|sent|for (?:me|us)|to (?:me|us))\b",
    r"\brecommend(?:s|ed|ing)? (?:me|us|my name|our (?:team|name))\b",
    r"\bintroduc\w+ (?:\w+ ){0,3}(?:clients|buyers|sellers|borrowers|customers|families)\b",
    r"\b(?:win|earn|get|more|future|repeat|continued)(?: \w+)? business from\b",
    r"\b(?:your|their|her|his) (?:future|continued|repeat) business\b",
)
# With something given alone: by themselves these need be no referral.
_MAY_BE_ONE = _any(
    r"\bintroduc(?:tions?|ing|ed)\b",
    r"\b(?:sending|sent) (?:me|us) the \w+s\b(?<!documents)(?<!papers)(?<!photos)(?<!notes)",
    rf"\b(?:every|each|per|your {_ORDINAL}) (?:\w+ )?(?:clients?|buyers?|closings?|deals?)\b",
)

_MEAL = (
    r"(?:lunch(?:es)?|dinners?|breakfasts?|brunch(?:es)?|meals?|drinks?|beers?|coffees?|steaks?)"
)
_GIVEN = _any(
    r"\bgifts? ?cards?\b|\b(?:starbucks|amazon|visa|prepaid) cards?\b|\bcover(?:ing)? your\b",
    r"\bspa day\b|\bwin an? \w+|\b(?:ipads?|getaways?|vacations?|cruises?|suite)\b|\bbox seats\b",
    r"\binvit(?:e|es|ing) you to the (?:\w+ )?(?:game|match|concert|show|tournament)\b",
    r"\bgifts?\b(?! (?:funds?|letters?|money|of (?:equity|gab)))",
    r"\b(?:tickets?|vouchers?|bonus(?:es)?|rewards?|prizes?|raffles?|kickbacks?|rebates?)\b",
    r"\b(?:discounts?|commissions?|donat(?:e|es|ed|ing|ions?)|sponsor(?:s|ed|ing|ships?)?)\b",
    r"\b(?:finder'?s|referral) fees?\b|\ba present\b|\bgift ?baskets?\b|\bbaskets?\b",
    r"\b(?:wine|champagne|flowers|bouquets?|cookies|cupcakes|chocolates?|donuts|goodies|swag)\b",
    r"\bcash\b(?! (?:offers?|to close|out|buyers?|flow|reserves?|deals?))",
    r"\$ ?\d{1,4}(?![\d,])|\b\d+ (?:dollars|bucks)\b",
    r"\bfree (?:lunch|dinner|class|ads?|signs?|photos)\b",
    rf"\b(?:{_MEAL}|it|that|this|they|round|next one)(?:'?s| is| are| will be|'?ll be)?"
    r" on (?:me|us)\b",
    r"\b(?:my|our) treat\b|\btreat(?:s|ed|ing)? you\b|\bon the house\b",
    r"\b(?:buy|buying|bought|pay|paying|paid|get|getting) (?:for )?"
    rf"(?:you|your|her|him|them|their)(?: \w+)? "
    rf"(?:{_MEAL}|ads?|signs?|photos|marketing|desk|fees?)\b",
    r"\b(?:i|we)(?:'?ll|'?d| will| would| can| could)?(?: \w+)? (?:buy|pay)\b",
    r"\btak(?:e|ing) you(?: out| and \w+)?(?: to| for)?\b(?! (?:through|up on|at))",
    r"\btoken of (?:my|our)\b|\b(?:a little|a small) something\b",
    r"\bcelebrat\w+ (?:\w+ ){1,2}referrals?\b|\bsomething (?:nice|special) for\b",
    r"\bworth your while\b|\bthank you with\b",
    r"\bshow(?:ing)? (?:my|our|you) (?:gratitude|appreciation)\b",
)
# Time together, which is nobody's to pay for a referral; what is past is only told.
_SHARED = re.compile(
    rf"(?<!\bat )(?<!\bover )(?<!\bduring )(?<!\bafter )\b(?:{_MEAL}|golf|concert|the game)\b"
    r"(?! (?:was|were|with the|and learn)\b)"
)
_PROMISE = _any(
    r"\b(?:i|we)(?:'?ll| will|'?d| would)(?: \w+)? (?:do the same|return|repay|reciprocate|send you"
    r"|send yours?|give you|get you|cover|make it|share the)\b",
    r"\bi(?:'?ll| will) send (?:mine|my clients|clients|buyers|business)\b",
)
_CONDITION = re.compile(r"\b(?:if|when|whenever|each|every|per|once|as long as|and)\b")

# --- counts --------------------------------------------------------------------------------

_NOUN = r"(?:referrals?|leads?)"
_SENT = r"(?:sent|send|sends|sending|referred|refers?|referring|brought|given|gave)"
_PEOPLE_SENT = rf"{_PEOPLE}(?: (?:that|who|whom))?(?: {_WHO})?{_HAVE}(?: \w+)? {_SENT}"
_COUNT = _any(
    rf"\b{_ORDINAL} (?:\w+ )?{_NOUN}\b",
    rf"\b{_ORDINAL} (?:\w+ )?{_PEOPLE_SENT}\b",
    rf"\b{_NUMBER} (?:\w+ )?{_NOUN}\b(?! (?:form|partner|page|list))",
    rf"\b{_NUMBER} (?:\w+ )?{_PEOPLE_SENT}\b",
    rf"\b{_SENT} (?:me|us|you|{_WAY})(?: only| just| about| over)? {_NUMBER}(?: more)?"
    rf"(?: (?:\w+ )?{_PEOPLE}|(?=$|[,.;:!?]| (?:so|and|now|this|last|already|in|since)\b))",
    rf"\b{_SENT} (?:\w+ )?{_NUMBER} (?:\w+ )?(?:{_PEOPLE}|people) "
    rf"(?:{_WAY}|to (?:me|us)|this year)\b",
    r"\b(?:more|most|fewer|fewest|least|less) (?:\w+ )?(?:referrals|leads|clients|buyers|business) "
    r"(?:than|of (?:all|any)|this|last|in)\b",
    r"\b(?:the )?most (?:referrals|leads)\b|\b(?:referrals|leads) (?:than|per|a) \w+",
    rf"\b{_SENT}(?: (?:me|us))?(?: \w+)? (?:more|the most|fewer|less)(?: \w+){{0,2}}"
    r" (?:than|of (?:all|any))\b",
    rf"\b{_SENT} (?:me |us )?the most\b",
    r"(?:\b(?:top|best|biggest|number one|no\. ?1|favorite|leading)|#1) "
    r"(?:referral|referrer|referring|lead)(?: \w+)?\b",
    rf"\b{_NUMBER} (?:\w+ )?{_PEOPLE} from (?:you|me|us)\b",
    rf"\b(?:nobody|no one|noone)(?: else)?{_HAVE} {_SENT} (?:me|us|as|so|more)\b",
    r"\breferr(?:er|al)(?: \w+)? of the (?:year|month|quarter)\b",
    r"\b(?:count|counts|counted|counting|score|tally|tallied) (?:\w+ ){0,2}(?:referrals|leads)\b",
)

# --- debts ---------------------------------------------------------------------------------

_OWED = (
    r"(?:one\b(?! (?:more )?(?:call|reply|answer))|big|lunch|dinner|for\b|something|a lot|plenty"
    rf"|(?:a|an|another|the|two|some) (?:\w+ )?"
    rf"(?:favou?r|referrals?|leads?|{_MEAL}|client|buyer|deal|gift|round)|{_PEOPLE})"
)
_PAID = r"(?:send|refer|return|repay|pay|give|buy|treat|introduce|reciprocate|share|help me)"
_OWES = _any(
    r"(?<!nobody )(?<!no one )\bow(?:e|es|ed|ing) (?:me|us)\b(?! (?:a|an|the|no) (?:\w+ )?"
    r"(?:explanation|apology|answer|reply|call))",
    rf"(?<!what do i )(?<!what do we )(?<!nobody )\bow(?:e|es|ed) (?:you|her|him|them) {_OWED}",
    r"(?<!nobody )(?<!no one )\bowes? (?:a|any|more|another) (?:referral|lead|client)s?\b",
    r"\b(?:you|they|she|he)(?:'?ve| have)?(?: \w+)? owe one\b|\bindebted to\b",
    r"\bin (?:your|my|our|their|her|his) debt\b(?! to income)",
    r"(?:\bits|'s|\bis|\bbe|\bwas|\bnow|\bnext)(?: \w+)? your turn\b"
    rf"(?! (?:to (?!{_PAID}\b)|signal))",
    r"(?:^|[.!?;,] )your turn\b(?=$|[.!?;,])",
    r"\b(?:trad|swapp?)(?:e|es|ed|ing|s)? (?:clients|buyers|customers|referrals|leads)\b",
    r"\b(?:my|our) turn to (?:buy|pay|treat|send|refer|repay)\b",
    r"\b(?:return|repay|repaying|returning|returned) (?:the|your|my|a|this|that) favou?rs?\b",
    r"\brepay you\b|\bpa(?:y|id) (?:you|me|us) back\b|\breciprocat\w+\b",
    r"\bquid pro quo\b|\btit for tat\b",
    r"\bscratch (?:my|your|mine|yours)\b|\bcall(?:ing)? it even\b|\bwe(?:'?re| are)(?: now)? even\b"
    r"(?! (?:more|better|closer|happier|though|if|going))",
    r"\bone good turn\b|\b(?:your|my) (?:end|part|side) of the (?:bargain|deal)\b",
    r"\bsomething in return\b|\bwhat do i get\b",
    rf"\bi(?:'?ve| have)? (?:sent|referred|given|gave) you {_NUMBER}(?: \w+)?(?: {_PEOPLE})?,? "
    r"(?:so|now|and you|when|where|how about)\b",
)
_ASK = _any(
    r"\byou(?:'?d)?(?: \w+)? (?:should|must|need to|have to|ought to|better|supposed to)\b",
    r"\b(?:waiting (?:for|on)|where (?:is|are)|expect(?:ing|ed|s)?|overdue|you promised)\b",
    r"\bin (?:return|exchange)\b|\bone back\b|\bball is in your court\b",
    r"\byou (?:send|refer|give|bring) (?:me|us)\b.*"
    r"\b(?:i|we)(?:'?ll| will)? (?:send|refer|give) you\b",
    r"\b(?:fair is fair|a while since|long time since|keep your word|owe|owes)\b",
    r"\byou(?: have|'ve)?(?:n't| not| never)(?: \w+)? (?:sent|send|referred|refer)\b",
    r"\byou (?:haven'?t|didn'?t|don'?t|never)(?: \w+)? (?:sent|send|referred|refer)\b",
)
_OWED_A_CALL = re.compile(
    r"\bow(?:e|ed) you (?:a|an|some|my|our|the) (?:\w+ )?"
    r"(?:calls?|callback|repl(?:y|ies)|answers?|e ?mail|text|note|message|update|apology|thanks?)\b"
)


# --- answers -------------------------------------------------------------------------------


def objections(text: str) -> tuple[str, ...]:
    """Sentences that say what to change in a text to a partner; empty where it is fine."""
    return max(map(_objections, _folded(text)), key=len)


def speaks_of_referrals(text: str) -> bool:
    """Whether a text is about people who are sent to somebody, in whatever words."""
    return any(_REFERRAL.search(plain) for plain in _folded(text))


def _objections(plain: str) -> tuple[str, ...]:
    sentences = [part.strip() for part in _ENDS.split(plain) if part.strip()]
    return tuple(filter(None, (_tie(plain, sentences), _count(plain), _debt(plain, sentences))))


def _tie(plain: str, sentences: Iterable[str]) -> str:
    """Something given, anywhere in a text on referrals; a meal or a promise in the same breath."""
    value, referral = _GIVEN.search(plain), _REFERRAL.search(plain) or _MAY_BE_ONE.search(plain)
    if value and referral:
        return _beside(value, referral)
    for sentence in sentences:
        referral = _REFERRAL.search(sentence)
        promise = _CONDITION.search(sentence) and _PROMISE.search(sentence)
        value = promise or _SHARED.search(sentence)
        if value and referral:
            return _beside(value, referral)
    return ""


def _beside(value: re.Match[str], referral: re.Match[str]) -> str:
    return (
        f"“{value[0].strip()}” stands with “{referral[0].strip()}”. Please write about one of the "
        "two alone: a thank-you for a referral comes with nothing else."
    )


def _count(plain: str) -> str:
    found = _COUNT.search(plain)
    if not found:
        return ""
    return (
        f"“{found[0].strip()}” counts who sent what. Please leave numbers and comparisons out, and "
        "thank for the one person it is about."
    )


def _debt(plain: str, sentences: Iterable[str]) -> str:
    found = _OWES.search(plain)
    for sentence in sentences:
        if not found and _REFERRAL.search(sentence) and not _OWED_A_CALL.search(sentence):
            found = _ASK.search(sentence)
    if not found:
        return ""
    return (
        f"“{found[0].strip(' ,')}” sounds as if somebody owed something. Please say what you are "
        "glad of, or leave it out: a referral is a kindness, and nobody’s turn."
    )
