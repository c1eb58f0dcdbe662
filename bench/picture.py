"""Take the pictures of README and docs in Debian's Chromium. Run from the root: python bench/picture.py

Beside them stands the SHA-256 of each page that they show; a test compares it with the page of today.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

from dedup import find_duplicates, read
from dedup.stories import origins_of
from reports import Report, Version, compare_versions
from reports.build_report import build_report
from reports.renderers.html import render_html

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs/pictures"


def seed_page() -> str:
    """Return the page that the README's first command makes."""
    documents = list(read(["seeds"]))
    result = find_duplicates(documents)
    return render_html(build_report(result, documents, title="seeds", origins=origins_of(result, documents)), lang="ar")


def day_page() -> str:
    """Return a page like that of ``dedup report`` on the three small texts, with English words of its own."""
    names = [f"tests/texts/{name}.txt" for name in ("morning", "noon", "evening")]
    versions = [Version(document.id, document.text) for document in read(names)]
    return render_html(Report("day", (compare_versions(versions),)), lang="en")


PAGES: dict[str, Callable[[], str]] = {"report": seed_page, "day": day_page}
PIECES = {  # picture: its page, the element that it shows, or the height of what is seen first, in pixels
    "report": ("report", 760),
    "bulletins": ("report", "section.card:has(> .entries)"),
    "pair": ("report", "#p-1"),
    "day": ("day", 1000),
    "day-pair": ("day", "#p-1"),
}
WIDTH, HIGH = 1100, 8000  # pixels; so high that nothing scrolls under the bar at the top


def main() -> None:
    """Write the pictures and the hashes of their pages."""
    hashes = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        for name, make in PAGES.items():
            html = make()
            hashes.append(f"{hashlib.sha256(html.encode()).hexdigest()}  {name}\n")
            (Path(folder) / f"{name}.html").write_text(html, encoding="utf-8")
        for picture, (name, piece) in PIECES.items():
            shown = browser.new_page(viewport={"width": WIDTH, "height": piece if isinstance(piece, int) else HIGH})
            shown.goto((Path(folder) / f"{name}.html").as_uri())
            taken = shown.locator(piece) if isinstance(piece, str) else shown
            taken.screenshot(path=PICTURES / f"{picture}.png")
        browser.close()
    (PICTURES / "pages.sha256").write_text("".join(hashes))


if __name__ == "__main__":
    main()
