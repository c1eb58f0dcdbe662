"""Time what a desk asks of a large index. Run from the root: python bench/browse.py FOLDER [--records N]

An index of invented articles is made in FOLDER, where there is none: words of an invented language by Zipf's law, one of four articles
an edited or an exact copy of one that came shortly before. All of them are decided about, as `dedup filter` does it, and looked at, as
`dedup serve` does it. Then every question of a desk is asked several times: median and worst milliseconds, and of the processor, which
other programs disturb less. POSIX only.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np

from dedup import Document, Gate, Index, StoryQuery, TextNews

WORDS, LENGTH, RECENT = 60_000, (60, 180), 2000
SYLLABLES = [a + b for a in "بتجحدرسشصطعفقكلمنهوي" for b in ("ا", "و", "ي", "")]
SOURCES = [f"wire {number}" for number in range(40)]
TOGETHER = 4096
DAY = 86_400.0


def words(rng: random.Random) -> list[str]:
    """Return the words of an invented language, the most frequent first."""
    found: dict[str, None] = {}
    while len(found) < WORDS:
        found["".join(rng.choice(SYLLABLES) for _ in range(rng.randrange(2, 5)))] = None
    return [*found]


def articles(count: int) -> Iterator[Document]:
    """Yield invented articles, the same ones each time."""
    rng, numbers = random.Random(23), np.random.default_rng(23)
    language = words(rng)
    weights = 1 / np.arange(3, WORDS + 3)
    cumulated = np.cumsum(weights / weights.sum())
    recent: list[list[str]] = []
    for number in range(count):
        kind = rng.random()
        if recent and kind < 0.05:
            text = rng.choice(recent)
        elif recent and kind < 0.25:
            text = [*rng.choice(recent)]
            for _ in range(rng.randrange(1, 6)):
                text[rng.randrange(len(text))] = rng.choice(language)
        else:
            drawn = np.searchsorted(cumulated, numbers.random(rng.randrange(*LENGTH)))
            text = [language[min(each, WORDS - 1)] for each in drawn.tolist()]
        if len(recent) == RECENT:
            recent[rng.randrange(RECENT)] = text
        else:
            recent.append(text)
        when = 1.6e9 + number * 20
        yield Document(f"a{number}", " ".join(text), title=" ".join(text[:8]), source=rng.choice(SOURCES), time=repr(when))


def tell(older: Document, newer: Document) -> TextNews:
    """Return what a text brought, in a cheap way: the bench is not about comparing."""
    changed = len({*newer.text.split()} - {*older.text.split()})
    kinds = ("number",) if changed % 3 == 1 else ("wording",) if changed else ()
    return TextNews(kinds, ("rise",) if changed == 4 else (), {"en": f"{changed} words"})


def make(path: str, count: int) -> None:
    """Make the index, and tell how long that takes."""
    start = time.perf_counter()
    with Index.open(path) as index:
        gate, part = Gate(index), []
        for document in articles(count):
            part.append(document)
            if len(part) == TOGETHER or int(document.id[1:]) == count - 1:
                gate.decide_all(part)
                part = []
        print(f"| decide | {time.perf_counter() - start:,.0f} s |", flush=True)
        start = time.perf_counter()
        while index.catch_up(tell, most=TOGETHER):
            pass
        print(f"| catch_up | {time.perf_counter() - start:,.0f} s |", flush=True)
    size = sum(found.stat().st_size for found in Path(path).parent.glob(f"{Path(path).name}*"))
    print(f"| size | {size / 1e6:,.0f} MB |", flush=True)


def questions(index: Index) -> dict[str, Callable[[], object]]:
    """Return what is asked, by what it is called."""
    rng = random.Random(7)
    language = words(random.Random(23))
    newest = index.newest_row()

    def asked(**values: object) -> Callable[[], object]:
        return lambda: index.stories(StoryQuery(**{name: value() if callable(value) else value for name, value in values.items()}))  # type: ignore[arg-type]

    def day() -> float:
        return 1.6e9 + rng.randrange(max(1, newest)) * 20

    return {
        "first page": index.stories,
        "a page in the middle": lambda: index.stories(before=newest // 2),
        "a page anywhere": lambda: index.stories(before=rng.randrange(1, newest + 1)),
        "the last page": lambda: index.stories(before=30),
        "a frequent word": asked(words=lambda: rng.choice(language[:50])),
        "a rare word": asked(words=lambda: rng.choice(language[-20_000:])),
        "two words": asked(words=lambda: " ".join(rng.sample(language[:3000], 2))),
        "three words": asked(words=lambda: " ".join(rng.sample(language[:300], 3))),
        "a word that is nowhere": asked(words="xyzzyplugh"),
        "two rare words": asked(words=lambda: " ".join(rng.sample(language[-20_000:], 2))),
        "a source": asked(sources=lambda: (rng.choice(SOURCES),)),
        "a kind of change": asked(kinds=("number",)),
        "alarms": asked(alarms=True),
        "an old day": asked(since=(start := day()), until=start + DAY),
        "everything at once": asked(words=lambda: rng.choice(language[:50]), kinds=("number",), sources=tuple(SOURCES[:5]), since=1.6e9),
        "facets": index.facets,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=25)
    options = parser.parse_args()
    path = str(options.folder / f"browse-{options.records}.db")
    print(f"{options.records:,} records, {os.cpu_count()} processors\n\n| making | |\n|---|---:|")
    if not os.path.exists(path):
        make(path, options.records)
    print("\n| question | first ms | median ms | worst ms | median ms of the processor |\n|---|---:|---:|---:|---:|")
    with Index.open(path) as index:
        for name, ask in questions(index).items():
            times, worked = [], []
            for _ in range(options.rounds):
                start, busy = time.perf_counter(), time.process_time()
                ask()
                times.append(1000 * (time.perf_counter() - start))
                worked.append(1000 * (time.process_time() - busy))
            print(f"| {name} | {times[0]:.0f} | {median(times):.0f} | {max(times):.0f} | {median(worked):.0f} |", flush=True)


if __name__ == "__main__":
    main()
