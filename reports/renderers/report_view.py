"""The view of a report for the HTML page: its texts, what is to be read first, and what decided which text is the older."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from dedup.model import OrderedBy
from dedup.origins.model import Story

from ..model import Report, Version
from ..summary.digest import MOST_LINES
from .comparison_view import ComparisonView, PageLine
from .origin import headline
from .origins_view import OriginsView, origins_views
from .timeline_view import TimelineView


@dataclass(frozen=True)
class ReportView:
    """A report as the page shows it, in one of its directions."""

    report: Report
    stories: tuple[TimelineView, ...]
    turned: bool
    rtl: bool = False
    """Our own words are read from the right."""

    @property
    def alone(self) -> TimelineView | None:
        """The one text of the page, None for a page of bulletins or of several texts."""
        return self.stories[0] if len(self.stories) == 1 and not self.report.bulletins else None

    @property
    def latest(self) -> Version | None:
        """The newest version of the one text of the page."""
        return self.alone.latest if self.alone else None

    @property
    def title(self) -> str:
        """The headline of the one text of the page where it has one, else the title of the report."""
        return (headline(self.latest) if self.latest else None) or self.report.title

    @cached_property
    def ordered_by(self) -> tuple[OrderedBy, ...]:
        """What decided which texts are the older, each once."""
        found = [story.timeline.ordered_by for story in self.stories if story.timeline.steps]
        found += [pair.ordered_by for pair in self.report.bulletins]
        return tuple(by for by in OrderedBy if by in found)

    @cached_property
    def totals(self) -> Counter[str]:
        """Number of changes by kind, in all comparisons that stand open."""
        return sum((story.newest.counts for story in self.stories), Counter[str]())

    @cached_property
    def sections(self) -> frozenset[tuple[str, str]]:
        """The ids of the sections of bulletins that match."""
        return frozenset((match.a.id, match.b.id) for pair in self.report.bulletins for match in pair.sections)

    @cached_property
    def compared(self) -> dict[tuple[str, str], tuple[ComparisonView, TimelineView]]:
        """The comparisons of sections of bulletins, by their ids."""
        return {pair: (article, story) for story in self.stories for pair, article in story.by_pair().items() if pair in self.sections}

    @cached_property
    def story_of(self) -> dict[str, TimelineView]:
        """The texts by the ids of their versions."""
        return {version.id: story for story in self.stories for version in story.timeline.versions}

    @cached_property
    def origins(self) -> tuple[OriginsView, ...]:
        """Where the texts come from, for each story that is known of."""
        return origins_views(self.report.origins, rtl=self.rtl)

    def story_with(self, story: Story) -> TimelineView | None:
        """Return the first text of the page that has a version in a story."""
        return next((self.story_of[text.id] for text in story.texts if text.id in self.story_of), None)

    def place_of(self, name: str) -> str | None:
        """Return the anchor of a version: of its bar where its text has many, else of the comparison; None where it is not on the page."""
        story = self.story_of.get(name)
        if story is None:
            return None
        if not story.many:
            return f"p-{story.newest.number}"
        state = next(state for state in story.states if any(version.id == name for version in state.versions))
        return f"v-{story.number}-{state.number}"

    @cached_property
    def versions(self) -> dict[str, Version]:
        """The versions by their ids."""
        return {version.id: version for story in self.stories for version in story.timeline.versions}

    @cached_property
    def pairs(self) -> list[TimelineView]:
        """The texts with two states: their facts share one table."""
        return [story for story in self.stories if len(story.states) == 2]

    @cached_property
    def loose(self) -> list[TimelineView]:
        """The texts that belong to no bulletin."""
        inside = {name for pair in self.sections for name in pair}
        return [story for story in self.stories if not inside & {version.id for version in story.timeline.versions}]

    @cached_property
    def texts(self) -> dict[str, str]:
        """The texts of sections that only one bulletin has, by id."""
        return dict(self.report.only_texts)

    @cached_property
    def elsewhere(self) -> list[str]:
        """The ids of those sections that no card of bulletins shows."""
        alone = {section.id for pair in self.report.bulletins for section in (*pair.only_a, *pair.only_b)}
        return [name for name in self.texts if name not in alone]

    @cached_property
    def lead(self) -> tuple[tuple[TimelineView, PageLine], ...]:
        """The heaviest lines of all texts; of those of one weight the first of each text, then the second, in the order of the page."""
        lines = (
            (line.weight, place, story.number, story, line) for story in self.stories for place, line in enumerate(story.newest.digest)
        )
        return tuple((story, line) for *_, story, line in sorted(lines, key=lambda row: row[:3])[:MOST_LINES])
