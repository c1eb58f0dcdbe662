"""The drawing of a story's origins: a frame for each origin, in it boxes for texts, and arrows to those that carry them.

Units are CSS pixels. Places are computed for a page that is read from the left; for one that is read from the right they are mirrored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from dedup.origins.model import SharedPassage, Story

from .origins_tree import OriginTree

BOX_WIDTH, BOX_HEIGHT = 164, 44
_GAP, _ROW = 50, 54  # between columns, and from a row to the next
_HEAD, _PAD, _BETWEEN = 26, 10, 12  # of a frame
_LANE = 9  # for each dashed line, beside the frames
_INSET = 9  # of a label in its box
LABEL_EMS = (BOX_WIDTH - 2 * _INSET) / 13  # a label is 13 pixels high
_MOST_BOXES, _MOST_BESIDE, _MOST_COLUMNS = 40, 8, 5  # of texts: in all, under one text, one after another
_MOST_GROUPS, _MOST_ALONE, _MOST_QUOTED = 10, 12, 8
_BESIDE = 3  # texts in a row that carry no other one, where nothing that is drawn is wider

Likely = Literal["high", "middle", "low"]


def likelihood(probability: float) -> Likely:
    """Return how a probability is said: very likely, likely, perhaps.

    >>> likelihood(0.95), likelihood(0.8), likelihood(0.6)
    ('high', 'middle', 'low')
    """
    return "high" if probability >= 0.9 else "middle" if probability >= 0.7 else "low"


def in_percent(share: float) -> int:
    """Return a probability in percent; what is not certain is not said to be 0 or 100.

    >>> in_percent(0.87), in_percent(0.9999), in_percent(0.0001)
    (87, 99, 1)
    """
    return min(99, max(1, round(100 * share)))


@dataclass(frozen=True, slots=True)
class Box:
    """A text; or with ``more`` the number of texts that are not drawn, and ``what`` they are. ``x`` and ``y`` is its corner at the left."""

    x: int
    y: int
    name: str | None = None
    first: bool = False
    more: int = 0
    what: Literal["carries", "shares", "alone"] = "carries"


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow from a text to one that carries it: its line and its head as paths, and where its percentage ends, as the page is read."""

    line: str
    head: str
    x: int
    y: int
    of: str
    name: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of an origin; ``number`` counts from 1, None for all texts that stand alone."""

    y: int
    height: int
    number: int | None


@dataclass(slots=True)
class Graph:
    """A drawing. ``gutter`` is the room for dashed lines beside the frames, ``left_out`` the number of origins that it does not show."""

    box_width: ClassVar = BOX_WIDTH
    box_height: ClassVar = BOX_HEIGHT
    rtl: bool
    width: int = 0
    height: int = 0
    columns: int = 1
    gutter: int = 0
    left_out: int = 0
    frames: list[Frame] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    dashes: list[str] = field(default_factory=list)

    def start(self, box: Box) -> int:
        """Return where a label of a box begins, as the page is read."""
        return box.x + (BOX_WIDTH - _INSET if self.rtl else _INSET)

    @property
    def edge(self) -> int:
        """Where the heading of a frame begins, as the page is read."""
        return self.width - self.gutter - _PAD if self.rtl else self.gutter + _PAD

    @property
    def frame_start(self) -> float:
        """The left side of the frames."""
        return 0.5 if self.rtl else self.gutter + 0.5

    @property
    def frame_width(self) -> int:
        """How wide the frames are."""
        return self.width - self.gutter - 1


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What is drawn of a tree: the texts under each, None for the tree itself, and how many more there are."""

    under: Mapping[str | None, Sequence[str]]
    more: Mapping[str | None, int]


