"""The texts of an origin as a tree: under each text those that carry it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dedup.origins.model import Carried, OriginGroup, Story

_TOLD = 0.55  # probability of the first text that is told in any group
_UNTOLD = 1.5  # times the probability that a text of a group has by chance: below it nobody can tell which was first


def first_is_told(group: OriginGroup) -> bool:
    """Say whether it can be told which of several texts was likely first."""
    return len(group.members) > 1 and group.probability > min(_TOLD, _UNTOLD / len(group.members))


@dataclass(frozen=True, slots=True)
class OriginTree:
    """The texts of a group. ``roots`` carry no other text as far as can be told, the one that was likely first before others; ``children``
    has for a text those that carry it, later versions of the same source first."""

    group: OriginGroup
    roots: tuple[str, ...]
    children: Mapping[str, tuple[str, ...]]
    links: Mapping[str, Carried]

    def sizes(self) -> dict[str, int]:
        """Return for each text how many it is with all below it."""
        found: dict[str, int] = {}
        for name, _ in reversed([*self.walk()]):
            found[name] = 1 + sum(found[child] for child in self.children[name])
        return found

    def walk(self, deepest: int | None = None) -> Iterator[tuple[str, int]]:
        """Yield the texts with their depths, each before those that carry it; none is said to be deeper than ``deepest``.

        A later version of a source is as deep as the earlier one, and comes after all that carry that.
        """
        left = [(name, 0) for name in reversed(self.roots)]
        while left:
            name, depth = left.pop()
            yield name, depth
            below = depth + 1 if deepest is None else min(depth + 1, deepest)
            # What is taken from the end comes first: those that carry it, then its later versions.
            left += ((child, depth if self.links[child].evolved else below) for child in self.children[name][::-1] if self._later(child))
            left += ((child, below) for child in self.children[name][::-1] if not self._later(child))

    def _later(self, name: str) -> bool:
        return self.links[name].evolved


def origin_trees(story: Story) -> tuple[OriginTree, ...]:
    """Return the trees of the groups of a story."""
    return tuple(_tree(group, story) for group in story.groups)


def _tree(group: OriginGroup, story: Story) -> OriginTree:
    members = dict.fromkeys([group.first, *group.members])
    links = {name: story.carried_by[name] for name in members if name in story.carried_by and story.carried_by[name].a in members}
    links.pop(group.first, None)
    for name in members:
        _cut_ring(name, links)
    children: dict[str, list[str]] = {name: [] for name in members}
    for name, link in links.items():
        children[link.a].append(name)
    ordered = {name: tuple(sorted(found, key=lambda child: not links[child].evolved)) for name, found in children.items()}
    return OriginTree(group, tuple(name for name in members if name not in links), ordered, links)


def _cut_ring(name: str, links: dict[str, Carried]) -> None:
    """Take away the link of a text that leads back to itself: chances are no order, so three texts may each carry the one before."""
    passed = {name}
    at = name
    while at in links and (at := links[at].a) not in passed:
        passed.add(at)
    if at == name:
        links.pop(name, None)
