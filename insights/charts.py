"""Where the parts of a picture stand: plain numbers for the SVG of a template. Pure.

Colors and patterns are the stylesheet's (`static/css/figures.css`), by the names that stand here;
the numbers themselves stand in the table beneath each picture.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from insights.report import ARCHIVED, NEW, Conversion, Effort, Flow, TiersOn
from tiers.verdict import Tier

# Pictures whose width follows the page are drawn 100 wide and stretched; only their height is kept.
WIDE = 100.0
HIGH = 100.0


@dataclass(frozen=True)
class Box:
    """A part of a picture; `look` names it for the stylesheet."""

    look: str
    x: float
    y: float
    width: float
    height: float

    @property
    def path(self) -> str:
        return f"M{self.x:g} {self.y:g}h{self.width:g}v{self.height:g}h-{self.width:g}z"


@dataclass(frozen=True)
class Shape:
    """Boxes of one look, as the path of an SVG."""

    look: str
    path: str


# What is drawn later stands in front.
LOOKS = ["received", "received-open", "application", "pre_approved", "funded", *Tier]


def _box(look: str, x: float, y: float, width: float, height: float) -> Box:
    return Box(look, round(x, 2), round(y, 2), round(width, 2), round(height, 2))


@dataclass(frozen=True)
class Column:
    """One day or month: its boxes from the ground up, and the label beneath."""

    day: date
    boxes: tuple[Box, ...]
    # Where a label would repeat the year of the one before, it says the month alone.
    names_year: bool


@dataclass(frozen=True)
class Columns:
    columns: tuple[Column, ...]
    # What the full height stands for; 0 where there is nothing to draw.
    top: int

    @property
    def boxes(self) -> list[Box]:
        return [box for column in self.columns for box in column.boxes]

    @property
    def shapes(self) -> list[Shape]:
        """All boxes, those of one look as one shape: a page draws few elements sooner."""
        looks = dict.fromkeys(box.look for box in self.boxes)
        return [
            Shape(look, "".join(box.path for box in self.boxes if box.look == look))
            for look in sorted(looks, key=LOOKS.index)
        ]


# Of a column's share of the width: the rest is the gap between two.
FILLED = 0.72


def tiers_over_time(days: Sequence[TiersOn]) -> Columns:
    """Stacked columns, Maintenance at the ground: how many partners each tier had on each day."""
    top = max((one.total for one in days), default=0)
    columns = []
    for place, one in enumerate(days):
        x, width = _slot(place, len(days))
        parts = [(tier.value, one.of(tier)) for tier in Tier]
        columns.append(Column(one.day, _stacked(parts, top, x, width), _names_year(days, place)))
    return Columns(tuple(columns), top)


def _slot(place: int, places: int) -> tuple[float, float]:
    share = WIDE / places
    return place * share + share * (1 - FILLED) / 2, share * FILLED


def _names_year(days: Sequence[TiersOn], place: int) -> bool:
    return place == 0 or days[place].day.year != days[place - 1].day.year


def _stacked(parts: Iterable[tuple[str, int]], top: int, x: float, width: float) -> tuple[Box, ...]:
    boxes, ground = [], HIGH
    for look, count in parts:
        height = HIGH * count / top if top else 0
        ground -= height
        if count:
            boxes.append(_box(look, x, ground, width, height))
    return tuple(boxes)


def conversion_by_month(months: Sequence[Conversion]) -> Columns:
    """A column a month: all that were received, and in front of it those that came further."""
    top = max((one.received for one in months), default=0)
    columns = []
    for place, one in enumerate(months):
        x, width = _slot(place, len(months))
        steps = [
            ("received-open" if one.is_open else "received", one.received),
            ("application", one.application),
            ("pre_approved", one.pre_approved),
            ("funded", one.funded),
        ]
        boxes = [
            _box(look, x, HIGH - HIGH * count / top, width, HIGH * count / top)
            for look, count in steps
            if count
        ]
        year = place == 0 or one.month.year != months[place - 1].month.year
        columns.append(Column(one.month, tuple(boxes), year))
    return Columns(tuple(columns), top)


def shares(parts: Iterable[tuple[str, float]]) -> tuple[Box, ...]:
    """One bar over the whole width, shared among the parts; those of 0 are left out."""
    told = [(look, amount) for look, amount in parts if amount]
    whole = sum(amount for _, amount in told)
    boxes, x = [], 0.0
    for look, amount in told:
        width = WIDE * amount / whole
        boxes.append(_box(look, x, 0, width, HIGH))
        x += width
    return tuple(boxes)


def effort_bar(effort: Effort) -> tuple[Box, ...]:
    """The minutes of each tier as parts of one bar: Cultivation first, from where half is seen."""
    order = [Tier.CULTIVATION, Tier.MAINTENANCE, Tier.CEASE]
    return shares((tier.value, effort.of(tier)) for tier in order)


# The picture of the movement has words beside it, so that it is not stretched but scaled whole.
MOVEMENT_WIDTH = 360
SIDE = 114
NODE_WIDTH = 10
# How high all partners together are drawn, and the least room that a node's words need.
BANDS_HEIGHT = 190
SLOT = 30
GAP = 8


@dataclass(frozen=True)
class Node:
    """A tier at the start or at the end, or NEW, or ARCHIVED, and how many were there."""

    key: str
    count: int
    x: float
    y: float
    height: float
    # Where its words stand, beside it.
    label_x: float
    label_y: float


@dataclass(frozen=True)
class Band:
    """Partners who went the same way."""

    flow: Flow
    path: str

    @property
    def look(self) -> str:
        """Named by the tier that they came to; who stayed is drawn in the quiet tone."""
        return "stayed" if self.flow.before == self.flow.after else "moved"

    @property
    def tone(self) -> str:
        return self.flow.before if self.flow.after == ARCHIVED else self.flow.after


@dataclass(frozen=True)
class Movement:
    height: float
    before: tuple[Node, ...]
    after: tuple[Node, ...]
    bands: tuple[Band, ...]


BEFORE = [tier.value for tier in Tier] + [NEW]
AFTER = [tier.value for tier in Tier] + [ARCHIVED]


def movement(flows: Sequence[Flow]) -> Movement:
    """Bands from the tiers at the start (left) to those at the end (right)."""
    whole = sum(flow.count for flow in flows)
    scale = BANDS_HEIGHT / whole if whole else 0.0
    before = _nodes(BEFORE, [(flow.before, flow.count) for flow in flows], scale, left=True)
    after = _nodes(AFTER, [(flow.after, flow.count) for flow in flows], scale, left=False)
    bottom = [node.y + max(node.height, SLOT) for node in (*before, *after)]
    return Movement(max(bottom, default=0), before, after, _bands(flows, before, after, scale))


def _nodes(
    keys: Sequence[str], counts: Sequence[tuple[str, int]], scale: float, *, left: bool
) -> tuple[Node, ...]:
    nodes, y = [], 0.0
    for key in keys:
        count = sum(number for one, number in counts if one == key)
        if not count:
            continue
        height = count * scale
        room = max(height, SLOT)
        x = SIDE if left else MOVEMENT_WIDTH - SIDE - NODE_WIDTH
        label_x = x - 8 if left else x + NODE_WIDTH + 8
        top = round(y + (room - height) / 2, 1)
        middle = round(y + room / 2, 1)
        nodes.append(Node(key, count, x, top, round(max(height, 1), 1), label_x, middle))
        y += room + GAP
    return tuple(nodes)


def _bands(
    flows: Sequence[Flow], before: Sequence[Node], after: Sequence[Node], scale: float
) -> tuple[Band, ...]:
    """In the order of both sides, so that no two bands cross at a node."""
    left = {node.key: node.y for node in before}
    right = {node.key: node.y for node in after}
    bands = []
    for flow in sorted(flows, key=_place):
        height = flow.count * scale
        bands.append(Band(flow, _ribbon(left[flow.before], right[flow.after], height)))
        left[flow.before] += height
        right[flow.after] += height
    # Who stayed lies beneath: those who moved are what one looks for.
    return tuple(sorted(bands, key=lambda band: band.look == "moved"))


def _place(flow: Flow) -> tuple[int, int]:
    return BEFORE.index(flow.before), AFTER.index(flow.after)


def _ribbon(from_y: float, to_y: float, height: float) -> str:
    """A band of one height that swings from one node to another."""
    start, end = SIDE + NODE_WIDTH, MOVEMENT_WIDTH - SIDE - NODE_WIDTH
    middle = (start + end) / 2
    a, b = round(from_y, 1), round(to_y, 1)
    # What is too thin could not be seen.
    c, d = round(from_y + max(height, 1.5), 1), round(to_y + max(height, 1.5), 1)
    return (
        f"M{start} {a}C{middle:g} {a} {middle:g} {b} {end} {b}"
        f"V{d}C{middle:g} {d} {middle:g} {c} {start} {c}Z"
    )