def draw(story: Story, trees: Sequence[OriginTree], *, rtl: bool) -> Graph:
    """Return the drawing of a story; at most `_MOST_BOXES` texts are in it."""
    graph = Graph(rtl)
    groups = [(number, tree) for number, tree in enumerate(trees, 1) if len(tree.group.members) > 1]
    alone = [tree.group.first for tree in trees if len(tree.group.members) == 1]
    shown_alone = alone if len(alone) <= _MOST_ALONE else alone[: _MOST_ALONE - 1]
    shown = groups[:_MOST_GROUPS]
    graph.left_out = len(groups) - len(shown)
    room = _MOST_BOXES - len(shown_alone)
    chosen = []
    for place, (_, tree) in enumerate(shown):
        chosen.append(_choose(tree, room - 2 * (len(shown) - place - 1)))
        room -= sum(map(len, chosen[-1].under.values()))
    names = {name for each in chosen for found in each.under.values() for name in found} | {*shown_alone}
    quoted = sorted((each for each in story.shared if {each.a, each.b} <= names), key=lambda each: -each.words)[:_MOST_QUOTED]
    left = _LANE * len(quoted) + (3 if quoted else 0)
    graph.gutter = left
    pen = _Pen(graph, left)
    for (number, tree), each in zip(shown, chosen, strict=True):
        pen.tree(number, tree, each)
    if alone:
        pen.alone(shown_alone, len(alone) - len(shown_alone))
    graph.columns = pen.columns
    graph.width = left + 2 * _PAD + pen.columns * BOX_WIDTH + (pen.columns - 1) * _GAP
    graph.height = pen.y - _BETWEEN + 1
    pen.quotations(quoted)
    return mirrored(graph) if rtl else graph


def _choose(tree: OriginTree, room: int) -> _Chosen:
    """Choose what is drawn of a tree: level by level, texts that others carry before those that none does."""
    sizes = tree.sizes()
    under: dict[str | None, Sequence[str]] = {}
    more: dict[str | None, int] = {}
    level: list[str | None] = [None]
    for _ in range(_MOST_COLUMNS):
        after: list[str | None] = []
        for parent in level:
            below = tree.roots if parent is None else tree.children[parent]
            kept = sorted(below, key=lambda name: (name != tree.group.first, not _evolved(tree, name), sizes[name] == 1))
            beside = _MOST_ALONE if parent is None else _MOST_BESIDE
            most = len(kept) if len(kept) <= beside + 1 else beside
            under[parent] = kept[: max(min(most, room), parent is None)]
            more[parent] = sum(sizes[name] for name in kept[len(under[parent]) :])
            room -= len(under[parent])
            after += under[parent]
        level = after
    more |= {name: sizes[name] - 1 for name in level if name is not None}
    return _Chosen(under, more)


def _evolved(tree: OriginTree, name: str) -> bool:
    return name in tree.links and tree.links[name].evolved


