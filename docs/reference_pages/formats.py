"""The page of formats, from the table of readers."""

from __future__ import annotations

from collections.abc import Iterator

from dedup.readers.formats import FORMATS

from .markdown import FOLDER, NOTICE, code, table

HOW_TO = FOLDER.parent / "how-to"


def page_of(name: str) -> str:
    """Return the page that tells how a format is read."""
    return next((page.name for page in sorted(HOW_TO.glob("read-*.md")) if f"--as {name}`" in page.read_text("utf-8")), "read.md")


def formats_page() -> Iterator[str]:
    """Yield the lines of the page."""
    yield from (NOTICE, "", "# Formats", "")
    yield "`dedup` reads these formats. `--as NAME` says what a file is where its name and its first bytes do not tell."
    yield ""
    rows = (
        (f"`{each.name}`", f"[{each.label}](../how-to/{page_of(each.name)})", code(each.suffixes), "no" if each.looks is None else "yes")
        for each in FORMATS
    )
    yield from table(("name", "what it is", "names of files end in", "known by its first bytes"), rows)
