"""The view of where the texts of a story come from: a sentence, a drawing, and a list that says the same and more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from markupsafe import Markup

from dedup.origins.model import Carried, OriginGroup, OriginText, SharedPassage, Story
from dedup.text.sources import agency_spellings

from .direction import text_direction
from .origin import one_line
from .origins_graph import LABEL_EMS, Box, Graph, Likely, draw, in_percent, likelihood
from .origins_labels import fitting_label
from .origins_tree import OriginTree, origin_trees

UNNAMED = "agencies"
_MOST_LISTED = 300  # texts of a story in its list
_ACRONYM = 5  # letters: the names of agencies with fewer are written in capitals
_DEEPEST = 4  # level of the list
_OPEN = 8  # texts of a list that is not folded
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$")


@dataclass(frozen=True, slots=True)
class OriginRow:
    """A text in the list: its place in the story from 1, what it carries, whether it was likely first of others, and how the list goes on
    after it."""

    number: int
    text: OriginText
    carried: Carried | None
    first: bool
    alone: bool
    nested: bool
    closed: int
    arabic: bool

    @property
    def credits(self) -> tuple[str, ...]:
        """The agencies and papers that it names as where it comes from, each once."""
        return self._named(carries=True)

    @property
    def cited(self) -> tuple[str, ...]:
        """The agencies and papers that it cites for a statement."""
        return tuple(name for name in self._named(carries=False) if name not in self.credits)

    def _named(self, *, carries: bool) -> tuple[str, ...]:
        named = [each.name for each in self.text.credits if each.carries == carries and each.kind != "staff"]
        return tuple(dict.fromkeys(credit_label(name, arabic=self.arabic) for name in named))

    @property
    def after(self) -> Markup:
        """What follows it: the beginning of a list of those that carry it, or the ends of lists."""
        return Markup("<ol>") if self.nested else Markup("</li>") + Markup("</ol></li>") * self.closed


@dataclass(frozen=True, slots=True)
class OriginSection:
    """An origin in the list: its number from 1, and its texts."""

    number: int
    group: OriginGroup
    rows: tuple[OriginRow, ...]
    arabic: bool

    @property
    def first(self) -> Likely | None:
        """How likely the first text of several was the first, None where that cannot be told."""
        return likelihood(self.group.probability) if self.group.first_is_told else None

    @property
    def credited(self) -> tuple[str, ...]:
        """The agencies that most of its texts name."""
        return tuple(credit_label(name, arabic=self.arabic) for name in self.group.credited)


@dataclass(frozen=True)
class OriginsView:
    """A story as the page shows where it comes from. ``number`` counts those of the page from 1."""

    number: int
    story: Story
    rtl: bool

    @property
    def compact(self) -> bool:
        """True where there is nothing to draw: two texts of one origin and one source."""
        one, *others = (text.about.source for text in self.story.texts)
        return len(self.story.groups) == 1 and len(others) == 1 and (one or "").split() == (others[0] or "").split()

    @cached_property
    def trees(self) -> tuple[OriginTree, ...]:
        """The texts of each origin as a tree."""
        return origin_trees(self.story)

    @cached_property
    def graph(self) -> Graph:
        """The drawing."""
        return draw(self.story, self.trees, rtl=self.rtl)

    @property
    def drawn(self) -> bool:
        """True where texts share an origin, or quotations: others need no drawing."""
        return len(self.story.groups) < len(self.story.texts) or bool(self.graph.dashes)

    @property
    def untold(self) -> bool:
        """True where what a text carries cannot be told."""
        return any(len(tree.roots) > 1 for tree in self.trees)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The places of the texts in the story, from 1."""
        return {text.id: number for number, text in enumerate(self.story.texts, 1)}

    @cached_property
    def sections(self) -> tuple[OriginSection, ...]:
        """The list: the origins and their texts, the first `_MOST_LISTED`."""
        found = []
        left = _MOST_LISTED
        for number, tree in enumerate(self.trees, 1):
            rows = tuple(self._rows(tree, left))
            left -= len(rows)
            if rows:
                found.append(OriginSection(number, tree.group, rows, self.rtl))
        return tuple(found)

    def _rows(self, tree: OriginTree, most: int) -> Iterator[OriginRow]:
        walked = [*tree.walk(_DEEPEST)][:most]
        depths = [depth for _, depth in walked[1:]] + [0]
        several = len(tree.group.members) > 1
        for (name, depth), after in zip(walked, depths, strict=True):
            first = several and name == tree.group.first
            carried = tree.links.get(name)
            yield OriginRow(
                self.numbers[name], self.story.by_id[name], carried, first, not several, after > depth, max(0, depth - after), self.rtl
            )

    @cached_property
    def listed(self) -> frozenset[str]:
        """The ids of the texts in the list."""
        return frozenset(row.text.id for section in self.sections for row in section.rows)

    @property
    def left_out(self) -> int:
        """Number of texts that are not listed."""
        return len(self.story.texts) - len(self.listed)

    @property
    def open(self) -> bool:
        """True where the list is short enough to stand open."""
        return len(self.story.texts) <= _OPEN

    @property
    def contradicted(self) -> tuple[OriginText, ...]:
        """The texts that say of their source what their wording contradicts."""
        return tuple(text for text in self.story.texts if text.contradiction)

    @property
    def shared(self) -> tuple[SharedPassage, ...]:
        """What two origins quote, most words first."""
        return tuple(sorted(self.story.shared, key=lambda each: -each.words))

    def label(self, name: str) -> str:
        """Return the usual name of a source as readers of the page know it."""
        return credit_label(name, arabic=self.rtl)

    def likely(self, name: str) -> Likely:
        """Return how likely a text carries what it carries."""
        return likelihood(self.story.carried_by[name].probability)

    def percent(self, share: float) -> int:
        """Return a probability in percent."""
        return in_percent(share)

    def labels(self, box: Box) -> tuple[tuple[str, str, str], ...]:
        """Return the lines of a box, its source, else its id, and its time: each fitted to the box, with its direction and its anchor.

        Where all texts are of one source, their titles tell them apart.
        """
        text = self.story.by_id[box.name or ""]
        name = one_line(text.about.title) if self._by_title and text.about.title else source_or_id(text)
        lines = [name, text.about.time and to_the_minute(one_line(text.about.time))]
        return tuple(self._label(line) for line in lines if line)

    @cached_property
    def _by_title(self) -> bool:
        about = [text.about for text in self.story.texts]
        return len({each.source for each in about}) == 1 and len({each.title for each in about}) > 1

    def _label(self, text: str) -> tuple[str, str, str]:
        direction = text_direction(text)
        return fitting_label(text, LABEL_EMS), direction, "start" if (direction == "rtl") == self.rtl else "end"

    def whole(self, name: str) -> str:
        """Return all that a box stands for in one line: source or id, time and title."""
        text = self.story.by_id[name]
        return " · ".join(one_line(each) for each in (source_or_id(text), text.about.time, text.about.title) if each)


