"""Texts that no newsroom writes: the work grows with them and no faster, and no depth of theirs reaches the interpreter's limit.

Steps are counted, not seconds: each line of ours that runs, each character that a pattern or a method of a string is given, and the
cells that rapidfuzz fills in. The bounds are lowered, so that short texts reach them.
"""

from __future__ import annotations

import ast
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import installed
import pytest
from command_support import run_command

from reports import compare, compare_versions, render
from reports.cache import ResultCache
from reports.diff import blocks, limits, sentence_alignment, word_alignment
from reports.history import sentences as merge
from reports.language import sentences as splitting

OURS = str(Path(compare.__code__.co_filename).parent)
SIZES = (1_000, 2_000)
MOST_GROWTH = 2.6  # for twice the text: n log n, and what is due to the draw

Shape = Callable[[int, random.Random], str]


def repeated(unit: str) -> Shape:
    return lambda size, rng: (unit * (size // len(unit) + 1))[:size]


def drawn(items: list[str], between: str = " ") -> Shape:
    def make(size: int, rng: random.Random) -> str:
        return between.join(rng.choice(items) for _ in range(size // (3 + len(between))))[:size]

    return make


def numbered(pattern: str, between: str = " ") -> Shape:
    return lambda size, rng: between.join(pattern.format(rng.randrange(10**6)) for _ in range(size // (5 + len(pattern))))[:size]


SHAPES: dict[str, Shape] = {
    **{f"repeated {unit!r}": repeated(unit) for unit in (
        ":", "\n", " ", ".", "…", "۔", "。", "،", '"', "«", "(", "-", "a", "ا", "中", "ก", "7", "٧", "$", "\u200f", "\u200d", "\u0301",
        "\u0651", "😀", "🇸", "\x00", "½", "a.", "a ", ". ", ":\n", "a\n", "1.", "1:", "1 ", "a.b ", "a::\n", "حلب::\nنص\n", '"a" ', "()",
        "a\u200d", "👩\u200d", "中，", "中。", "a1", "ا1", "a-", "1-2-", "3/4/2024 ", "14:30 ", "10-15 ", "5.5% ", "مليار مليار ", "وتسعة ",
        "خمسة عشر ", "بين 40 و50 ", "123\u202f", " -5", "$5", "د. ", "Mr. ", "قال.", "a\n\n", "وحلب ", "لا ", "ne pas ", "said that ",
    )},
    "words of forty": drawn([f"w{n}" for n in range(40)]),
    "words of forty in lines": drawn([f"w{n}" for n in range(40)], "\n"),
    "words of two": drawn(["a", "b"]),
    "words of thousands": numbered("w{}"),
    "numbers": numbered("{}"),
    "numbers in lines": numbered("{}", "\n"),
    "number words": drawn(["واحد", "ثلاثة", "خمسة", "عشر", "وعشرون", "مئة", "ألف", "مليون", "مليار", "وألف", "ونصف"]),
    "short sentences": drawn(["He said.", "Rain fell.", "It is 5.", "No."]),
    "sentences of one formula": numbered("The town {} was shelled.", " "),
    "letters of Han": drawn([chr(0x4E00 + n) for n in range(2000)], ""),
    "letters of Han with stops": drawn([*(chr(0x4E00 + n) for n in range(200)), *"。" * 20], ""),
    "headings": numbered("h{}::", "\n"),
    "marks": drawn(list(".,;:!?\"'()«»-…،؛؟"), ""),
    "emoji": drawn(["👩", "\u200d", "🇸", "🇾", "\ufe0f", "1\u20e3"], ""),
    "quotations": drawn(['"a"', "«ب»", "'c'", "x", "y"]),
    "names and joiners": drawn(["وحلب", "ودمشق،", "وحمص", "الوزير", "محمد", "بن"]),
    "abbreviations": drawn(["Mr.", "د.", "a.b.", "No."]),
    "brackets inside each other": lambda size, rng: "(" * (size // 2) + ")" * (size // 2),
    "every second word new": lambda size, rng: " ".join(f"k{n} x{rng.randrange(10**6)}" for n in range(size // 12)),
    "one word and new ones": lambda size, rng: " ".join(f"a x{rng.randrange(10**6)}" for _ in range(size // 9)),
}  # fmt: skip


class Steps:
    """What was done."""

    def __init__(self) -> None:
        self.count = 0

    def traced(self, frame: FrameType, event: str, _: Any) -> Any:
        return self._lines if frame.f_code.co_filename.startswith(OURS) else None

    def _lines(self, frame: FrameType, event: str, _: Any) -> Any:
        self.count += 1
        return self._lines


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Steps]:
    """Count the steps of what is done inside."""
    steps = Steps()
    opcodes, alike = blocks.Levenshtein.opcodes, blocks.Indel.normalized_similarity

    class Measured:
        @staticmethod
        def opcodes(a: Any, b: Any) -> Any:
            steps.count += len(a) * len(b) // 64
            return opcodes(a, b)

        @staticmethod
        def normalized_similarity(a: Any, b: Any, **more: Any) -> float:
            steps.count += len(a) * len(b) // 64
            return float(alike(a, b, **more))

    with monkeypatch.context() as patch:
        patch.setattr(blocks, "Levenshtein", Measured)
        patch.setattr(blocks, "Indel", Measured)
        patch.setattr(merge, "Indel", Measured)
        sys.settrace(steps.traced)
        try:
            yield steps
        finally:
            sys.settrace(None)


@pytest.fixture
def low_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, bound in (
        (limits, "BASE_LIMIT", 50), (blocks, "_MAX_MATCHES", 1_000), (blocks, "_MIN_STEPS", 200), (blocks, "_MAX_CELLS", 10_000),
        (blocks, "_EXACT_CELLS", 40_000), (word_alignment, "_LEAST_POINTS", 0), (word_alignment, "_POINTS_A_TOKEN", 4),
        (sentence_alignment, "_MAX_PAIRS", 400), (sentence_alignment, "_MAX_WORDS", 2_000),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, bound)


def sentences(size: int) -> list[str]:
    return [f"The town {n} saw {n % 7} men in its {n % 11} streets." for n in range(size // 40)]


CHANGES: dict[str, Callable[[int], tuple[str, str]]] = {
    "every space doubled": lambda size: (" ".join(sentences(size)), "  ".join(" ".join(sentences(size)).split(" "))),
    "every space in one sentence doubled": lambda size: ("a b " * (size // 4), "a  b  " * (size // 4)),
    "every mark another": lambda size: ("x! " * (size // 3), "x? " * (size // 3)),
    "rows of marks before words": lambda size: ("!" * size + " new", "?" * size + " old"),
    "every number another": lambda size: (" ".join(map(str, range(size // 4))), " ".join(map(str, range(1, size // 4)))),
    "numbers in another order": lambda size: (
        "Held " + " and ".join(map(str, range(size // 8))), "Held " + " and ".join(map(str, range(size // 8, -1, -1)))
    ),
    "sentences in another order": lambda size: (" ".join(sentences(size)), " ".join(sentences(size)[::-1])),
    "every sentence a little other": lambda size: (" ".join(sentences(size)), " ".join(sentences(size)).replace("men", "women")),
    "a letter put into a long word": lambda size: ("سي" * (size // 2), "سي" * (size // 4) + "و" + "سي" * (size // 4)),
    "a letter struck again in a long word": lambda size: ("ab" * (size // 2), "ab" * (size // 4) + "b" + "ab" * (size // 4)),
    "quotations of another sort": lambda size: ('"a b" ' * (size // 6), "«a b» " * (size // 6)),
    "all vowel signs gone": lambda size: ("قَتَلَ " * (size // 7), "قتل " * (size // 7)),
    "one sentence parted": lambda size: (" ".join(sentences(size)), " ".join(sentences(size)).replace(".", ",")),
}  # fmt: skip


def steps_of(texts: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    ResultCache.trim_all()
    with counted(monkeypatch) as steps:
        compare_versions(texts)
    return steps.count


@pytest.mark.usefixtures("low_bounds")
@pytest.mark.parametrize("shape", SHAPES)
def test_the_work_grows_with_the_text_and_no_faster(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compare_versions(["Two died.", "Three died."])  # word lists are read once
    small, large = (steps_of([SHAPES[shape](size - 7 * seed, random.Random(seed)) for seed in range(2)], monkeypatch) for size in SIZES)
    assert large <= MOST_GROWTH * small + 3_000, (small, large)


@pytest.mark.usefixtures("low_bounds")
@pytest.mark.parametrize("change", CHANGES)
def test_the_work_grows_with_what_changed_and_no_faster(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compare_versions(["Two died.", "Three died."])
    small, large = (steps_of(list(CHANGES[change](size)), monkeypatch) for size in SIZES)
    assert large <= MOST_GROWTH * small + 3_000, (small, large)


class Looked(str):
    """A text that counts the characters that its methods look at."""

    __slots__ = ("seen",)

    def rfind(self, part: str, start: int = 0, end: int | None = None) -> int:  # type: ignore[override]
        stop = len(self) if end is None else end
        found = str(self).rfind(part, start, stop)
        self.seen = getattr(self, "seen", 0) + stop - max(start, found)
        return found

    def __getitem__(self, key: Any) -> str:
        part = str(self)[key]
        self.seen = getattr(self, "seen", 0) + len(part)
        return part


@pytest.mark.parametrize("unit", ["a. ", "a.", "د. ", "中", "中。", "x! ", "a\n", ". . ", "Mr. Smith said. "])
def test_sentences_are_cut_in_one_pass_over_a_line(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    windows = [0]

    class Pattern:
        def search(self, text: str, start: int, end: int) -> Any:
            windows[0] += end - start
            return ABBREVIATION.search(text, start, end)

    ABBREVIATION = splitting._ABBREVIATION
    monkeypatch.setattr(splitting, "_ABBREVIATION", Pattern())
    text = Looked(unit * 3_000)
    assert splitting.split_sentences(text)
    assert getattr(text, "seen", 0) + windows[0] <= 15 * len(text)


@pytest.mark.parametrize(
    ("name", "reached"), [("words of forty", "word by word"), ("headings", "neighbours are compared"), ("numbers", "followed")]
)
@pytest.mark.usefixtures("low_bounds")
def test_a_bound_that_was_reached_is_said(name: str, reached: str) -> None:
    texts = [SHAPES[name](5_000, random.Random(seed)) for seed in range(2)]
    found = compare_versions(texts)
    assert reached in (found.steps[0].note or "")
    for style in ("html", "terminal", "json"):
        assert reached in render(found, style)


def test_changes_that_are_too_many_are_joined_and_both_texts_still_rebuild(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BASE_LIMIT", 50)
    a = " ".join(f"w{n}" for n in range(600))
    b = " ".join(f"w{n}" if n % 7 else f"x{n}" for n in range(600))
    found = compare(a, b)
    assert "close together" in (found.note or "")
    assert len(found.changes) <= 50
    mirrored = compare(b, a)
    assert [(change.b, change.a) for change in mirrored.changes] == [(change.a, change.b) for change in found.changes]


@pytest.mark.usefixtures("low_bounds")
def test_joined_sentences_keep_their_borders_behind_an_insertion() -> None:
    a = "\n".join(f"line {n * 7919 % 1000}" for n in range(2_000))
    b = a[:3_000] + "\nsomething new\nand more" + a[3_000:]
    found = compare(a, b)
    changed = [unit for unit in found.units if unit.relation.value != "same"]
    assert "neighbours" in (found.note or "")
    assert len(changed) <= 3 < len(found.units)


def test_ordinary_texts_reach_no_bound() -> None:
    text = " ".join(f"The council of town {n} met on Monday and chose {n % 9} members." for n in range(600))
    assert compare(text, text.replace("Monday", "Tuesday")).note is None


def self_calls(path: Path) -> Iterator[str]:
    """Yield the functions of a file that call a function of their own name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef):
            for call in ast.walk(node):
                name = getattr(call.func, "id", getattr(call.func, "attr", "")) if isinstance(call, ast.Call) else ""
                own = isinstance(call, ast.Call) and not (isinstance(call.func, ast.Attribute) and "lib" in ast.unparse(call.func.value))
                if name == node.name and own and not name.startswith("__"):
                    yield f"{path.stem}.{name}"


def test_no_function_of_ours_calls_itself() -> None:
    found = {name for path in (installed.ROOT / "reports").rglob("*.py") for name in self_calls(path)}
    # These have the name of a method of another object.
    assert found <= {"formats.render", "blocks.find_longest_match", "cache.get"}


@pytest.mark.parametrize("unit", ["and ", "- ", "! ", "(", "«", "وحلب ", "a::\n", "\u0301", "مليار "])
def test_no_depth_reaches_the_limit_of_the_interpreter(unit: str) -> None:
    a, b = f"He paid 5 {unit * 1_500}crowns.", f"He paid 6 {unit * 1_499}men."
    assert compare_versions([a, b, a]).steps


def test_the_command_compares_a_hostile_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(":" * 9_000, "utf-8")
    (tmp_path / "b.txt").write_text(":\n" * 9_000, "utf-8")
    done = run_command("diff", "a.txt", "b.txt", "--html", "out.html", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, b"")
