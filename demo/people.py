"""Who signs in to the demo book. The password is public: see `services.seed` for where it goes."""

from dataclasses import dataclass

from accounts.models import Role

DEMO_PASSWORD = "partner-demo-2026"  # noqa: S105 - public on purpose

RIVERSIDE = "Riverside"
LAKESIDE = "Lakeside"
NEW_YORK = "America/New_York"
CHICAGO = "America/Chicago"
LOS_ANGELES = "America/Los_Angeles"


@dataclass(frozen=True)
class Person:
    """Somebody who signs in; `assists` is the e-mail address of the officer they assist."""

    name: str
    email: str
    role: Role
    time_zone: str
    branch: str = ""
    assists: str = ""


ALICE = Person("Alice Moreno", "alice@example.com", Role.OFFICER, NEW_YORK, RIVERSIDE)
BOB = Person("Bob Tran", "bob@example.com", Role.OFFICER, CHICAGO, RIVERSIDE)
CHARLIE = Person("Charlie Novak", "charlie@example.com", Role.OFFICER, LOS_ANGELES, LAKESIDE)
ANDY = Person(
    "Andy Fields", "andy@example.com", Role.ASSISTANT, NEW_YORK, RIVERSIDE, assists=ALICE.email
)
MONA = Person("Mona Adler", "mona@example.com", Role.MANAGER, NEW_YORK, RIVERSIDE)
LENA = Person("Lena Brooks", "lena@example.com", Role.MANAGER, LOS_ANGELES, LAKESIDE)
ADA = Person("Ada Quist", "ada@example.com", Role.ADMINISTRATOR, NEW_YORK)
CARL = Person("Carl Okafor", "carl@example.com", Role.COMPLIANCE, NEW_YORK)

# Was invited, and has not come yet.
NORA = Person("Nora Whitfield", "nora@example.com", Role.OFFICER, NEW_YORK, RIVERSIDE)

# E-mail address, role, and what to look at first.
DEMO_SIGN_INS = [
    (ALICE.email, "loan officer", "a whole book: every tier, every reason, two overrides"),
    (ANDY.email, "Alice's assistant", "the same book, without a word on conduct"),
    (BOB.email, "loan officer", "Alice's colleague in Riverside, on Chicago time"),
    (CHARLIE.email, "loan officer", "another branch: Alice's partners do not exist here"),
    (
        MONA.email,
        "manager of Riverside",
        "the figures and books of Alice and Bob, conduct included",
    ),
    (LENA.email, "manager of Lakeside", "the book of Charlie"),
    (ADA.email, "administrator", "everybody's partners, without conduct"),
    (CARL.email, "compliance", "the desk of the ledger and the record, no partners and no tiers"),
]

NAMED_OFFICERS = [ALICE, BOB, CHARLIE]
OTHER_ZONES = [NEW_YORK, CHICAGO, "America/Denver", LOS_ANGELES]
OFFICERS_A_BRANCH = 10


def officers(count: int) -> list[Person]:
    """The loan officers of a demo with so many: those with a name, then numbered ones."""
    return [_officer(number) for number in range(1, count + 1)]


def helpers(count: int) -> list[Person]:
    """The people beside so many officers: a manager only where somebody works in the branch."""
    branches = {officer.branch for officer in officers(count)}
    managers = [manager for manager in (MONA, LENA) if manager.branch in branches]
    return [ANDY, *managers, ADA, CARL]


def _officer(number: int) -> Person:
    if number <= len(NAMED_OFFICERS):
        return NAMED_OFFICERS[number - 1]
    return Person(
        name=f"Officer {number}",
        email=f"officer{number}@example.com",
        role=Role.OFFICER,
        time_zone=OTHER_ZONES[number % len(OTHER_ZONES)],
        branch=f"Branch {number // OFFICERS_A_BRANCH + 3}",
    )
