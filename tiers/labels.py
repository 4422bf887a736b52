"""What each code is called: tiers, rules, reasons and flags, as docs/tiers.md calls them."""

from dataclasses import dataclass

from tiers.verdict import Tier

TIER_NAMES: dict[str, str] = {
    Tier.MAINTENANCE: "Maintenance",
    Tier.CULTIVATION: "Cultivation",
    Tier.CEASE: "Cease",
}

# What a reader sees who may not see conduct; the code `private` stands for it.
PRIVATE = "set by the owner and their manager"


@dataclass(frozen=True)
class Label:
    """What a code is called: a few words for a badge, and a sentence for whoever asks."""

    short: str
    sentence: str


RULE_LABELS: dict[str, Label] = {
    "X4": Label("asked us to stop", "They asked us to stop, so we do not contact them."),
    "X1": Label("conduct", "Their conduct toward us ended it, whatever they send."),
    "X2": Label("unresponsive", "They did not answer on several channels over a long time."),
    "X3": Label("one-sided", "For a long time the effort has been ours alone."),
    "G": Label("too new to judge", "We have not known them long enough to judge."),
    "M": Label("all three signs", "Long-standing, in regular contact, and actively refers."),
    "MS": Label("above the stay line", "Not every sign holds today, but enough does to stay."),
    "C": Label("worth cultivating", "Neither Maintenance nor Cease applies, so effort pays here."),
    "private": Label(PRIVATE, f"This tier was {PRIVATE}."),
}

REASON_LABELS: dict[str, Label] = {
    "M1": Label("long-standing", "We have known each other for a long time."),
    "M2": Label("in regular contact", "We talk regularly, and did so lately."),
    "M3": Label("actively refers", "Referrals come often, all through the year, and lately."),
    "MS": Label("above the stay line", "Not every sign holds today, but enough does to stay."),
    "C1": Label("refers now and then", "There have been referrals, but not steadily."),
    "C2": Label("little follow-up", "There were few conversations, or none in the last 90 days."),
    "C3": Label("good synergy", "The synergy questions promise a good match."),
    "not_M1": Label("not long-standing yet", "They actively refer; only the years are missing."),
    "not_M2": Label("conversation missing", "They actively refer, but we do not talk regularly."),
    "default": Label("nothing stands out", "The record shows no sign either way yet."),
    "G": Label("too new to judge", "We have not known them long enough to judge."),
    "X1a": Label("abusive", "There was abuse within 730 days."),
    "X1b": Label("disrespectful", "There was disrespect more than once within 180 days."),
    "X1c": Label("steadily negative", "Negative and disrespectful moments add up over 180 days."),
    "X2": Label("unresponsive", "They did not answer on several channels over a long time."),
    "X3a": Label("all effort is ours", "We reached out again and again; nothing came from them."),
    "X3b": Label("only asks", "They asked for help again and again and started little else."),
    "X4": Label("asked us to stop", "They asked us to stop, so we do not contact them."),
    "stays": Label("stays as it was", "Nothing has happened since that would reopen it."),
    "private": Label(PRIVATE, f"This tier was {PRIVATE}."),
}

FLAG_LABELS: dict[str, Label] = {
    "first_touch_due": Label("first touch due", "New, and nobody has reached out yet."),
    "first_touch_overdue": Label("first touch overdue", "Nobody has reached out, and it is late."),
    "slipping": Label("slipping", "Still Maintenance, but no longer all three signs hold."),
    "our_neglect": Label("we went quiet", "The silence is ours: we have hardly reached out."),
    "rising_star": Label(
        "rising star", "Talks and refers like Maintenance; only years are missing."
    ),
    "follow_up_lapsed": Label("follow-up lapsed", "We have not reached out in 90 days."),
    "win_back": Label("win back", "Once strong, now quiet: worth winning back."),
    "last_chance": Label("last chance", "Silent or one-sided, but the win-back window is open."),
    "try_another_channel": Label("try another channel", "Many tries, all of one kind."),
    "refers_but_silent": Label("refers but silent", "Referrals come, but our calls go unanswered."),
    "low_alignment": Label("low alignment", "Long known, little in common, and never a referral."),
    "high_producer_conduct": Label("top producer, poor conduct", "Conduct beats production."),
    "conduct_watch": Label(
        "watch conduct", "There were conduct notes lately, not enough to end it."
    ),
    "insufficient_history": Label("short history", "Too little was tracked for a firm view."),
    "needs_synergy": Label("synergy not assessed", "Answer the five synergy questions."),
    "reopened": Label("reopened", "It was Cease before, and has been opened again."),
    "serve_referral": Label("serve this borrower", "A referral came: serve it like any other."),
}
