"""What a loan officer writes after a contact: short notes in the making. Data, nothing else.

`{first}` is the partner's first name. A note of a contact with a conduct mark says nothing of the
conduct: everybody who sees the partner reads notes.
"""

from interactions.models import Kind
from partners.models import PartnerType

# What was talked about, by who it was with.
AGENT_TOPICS = [
    "Two new listings this week, both under the county limit",
    "Talked about how long condos sit right now",
    "Went through the new down payment program",
    "Three buyers looking, none ready to write an offer yet",
    "Compared notes on appraisals coming in low on the east side",
    "Listing went under contract over the weekend",
    "Wants to run a Saturday open house with us next month",
    "Asked how bridge loans work for move-up buyers",
    "Explained the difference between our two lock options",
    "Team is adding a showing agent in the new year",
    "Talked through what sellers ask about our closing times",
    "Inventory is thin; looking at new construction for buyers",
    "Went over the checklist that buyers get from us",
    "Multiple offers again on the last one; wanted our letter faster",
    "Discussed VA offers and how listing agents read them",
    "Expects a slow month, then the school-year rush",
]
BUILDER_TOPICS = [
    "Phase two has twelve lots left",
    "Framing is done on the model home",
    "Talked about extended locks for the spring closings",
    "Completion dates moved by three weeks; told our processor",
    "Wants rate sheets for the sales office every Friday",
    "Went over how construction draws work with us",
    "Permit office is slow again; two starts wait",
    "Sales office asks for a homebuyer evening on site",
]
ADVISOR_TOPICS = [
    "Talked about when a home equity line makes sense",
    "Clients ask about second homes this quarter",
    "Compared notes on what documents self-employed buyers need",
    "Busy season ends next week, wants to talk again after it",
    "Explained how we handle trust documents at closing",
    "Went through a checklist for clients who plan to buy next year",
    "Asked for a plain one-page summary of reverse mortgage rules",
    "Interested in speaking at our homebuyer class",
]
TOPICS: dict[PartnerType, list[str]] = {
    PartnerType.REALTOR: AGENT_TOPICS,
    PartnerType.BUILDER: BUILDER_TOPICS,
    **dict.fromkeys(
        [
            PartnerType.FINANCIAL_ADVISOR,
            PartnerType.CPA,
            PartnerType.ATTORNEY,
            PartnerType.INSURANCE_AGENT,
            PartnerType.TITLE_ESCROW,
        ],
        ADVISOR_TOPICS,
    ),
    PartnerType.PAST_CLIENT: [
        "House is treating them well; the kitchen is finished",
        "Asked how refinancing works, just out of interest",
        "A coworker may start looking in the spring",
        "Neighborhood has three homes for sale",
    ],
    PartnerType.OTHER: [
        "Talked about who moves into the area this year",
        "Explained how our pre-approval works",
        "Schedule is full through the end of the month",
    ],
}

# How such a note ends; mostly it just ends.
ENDINGS = [
    "",
    "",
    "",
    "Will send the summary tomorrow.",
    "Talk again in two weeks.",
    "Good mood, short on time.",
    "{first} will call after the weekend.",
    "Next: coffee.",
    "To send: program sheet.",
    "Asked to be copied on updates.",
    "Wants to meet our processor.",
    "Follow up after the team meeting.",
    "Open to doing a class together.",
    "Left it at that for now.",
]

MEETING_OPENINGS: dict[Kind, list[str]] = {
    Kind.COFFEE: ["Coffee near their office.", "Quick coffee.", "Coffee before the tour.", ""],
    Kind.LUNCH: ["Lunch downtown.", "Lunch, an hour flat.", "Lunch close to the closing.", ""],
    Kind.MEETING: ["Met at their office.", "Sat in on the team meeting.", "Met at ours.", ""],
    Kind.BRAINSTORM: ["Whiteboard session.", "Planned the quarter together.", "Ideas round."],
    Kind.EVENT: ["Saw each other at the mixer.", "Chamber breakfast.", "Association evening."],
    Kind.CLASS: ["Homebuyer class together.", "Class went well, a full room.", "Lunch-and-learn."],
    Kind.OPEN_HOUSE: ["Open house, steady traffic.", "Helped at the open house.", ""],
    Kind.VIDEO: ["Video call.", ""],
    Kind.CALL: [""],
    Kind.TEXT: [""],
    Kind.EMAIL: [""],
}

