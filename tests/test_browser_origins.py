"""What a page tells of origins works in a browser: in both directions, on narrow screens, in the dark, on paper, without script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser_support import FIVE
from command_support import wait_until
from origins_support import MIXED, carried, hostile_story, report_of_story, story_of
from test_browser_versions import violations

from reports.model import Report
from reports.renderers.folder import write_folder

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Open = Callable[..., "Page"]
CHAIN = story_of([["v1", "v2", "v3", "v4", "v5"]], [carried(f"v{n}", f"v{n + 1}", evolved=True) for n in range(1, 5)])
LARGE = story_of(
    [[f"t{n}" for n in range(60)], *([f"s{n}"] for n in range(9))], [carried(f"t{(n - 1) // 4}", f"t{n}") for n in range(1, 60)]
)
STORIES = {"mixed": MIXED, "chain": CHAIN, "large": LARGE, "hostile": hostile_story()}


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("name", STORIES)
def test_only_the_drawing_scrolls_sideways(show: Open, name: str, lang: str, width: int) -> None:
    page = show(report_of_story(STORIES[name], 3), width=width, lang=lang)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert overflow(page) <= 0
    box = page.evaluate("(() => { const b = document.querySelector('.drawing').getBoundingClientRect(); return [b.left, b.right]; })()")
    assert 0 <= box[0] < box[1] <= width


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("name", STORIES)
def test_no_label_leaves_its_box_or_the_drawing(show: Open, name: str, lang: str) -> None:
    page = show(report_of_story(STORIES[name]), lang=lang)
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.graph g')].flatMap(group => {
            const box = group.querySelector('rect').getBBox();
            return [...group.querySelectorAll('text')].filter(text => {
                const own = text.getBBox();
                return own.width === 0 || own.x < box.x || own.x + own.width > box.x + box.width;
            }).map(text => text.textContent);
        })"""
    )
    assert outside == []
    assert page.evaluate(
        """() => { const svg = document.querySelector('.graph'), view = svg.viewBox.baseVal;
            return [...svg.querySelectorAll(':scope > *')].every(part => { const own = part.getBBox();
                return own.x >= 0 && own.y >= 0 && own.x + own.width <= view.width && own.y + own.height <= view.height; }); }"""
    )


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_labels_stand_at_the_side_where_a_page_begins_and_run_as_their_letters_do(show: Open, lang: str) -> None:
    page = show(report_of_story(MIXED), lang=lang)
    for label, leftward in (("واس", True), ("عكاظ", True), ("LATER", False)):
        first, last, start, end, left, right = page.evaluate(
            """label => { const text = [...document.querySelectorAll('.graph .name')].find(each => each.textContent === label);
                const box = text.parentElement.querySelector('rect').getBBox(), own = text.getBBox(), n = text.getNumberOfChars();
                return [text.getStartPositionOfChar(0).x, text.getStartPositionOfChar(n - 1).x, own.x, own.x + own.width, box.x,
                    box.x + box.width]; }""",
            label,
        )
        assert (first > last) is leftward
        assert abs(right - end - 9 if lang == "ar" else start - left - 9) < 3


def test_the_list_opens_with_a_key_and_its_links_lead_to_texts(show: Open) -> None:
    page = show(report_of_story(LARGE, 3))
    assert not page.locator(".lineage").is_visible()
    page.focus(".listed > summary")
    page.keyboard.press("Enter")
    assert page.locator(".lineage").is_visible()
    page.click(".lineage .carries a >> nth=0")
    assert page.evaluate("document.querySelector(':target').matches('li')")


def test_a_short_list_is_open_and_the_page_needs_no_script(show: Open) -> None:
    page = show(report_of_story(MIXED), java_script_enabled=False)
    assert page.locator(".lineage").is_visible()
    assert page.locator(".graph").is_visible()


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize(("lang", "scheme"), [("ar", "light"), ("en", "dark")])
def test_axe_finds_nothing_serious_in_origins(show: Open, name: str, lang: str, scheme: str) -> None:
    page = show(report_of_story(STORIES[name]), lang=lang, color_scheme=scheme)
    assert violations(page) == []
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert violations(page) == []


def test_paper_has_the_whole_list_and_the_drawing_fits(show: Open) -> None:
    page = show(report_of_story(LARGE), width=700)
    page.emulate_media(media="print")
    assert page.evaluate("document.querySelector('.lineage').getBoundingClientRect().height") > 60 * 30
    width, height = page.evaluate(
        "(() => { const b = document.querySelector('.graph').getBoundingClientRect(); return [b.width, b.height]; })()"
    )
    assert width <= 700
    assert height <= 22 * 96 / 2.54 + 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_keep_the_drawing_visible(show: Open, scheme: str) -> None:
    page = show(report_of_story(MIXED), forced_colors="active", color_scheme=scheme)
    styles = page.evaluate(
        """() => { const ground = getComputedStyle(document.body).backgroundColor;
            const seen = (name, property) => getComputedStyle(document.querySelector(`.graph ${name}`))[property] !== ground;
            return [['.name', 'fill'], ['.link', 'stroke'], ['.box', 'stroke'], ['.dash', 'stroke'], ['.tip', 'fill']].map(
                each => seen(...each)); }"""
    )
    assert all(styles)


def test_a_page_that_is_turned_round_still_tells_of_origins(show: Open) -> None:
    page = show(report_of_story(MIXED, 3))
    before = page.inner_text(".origins")
    page.keyboard.press("t")
    assert page.inner_text(".origins") == before
    assert page.evaluate("[...document.querySelectorAll('.origins a')].every(link => document.getElementById(link.hash.slice(1)))")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    reports: list[Report] = [report_of_story(story, id=f"story {name}") for name, story in STORIES.items()]
    write_folder(str(tmp_path / "pages"), [*reports, FIVE], title="day", lang="en")
    return tmp_path / "pages" / "index.html"


def test_the_index_is_sorted_by_independent_origins(show: Open, folder: Path) -> None:
    page = show(folder)
    heading = page.locator("th", has_text="Independent origins")
    place = heading.evaluate("cell => cell.cellIndex")
    heading.locator("button").click()
    counts = page.evaluate(
        f"[...document.querySelectorAll('tbody tr')].map(row => row.cells[{place}].querySelector('bdi')?.textContent ?? '')"
    )
    assert counts == ["10", "3", "2", "1", ""]
    assert violations(page) == []


@pytest.mark.parametrize("width", [1280, 800, 320])
def test_the_index_with_origins_fits(show: Open, folder: Path, width: int) -> None:
    assert overflow(show(folder, width=width)) <= 0


def test_a_drawing_can_be_moved_with_keys(show: Open) -> None:
    page = show(report_of_story(CHAIN), width=360)
    page.focus(".drawing")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    wait_until(lambda: page.evaluate("document.querySelector('.drawing').scrollLeft > 0"))
