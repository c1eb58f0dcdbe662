"""What the tests of the page share: reports written by hand, a reader of the page, and one browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dedup.model import Bulletin, BulletinMatch, Match, Relation, Segment
from reports.history.versions import compare_versions, timeline_of_pair
from reports.model import Change, Comparison, Kind, Report, Span, Unit, UnitRelation, Version

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

CHROMIUM = Path("/usr/bin/chromium")
FIREFOX = Path("/usr/bin/firefox-esr")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOSTILE = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>\u202e\x00\u0085\ud800\r</style></title>{{7*7}}{% x %}' &amp; \u200cمن"
VOID = {"meta", "br", "hr", "img", "input", "link", "base"}
_MARK = re.compile(r"\{\{(?P<kind>\w+):(?P<a>.*?)=>(?P<b>.*?)\}\}", re.DOTALL)


@contextmanager
def driver() -> Iterator[Playwright]:
    """Yield what drives browsers, or skip where it is missing. One process can have one only."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.skip("playwright is not installed")
    with sync_playwright() as playwright:
        yield playwright


@contextmanager
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Yield Debian's Chromium, or skip where it is missing."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing")
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


@contextmanager
def firefox(playwright: Playwright, *, dark: bool = True) -> Iterator[Browser]:
    """Yield Debian's Firefox, driven by WebDriver BiDi, or skip where it is missing.

    BiDi cannot choose the colours of a page, or switch its scripts off: ``dark`` is for all its pages, and `without_scripts` for one.
    """
    if not FIREFOX.exists():
        pytest.skip(f"{FIREFOX} is missing")
    settings = {"layout.css.prefers-color-scheme.content-override": 0 if dark else 1}
    browser = playwright.firefox.launch(channel="moz-firefox", executable_path=FIREFOX, firefox_user_prefs=settings)
    yield browser
    browser.close()


def without_scripts(page: Page) -> None:
    """Let a page get no script: what stands in it alone must do."""
    page.route("**/*.js?*", lambda route: route.abort())


def compare_by_hand(
    *rows: tuple[str, str] | tuple[str, str, int], a: str = "old#1", b: str = "new#1", gap: str = "\n", **more: str
) -> Comparison:
    """Return a comparison from rows of (relation, sentence) in the order of b.

    A change is written ``{{kind:old=>new}}`` inside the sentence. A third value is the sentence's place among those of a,
    needed where one moved. ``heading``, ``note`` and ``change_id`` name the sides, the note and the ids' beginning.
    """
    sides = [[_MARK.sub(lambda m, side=side: m[side], row[1]) for row in rows] for side in ("a", "b")]
    in_a = [n for n, row in enumerate(rows) if row[0] != "added"]
    in_a.sort(key=lambda n: rows[n][2] if len(rows[n]) == 3 else in_a.index(n) if n in in_a else 0)
    in_b = [n for n, row in enumerate(rows) if row[0] != "removed"]
    texts, spans = zip(*(_join(side, order, gap) for side, order in zip(sides, (in_a, in_b), strict=True)), strict=True)
    changes: list[Change] = []
    for n, row in enumerate(rows):
        at = [spans[0][in_a.index(n)].start if n in in_a else 0, spans[1][in_b.index(n)].start if n in in_b else 0]
        last = 0
        for found in _MARK.finditer(row[1]):
            equal = found.start() - last
            starts = [place + equal for place in at]
            made = [Span(start, start + len(found[side])) if found[side] else None for start, side in zip(starts, "ab", strict=True)]
            changes.append(Change(f"{more.get('change_id', 'c')}{len(changes) + 1}", Kind(found["kind"]), *made))
            at = [start + len(found[side]) for start, side in zip(starts, "ab", strict=True)]
            last = found.end()
    units = tuple(
        Unit(UnitRelation(row[0]), (in_a.index(n),) if n in in_a else (), (in_b.index(n),) if n in in_b else ())
        for n, row in enumerate(rows)
    )
    older = Version(a, texts[0], more.get("heading"), 3)
    later = Version(b, texts[1], more.get("heading"), 9)
    return Comparison(older, later, Relation.REVISION, 0.876, spans[0], spans[1], units, tuple(changes), more.get("note"))


def _join(sentences: list[str], order: list[int], gap: str) -> tuple[str, tuple[Span, ...]]:
    text, spans = "", []
    for n in order:
        text += gap if text else ""
        spans.append(Span(len(text), len(text) + len(sentences[n])))
        text += sentences[n]
    return text, tuple(spans)


def report_of(title: str, *comparisons: Comparison, **more: Any) -> Report:
    """Return a report of pairs."""
    return Report(title, tuple(map(timeline_of_pair, comparisons)), **more)


def bulletins_of(comparison: Comparison, only: str, document: str = "day.txt") -> BulletinMatch:
    """Return two bulletins that share the pair of this comparison; the later has one section more, with the id ``only``."""
    a, b, new = (
        Segment(id_, document, n, 0, 1, line, comparison.a.heading, n)
        for n, (id_, line) in enumerate(((comparison.a.id, 84), (comparison.b.id, 44), (only, 46)))
    )
    match = Match(a, b, Relation.REVISION, 0.8, 0.9, 0.9, 0.876, 0.97)
    return BulletinMatch(Bulletin(document, 1, (a,)), Bulletin(document, 0, (b, new)), (match,), (), (new,))


