"""Compare our comparison with difflib.HtmlDiff, redlines and diff-match-patch. Run from the root: python bench/diffs.py

The pairs are those of seeds/cases/changes.jsonl, the duplicates of the seed, and the revisions of seeds/cases/pairs.jsonl, at most 200.
The table, in Markdown, has for each tool:

- ms a pair: the median of several rounds over all pairs, in which the tools take turns;
- ms for 200: the same for one document of 200 sentences, every one of them edited, one a line (the older texts beside the later ones);
- bytes a pair: the mean size of the HTML in UTF-8. Ours is a page that needs no other file: with style, script, digest and both texts;
- marks, and confetti: marks per changed word, over all pairs. Many small marks for few changed words are hard to read.
- cut: ends of marks inside a word, between two letters or digits (of scripts that part words by spaces).

A mark is a stretch of marked text in the output that no unmarked text interrupts, white space aside: stretches of deleted text are
counted along the older text, those of inserted text along the later. Changed words are what the words (between white space) of either
text have more of than those of the other, as multisets: a number that no tool has a part in. What moved unchanged adds no changed word.

HtmlDiff compares lines, so it gets each sentence, as we split them, on a line of its own, and wraps nothing. redlines writes its Markdown
with ``ins`` and ``del``; diff-match-patch cleans up for meaning before it writes its HTML, and by default looks for one second at most.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from difflib import HtmlDiff
from html.parser import HTMLParser
from itertools import islice, pairwise
from pathlib import Path
from statistics import mean, median

from reports import UnitRelation, compare, render
from reports.cache import ResultCache
from reports.language.sentences import split_sentences

try:
    from diff_match_patch import diff_match_patch
    from redlines import Redlines
except ImportError:
    sys.exit("bench/diffs.py needs two libraries more: pip install redlines diff-match-patch")

ROOT = Path(__file__).parent.parent
MOST_PAIRS = 200
ROUNDS = 7
# Arabic vowel marks belong to their letters; Chinese and Japanese do not show where their words end.
_INSIDE_WORD = re.compile("(?:[^\\W\u3040-\u30ff\u3400-\u9fff]|[\u0610-\u061a\u064b-\u065f\u0670]){2}")
_VOID = {"meta", "br", "hr", "img", "input", "link", "base", "col", "colgroup"}

Pair = tuple[str, str]
Labels = frozenset[str]


def _records(name: str) -> Iterator[dict[str, str]]:
    with open(ROOT / "seeds/cases" / name, encoding="utf-8") as file:
        yield from map(json.loads, file)


def pairs() -> list[Pair]:
    """Return the texts, older and later, always the same in the same order."""
    found = [(case["a"], case["b"]) for case in _records("changes.jsonl")]
    seed = json.loads((ROOT / "seeds/cases/seed.json").read_text(encoding="utf-8"))
    lines = (ROOT / seed["file"]).read_text(encoding="utf-8").split("\n")
    found += [(lines[each["earlier"] - 1], lines[each["later"] - 1]) for each in seed["duplicates"]]
    found += [(case["a"], case["b"]) for case in _records("pairs.jsonl") if case["relation"] == "revision"]
    return found[:MOST_PAIRS]


def long_pair(texts: Iterable[Pair]) -> Pair:
    """Return 200 sentences that were edited, as two texts of a sentence a line."""
    edited = (
        (comparison.sentences_a[unit.a[0]].of(a).replace("\n", " "), comparison.sentences_b[unit.b[0]].of(b).replace("\n", " "))
        for a, b in texts
        for comparison in (compare(a, b),)
        for unit in comparison.units
        if unit.relation is UnitRelation.EDITED
    )
    old, new = zip(*islice(edited, 200), strict=True)
    return "\n".join(old), "\n".join(new)


def ours(a: str, b: str) -> str:
    """Return our page."""
    return render(compare(a, b), "html")


def ours_without_page(a: str, b: str) -> str:
    """Compare only; there is no output."""
    compare(a, b)
    return ""


def html_diff(a: str, b: str) -> str:
    """Return the table of difflib.HtmlDiff, a sentence a line."""
    old, new = ([span.of(text) for span in split_sentences(text)] for text in (a, b))
    return HtmlDiff().make_table(old, new)


def redlines(a: str, b: str) -> str:
    """Return the Markdown of redlines, which is HTML where something changed."""
    return str(Redlines(a, b, markdown_style="none").output_markdown)


def match_patch(a: str, b: str) -> str:
    """Return the HTML of diff-match-patch."""
    tool = diff_match_patch()
    found = tool.diff_main(a, b)
    tool.diff_cleanupSemantic(found)
    return str(tool.diff_prettyHtml(found))


class _Reader(HTMLParser):
    """Reads HTML as texts with the labels of all elements around them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[Labels] = []
        self.found: list[tuple[Labels, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            values = dict(attrs)
            side = {f"side-{values['data-side']}"} if "data-side" in values else set()
            self.open.append(frozenset({tag, *(values.get("class") or "").split(), *side}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.found.append((frozenset().union(*self.open), data))


def _read(html: str) -> list[tuple[Labels, str]]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


def _count(side: Iterable[tuple[bool, str]]) -> Counter[str]:
    """Count the marks of one text, given as (marked, text), and their ends inside a word."""
    texts = [(marked, text) for marked, text in side if text]
    line = "".join("x" if marked else "-" for marked, text in texts if text.strip())
    cut = sum(one != other and bool(_INSIDE_WORD.fullmatch(left[-1] + right[0])) for (one, left), (other, right) in pairwise(texts))
    return Counter(marks=len(re.findall("x+", line)), cut=cut)


def _marks_of_flow(pieces: Iterable[tuple[Labels, str]]) -> Counter[str]:
    """Count the marks of a flow of both texts, in which ``del`` and ``ins`` are the marks."""
    found = list(pieces)
    old = _count(("del" in labels, text) for labels, text in found if "ins" not in labels)
    return old + _count(("ins" in labels, text) for labels, text in found if "del" not in labels)


def _marks_of_page(html: str) -> Counter[str]:
    """Count the marks of our page, of its column of the later text, in which deletions stand as well, and of removed sentences."""
    cells = ((labels, text) for labels, text in _read(html) if labels & {"side-a", "side-b"} and not labels & {"twin", "vh"})
    return _marks_of_flow((labels, "[]" if "chip" in labels else text) for labels, text in cells)  # a chip stands for a sign


def _marks_of_table(html: str) -> Counter[str]:
    """Count the marks of HtmlDiff: the first cell of a row that has text is the older, the second the later."""
    sides: tuple[list[tuple[bool, str]], list[tuple[bool, str]]] = ([], [])
    for row in re.findall("<tr>.*?</tr>", html, re.DOTALL):
        for side, cell in zip(sides, re.findall('<td nowrap="nowrap">.*?</td>', row, re.DOTALL), strict=True):
            side += [(bool(labels & {"diff_add", "diff_chg", "diff_sub"}), text) for labels, text in _read(cell)]
            side.append((False, "\n"))
    return _count(sides[0]) + _count(sides[1])


Tool = tuple[str, Callable[[str, str], str], Callable[[str], Counter[str]]]
TOOLS: tuple[Tool, ...] = (
    ("bulletin-dedup, page", ours, _marks_of_page),
    ("bulletin-dedup, comparison alone", ours_without_page, lambda html: Counter()),
    ("difflib.HtmlDiff", html_diff, _marks_of_table),
    ("redlines", redlines, lambda html: _marks_of_flow(_read(html))),
    ("diff-match-patch", match_patch, lambda html: _marks_of_flow(_read(html))),
)


def changed_words(a: str, b: str) -> int:
    """Return how many words either text has more than the other."""
    old, new = Counter(a.split()), Counter(b.split())
    return ((old - new) + (new - old)).total()


def _times(texts: list[Pair], rounds: int) -> list[float]:
    """Return the median milliseconds a pair of each tool."""
    taken: list[list[float]] = [[] for _ in TOOLS]
    for _ in range(rounds):
        for times, (_, tool, _) in zip(taken, TOOLS, strict=True):
            ResultCache.clear_all()  # every round reads the texts anew
            start = time.perf_counter()
            for a, b in texts:
                tool(a, b)
            times.append(1000 * (time.perf_counter() - start) / len(texts))
    return [median(times) for times in taken]


def main() -> None:
    """Print the table."""
    texts = pairs()
    words = sum(changed_words(a, b) for a, b in texts)
    outputs = [[tool(a, b) for a, b in texts] for _, tool, _ in TOOLS]  # this warms up as well
    print(f"{len(texts)} pairs, {words} changed words; Python {sys.version.split()[0]}\n")
    print("| tool | ms a pair | ms for 200 | bytes a pair | marks | confetti | cut |\n|---|---:|---:|---:|---:|---:|---:|")
    each, long = _times(texts, ROUNDS), _times([long_pair(texts)], 3)
    for (name, _, count), pages, short_time, long_time in zip(TOOLS, outputs, each, long, strict=True):
        size, found = mean(len(page.encode()) for page in pages), sum(map(count, pages), Counter())
        rest = f"{size:,.0f} | {found['marks']} | {found['marks'] / words:.2f} | {found['cut']}" if size else "| | |"
        print(f"| {name} | {short_time:.2f} | {long_time:,.0f} | {rest} |")


if __name__ == "__main__":
    main()
