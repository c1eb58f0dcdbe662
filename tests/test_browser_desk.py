"""The desk's first page and its comparisons in two browsers: paste, drop, keys, no script, narrow, right-to-left, and what goes wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from desk_support import Desk, Visit, check_with_axe, desk, visits
from office_support import docx

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
OLD, NEW = "Police in Marsa held 5 men on Sunday. The port is open.", "Police in Marsa held 9 men on Sunday. The port is closed."
MORE = " The mayor said that the ferries sail again from Monday, and that nobody was hurt when a crane fell onto the quay."
OLDER, NEWER = ((ROOT / f"tests/texts/{name}.txt").read_text("utf-8") for name in ("morning", "evening"))
EARLY, LATE = 1_700_000_000_000, 1_700_000_600_000  # milliseconds
SHOWN = '"><img src=x onerror=alert(1)>{{7*7}}U+202E.txt'
HOSTILE = '"><img src=x onerror=alert(1)>{{7*7}}\u202e.txt'
RECORDS = (
    {"id": "marsa-1", "text": OLD, "title": "Five held in Marsa", "source": "Coast", "time": "2026-03-01T08:00:00Z"},
    {"id": "marsa-2", "text": NEW, "title": "Nine held in Marsa", "source": "Coast", "time": "2026-03-01T09:00:00Z"},
)
DROP = """([files, selector]) => {
    const held = new DataTransfer();
    for (const [name, text, lastModified] of files) held.items.add(new File([new Uint8Array(text)], name, {lastModified}));
    const target = document.querySelector(selector);
    for (const kind of ['dragover', 'drop']) {
        target.dispatchEvent(new DragEvent(kind, {dataTransfer: held, bubbles: true, cancelable: true}));
    }
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("desk")) as running:
        running.send("/v1/decide", list(RECORDS))
        yield running


def paste(page: Page, a: str = OLD, b: str = NEW) -> None:
    page.fill("#a_text", a)
    page.fill("#b_text", b)


def compare(page: Page, a: str = OLD, b: str = NEW) -> Page:
    paste(page, a, b)
    page.click("[type=submit]")
    page.wait_for_selector("article")
    return page


def drop(page: Page, *files: tuple[str, bytes, int], at: str = "body") -> None:
    page.evaluate(DROP, [[(name, list(data), time) for name, data, time in files], at])


def said(page: Page) -> str:
    page.wait_for_selector("[data-trouble]:not([hidden])")
    return page.inner_text("[data-trouble]")


def names(page: Page) -> list[str]:
    return [page.inner_text(f"article .side.{side} .version") for side in "ab"]


def test_two_pasted_texts_are_compared(visit: Visit) -> None:
    page = compare(visit())
    assert "/comparisons/" in page.url
    assert page.locator("article .cell.b ins").all_inner_texts() != []
    assert "5 → 9" in page.inner_text(".digest").replace("\u200e", "")
    assert page.inner_text("h1") == NEW
    assert page.locator("main, [role=main]").count() == page.locator("h1").count() == 1


def test_the_token_leaves_the_address_and_no_script_can_read_the_cookie(visit: Visit, served: Desk) -> None:
    page = visit()
    assert page.url == f"{served.base}/"
    assert served.token not in page.content()
    assert page.evaluate("document.cookie") == ""
    (cookie,) = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], served.token in cookie["value"]) == (True, "Strict", False)


def test_who_is_not_known_is_told_what_to_open(visit: Visit) -> None:
    page = visit("/?lang=fr", known=False)
    assert "dedup serve" in page.inner_text("[role=alert]")
    assert page.evaluate("getComputedStyle(document.querySelector('.desk-problem')).borderInlineStartWidth") == "4px"


def test_two_dropped_files_are_compared_the_older_first(visit: Visit) -> None:
    page = visit()
    drop(page, ("noon.txt", NEW.encode(), LATE), ("morning.txt", OLD.encode(), EARLY))
    page.wait_for_selector("article")
    assert ["morning.txt" in names(page)[0], "noon.txt" in names(page)[1]] == [True, True]
    assert "older date" in page.inner_text(".desk-tools")
    assert page.inner_text("h1") == "morning.txt / noon.txt"