class _Pen:
    """Where the next frame is drawn, and the places of the boxes that are."""

    def __init__(self, graph: Graph, left: int):
        self.graph, self.left, self.y, self.columns = graph, left + _PAD, 0, 1
        self.boxes: dict[str, Box] = {}

    def tree(self, number: int, tree: OriginTree, chosen: _Chosen) -> None:
        """Draw the frame of a group: texts that others carry with these in the columns beside them, then those of which nothing is told."""
        first = tree.group.first if tree.group.first_is_told else None
        roots = chosen.under[None]
        heads = [name for name in roots if name == first or chosen.under.get(name) or chosen.more.get(name)]
        rows = 0
        for name in heads:
            self.boxes[name] = self._box(0, rows, Box(0, 0, name, first=name == first))
            rows = self._below(name, rows, chosen)
        rows += self._beside(rows, [name for name in roots if name not in heads], chosen.more.get(None, 0), "shares")
        self._frame(rows, number)

    def _below(self, root: str, row: int, chosen: _Chosen) -> int:
        """Draw what is under a text in a row, and return the first row below all of that. The first box under a text stands beside it."""
        free = row + 1
        waiting = [*self._under(root, 1, row, chosen)][::-1]
        while waiting:
            parent, name, column, beside = waiting.pop()
            at = free if beside is None else beside
            free = max(free, at + 1)
            if name is None:
                self._box(column, at, Box(0, 0, more=chosen.more[parent]))
                continue
            self.boxes[name] = self._box(column, at, Box(0, 0, name))
            self._arrow(parent, name)
            waiting += [*self._under(name, column + 1, at, chosen)][::-1]
        return free

    def _under(self, parent: str, column: int, row: int, chosen: _Chosen) -> Iterator[tuple[str, str | None, int, int | None]]:
        """Yield what stands right under a text: the text and what it is, None for those that are not drawn, its column, and for the first
        one its row."""
        names: list[str | None] = [*chosen.under.get(parent, ())]
        names += [None] * bool(chosen.more.get(parent, 0))
        for place, name in enumerate(names):
            yield parent, name, column, None if place else row

    def _beside(self, row: int, names: Sequence[str], more: int, what: Literal["shares", "alone"]) -> int:
        """Draw texts that carry no other one beside each other, and return how many rows they take."""
        count = len(names) + bool(more)
        across = max(self.columns, min(_BESIDE, count))
        for place, name in enumerate(names):
            self.boxes[name] = self._box(place % across, row + place // across, Box(0, 0, name))
        if more:
            self._box(len(names) % across, row + len(names) // across, Box(0, 0, more=more, what=what))
        return -(-count // across)

    def alone(self, names: Sequence[str], more: int) -> None:
        """Draw the frame of texts that share their wording with no other."""
        self._frame(self._beside(0, names, more, "alone"), None)

    def _frame(self, rows: int, number: int | None) -> None:
        height = _HEAD + rows * _ROW - (_ROW - BOX_HEIGHT) + _PAD
        self.graph.frames.append(Frame(self.y, height, number))
        self.y += height + _BETWEEN

    def _box(self, column: int, row: int, box: Box) -> Box:
        self.columns = max(self.columns, column + 1)
        x, y = self.left + column * (BOX_WIDTH + _GAP), self.y + _HEAD + row * _ROW
        placed = Box(x, y, box.name, box.first, box.more, box.what)
        self.graph.boxes.append(placed)
        return placed

    def _arrow(self, parent: str, name: str) -> None:
        a, b = self.boxes[parent], self.boxes[name]
        x, y = a.x + BOX_WIDTH, a.y + BOX_HEIGHT // 2
        end, at = b.x, b.y + BOX_HEIGHT // 2
        self.graph.arrows.append(
            Arrow(f"M{x} {y}H{x + 12}V{at}H{end - 5}", f"M{end - 8} {at - 4}L{end} {at}L{end - 8} {at + 4}Z", end - 9, at - 5, parent, name)
        )

    def quotations(self, quoted: Sequence[SharedPassage]) -> None:
        """Draw the dashed lines: under the boxes, and up and down beside the frames, each in its lane."""
        for place, each in enumerate(quoted):
            a, b = sorted((self.boxes[each.a], self.boxes[each.b]), key=lambda box: (box.y, box.x))
            lane = 3 + _LANE * place
            under = 3 + 3 * (place % 3)  # so that lines of neighbours do not run into one
            low, high = (box.y + BOX_HEIGHT + under for box in (a, b))
            ends = [box.x + 14 + 8 * (place % 3) for box in (a, b)]
            self.graph.dashes.append(f"M{ends[0]} {low - under}V{low}H{lane}V{high}H{ends[1]}V{high - under}")


def mirrored(graph: Graph) -> Graph:
    """Return a drawing for a page that is read from the right."""
    width = graph.width
    return Graph(
        True,
        width,
        graph.height,
        graph.columns,
        graph.gutter,
        graph.left_out,
        graph.frames,
        [Box(width - box.x - BOX_WIDTH, box.y, box.name, box.first, box.more, box.what) for box in graph.boxes],
        [
            Arrow(_mirrored(arrow.line, width), _mirrored(arrow.head, width), width - arrow.x, arrow.y, arrow.of, arrow.name)
            for arrow in graph.arrows
        ],
        [_mirrored(line, width) for line in graph.dashes],
    )


def _mirrored(path: str, width: int) -> str:
    """Return a path of M, L, H, V and Z mirrored.

    >>> _mirrored("M10 5H20V9L30 9Z", 100)
    'M90 5H80V9L70 9Z'
    """
    return re.sub(r"([MLH])(\d+)", lambda found: f"{found[1]}{width - int(found[2])}", path)
