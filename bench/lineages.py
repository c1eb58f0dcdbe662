"""Make stories whose lineage is known from articles, and say how much of it the program finds.

    python bench/lineages.py ARTICLES.jsonl[.gz] [--stories N] [--seed S] [--times true|hidden|false] [--evidence]
    python bench/lineages.py ARTICLES.jsonl[.gz] --large

Of one to four articles that share rare words, but no wording, a story grows to four to twelve texts by the operations of
`lineage_operations.OPERATIONS`: papers copy, cut, edit, merge and extend what they have, and print it later than their model. One origin in
five is not among the texts, as an agency's own text is not. ``--times``: all are told, none is, or three in ten are wrong by up to a day.
Equal seeds make equal stories.

Printed are: the share of stories whose number of origins is right; precision, recall and F1 of the pairs of texts that have one origin;
of the directions that are told and have one, the share that is right, and the share of those told between two texts of which neither
is made from the other; of the texts that have a model in the story, the share whose direction is told rightly; the share of
origins whose first text is right; then the same by operation, and whether told probabilities are true. ``--evidence`` prints how often each
evidence tells something of a pair of which one is made from the other, and how often that is right. ``--large`` prints the time of
three stories of 1,000 texts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
from lineage_operations import Part, Text, Writer, parts_of, words_of

from dedup import Config, Document
from dedup.origins.direction import Facts, directions
from dedup.origins.edits import edits
from dedup.origins.model import Story
from dedup.origins.narration import narrations
from dedup.origins.trace import StoryText, trace
from dedup.text.credits import credits_of, source_name

_WRONG = 0.3  # share of the texts with a wrong time, where times are false
_UNSEEN = 0.2  # share of the origins that are not among the texts
_FEW, _MANY = 80, 600  # words of an article that is taken
_NEIGHBOURS = 20
_SHARED = 0.03  # of one's word triples that the other has: more may be a match
_START = 1_700_000_000
_BANDS = (0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Lineage:
    """A story: its texts, and for each the times that are told of it."""

    texts: tuple[Text, ...]
    times: tuple[float | None, ...]

    def documents(self) -> list[StoryText]:
        """Return the texts as the program takes them. Their ids tell nothing of their order."""
        made = []
        for place, (text, seconds) in enumerate(zip(self.texts, self.times, strict=True)):
            name = f"t{place * 7 % len(self.texts):02}-{place}"
            written = None if seconds is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
            made.append(StoryText(name, text.written, Document(name, text.written, source=text.source, time=written)))
        return made

    def ancestors(self, place: int) -> set[int]:
        """Return the texts that a text is made from, at one or more removes."""
        found: set[int] = set()
        todo = [*self.texts[place].models]
        while todo:
            each = todo.pop()
            if each not in found:
                found.add(each)
                todo.extend(self.texts[each].models)
        return found


class Articles:
    """The texts that stories are made of."""

    def __init__(self, texts: Sequence[str]):
        self.texts = [text for text in texts if _FEW <= len(text.split()) <= _MANY]
        self._words = [{*words_of(text)} for text in self.texts]
        rows = defaultdict(list)
        for row, words in enumerate(self._words):
            for word in sorted(words):
                rows[word].append(row)
        self._rows = {word: each for word, each in rows.items() if 1 < len(each) <= max(20, len(self.texts) // 100)}

    def neighbour(self, row: int, rng: random.Random) -> int:
        """Return an article that shares many rare words with this one, but no wording."""
        counts = Counter(each for word in sorted(self._words[row]) for each in self._rows.get(word, ()))
        near = sorted(counts, key=lambda each: (-counts[each], each))[1 : _NEIGHBOURS * 2]
        free = [each for each in near if self._apart(row, each)][:_NEIGHBOURS]
        return rng.choice(free) if free else rng.randrange(len(self.texts))

    def _apart(self, one: int, other: int) -> bool:
        a, b = (_triples(self.texts[row]) for row in (one, other))
        return len(a & b) <= _SHARED * min(len(a), len(b))


def _triples(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {*zip(words, words[1:], words[2:], strict=False)}


def grow(articles: Articles, seed: str, times: str) -> Lineage:
    """Return a story. The same articles, seed and kind of times make the same one."""
    rng = random.Random(seed)
    rows = [rng.randrange(len(articles.texts))]
    while len(rows) < rng.randint(1, 4):
        row = articles.neighbour(rng.choice(rows), rng)
        if row in rows:
            break
        rows.append(row)
    writer = Writer(rng, articles.texts, "".join(articles.texts[row] for row in rows))
    texts = [writer.first(origin, articles.texts[row], _START + rng.uniform(0, 86_400)) for origin, row in enumerate(rows)]
    for _ in range(max(len(texts) + 2, rng.randint(4, 12)) - len(texts)):
        model = rng.choice(texts[: len(rows)] if rng.random() < 0.5 else texts)
        texts.append(writer.next(model, texts))
    unseen = {place for place in range(len(rows)) if rng.random() < _UNSEEN and sum(text.models == (place,) for text in texts) > 1}
    seen = without(texts, unseen)
    return Lineage(tuple(seen), tuple(_told(seen, times, rng)))


def without(texts: Sequence[Text], unseen: set[int]) -> list[Text]:
    """Return the texts that are left, with their models by their new places. What has an unseen model is made from none."""
    places = {old: new for new, old in enumerate(place for place in range(len(texts)) if place not in unseen)}
    return [
        replace(text, models=tuple(places[model] for model in text.models if model in places))
        for place, text in enumerate(texts)
        if place in places
    ]


def _told(texts: Sequence[Text], times: str, rng: random.Random) -> Iterator[float | None]:
    for text in texts:
        wrong = rng.random() < _WRONG
        by = rng.uniform(-86_400, 86_400)
        yield None if times == "hidden" else text.seconds + by * wrong * (times == "false")


class Tally:
    """What was found of the stories."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.by_operation: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.said: list[tuple[float, bool | None]] = []
        self.firsts: list[tuple[float, bool]] = []

    def add(self, lineage: Lineage, story: Story) -> None:
        """Compare a story with what was found of it."""
        places = {each.id: place for place, each in enumerate(lineage.documents())}
        group = {places[text.id]: text.group for text in story.texts}
        origins = [text.origin for text in lineage.texts]
        self.counts["stories"] += 1
        self.counts["exact"] += story.independent_origins == len({*origins})
        for a, b in combinations(range(len(origins)), 2):
            right, found = origins[a] == origins[b], group[a] == group[b]
            self.counts["true"] += right
            self.counts["found"] += found
            self.counts["both"] += right and found
            for name in {*lineage.texts[a].operations, *lineage.texts[b].operations}:
                self.by_operation[name].update(true=right, found=found, both=right and found)
        self._directions(lineage, story, places)
        self._first(lineage, story, places)

    def _directions(self, lineage: Lineage, story: Story, places: dict[str, int]) -> None:
        ancestors = [lineage.ancestors(place) for place in range(len(lineage.texts))]
        told = {places[each.b]: each for each in story.carries}
        for place, text in enumerate(lineage.texts):
            counts: Counter[str] = Counter(models=bool(text.models))
            if place in told:
                model = places[told[place].a]
                right = True if model in ancestors[place] else False if place in ancestors[model] else None
                self.said.append((told[place].probability, right))
                counts.update(right=right is True, turned=right is False, siblings=right is None)
            self.counts.update(counts)
            for name in text.operations:
                self.by_operation[name].update(counts)

    def _first(self, lineage: Lineage, story: Story, places: dict[str, int]) -> None:
        for group in story.groups:
            members = [places[name] for name in group.members]
            if len(members) > 1:
                first = min(members, key=lambda place: lineage.texts[place].seconds)
                self.firsts.append((group.probability, places[group.first] == first))

    def print(self) -> None:
        """Print the figures."""
        counts = self.counts
        print(f"{counts['stories']} stories: origins exact {_share(counts['exact'], counts['stories'])}; pairs {_pairs(counts)}")
        print(f"direction {_direction(counts)}; first {_share(sum(right for _, right in self.firsts), len(self.firsts))}")
        for name, each in sorted(self.by_operation.items()):
            print(f"  {name:12} pairs {_pairs(each)}; {_direction(each)}")
        print("told probability: of how many directions, right of those that have one, of all; of how many first texts, right")
        for low, high in zip((0.0, *_BANDS), _BANDS, strict=False):
            said = [right for chance, right in self.said if low < chance <= high]
            firsts = [right for chance, right in self.firsts if low < chance <= high]
            having = [right for right in said if right is not None]
            right = sum(each is True for each in said)
            print(f"  {low:.2f}-{high:.2f} {len(said):5} {_share(right, len(having))} {_share(right, len(said))}", end="")
            print(f" {len(firsts):5} {_share(sum(firsts), len(firsts))}")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "    -"


