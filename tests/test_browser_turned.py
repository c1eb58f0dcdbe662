"""The page turns round, is read inline, keeps its wide tables in a box of their own, and gives its summary as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from browser_support import FIVE, NEWS, REPORT, hostile_report, report_of, story
from command_support import wait_until

from dedup import find_duplicates, read
from reports import Report, Version, compare_versions
from reports.build_report import build_report

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Open = Callable[..., "Page"]
TOLLS = story("قتل 5 اشخاص في انهيار مبنى في حلب. ودخلت الشاحنات.", "قتل 9 أشخاص في انهيار مبنى في حلب. وأغلقت المدارس.")
TRAIN = [f"Police in Marsa held {5 + n} men. Bulletin {n} follows." for n in range(27)]
MANY = Report(
    "many",
    (compare_versions([Version(f"v{n}", text, time=f"2026-03-{n:02}", source="Coast") for n, text in enumerate(TRAIN, 1)]),),
)


def status(page: Page) -> str:
    return page.inner_text("[role=status]")


def cells(page: Page) -> list[str]:
    return page.locator(".ledger tbody tr").first.locator("td bdi:first-of-type").all_inner_texts()


def marks(page: Page, element: str) -> list[str]:
    found = page.locator(f"article .row :is(.cell.b, .row.removed .cell) {element}").all()
    return ["".join(each.evaluate("e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join('')")) for each in found]


def test_a_button_and_a_key_turn_marks_digest_and_ledger_round(show: Open) -> None:
    page = show(TOLLS, lang="en")
    before = page.inner_text("main")
    assert "5 → 9 (+4)" in page.inner_text(".digest").replace("\u200f", "").replace("←", "→")
    assert cells(page) == ["5", "9"]
    gone, come = marks(page, "del"), marks(page, "ins")
    page.click("[data-turn]")
    assert page.get_attribute("[data-turn]", "aria-pressed") == "true"
    assert status(page) == "turned round: the other text is now the earlier"
    assert "9 → 5 (-4)" in page.inner_text(".digest").replace("\u200f", "").replace("←", "→")
    assert cells(page) == ["9", "5"]
    assert "fell" in page.inner_text(".ledger")
    assert "Look twice" in page.inner_text("main")
    assert (sorted(marks(page, "ins")), sorted(marks(page, "del"))) == (sorted(gone), sorted(come))
    assert "Turned round by the reader" in page.inner_text(".top")
    page.keyboard.press("t")
    assert page.get_attribute("[data-turn]", "aria-pressed") == "false"
    assert page.inner_text("main") == before
    assert "as the texts stand in the input" in page.inner_text(".top")


def test_keys_filters_and_folds_work_when_the_page_is_turned(show: Open) -> None:
    page = show(TOLLS, lang="en")
    page.click("[data-filter=number]")
    page.keyboard.press("t")
    assert page.get_attribute("[data-filter=number]", "aria-pressed") == "true"
    assert set(page.eval_on_selector_all(".mark:not(.off)", "marks => marks.map(mark => mark.dataset.kind)")) == {"number"}
    page.keyboard.press("n")
    assert status(page) == "change 1 of 1: number"
    assert page.evaluate("document.activeElement.checkVisibility({visibilityProperty: true})")
    page.click("[data-filter=number]")
    page.keyboard.press("c")
    assert page.get_attribute("[data-cosmetic]", "aria-pressed") == "true"
    page.keyboard.press("t")
    assert page.get_attribute("[data-cosmetic]", "aria-pressed") == "true"
    assert not page.evaluate("document.documentElement.classList.contains('folded')")


@pytest.mark.parametrize("report", [FIVE, REPORT, hostile_report()], ids=["versions", "bulletins", "hostile"])
def test_a_turned_page_is_whole_and_nothing_runs_that_is_not_ours(show: Open, report: Report) -> None:
    page = show(report)
    page.keyboard.press("t")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    assert page.evaluate("[...document.links].filter(a => !document.getElementById(decodeURIComponent(a.hash.slice(1)))).length") == 0
    assert page.evaluate("document.scripts.length") == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert page.evaluate("[...document.querySelectorAll('main *')].every(e => ![...e.attributes].some(a => /^on|^style$/.test(a.name)))")


def test_without_script_a_page_stands_in_the_direction_that_was_decided(show: Open) -> None:
    page = show(TOLLS, lang="en", java_script_enabled=False)
    assert "5" in page.locator(".ledger tbody td").first.inner_text()
    assert "as the texts stand in the input" in page.inner_text(".top")
    assert page.is_visible(".overview > .tally")


def test_kinds_are_counted_in_one_place(show: Open) -> None:
    page = show(TOLLS)
    assert page.is_visible(".filters")
    assert not page.is_visible(".overview > .tally")
    assert page.locator("article .headline .tally").count() == 0


def test_an_inline_view_is_switched_on_by_a_key_and_kept(show: Open) -> None:
    page = show(report_of("t", NEWS), lang="en")
    assert page.is_visible(".cell.a.twin")
    page.keyboard.press("i")
    assert (status(page), page.get_attribute("[data-inline]", "aria-pressed")) == ("inline view", "true")
    assert not page.is_visible(".cell.a.twin")
    assert page.locator(".cell.b .mark.heavy > del").first.is_visible()
    page.reload()
    assert not page.is_visible(".cell.a.twin")
    page.click("[data-inline]")
    assert page.is_visible(".cell.a.twin")
    narrow = show(report_of("t", NEWS), width=360)
    assert not narrow.is_visible("[data-inline]")


def test_the_summary_is_copied_as_plain_text(show: Open) -> None:
    page = show(FIVE)
    page.evaluate("navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }")
    page.click("[data-copy]")
    wait_until(lambda: page.evaluate("window.copied"))
    text = page.evaluate("window.copied")
    assert "What is new\n- " in text
    assert "Look twice\n- " in text
    assert status(page) == "summary copied"
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.evaluate("document.execCommand = () => false")
    page.keyboard.press("s")
    wait_until(lambda: page.evaluate("document.querySelector('[role=status]').textContent.includes('could not')"))


@pytest.mark.parametrize("width", [1280, 360, 320])
def test_a_ledger_of_27_versions_stays_in_its_box(show: Open, width: int) -> None:
    page = show(MANY, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = page.eval_on_selector_all(".ledger td bdi", "found => found.map(each => each.offsetHeight)")
    assert 0 < max(heights) < 60  # a cell does not break into one letter a line
    if width == 1280:
        box = page.locator(".ledger .scroll")
        assert box.evaluate("e => e.scrollWidth > e.clientWidth && e.scrollLeft > 0")
        assert page.locator(".ledger tbody th").first.bounding_box()["x"] >= box.bounding_box()["x"] - 1  # type: ignore[index]
        assert "2026-03-27" in page.locator(".ledger thead th").last.inner_text()
        assert "Coast" in page.locator(".ledger thead th").last.inner_text()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 800)])
def test_the_first_screen_of_the_seed_names_the_victims_by_town_and_what_came_in(
    show: Open, width: int, height: int, in_root: object
) -> None:
    documents = list(read(["seeds"]))
    page = show(build_report(find_duplicates(documents), documents, title="seeds"), width=width, lang="ar")
    page.set_viewport_size({"width": width, "height": height})
    for words in ("عندان 8", "حريتان 15", "كفرحمرة 5", "رتيان"):
        bottom = page.evaluate(
            """words => {
                const found = [...document.querySelectorAll('.digest li')].find(line => line.textContent.includes(words));
                const box = found && found.getBoundingClientRect();
                return box && box.bottom;
            }""",
            words,
        )
        assert 0 < (bottom or 0) <= height, words


def test_the_headline_is_the_title_of_the_page(show: Open) -> None:
    one = compare_versions(["Bridge falls in Marsa\nTwo people died.", "Bridge falls in old Marsa\nThree people died."])
    page = show(Report("a.txt / b.txt", (one,)))
    assert page.title() == page.inner_text("h1") == "Bridge falls in old Marsa"
    assert show(REPORT).title() == REPORT.title