NEWS = compare_by_hand(
    ("moved", "وصل الوفد إلى جنيف اليوم.", 2),
    ("edited", "قال {{attribution:CNN=>BBC}} {{attribution:AFP=>AP}} إن القتلى {{number:12=>15}} شخصا."),
    ("same", "غارتان على المدينة."),
    ("edited", "دارت اشتباكات{{wording: عنيفة=>}} على أطراف {{spelling:الرئاسه=>الرئاسة}}{{wording:=> وفي محيطها}}."),
    ("removed", "سقطت قذائف على الحي."),
    ("added", "دخلت شاحنات محملة بالمساعدات."),
    ("edited", "هذه جملة {{spelling:مسئولة=>مسؤولة}} لا تتغير."),
    ("edited", "ارتفعت الأسعار {{number:5.5%=>6.5%}} في مدة {{time:10-15=>10-20}} يوما."),
    heading="حلب",
)
"""Every relation of a row and most kinds of change, in Arabic with Latin words and numbers."""

REPORT = report_of(
    "حصاد اليوم", NEWS, bulletins=(bulletins_of(NEWS, "day.txt#7"),), only_texts=(("day.txt#7", "تعرضت قرية ترملا لقصف مدفعي."),)
)


def story(*texts: str, **more: Any) -> Report:
    """Return a report of the versions of one text."""
    versions = [Version(f"bulletin-{n}.txt", text, "إدلب", None, f"2016-02-09 {6 + 2 * n:02}:00") for n, text in enumerate(texts, 1)]
    return Report("إدلب: خمس نسخ", (compare_versions(versions),), **more)


FIVE = story(
    "قصفت المدفعية بلدة حاس في ريف إدلب ما أدى إلى استشهاد شهيدين وإصابة نحو عشرين مدنيا. وقال ناشطون إن الثوار تصدوا لمحاولة تقدم. "
    "وأغلقت المدارس أبوابها في المنطقة. ونزحت 150 عائلة إلى الحدود.",
    "قصفت المدفعية بلدة حاس في ريف إدلب ما أدى إلى استشهاد 3 شهداء وإصابة نحو 25 مدنيا. وقال ناشطون إن الثوار تصدوا لمحاولة تقدم. "
    "ونزحت 150 عائلة إلى الحدود.",
    "قصفت المدفعية بلدة حاس في ريف إدلب ما أدى إلى استشهاد 3 شهداء وإصابة نحو 25 مدنيا. وقال ناشطون إن الثوار تصدوا لمحاولة تقدم. "
    "ونزحت 150 عائلة إلى الحدود.",
    "قصفت المدفعية بلدتي حاس وكفرنبل في ريف إدلب ما أدى إلى استشهاد 7 شهداء وإصابة 31 مدنيا. وقال ناشطون إن تنظيم الدولة تصدى لمحاولة "
    "تقدم. وأغلقت المدارس أبوابها في المنطقة. ونزحت 150 عائلة إلى الحدود.",
    "قصفت المدفعية بلدتي حاس وكفرنبل في ريف إدلب ما أدى إلى استشهاد 6 شهداء وإصابة 31 مدنيا. وقال الدفاع المدني إن تنظيم الدولة لم يتصد "
    "لمحاولة تقدم. وأغلقت المدارس أبوابها في المنطقه. ونزحت 150 عائلة إلى الحدود. ووصلت فرق الإسعاف من المعرة.",
)
"""Five versions of one section, two of them equal: facts rise and fall, a sentence goes and comes back, a negation appears."""


def hostile_report() -> Report:
    """Return a report whose every field tries to be more than text."""
    comparison = compare_by_hand(
        (
            "edited",
            HOSTILE.replace("{{7*7}}", "") + "{{wording:" + HOSTILE.replace("}}", "") + "=>" + HOSTILE.replace("}}", "")[::-1] + "}}",
        ),
        ("added", HOSTILE),
        ("removed", HOSTILE),
        ("same", HOSTILE),
        ("moved", HOSTILE, 0),
        a=HOSTILE + "a",
        b=HOSTILE + "b",
        heading=HOSTILE,
        note=HOSTILE,
        change_id=HOSTILE,
    )
    only = ((HOSTILE + "only", HOSTILE), (HOSTILE + "loose", HOSTILE))
    return report_of(HOSTILE, comparison, comparison, bulletins=(bulletins_of(comparison, HOSTILE + "only", HOSTILE),), only_texts=only)


@dataclass(slots=True)
class Node:
    """One element of a parsed page; ``children`` holds elements and strings."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """The names in its class attribute."""
        return self.attrs.get("class", "").split()

    def all(self) -> Iterator[Node]:
        """Yield this element and all below it, in document order."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.all()

    def text(self, without: str = "vh") -> str:
        """Return the text below, chips read back, elements whose tag or class is named in ``without`` left out."""
        if set(without.split()) & {self.tag, *self.classes}:
            return ""
        inner = "".join(child if isinstance(child, str) else child.text(without) for child in self.children)
        return chr(int(inner[2:], 16)) if "chip" in self.classes else inner


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("#page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(page: str) -> Node:
    """Return a page as a tree; fails where an end tag closes another element."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is never closed"
    return reader.open[0]
