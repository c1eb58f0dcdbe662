"""Take the pictures of README and docs in Debian's Chromium. Run from the root: python bench/picture.py

Beside them stands the SHA-256 of each page that they show; a test compares it with the page of today.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

from dedup import Document, Index, find_duplicates, read
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


def desk_page() -> str:
    """Return the desk's page of stories, self-contained: three versions of a story from three papers, and two others."""
    from starlette.testclient import TestClient

    from dedup.serve import ServeSettings, application
    from dedup.serve.desk.frame import asset
    from dedup.serve.news import tell_news

    versions = read([f"tests/texts/{name}.txt" for name in ("morning", "noon", "evening")])
    texts = [each.text for each in versions]
    papers = ("صحيفة الساحل", "بريد الجنوب", "صدى الميناء")
    documents = [
        Document(f"{n}", text, time=f"2026-03-01T{6 + 3 * n:02}:00:00Z", source=paper, title="انهيار مبنى في حي الميناء القديم")
        for n, (text, paper) in enumerate(zip(texts, papers, strict=True), 1)
    ]
    others = (
        (
            "إعادة فتح الطريق الساحلي",
            "أعلنت البلدية إعادة فتح الطريق الساحلي أمام الحافلات بعد أعمال صيانة استمرت أسبوعين وكلفت ثلاثة ملايين.",
        ),
        ("أمطار على الشمال", "تتوقع الأرصاد هطول أمطار غزيرة على المناطق الشمالية مساء الثلاثاء، ودعت المزارعين إلى تأمين محاصيلهم."),
    )
    documents += [
        Document(f"o{n}", text, time=f"2026-03-01T1{n}:30:00Z", source=papers[n], title=title) for n, (title, text) in enumerate(others)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/desk.db"
        with Index.open(path) as index:
            index.add(sorted(documents, key=lambda each: each.time or ""))
            while index.catch_up(tell_news):
                pass
        with TestClient(application(ServeSettings(path), key="k" * 32), "http://127.0.0.1") as client:
            page = client.get("/stories", headers={"Authorization": f"Bearer {'k' * 32}", "Accept-Language": "ar"}).text
    page = re.sub(r"(?<=/stories\?from=)\d{4}-\d\d-\d\d", "2026-03-01", page)  # the link to the stories of today
    page = re.sub(r'<script src="[^"]*" defer></script>|<link rel="(?:icon|alternate)"[^>]*>', "", page)
    return re.sub(r'<link rel="stylesheet" href="/assets/([a-z.]+)[^>]*>', lambda found: f"<style>{asset(found[1]).decode()}</style>", page)


PAGES: dict[str, Callable[[], str]] = {"report": seed_page, "day": day_page, "desk": desk_page}
PIECES = {  # picture: its page, the element that it shows, or the height of what is seen first, in pixels
    "report": ("report", 760),
    "bulletins": ("report", "section.card:has(> .entries)"),
    "pair": ("report", "#p-1"),
    "day": ("day", 1000),
    "day-pair": ("day", "#p-1"),
    "desk": ("desk", 620),
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
