"""Take the picture of the README: the report on the seed, in Debian's Chromium. Run from the root: python bench/picture.py

Beside the picture stands the SHA-256 of the page it shows; a test compares it with the page of today.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from dedup import find_duplicates, read
from reports.build import build_report
from reports.renderers.html import render_html

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "bench/report.png"


def page() -> str:
    """Return the page that the README's first command makes."""
    documents = list(read(["seeds"]))
    return render_html(build_report(find_duplicates(documents), documents, title="seeds"), lang="ar")


def main() -> None:
    """Write the picture and the hash of its page."""
    html = page()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "report.html"
        file.write_text(html, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        shown = browser.new_page(viewport={"width": 1280, "height": 900})
        shown.goto(file.as_uri() + "".join(sys.argv[1:2]))
        shown.screenshot(path=PICTURE)
        browser.close()
    PICTURE.with_suffix(".sha256").write_text(hashlib.sha256(html.encode()).hexdigest() + "\n")


if __name__ == "__main__":
    main()
