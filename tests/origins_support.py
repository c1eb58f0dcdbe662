"""Stories written by hand, for the tests of the page that tells of their origins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from browser_support import HOSTILE

from dedup.about import About
from dedup.origins.model import Carried, Contradiction, DirectionEvidence, OriginGroup, OriginText, Quoted, Story
from dedup.text.credits import Credit
from reports.history.versions import compare_versions
from reports.model import Report, Version

LATER = (DirectionEvidence.TIME,)


def text(name: str, group: int = 0, **more: Any) -> OriginText:
    """Return a text of a story; its source is its name in capitals."""
    about = more.pop("about", About(f"Bridge falls, says {name}", name.upper(), "2026-03-01T08:30:00Z"))
    return OriginText(name, group, more.pop("own", 0.1), more.pop("quoted", 0.0), about=about, **more)


def carried(a: str, b: str, probability: float = 0.87, **more: Any) -> Carried:
    """Return that ``b`` carries ``a``."""
    return Carried(a, b, more.pop("share", 0.92), probability, more.pop("evidence", LATER), **more)


def story_of(groups: Iterable[Iterable[str]], carries: Iterable[Carried] = (), **more: Any) -> Story:
    """Return a story of groups of names; the first text of each was likely first."""
    held = [tuple(group) for group in groups]
    known: Mapping[str, OriginText] = more.pop("known", {})
    texts = tuple(known.get(name) or text(name, number) for number, names in enumerate(held) for name in names)
    return Story(
        "c1",
        texts,
        tuple(OriginGroup(number, names[0], more.get("probability", 0.8), names) for number, names in enumerate(held)),
        tuple(carries),
        more.pop("quoted", ()),
    )


def report_of_story(story: Story, versions: int = 2, **more: Any) -> Report:
    """Return the report of one text: its versions are the first texts of a story."""
    shown = [
        Version(each.id, f"{40 + n} people were taken ashore.", None, None, each.about.time, each.about.title, each.about.source)
        for n, each in enumerate(story.texts[:versions])
    ]
    return Report("Ferry", (compare_versions(shown),), origins=(story,), **more)


AGENCY = OriginText(
    "spa-1", 0, 0.0, 0.3, (Credit("spa", "agency", "dateline"),), about=About("دشن الأمير الجسر", "واس", "2026-03-01 08:00")
)
STAFF = OriginText(
    "okaz-1",
    0,
    0.05,
    0.3,
    (Credit("okaz", "staff", "signature"), Credit("reuters", "agency", "cited")),
    Contradiction("Okaz staff", "spa", "spa-1"),
    About("الأمير يدشن الجسر", "عكاظ", "2026-03-01 09:00"),
)
LONG = text("long", about=About("عنوان", "صحيفة المدينة المنورة اليومية الصادرة في كل المناطق", "2026-03-01 10:00"))
MIXED = Story(
    "c2",
    (AGENCY, STAFF, LONG, text("later"), text("untold"), text("ministry", 1), text("paper", 1), text("alone", 2)),
    (
        OriginGroup(0, "spa-1", 0.81, ("spa-1", "okaz-1", "long", "later", "untold"), ("spa",)),
        OriginGroup(1, "ministry", 0.5, ("ministry", "paper"), (), release=True),
        OriginGroup(2, "alone", 1.0, ("alone",)),
    ),
    (
        carried("spa-1", "okaz-1", 0.95, evidence=(DirectionEvidence.CREDIT, DirectionEvidence.TIME)),
        carried("spa-1", "long", 0.65, evidence=(DirectionEvidence.LENGTH,)),
        carried("long", "later", 0.75, evidence=(DirectionEvidence.EDITS,), evolved=True),
    ),
    (Quoted("okaz-1", "paper", 42),),
)
"""Every kind of line of the list: an agency and who carries it, a contradiction, a later version, a text of which nothing can be told, a
release with quotations in common, a text that stands alone. Arabic and Latin names."""


def hostile_story() -> Story:
    """Return a story whose every field tries to be more than text."""
    names = [f"{HOSTILE}{n}" for n in range(4)]
    about = About(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    credits = (Credit(HOSTILE, "agency", "field"), Credit(f"{HOSTILE}c", "outlet", "cited"))
    texts = tuple(
        OriginText(name, n // 2, 0.5, 0.5, credits, Contradiction(HOSTILE, HOSTILE, names[0]), about) for n, name in enumerate(names)
    )
    groups = tuple(OriginGroup(n, names[2 * n], 0.9, tuple(names[2 * n : 2 * n + 2]), (HOSTILE,)) for n in range(2))
    carries = (carried(names[0], names[1]), carried(names[2], names[3]))
    return Story(HOSTILE, texts, groups, carries, (Quoted(names[0], names[2], 12),))
