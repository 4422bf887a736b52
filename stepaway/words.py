"""What stepping away is called, on its pages and where others read of it. Pure."""

from dataclasses import dataclass

# For everybody who sees the partner: it says nothing of why.
NOTICE = "We are stepping away: no reminders or invitations. Borrowers are served like any other."

TALK = "Clear-the-air conversation"
MESSAGE = "Send one short, kind message"
LOOK_AGAIN = "Look again at this partnership"

# In place of the reason, which is private: an override is read by everybody who sees the partner.
KEPT = "Kept after a look at the facts."
ASKED_TO_STOP = "They asked us to stop."
PLAN_CLOSED = "Stepping away was closed."

# The choices, each with what it does.
WAYS: dict[str, str] = {
    "talk": "A conversation is planned within seven days. Nothing else begins.",
    "step_away": "A plan opens: finish what is open, one kind message, then silence.",
    "keep": "Another tier is in force until a day of your choice, with your reason.",
}

STEPS: dict[str, str] = {
    "finish_referrals": "Every borrower whom they sent is served to the end, like any other.",
    "message": "Warm, short, and without a reason. It is the only message of the plan.",
    "decline": "Should they ask for something, decline it kindly. The words are at hand.",
    "look_again": "People change. Look at the partnership once more, with fresh eyes.",
}


@dataclass(frozen=True)
class SecondLook:
    """Whether a manager looks second, and the sentence that says who or why not."""

    is_needed: bool
    sentence: str


def second_look(
    *, about_conduct: bool, by_manager: bool, is_owner: bool, others: list[str]
) -> SecondLook:
    """Who looks second at a choice of this person; `others` are the other managers of the branch.

    Only for conduct. A manager who chooses for an officer has looked already; an owner who manages
    the branch needs another manager, where there is one.
    """
    if not about_conduct:
        return SecondLook(False, "")
    if by_manager and not is_owner:
        return SecondLook(False, "You manage this branch, so nobody needs to look second.")
    if others:
        names = " or ".join(others)
        return SecondLook(True, f"This is about conduct: {names} looks second.")
    why = "you are its only manager" if by_manager else "the branch has no manager"
    return SecondLook(False, f"This is about conduct, but {why}: nobody looks second.")


def still_silent(tier: str) -> str:
    """What the page says when the tier came back while the plan is open; blank in Cease."""
    if tier == "Cease":
        return ""
    return (
        f"The tier is {tier} again; the plan still keeps reminders silent: close it to work "
        "together again."
    )
