"""How the rows behind a figure were chosen, in a sentence for whoever opened them. Pure."""

USUAL_MINUTES = "Where nobody noted minutes, those that the kind usually takes are counted."
LIMITS = "Maintenance has 45 days for a conversation, the focus list 21, other Cultivation 60."

# By the whole name of a set, else by its first word.
EXPLANATIONS = {
    "tier": "By the tier in force at the end of the day: set by a person while that holds, else "
    "by the rules.",
    "move": "The tier in force at the end of the period’s first day, and at the end of its last.",
    "effort": f"Touches of the period, by the partner’s tier on the day of each. {USUAL_MINUTES}",
    "effort:unknown": "Nothing was judged yet on these days, so their minutes are in no tier.",
    "covered": f"Their last conversation is recent enough. {LIMITS}",
    "uncovered": f"Their last conversation is too long ago, or there was none. {LIMITS}",
    "received": "By the month of receipt; junk and duplicates are left out.",
    "reached": "They came so far and were not taken back; what was lost later counts too.",
    "conversion:undated": "No move says when they came to their stage, so they are in no month.",
    "pull:funded": "Loans that were funded in the period.",
    "pull:lost": "Lost in the period, after an application.",
    "pull:undated": "Funded or lost, but no move says when: they are in no period.",
    "lost": "Lost in the period, for this reason.",
    "received:365": "The year up to the last day; junk and duplicates are left out.",
    "given:365": "The year up to the last day; junk and duplicates are left out.",
    "largest": "The year up to the last day; junk and duplicates are left out.",
    "exchange": "The year up to the last day, as information for a conversation.",
    "contact:made": "Received in the period; somebody spoke to the borrower since.",
    "contact:waiting": "Received in the period; nobody has contacted the borrower yet.",
    "contact:undated": "Received in the period; no move says when the borrower was contacted.",
    "thanks:in_time": "The partner was thanked by the end of the next working day.",
    "thanks:late": "Nobody thanked the partner by the end of the next working day.",
    "thanks:not_due": "There is still time to thank the partner.",
    "freed": "They came to Cease in the period and are in it at its end.",
    "freed:touches": "What they took in the 90 days before they came to Cease.",
    "flag": "Partners of this tier who carry the flag.",
    "overrides:past": "The day until which a person set the tier is over: end it, or set it anew.",
    "at_risk": "The most urgent first: a silence that is ours can be ended today.",
    "waiting": "Nobody has contacted these borrowers yet; the longest wait stands first.",
}


def explanation_of(name: str) -> str:
    """A sentence or two; blank where a name says it all."""
    return EXPLANATIONS.get(name) or EXPLANATIONS.get(name.split(":", maxsplit=1)[0], "")
