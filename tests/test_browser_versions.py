"""The page of many versions and the index of a folder, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser_support import FIVE, HOSTILE, REPORT, hostile_report, story

from reports import Report
from reports.renderers.folder import write_folder

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Open = Callable[..., "Page"]


def status(page: Page) -> str:
    return page.inner_text("[role=status]")


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def shown(page: Page, selector: str) -> list[str]:
    return [element.inner_text() for element in page.locator(selector).all() if element.is_visible()]


def test_the_page_begins_with_what_is_new_then_alarms_facts_versions_and_the_newest_step(show: Open) -> None:
    page = show(FIVE)
    wanted = [
        "What is new",
        "Look twice",
        "Facts, version by version",
        "Versions",
        "إدلب #",
        "Comparisons of other versions",
        "Merged text",
    ]
    found = [text.strip() for text in page.locator("main h2").all_inner_texts()]
    assert [text for text in found if text in wanted] == wanted


def test_the_ledger_has_a_column_for_each_state_and_flags_what_fell(show: Open) -> None:
    page = show(FIVE)
    assert page.locator(".ledger thead th").count() == 5
    row = page.locator(".ledger tr", has_text="شهداء").first
    assert [cell.split()[0] for cell in row.locator("td").all_inner_texts()] == ["شهيدين", "3", "7", "6"]
    assert "fell" in row.inner_text()


def test_a_filter_leaves_only_the_marks_rows_and_facts_of_its_kinds(show: Open) -> None:
    page = show(FIVE)
    page.click("[data-filter=number]")
    assert page.get_attribute("[data-filter=number]", "aria-pressed") == "true"
    assert set(page.eval_on_selector_all(".mark:not(.off)", "marks => marks.map(mark => mark.dataset.kind)")) == {"number"}
    assert all("6" in text for text in shown(page, "article:not(.pair article) .row"))
    assert set(page.eval_on_selector_all(".ledger tr[data-kind]:not(.out)", "rows => rows.map(row => row.dataset.kind)")) == {"number"}
    assert status(page) == "1 change shown"
    page.keyboard.press("n")
    assert status(page) == "change 1 of 1: number"
    page.click("[data-filter=negation]")
    assert status(page) == "2 changes shown"
    page.click("[data-filter=number]")
    page.click("[data-filter=negation]")
    assert page.locator(".mark.off").count() == 0
    assert page.locator(".out").count() == 0


def test_any_two_versions_can_be_compared(show: Open) -> None:
    page = show(FIVE)
    page.select_option("[data-side=from]", label="version 1")
    page.select_option("[data-side=to]", label="version 4")
    opened = page.locator("details.pair[open]")
    assert opened.count() == 1
    assert opened.locator("summary").first.inner_text().startswith("version 1 with version 4")
    assert opened.locator("article").is_visible()
    first = status(page)
    page.keyboard.press("n")  # the changes of an opened comparison are walked through as well
    assert status(page) != first


def test_keys_do_not_act_while_a_version_is_chosen(show: Open) -> None:
    page = show(FIVE)
    page.focus("[data-side=from]")
    before = status(page)
    page.keyboard.press("n")
    assert status(page) == before


def test_steps_stay_in_what_is_open(show: Open) -> None:
    page = show(FIVE)
    total = int(status(page).split()[0])
    for _ in range(total + 1):
        page.keyboard.press("n")
    assert page.locator("details.pair[open]").count() == 0


def test_unfolding_cosmetic_changes_leaves_other_comparisons_as_they_are(show: Open) -> None:
    page = show(FIVE)
    page.select_option("[data-side=from]", label="version 2")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    for _ in range(2):
        page.keyboard.press("c")
        assert page.locator("details.pair[open]").count() == 1


def test_two_versions_that_the_page_does_not_compare_are_said_to_be(show: Open) -> None:
    page = show(story(*(f"The toll rose to {n} on Monday, officials in Marsa said." for n in range(20, 30))))
    page.select_option("[data-side=to]", label="version 7")
    page.select_option("[data-side=from]", label="version 3")
    assert status(page) == "these two are not compared on this page"
    page.select_option("[data-side=from]", label="version 6")
    assert page.locator("details.pair[open]").count() == 1


def test_an_alarm_leads_to_its_place(show: Open) -> None:
    page = show(FIVE)
    for link in page.locator(".alarms a").all():
        target = link.get_attribute("href") or ""
        assert page.locator(target.replace("#", "[id='") + "']").count() == 1
    page.locator(".alarms a").first.click()
    assert page.evaluate("document.querySelector(':target') !== null")


def test_without_script_every_comparison_and_the_merged_text_can_be_opened(show: Open) -> None:
    page = show(FIVE, java_script_enabled=False)
    assert not page.locator(".choose").is_visible()
    page.locator(".others > summary").click()
    page.locator(".pair > summary").first.click()
    assert page.locator(".pair article").first.is_visible()
    page.locator(".merged > summary").click()
    assert [text.split(" · ")[0] for text in page.locator(".merged .tag").all_inner_texts()] == [
        "versions 1–5", "versions 1–5", "versions 1, 4–5", "versions 1–5", "version 5",
    ]  # fmt: skip


def test_the_merged_text_strikes_what_was_dropped(show: Open) -> None:
    page = show(
        story("One stays here. Two goes away for good. Three stays.", "One stays here. Three stays.", "One stays here now. Three stays.")
    )
    page.locator(".merged > summary").click()
    assert [text.replace("\n", " ") for text in shown(page, ".merged li.dropped .text")] == ["deleted: Two goes away for good. (end)"]
    assert shown(page, ".merged li .tag") == ["versions 1–3 · 2 wordings", "version 1", "versions 1–3"]


@pytest.mark.parametrize("width", [1280, 360, 320])
def test_nothing_scrolls_sideways_and_print_gives_a_pdf(show: Open, width: int) -> None:
    page = show(FIVE, width=width, lang="ar")
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(media="print")
    assert page.locator(".merged li").first.is_visible()
    long = pages_of(page.pdf(format="A4"))
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = false)")
    assert not page.locator(".merged").is_visible()
    assert pages_of(page.pdf(format="A4")) <= min(3, long - 1)


@pytest.mark.parametrize(
    ("old", "new", "lang", "leftward"),
    [
        ("ذكرت قناة CNN أن القتلى 12 شخصا.", "ذكرت قناة BBC أن القتلى 12 شخصا.", "ar", True),
        ("قالت وزارة الصحة إن الطريق مغلق.", "قالت وزارة النقل إن الطريق مغلق.", "en", True),
        ("The ministry of health said the road is closed.", "The ministry of transport said the road is closed.", "ar", False),
    ],
    ids=["latin names", "Arabic text, English words", "English text, Arabic words"],
)
def test_old_stands_before_new_and_the_arrow_points_to_the_new(show: Open, old: str, new: str, lang: str, leftward: bool) -> None:
    page = show(story(old, new), lang=lang)
    line = page.locator(".digest li a").first
    gone, come = (next(word for word in one.split() if word not in other.split()) for one, other in ((old, new), (new, old)))
    places = [
        line.evaluate(
            """(line, words) => {
                const nodes = [...line.childNodes].filter(node => node.nodeType === 3 && node.data.includes(words));
                const range = document.createRange();
                const place = nodes[0].data.indexOf(words);
                range.setStart(nodes[0], place); range.setEnd(nodes[0], place + words.length);
                return range.getBoundingClientRect().left;
            }""",
            words,
        )
        for words in (gone, "←" if leftward else "→", come)
    ]
    assert places == sorted(places, reverse=leftward)


def violations(page: Page) -> list[str]:
    """Return what axe-core finds that is serious or critical."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")  # let styles settle
    found = axe.Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found if each["impact"] in ("serious", "critical")]