def _pairs(counts: Counter[str]) -> str:
    one, other = counts["both"] / max(1, counts["found"]), counts["both"] / max(1, counts["true"])
    return f"P {one:.3f} R {other:.3f} F1 {2 * one * other / (one + other or 1):.3f}"


def _direction(counts: Counter[str]) -> str:
    said = counts["right"] + counts["turned"]
    siblings = _share(counts["siblings"], said + counts["siblings"])
    return f"right {_share(counts['right'], said)}, siblings {siblings}, told {_share(counts['right'], counts['models'])}"


def evidence(lineages: Sequence[Lineage]) -> None:
    """Print how often each evidence tells something of two texts of which one is made from the other, and is right."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for lineage in lineages:
        for facts, held, edited, rows in _known(lineage):
            found = directions(facts, held, edited)
            for a, b in combinations(range(len(rows)), 2):
                if rows[a] not in lineage.ancestors(rows[b]):
                    continue
                for name, part in [*found.parts.items(), ("all", found.odds)]:
                    value = abs(float(part[a, b]))
                    if value > 0.1:
                        band = f"{name} {'<' if value < 1 else '>='} 1"
                        counts[band].update(told=1, right=bool(part[a, b] > 0))
                counts["pairs"]["told"] += 1
    for name, each in sorted(counts.items()):
        print(f"{name:20} {each['told']:6} {_share(each['right'], each['told'])}")


def _known(lineage: Lineage) -> Iterator[tuple[list[Facts], np.ndarray, np.ndarray, list[int]]]:
    """Yield for each origin what `directions` takes, as it is measured."""
    for origin in sorted({text.origin for text in lineage.texts}):
        rows = [row for row, text in enumerate(lineage.texts) if text.origin == origin]
        sets = [_triples(lineage.texts[row].written) for row in rows]
        held = np.array([[len(a & b) / max(1, len(a)) for b in sets] for a in sets])
        edited = edits(narrations([lineage.texts[row].written for row in rows]).words)
        facts = []
        for row in rows:
            text, seconds = lineage.texts[row], lineage.times[row]
            source = source_name(text.source)
            named = frozenset(each.name for each in credits_of(text.written, source=text.source) if each.kind != "staff") - {source}
            facts.append(Facts(float("nan") if seconds is None else seconds, "date", source, named, str(row), 0))
        yield facts, held, edited, rows


def large(articles: Articles, seed: int) -> None:
    """Print the time of three stories of 1,000 texts: near copies, texts of 100 origins, and texts that share one quotation alone."""
    rng = random.Random(seed)
    rows = rng.sample(range(len(articles.texts)), min(1001, len(articles.texts)))
    quotation = Part(-1, "«" + " ".join(articles.texts[rows[-1]].translate(dict.fromkeys(map(ord, '«»"'))).split()[:40]) + "»")
    writer = Writer(rng, articles.texts, articles.texts[rows[0]])
    kinds = {
        "1,000 near copies": [writer.edited(parts_of(0, articles.texts[rows[0]]), 0.03) for _ in range(1000)],
        "1,000 texts of 100 origins": [writer.edited(parts_of(0, articles.texts[rows[each % 100]]), 0.03) for each in range(1000)],
        "1,000 texts with a quotation": [(*parts_of(0, articles.texts[rows[each % len(rows)]]), quotation) for each in range(1000)],
    }
    for name, made in kinds.items():
        texts = [Text((), 0, f"paper {place % 40}", _START + place * 60, parts) for place, parts in enumerate(made)]
        story = Lineage(tuple(texts), tuple(text.seconds for text in texts)).documents()
        start = time.perf_counter()
        found = trace("story", story, Config())
        print(f"{name}: {time.perf_counter() - start:.1f} s, {found.independent_origins} origins, {len(found.carries)} directions")


def read(path: Path) -> Articles:
    """Return the articles of a JSONL file."""
    data = path.read_bytes()
    lines = (gzip.decompress(data) if path.suffix == ".gz" else data).decode().split("\n")
    return Articles([json.loads(line)["text"] for line in lines if line.strip()])


def main() -> None:
    parser = argparse.ArgumentParser(description="Make stories whose lineage is known, and say how much of it is found.")
    parser.add_argument("articles", type=Path)
    parser.add_argument("--stories", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", choices=("true", "hidden", "false"), default="true")
    parser.add_argument("--evidence", action="store_true")
    parser.add_argument("--large", action="store_true")
    given = parser.parse_args()
    articles = read(given.articles)
    if given.large:
        large(articles, given.seed)
        return
    lineages = [grow(articles, f"{given.seed} {number}", given.times) for number in range(given.stories)]
    if given.evidence:
        evidence(lineages)
        return
    tally = Tally()
    for number, lineage in enumerate(lineages):
        tally.add(lineage, trace(str(number), lineage.documents(), Config()))
    tally.print()


if __name__ == "__main__":
    main()