def to_the_minute(time: str) -> str:
    """Return a time of ISO 8601 without its seconds and its zone, another one as it is.

    >>> to_the_minute("2026-03-03T09:30:00Z"), to_the_minute("3 March")
    ('2026-03-03 09:30', '3 March')
    """
    found = _ISO.match(time)
    return f"{found[1]} {found[2]}" if found else time


def source_or_id(text: OriginText) -> str:
    """Return what a text is called: its source, else its id."""
    return one_line(text.about.source or text.id)


def credit_label(name: str, *, arabic: bool = False) -> str:
    """Return the usual name of an agency or a paper as readers know it: of an agency on an Arabic page that in Arabic.

    ``agencies``, for those without a name, stays: the page has a word for it.

    >>> credit_label("afp"), credit_label("reuters"), credit_label("okaz"), credit_label("afp", arabic=True)
    ('AFP', 'Reuters', 'Okaz', 'أ ف ب')
    """
    if name == UNNAMED:
        return name
    spellings = _agencies().get(name, ())
    own = (each for each in spellings if text_direction(each) == "rtl" and not each.startswith("~"))
    if arabic and (found := next(own, None)):
        return found
    return name if not name.isascii() else name.upper() if spellings and len(name) < _ACRONYM else name.title()


@lru_cache(maxsize=1)
def _agencies() -> Mapping[str, tuple[str, ...]]:
    """Return the spellings of the agencies that are known by each of them."""
    return {spelling: spellings for spellings in agency_spellings() for spelling in spellings}


def origins_views(stories: tuple[Story, ...], *, rtl: bool) -> tuple[OriginsView, ...]:
    """Return the stories as a page shows them."""
    return tuple(OriginsView(number, story, rtl) for number, story in enumerate((each for each in stories if each.texts), 1))