def test_files_of_one_date_wait_for_the_reader(visit: Visit) -> None:
    page = visit()
    drop(page, ("one.txt", NEW.encode(), EARLY), (HOSTILE, OLD.encode(), EARLY))
    assert "same date" in page.inner_text("[data-status]")
    assert page.locator("[data-side=b] [data-name]").inner_text() == SHOWN
    page.click("[data-swap]")
    assert page.locator("[data-side=a] [data-name]").inner_text() == SHOWN
    assert f"Older text: {SHOWN}" in page.inner_text("[data-status]")
    page.click("[type=submit]")
    page.wait_for_selector("article")
    assert "one.txt" in names(page)[1]
    assert "older date" not in page.inner_text(".desk-tools")


def test_one_file_takes_the_side_where_it_is_dropped_and_shows_what_repeats_in_it(visit: Visit) -> None:
    page = visit()
    bulletin = f"Marsa::\n{OLD}{MORE}\n\nTown::\n{NEW}{MORE}\n"
    drop(page, ("day.txt", bulletin.encode(), EARLY), at="[data-side=b] textarea")
    assert page.is_visible("[data-side=b] [data-taken]")
    assert not page.is_visible("#b_text")
    assert page.inner_text("[type=submit]") == "Show what repeats itself in this file"
    page.keyboard.press("Enter")
    page.wait_for_selector("article")
    assert "day.txt" in page.inner_text("h1")
    assert "5 → 9" in page.inner_text(".digest").replace("\u200e", "")


def test_files_of_many_texts_show_what_repeats_in_both(visit: Visit) -> None:
    page = visit()
    feeds = [
        "\n".join(json.dumps({"id": f"{name}{n}", "text": text}) for n, text in enumerate(texts)).encode()
        for name, texts in (
            ("a", (OLD + MORE, "Rain fell in the north.")),
            ("b", (NEW + MORE, "Schools open again.")),
        )
    ]
    drop(page, ("a.jsonl", feeds[0], EARLY), ("b.jsonl", feeds[1], LATE))
    page.wait_for_selector("article")
    assert page.locator("article").count() == 1
    assert page.inner_text("h1") == "a.jsonl / b.jsonl"


def test_a_file_in_which_nothing_repeats_says_so(visit: Visit) -> None:
    page = visit()
    drop(page, ("day.txt", OLD.encode(), EARLY))
    page.keyboard.press("Enter")
    page.wait_for_selector(".desk-tools")
    assert "Nothing repeats itself here" in page.inner_text(".desk-tools")


def test_three_files_are_refused_beside_the_form(visit: Visit) -> None:
    page = visit()
    page.fill("#a_text", OLD)
    drop(page, *((f"{n}.txt", b"x", n) for n in range(3)))
    assert "one or two files" in said(page)
    assert page.input_value("#a_text") == OLD


