"""A co-branded piece as its page shows it: the sides, and what is still to do."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gratitude.models import Piece, PieceFile, PieceSide
from gratitude.piece_states import LABELS, State, state_of, when_in_words
from gratitude.shares import Side, pays_over_its_share, percent_of_cost


@dataclass(frozen=True)
class Line:
    """A piece in the list."""

    piece: Piece
    state: State
    when: str

    @property
    def label(self) -> str:
        return LABELS[self.state]


def line_of(piece: Piece, today: date) -> Line:
    state = state_of(piece.starts_on, piece.ends_on, piece.called_off_at is not None, today)
    return Line(piece, state, when_in_words(piece.starts_on, piece.ends_on))


@dataclass(frozen=True)
class SideLine:
    """One side; `side` is None for ours and for that of a partner whom the viewer does not see."""

    name: str
    part: str
    share: Decimal
    cost: Decimal
    percent_of_cost: Decimal | None
    side: PieceSide | None = None


def side_lines(piece: Piece, sides: list[PieceSide], seen: set[int]) -> list[SideLine]:
    """Ours, then the partners'; `seen` are the keys of the sides whose partner may be named."""
    ours = Side(piece.our_share, piece.our_cost)
    lines = [_line("We", piece.our_part, ours, piece)]
    for side in sides:
        share = Side(side.share, side.cost)
        if side.pk in seen:
            lines.append(_line(side.partner.full_name, side.part, share, piece, side))
        else:
            lines.append(_line("A partner of a colleague", "", share, piece))
    return lines


def _line(
    name: str, part: str, share: Side, piece: Piece, side: PieceSide | None = None
) -> SideLine:
    percent = percent_of_cost(share, piece.total_cost)
    return SideLine(name, part, share.share, share.cost, percent, side)


def to_do(piece: Piece, files: list[PieceFile]) -> list[str]:
    """What is missing, or worth a second look, as sentences."""
    if piece.called_off_at:
        return []
    kinds = {file.what for file in files}
    found = []
    if PieceFile.What.AGREEMENT not in kinds:
        found.append("Attach the written agreement, signed by both sides.")
    if piece.total_cost and PieceFile.What.PAYMENT not in kinds:
        found.append("Attach the proofs of payment: each side pays its part.")
    if pays_over_its_share(Side(piece.our_share, piece.our_cost), piece.total_cost):
        found.append("We pay more of the cost than our share of the piece: change one of the two.")
    return found
