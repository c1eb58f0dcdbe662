"""The page works in a browser: keys, folds, print, narrow screens, and nothing runs that is not ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from browser_support import NEWS, REPORT, compare_by_hand, hostile_report, report_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
WIDE, NARROW = 1280, 360
Open = Callable[..., "Page"]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.dataset.for || ''"))


def status(page: Page) -> str:
    return page.inner_text("[role=status]")


def test_hostile_text_runs_nothing_and_asks_for_nothing(show: Open) -> None:
    page = show(hostile_report())
    page.keyboard.press("n")
    page.keyboard.press("c")
    assert page.evaluate("document.scripts.length") == 1
    assert page.evaluate("document.images.length") == 0


@pytest.mark.parametrize("width", [WIDE, 360, 320])
@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_nothing_scrolls_sideways(show: Open, width: int, lang: str) -> None:
    long = compare_by_hand(("edited", "رابط {{wording:" + "x" * 400 + "=>" + "ب" * 400 + "}} هنا."), a="a" * 300, heading="ع" * 200)
    page = show(report_of("W" * 300, NEWS, long, bulletins=REPORT.bulletins, only_texts=REPORT.only_texts), width=width, lang=lang)
    page.keyboard.press("c")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_fragment_leads_to_something_on_the_page(show: Open) -> None:
    for width in (WIDE, NARROW):
        page = show(width=width)
        assert page.evaluate("[...document.links].filter(a => !document.getElementById(decodeURIComponent(a.hash.slice(1)))).length") == 0
        marks = "[...document.querySelectorAll('main .mark[id]:not(.cosmetic)')]"
        assert page.evaluate(f"{marks}.filter(mark => !mark.getClientRects().length).length") == 0


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_keys_walk_through_the_changes_and_the_status_speaks(show: Open, width: int) -> None:
    page = show(width=width)
    walked = []
    for key in "nnnnnnnnnn":
        page.keyboard.press(key)
        walked.append(focused(page))
        assert page.evaluate("document.activeElement.checkVisibility({visibilityProperty: true})")
        top = page.evaluate("document.activeElement.getBoundingClientRect().top")
        assert 0 < top < 700
    substantive = [f"p-1-{change.id}" for change in NEWS.changes if not change.kind.cosmetic]
    assert [name for name in walked if name.startswith("p-")] == substantive
    assert status(page) == "change 10 of 10: time"
    page.keyboard.press("n")
    assert status(page) == "change 1 of 10: moved sentence"
    for key, place in (("j", 2), ("k", 1), ("p", 10)):
        page.keyboard.press(key)
        assert status(page).startswith(f"change {place} of 10")


def test_buttons_do_what_the_keys_do(show: Open) -> None:
    page = show()
    page.click("button[data-step='1']")
    page.click("button[data-step='1']")
    assert status(page) == "change 2 of 10: attribution"
    page.click("button[data-step='-1']")
    assert status(page) == "change 1 of 10: moved sentence"
    page.click("[data-cosmetic]")
    assert page.get_attribute("[data-cosmetic]", "aria-pressed") == "true"


def test_keys_work_on_an_arabic_keyboard(show: Open) -> None:
    page = show()
    page.evaluate("dispatchEvent(new KeyboardEvent('keydown', {key: '\u0649', code: 'KeyN'}))")
    assert status(page).startswith("change 1 of 10")


def test_one_key_unfolds_the_cosmetic_changes_and_folds_them_again(show: Open) -> None:
    page = show(width=NARROW)
    folded = "document.querySelector('#p-1-c5 > del').checkVisibility()"
    assert not page.evaluate(folded)
    page.keyboard.press("c")
    assert page.evaluate(folded)
    assert page.evaluate("document.querySelector('#p-1-c7').checkVisibility()")
    assert status(page) == "cosmetic changes shown: 2"
    page.keyboard.press("n")
    assert status(page).startswith("change 1 of 12")
    page.keyboard.press("c")
    assert not page.evaluate(folded)
    assert status(page) == "cosmetic changes folded: 2"


def test_a_link_to_a_change_opens_what_hides_it(show: Open) -> None:
    page = show(at="#p-1-c7")
    assert page.evaluate("document.getElementById('p-1-c7').checkVisibility()")
    assert status(page) == "change 10 of 12: spelling"


def test_a_click_on_a_mark_pins_it_in_the_address(show: Open) -> None:
    page = show()
    page.dispatch_event(".cell.a .mark[data-for='p-1-c3'] del", "click")
    assert page.evaluate("location.hash") == "#p-1-c3"


def test_wide_screens_show_two_columns_and_narrow_ones_a_single_text(show: Open) -> None:
    page = show(width=WIDE)
    a, b = page.locator(".row.edited > .cell").nth(0).bounding_box(), page.locator(".row.edited > .cell").nth(1).bounding_box()
    assert a
    assert b
    assert a["y"] == b["y"]
    assert a["x"] > b["x"]
    assert (page.is_visible("#p-1-c3 > del"), page.is_visible("#p-1-c3 > ins")) == (False, True)
    page.set_viewport_size({"width": NARROW, "height": 700})
    assert not page.is_visible(".cell.a.twin")
    assert (page.is_visible("#p-1-c3 > del"), page.is_visible("#p-1-c3 > ins")) == (True, True)


@pytest.mark.parametrize(("width", "times"), [(WIDE, 2), (NARROW, 1)])
def test_a_screen_reader_meets_each_column_once(show: Open, width: int, times: int) -> None:
    heard = show(width=width).locator("#p-1 .rows").aria_snapshot()
    assert heard.count("إن القتلى") == times
    assert heard.count("deleted: CNN (end)") == heard.count("inserted: BBC (end)") == 1
    assert heard.count("deleted: عنيفة (end)") + heard.count("deleted:  عنيفة (end)") == 1


def test_without_script_everything_is_shown(show: Open) -> None:
    page = show(java_script_enabled=False, width=NARROW)
    assert not page.is_visible(".toolbar")
    assert page.is_visible("#p-1-c5 > del")
    assert page.is_visible("#p-1-c3 > ins")
    page.locator(".fold summary").nth(1).click()
    assert page.is_visible("#p-1-c7 > ins")


def test_print_shows_what_is_open_and_gives_a_pdf(show: Open) -> None:
    page = show()
    page.emulate_media(media="print")
    seen = "[...document.querySelectorAll('.row')].map(row => row.checkVisibility())"
    assert page.evaluate(seen) == page.evaluate("[...document.querySelectorAll('.row')].map(row => !row.closest('details:not([open])'))")
    assert False in page.evaluate(seen)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert False not in page.evaluate(seen)
    assert not page.is_visible(".toolbar")
    assert page.is_visible(".overview > .tally")
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_marks_do_not_change_the_width_of_words(show: Open) -> None:
    page = show(width=NARROW)
    widths = page.evaluate(
        """() => [...document.querySelectorAll('.cell.b .mark:not(.cosmetic) > ins')].map(mark => {
            const bare = document.createElement('span');
            bare.textContent = [...mark.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join('').trim();
            const box = document.createElement('div');
            box.className = 'cell'; box.dir = 'rtl';
            const marked = mark.cloneNode(true);
            marked.querySelectorAll('.vh').forEach(n => n.remove());
            marked.textContent = bare.textContent;
            for (const element of [bare, marked]) {
                const line = box.cloneNode();
                line.append(element);
                document.querySelector('.row').append(line);
            }
            return [bare.getBoundingClientRect().width, marked.getBoundingClientRect().width];
        })"""
    )
    assert len(widths) >= 5
    for bare, marked in widths:
        assert marked == pytest.approx(bare, abs=0.6)


def test_a_mark_inside_a_word_keeps_its_letters_joined(show: Open) -> None:
    page = show(report_of("t", compare_by_hand(("edited", "كتب{{wording:=>هم}} جديد."))), width=NARROW)
    whole, split = page.evaluate(
        """() => {
            const cell = document.querySelector('.cell.b');
            const range = document.createRange();
            const width = node => { range.selectNodeContents(node); return range.getBoundingClientRect().width; };
            const copy = cell.cloneNode(true);
            copy.querySelectorAll('.vh').forEach(n => n.remove());
            const plain = cell.cloneNode();
            plain.textContent = copy.textContent;
            cell.after(plain, copy);
            return [width(plain), width(copy)];
        }"""
    )
    assert split == pytest.approx(whole, abs=0.6)


def test_neighbouring_latin_words_and_numbers_keep_their_order(show: Open) -> None:
    page = show(width=NARROW)
    places = page.evaluate(
        """() => [...document.querySelectorAll('#r-1-2 .cell.b del, #r-1-2 .cell.b ins')].map(mark => {
            const box = mark.getBoundingClientRect();
            return [Math.round(box.top), -Math.round(box.right)];
        })"""
    )
    assert len(places) == 6
    assert places == sorted(places)


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_marked_range_of_numbers_reads_as_it_does_unmarked(show: Open, lang: str) -> None:
    rows = (
        ("edited", "في مدة {{time:=>10-20}} يوما."),
        ("same", "في مدة 10-20 يوما."),
        ("edited", "في {{number:=>5.5%}} هنا."),
        ("same", "في 5.5% هنا."),
    )
    page = show(report_of("t", compare_by_hand(*rows)), lang=lang, width=NARROW)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    orders = page.evaluate(
        """() => [...document.querySelectorAll('.cell.b')].map(cell => {
            const found = [];
            const range = document.createRange();
            const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const node = walker.currentNode;
                if (node.parentElement.closest('.vh')) continue;
                [...node.data].forEach((char, at) => {
                    range.setStart(node, at);
                    range.setEnd(node, at + 1);
                    if (/[0-9%-]/.test(char)) found.push([range.getBoundingClientRect().left, char]);
                });
            }
            return found.sort((one, other) => one[0] - other[0]).map(pair => pair[1]).join('');
        })"""
    )
    assert orders[0] == orders[1]
    assert orders[2] == orders[3]


@pytest.mark.parametrize("options", [{"color_scheme": "dark"}, {"color_scheme": "light"}, {"forced_colors": "active"}], ids=str)
def test_every_colour_scheme_keeps_text_and_marks_apart_from_their_ground(show: Open, options: dict[str, str]) -> None:
    page = show(**options)
    for selector in ("h1", ".tally", ".cell.b ins", ".cell.a del", ".fold summary", ".tag", "[role=status]", ".entry h3 a"):
        assert contrast(page, selector) >= 4.5, selector


def contrast(page: Page, selector: str) -> float:
    """Return the WCAG contrast of the first element's text with the nearest painted ground behind it."""
    ink, ground = page.evaluate(
        """selector => {
            let element = document.querySelector(selector);
            const ink = getComputedStyle(element).color;
            let ground = 'rgba(0, 0, 0, 0)';
            for (; element && ground.endsWith(', 0)'); element = element.parentElement) ground = getComputedStyle(element).backgroundColor;
            return [ink, ground].map(colour => colour.match(/[\\d.]+/g).slice(0, 3).map(Number));
        }""",
        selector,
    )
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: list[float]) -> float:
    channels = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