def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "desk-skip"
    page.keyboard.press("Enter")
    for _ in range(20):
        if page.evaluate("document.activeElement.id") == "a_text":
            break
        page.keyboard.press("Tab")
    page.keyboard.insert_text(OLD)
    for name in ("a_file", "", "b_text"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == name
    page.keyboard.insert_text(NEW)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("article")
    page.keyboard.press("n")
    assert page.inner_text(".toolbar [role=status]").startswith("change 1 of ")
    box = page.evaluate("document.activeElement.getBoundingClientRect().top")
    assert page.evaluate("document.querySelector('.toolbar').getBoundingClientRect().bottom") <= box < 720


def test_the_page_turns_round_in_its_frame(visit: Visit) -> None:
    page = compare(visit())
    page.click("[data-turn]")
    assert "9 → 5" in page.inner_text(".digest").replace("\u200e", "")
    page.keyboard.press("t")
    assert "5 → 9" in page.inner_text(".digest").replace("\u200e", "")
    page.click("[data-filter=number]")
    assert set(page.eval_on_selector_all(".mark:not(.off)", "marks => marks.map(mark => mark.dataset.kind)")) == {"number"}
    here = page.url
    page.click(".digest a >> nth=0")
    assert page.url.startswith(here.partition("#")[0] + "#")
    missing = "[...document.querySelectorAll('main a[href^=\"#\"]')].filter(a => !document.getElementById(a.hash.slice(1))).length"
    assert page.evaluate(missing) == 0


def test_without_script_the_form_works_and_an_error_keeps_what_was_pasted(visit: Visit) -> None:
    page = visit(scripts=False)
    page.fill("#a_text", f"{OLD}\n</textarea><script>alert(1)</script>")
    page.click("[type=submit]")
    page.wait_for_selector("[role=alert]")
    assert "two are needed" in page.inner_text("[role=alert]")
    assert page.input_value("#a_text") == f"{OLD}\n</textarea><script>alert(1)</script>"
    page.fill("#b_text", NEW)
    page.click("[type=submit]")
    page.wait_for_selector("article")
    assert not page.is_visible(".toolbar")
    page.click("text=Change these texts")
    page.wait_for_selector("#a_text")
    assert page.input_value("#b_text") == NEW
    page.click("[data-clear]")
    page.wait_for_url(re.compile("/$"))
    assert page.input_value("#b_text") == ""


def test_nothing_scrolls_sideways_where_it_is_narrow(visit: Visit) -> None:
    wide = "document.documentElement.scrollWidth"
    page = visit("/?a=" + "x" * 200, width=320, lang="ar")
    for lang in ("ar", "en", "fr"):
        if lang != "ar":
            page.click(f"[hreflang={lang}]")
            page.wait_for_selector(f"html[lang={lang}]")
        assert page.evaluate(wide) <= 320
    page.fill("#a_id", "")
    compare(page, OLDER + " " + "x" * 200, NEWER)
    assert page.evaluate(wide) <= 320


def test_arabic_is_read_from_the_right(visit: Visit) -> None:
    page = visit(lang="ar")
    assert page.evaluate("[document.dir, document.documentElement.lang]") == ["rtl", "ar"]
    a, b = (page.locator(f"[data-side={side}]").bounding_box() for side in "ab")
    assert a is not None
    assert b is not None
    assert a["x"] > b["x"]
    compare(page, OLDER, NEWER)
    assert page.get_attribute("article", "dir") == "rtl"
    assert page.inner_text(".digest h2, .digest h3").strip() == "ما الجديد"


def test_another_language_keeps_the_texts_and_the_comparison(visit: Visit) -> None:
    page = visit(lang="ar")
    paste(page)
    page.click("text=Français")
    page.wait_for_selector("html[lang=fr]")
    assert [page.input_value(f"#{side}_text") for side in "ab"] == [OLD, NEW]
    page.click("[type=submit]")
    page.wait_for_selector("article")
    assert "Ce qui est nouveau" in page.inner_text("main")
    page.click("text=English")
    page.wait_for_selector("html[lang=en]")
    assert page.locator("article .cell.b ins").count() > 0
    assert page.get_attribute("#desk-main > [lang]", "lang") == "en"
    page.goto(page.url.partition("/comparisons")[0])
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.input_value("#a_text") == ""


def test_back_brings_the_texts_back(visit: Visit) -> None:
    page = compare(visit())
    page.go_back()
    page.wait_for_selector("#a_text")
    assert [page.input_value(f"#{side}_text") for side in "ab"] == [OLD, NEW]
    assert page.get_attribute("[type=submit]", "aria-disabled") != "true"


DOWNLOADS = {
    "page": (b"<!doctype html>", ".html"),
    "Word": (b"PK", ".docx"),
    "table (CSV)": (b"\xef\xbb\xbfid,", ".csv"),
    "Markdown": (b"# ", ".md"),
    "unified diff": (b"--- ", ".diff"),
    "JSON": (b"{", ".json"),
}


def test_a_comparison_can_be_saved_in_each_format(visit: Visit) -> None:
    pytest.importorskip("docx", reason="Word files need python-docx")
    page = compare(visit(accept_downloads=True))
    assert page.locator(".desk-downloads a").all_inner_texts() == list(DOWNLOADS)
    for name, (begins, ending) in DOWNLOADS.items():
        with page.expect_download() as downloaded:
            page.click(f".desk-downloads a:text-is('{name}')")
        data = downloaded.value.path().read_bytes()
        assert data.startswith(begins)
        assert downloaded.value.suggested_filename == f"{NEW.strip('.')}{ending}"
        assert b"/assets/" not in data


def test_a_file_that_cannot_be_read_is_said_beside_the_form_and_nothing_is_lost(visit: Visit) -> None:
    page = visit()
    page.fill("#a_text", OLDER)
    drop(page, ("old.txt", NEWER.encode("windows-1256", "replace"), EARLY), at="[data-side=b]")
    page.click("[type=submit]")
    assert "UTF-8" in said(page)
    assert "old.txt:1" in said(page)
    assert page.evaluate("document.activeElement.hasAttribute('data-trouble')")
    assert page.input_value("#a_text") == OLDER
    assert page.inner_text("[data-side=b] [data-name]") == "old.txt"
    assert [page.is_visible(f"#{side}_encoding") for side in "ab"] == [False, True]
    page.select_option("#b_encoding", "windows-1256")
    assert not page.is_visible("[data-trouble]")
    page.click("[type=submit]")
    page.wait_for_selector("article")
    assert "16" in page.inner_text("article")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("new.docx", docx(f"<w:p><w:r><w:t>{NEW}</w:t></w:r></w:p>")),
        ("new.html", f"<!doctype html><html><title>t</title><article><p>{NEW}</p></article></html>".encode()),
        ("new.xml", f"<nitf><body><body.content><p>{NEW}</p></body.content></body></nitf>".encode()),
        ("new.json", json.dumps({"id": "1", "text": NEW}).encode()),
        ("new.eml", f"From: a@example.org\nSubject: t\nMessage-ID: <1@example.org>\nContent-Type: text/plain\n\n{NEW}\n".encode()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_of_many_formats_are_read(browser: Browser, served: Desk, name: str, data: bytes) -> None:
    with visits(browser, served) as visit:
        page = visit()
        page.fill("#a_text", OLD)
        page.set_input_files("#b_file", [{"name": name, "mimeType": "application/octet-stream", "buffer": data}])
        assert name in page.inner_text("[data-status]")
        page.click("[type=submit]")
        page.wait_for_selector("article")
        assert "5 → 9" in page.inner_text(".digest").replace("\u200e", "")


def test_two_stored_records_are_shown_and_put_in_order(visit: Visit) -> None:
    page = visit("/?a=marsa-2&b=marsa-1")
    assert "Nine held in Marsa" in page.inner_text("[data-side=a] .desk-record")
    assert not page.is_visible("#a_text")
    page.click("[data-swap]")
    assert "Nine held in Marsa" in page.inner_text("[data-side=b] .desk-record")
    page.click("[data-swap]")
    page.reload()
    page.click("[data-notice] a")
    page.wait_for_url(re.compile("a=marsa-1"))
    assert page.locator("[data-notice]").count() == 0
    page.click("[type=submit]")
    page.wait_for_selector("article")
    assert page.inner_text("h1") == "Nine held in Marsa"
    assert "Coast" in names(page)[0]
    page = visit("/?a=marsa-1&b=%3Cb%3E")
    assert "No record is stored under that id: <b>" in page.inner_text("[role=alert]")


def test_sides_are_swapped_and_cleared(visit: Visit) -> None:
    page = visit()
    paste(page)
    page.click("[data-swap]")
    assert [page.input_value(f"#{side}_text") for side in "ab"] == [NEW, OLD]
    drop(page, ("a.txt", b"x", EARLY), at="[data-side=a]")
    page.click("[data-remove]")
    assert page.input_value("#a_text") == NEW
    page.click("[data-clear]")
    assert [page.input_value(f"#{side}_text") for side in "ab"] == ["", ""]
    page.click("[type=submit]")
    assert "There is no text" in said(page)


def test_a_comparison_that_takes_long_says_so_and_can_be_stopped(visit: Visit) -> None:
    page = visit()
    page.route("**/compare", lambda route: None)  # which never answers
    paste(page)
    page.click("[type=submit]")
    page.wait_for_selector("form[aria-busy=true]")
    assert page.inner_text("[data-status]") == "Comparing …"
    page.click("[data-stop]")
    page.wait_for_selector("form[aria-busy=false]")
    assert page.inner_text("[data-status]") == "The comparison is stopped."
    assert [page.input_value(f"#{side}_text") for side in "ab"] == [OLD, NEW]


def test_nothing_stands_in_the_way_of_assistive_technology(visit: Visit) -> None:
    page = visit("/?a=nothing&b=marsa-1", lang="ar", color_scheme="light")  # in Firefox they are the dark colours
    check_with_axe(page)
    check_with_axe(compare(visit(lang="ar", color_scheme="light"), OLDER, NEWER))


def test_dark_colours_are_for_who_wants_them(browser: Browser, firefox: Browser, served: Desk) -> None:
    grounds = []
    for which, colours in ((browser, "light"), (browser, "dark"), (firefox, "dark")):
        with visits(which, served) as visit:
            page = visit(color_scheme=colours)
            grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds[1] == grounds[2] == "rgb(19, 21, 23)"
    assert grounds[0] == "rgb(247, 246, 242)"


def test_print_leaves_out_what_only_a_screen_needs(browser: Browser, served: Desk) -> None:
    with visits(browser, served) as visit:
        page = compare(visit())
        page.emulate_media(media="print")
        assert not any(page.is_visible(each) for each in (".desk-nav", ".desk-tools", ".toolbar"))
        assert all(page.is_visible(each) for each in ("h1", "article"))