TRIED: dict[Kind, list[str]] = {
    Kind.CALL: [
        "Voicemail.",
        "No answer, left a message.",
        "Voicemail is full.",
        "Rang out. Try in the morning next time.",
        "Left word with the front desk.",
        "Left a message about the new program.",
    ],
    Kind.TEXT: [
        "Texted to find a time, nothing back yet.",
        "Asked about Thursday, no reply.",
        "Short text after the voicemail.",
        "Sent two times to choose from.",
    ],
    Kind.EMAIL: [
        "Wrote to set up a call, no answer so far.",
        "Asked for 15 minutes next week.",
        "Followed up on the message from last month.",
        "Wrote with a question about the listing.",
    ],
}

SENT: dict[Kind, list[str]] = {
    Kind.NOTE: [
        "Handwritten note after the market update.",
        "Card for the new office.",
        "Wrote a note to say it was good to catch up.",
        "Note on the award from the board.",
    ],
    Kind.SOCIAL: [
        "Commented on the new listing.",
        "Shared their post on the neighborhood fair.",
        "Congratulated on the closing photo.",
        "Liked the video tour and left a line.",
    ],
    Kind.EMAIL: [
        "Sent the monthly rate outlook.",
        "Sent the class dates.",
        "Sent the new down payment sheet.",
        "Market summary for their area.",
        "Forwarded the condo approval list.",
    ],
    Kind.TEXT: [
        "Texted the address of the class.",
        "Sent a line before the open house.",
        "Wished a good weekend at the open house.",
    ],
}

THANKED = [
    "Thanked {first} for the introduction; first call is set.",
    "Said thank you for thinking of us.",
    "Thanks for sending a buyer our way.",
    "Thank-you, and told how we will stay in touch.",
    "Thanked for the introduction.",
    "Thanks again; promised an update when there is one.",
]

REVIEWED = [
    "Sat down over the half-year: what worked, what buyers said about us.",
    "Reviewed the last files together; closing times are what they care about.",
    "Looked at both calendars for the coming months and set two class dates.",
    "Went through what each of us could do better for the other's clients.",
]

SHARED = [
    "Sent our view on the new condo rules, with two examples.",
    "Second opinion on a buyer's timeline.",
    "Walked through the county limits for next year.",
    "Shared what we hear from underwriters on self-employed income.",
    "Answered questions about financing on site.",
    "Explained how seller credits work with points.",
]

UPDATED = [
    "Status of the file: documents are in.",
    "Told that the appraisal is ordered.",
    "Clear to close; date confirmed with title.",
    "Pre-approval letter is out.",
    "Weekly update on the file.",
    "File is with underwriting; answer expected this week.",
]

HEARD = [
    "Asked what we see in the market.",
    "Wanted to know when the next class is.",
    "Asked for a second opinion on a contract date.",
    "Checked whether we do condos in that building.",
    "Got back to me.",
    "Had a minute between showings, wanted to catch up.",
    "Had a question on closing times.",
    "Wants to meet.",
]

GAVE = [
    "Introduced us to a colleague at the office.",
    "Told that they left a kind review.",
    "Put our class into the newsletter.",
    "Spoke at our homebuyer class.",
    "Hosted us at the team meeting.",
    "Introduced us to the new sales manager.",
]

ASKED = [
    "Wanted a quote to hold against another lender.",
    "Needed the county numbers once more.",
    "Asked us to staff an open house on short notice.",
    "Wanted our class slides for own use.",
    "Needed a contact at the title company, nothing else.",
    "Asked for help with a file at another lender.",
    "Asked for the area report again.",
]

# Of contacts with a conduct mark.
PLAIN = [
    "Call about a closing date.",
    "Call about the status of a file.",
    "Talked about the timeline; wrote a summary to the file.",
    "About the appraisal date.",
]

STOPPED = ["Asked us not to get in touch any more. Confirmed, and marked it."]