@pytest.mark.parametrize(("lang", "scheme"), [("ar", "light"), ("en", "dark")])
@pytest.mark.parametrize("report", [FIVE, REPORT, hostile_report()], ids=["versions", "bulletins", "hostile"])
def test_axe_finds_nothing_serious(show: Open, report: Report, lang: str, scheme: str) -> None:
    page = show(report, lang=lang, color_scheme=scheme)
    assert violations(page) == []
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    page.keyboard.press("c")
    page.keyboard.press("n")
    assert violations(page) == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    titled = [(f"القصة رقم {n}00", FIVE if n % 3 else REPORT) for n in range(7)]
    reports = [Report(title, each.timelines) for title, each in titled] + [Report(HOSTILE, hostile_report().timelines)]
    write_folder(str(tmp_path / "pages"), reports, title="كل القصص", lang="en")
    return tmp_path / "pages"


def test_the_index_is_searched_and_sorted(show: Open, folder: Path) -> None:
    page = show(folder / "index.html")
    assert status(page) == "8 texts"
    page.fill("input", "300 القصة")
    assert (status(page), len(shown(page, "tbody tr"))) == ("1 text", 1)
    page.fill("input", "")
    counts = "() => [...document.querySelectorAll('tbody tr')].map(row => Number(row.cells[2].querySelector('bdi').textContent))"
    page.click("th:nth-child(3) button")
    assert page.get_attribute("th:nth-child(3)", "aria-sort") == "descending"
    assert page.evaluate(counts) == sorted(page.evaluate(counts), reverse=True)
    page.click("th:nth-child(3) button")
    assert page.evaluate(counts) == sorted(page.evaluate(counts))
    assert violations(page) == []


def test_the_index_finds_other_spellings_and_is_sorted_on_a_narrow_screen(show: Open, folder: Path) -> None:
    page = show(folder / "index.html", width=360)
    page.fill("input", "ألقصه رقم ٣٠٠")
    assert status(page) == "1 text"
    page.fill("input", "")
    page.click("th:nth-child(4) button")
    assert page.get_attribute("th:nth-child(4)", "aria-sort") == "descending"


@pytest.mark.parametrize("width", [1280, 320])
def test_the_index_fits_and_works_without_script(show: Open, folder: Path, width: int) -> None:
    page = show(folder / "index.html", width=width, java_script_enabled=False)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("tbody a").count() == 8


def test_every_link_of_a_folder_leads_to_a_file(show: Open, folder: Path) -> None:
    for file in folder.iterdir():
        page = show(file)
        links: list[Any] = page.eval_on_selector_all("a[href]", "links => links.map(a => a.getAttribute('href'))")
        assert all((folder / link).is_file() for link in links if not link.startswith("#"))
        assert any(not link.startswith("#") for link in links)
