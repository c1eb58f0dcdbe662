"""Stories: a cluster with what is a rewrite of it or shares a passage with it, and the origins of their wording."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from .clusters.stars import cluster_name, stars
from .config import Config
from .model import Document, Relation, Result
from .origins.model import Origins
from .origins.trace import StoryText, trace
from .pipeline import find_duplicates
from .readers.values import Text, documents_of
from .text.ids import named, not_withdrawn
from .text.passages import passages

APART = frozenset((Relation.TEMPLATE,))
"""The relations that make two texts no texts of one story: they are about two events."""
_BEGINNING = 200  # characters of a text that people are shown in the place of a title


def stories_of(clusters: Iterable[Sequence[str]], pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the name and the texts of each story: of clusters, and texts that are in none, with those that pairs link them to.

    ``pairs`` are the ids of texts with another relation than a template. The cluster with most texts comes first, with all that are linked
    to it, then the same with the rest: a story is a star of clusters. One without another text is none.

    >>> [*stories_of([["a", "b", "c"], ["d", "e"]], [("c", "d"), ("e", "f"), ("b", "g")])]
    [('cca978112ca1b', ('a', 'b', 'c', 'd', 'e', 'g'))]
    """
    groups = [tuple(sorted(each)) for each in clusters]
    home = {member: place for place, members in enumerate(groups) for member in members}
    links: dict[int, set[int]] = {}
    for pair in pairs:
        for name in pair:
            if name not in home:
                home[name] = len(groups)
                groups.append((name,))
        one, other = (home[name] for name in pair)
        if one != other:
            links.setdefault(one, set()).add(other)
            links.setdefault(other, set()).add(one)
    ranked = sorted(range(len(groups)), key=lambda place: (-len(groups[place]), groups[place]))
    order = {place: rank for rank, place in enumerate(ranked)}
    for star in stars((place, sorted(links.get(place, ()), key=order.__getitem__)) for place in ranked):
        members = tuple(sorted(member for place in star for member in groups[place]))
        if len(members) > 1:
            yield cluster_name(min(groups[star[0]])), members


def origins_of(result: Result, documents: Iterable[Document], config: Config | None = None) -> Origins:
    """Return the stories of what a search found, with their origins. ``documents`` are those of the search, with ids of their own.

    They are read once, and only the texts that are in stories are kept.
    """
    config = config or Config()
    pairs = ((match.a.id, match.b.id) for match in result.matches if match.relation not in APART)
    found = [*stories_of((cluster.members for cluster in result.clusters), pairs)]
    wanted = {name for _, members in found for name in members}
    texts = _texts_of(documents, wanted, config)
    stories = [trace(name, [texts[member] for member in members], config) for name, members in found]
    return Origins(tuple(sorted(stories, key=lambda story: (-len(story.texts), story.id))))


def _texts_of(documents: Iterable[Document], wanted: Collection[str], config: Config) -> Mapping[str, StoryText]:
    texts = {}
    for document in documents:
        for segment, text in passages(document, config):
            if segment.id in wanted:
                texts[segment.id] = StoryText(segment.id, text, document)
    return texts


def first_words(documents: Iterable[Document], names: Collection[str], config: Config) -> dict[str, str]:
    """Return the beginning of the texts with these ids, for people, by id. ``documents`` are as `origins_of` takes them.

    >>> first_words([Document("a", "Rain in the north."), Document("b", "Wind.")], {"b"}, Config())
    {'b': 'Wind.'}
    """
    if not names:
        return {}
    return {name: text.text[:_BEGINNING] for name, text in _texts_of(documents, names, config).items()}


def find_origins(texts: Iterable[Text], config: Config | None = None, **search: Any) -> Origins:
    """Find the stories among texts, and for each its independent origins, which text was likely first, and who carries whom.

    ``texts`` and ``search`` are as `find_duplicates` takes them. All texts are kept in memory.

    >>> report = "Two people were killed when a bridge fell in the old town on Monday, the governor of the province said."
    >>> texts = [report, report + " Boats searched the river until it was dark.", "Rain is expected in the north on Monday."]
    >>> [(story.independent_origins, len(story.texts)) for story in find_origins(texts).stories]
    [(1, 2)]
    """
    held = [*documents_of(texts)]
    result = find_duplicates(held, config, **search)
    return origins_of(result, named(not_withdrawn(held), search.get("same_id", "version")), config)
