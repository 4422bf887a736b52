"""A policy as its pages show it: the sentences of the rules, and where the guide says otherwise."""

from dataclasses import dataclass

from tiers.policy import Policy
from tiers.policy_words import GROUPS, Bit, Group, Sentence

GUIDE = Policy()


@dataclass(frozen=True)
class Line:
    """A sentence in pieces. `guide` is the guide's own sentence where that differs, else blank."""

    name: str
    bits: list[Bit]
    guide: str


@dataclass(frozen=True)
class Part:
    group: Group
    lines: list[Line]


def parts_of(policy: Policy) -> list[Part]:
    return [
        Part(group, [_line(sentence, policy) for sentence in group.sentences]) for group in GROUPS
    ]


def _line(sentence: Sentence, policy: Policy) -> Line:
    said, guide = sentence.in_words(policy), sentence.in_words(GUIDE)
    return Line(sentence.name, list(sentence.bits(policy)), guide if said != guide else "")
