"""The desk's stories and doubtful pairs in two browsers: what is new appears by itself, and people answer by keys and by buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

import pytest
from command_support import wait_until
from desk_support import Desk, Visit, check_with_axe, desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
NUMBERS = count(10)
HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}</li>\u202e"
TEXT = (
    "The mayor of Marsa said that the ferries sail again from Monday, and that nobody was hurt when a crane fell onto the quay of the old "
    "harbour in the night of Saturday."
)
WORDS = TEXT.replace(",", "").replace(".", "").split()
TOLLS = [
    {
        "id": f"toll-{n}",
        "text": f"Police in Marsa held {toll} men on Sunday, the governor said. {TEXT}",
        "title": "Arrests in Marsa",
        "source": source,
        "time": f"2026-03-0{n}T08:00:00Z",
    }
    for n, toll, source in ((1, 5, "Coast"), (2, 9, "Harbour News"), (3, 7, HOSTILE))
]


def doubtful(name: str) -> list[dict[str, str]]:
    """Return two texts of which it is hard to say whether they are the same, and that are like no others."""
    own = [f"{word}{name}" for word in WORDS]
    other = [f"x{word}" if n % 3 == 1 and n < 16 else word for n, word in enumerate(own)]
    return [{"id": f"{name}-{n}", "text": " ".join(words), "title": f"{name} {n}"} for n, words in ((1, own), (2, other))]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("desk")) as running:
        running.send("/v1/decide", [*TOLLS, *(record for name in "pqrstuvw" for record in doubtful(name))])
        yield running


def titles(page: Page) -> list[str]:
    return page.locator(".story-list h2").all_inner_texts()


def fresh(served: Desk) -> str:
    """Send a text that is like no other, and return its title."""
    n = next(NUMBERS)
    text = " ".join(f"{word}{n}" for word in WORDS)
    served.send("/v1/decide", {"id": f"fresh-{n}", "text": text, "title": f"Fresh {n} {HOSTILE}", "time": "2026-03-09T08:00:00Z"})
    return f"Fresh {n}"


def test_what_comes_appears_by_itself_and_is_said(visit: Visit, served: Desk) -> None:
    page = visit("/stories")
    name = fresh(served)
    page.wait_for_selector(f".story-list > :first-child h2:has-text('{name} ')")
    wait_until(lambda: page.evaluate("name => document.querySelector('[data-said]').textContent.includes(name)", name))
    assert page.evaluate("document.images.length") == 0


def test_who_reads_is_not_disturbed_by_what_comes(visit: Visit, served: Desk) -> None:
    page = visit("/stories")
    page.focus(".story-list h2 a")
    before = titles(page)
    name = fresh(served)
    page.wait_for_selector("[data-waiting]:not([hidden])")
    assert titles(page) == before
    page.click("[data-waiting] button")
    assert titles(page)[0].startswith(name)
    assert name in page.evaluate("document.activeElement.textContent")


def test_a_line_stands_above_what_was_seen(visit: Visit, served: Desk) -> None:
    page = visit("/stories")
    seen = titles(page)[0]
    assert page.locator(".seen").count() == 0
    page.goto("about:blank")
    name = fresh(served)
    page.goto(f"{served.base}/stories")
    assert page.locator(".seen").count() == 0  # the reader is still there
    page.evaluate("""() => {
      const last = JSON.parse(localStorage.getItem("dedup-list"));
      localStorage.setItem("dedup-list", JSON.stringify({ ...last, row: last.row - 1, at: 0 }));
    }""")  # as if that had come a day later
    for _ in range(2):
        page.goto(f"{served.base}/stories?words=marsa")
        page.goto(f"{served.base}/stories")
        above = page.locator(".seen").evaluate("line => line.previousElementSibling.textContent")
        assert name in above
        assert seen in page.locator(".seen").evaluate("line => line.nextElementSibling.textContent")


def test_a_story_shows_its_alarm_and_its_texts_are_compared(visit: Visit) -> None:
    page = visit("/stories?alarms=1")
    wait_until(lambda: page.reload() is not None and page.locator(".story-list > .alarming").count() == 1)
    page.click(".story-list h2 a")
    page.wait_for_url(re.compile("/stories/c"))
    page.wait_for_selector("article")
    assert page.locator("main").count() == page.locator("h1").count() == 1
    assert "9 → 7" in page.inner_text("body").replace("\u200e", "")
    assert HOSTILE[:20] in page.inner_text("body")


def ask(page: Page) -> str:
    """Return what is asked on the page of doubtful pairs."""
    page.wait_for_selector(".doubt-ask")
    return page.input_value(".doubt-ask [name=a]") + " " + page.input_value(".doubt-ask [name=b]")


def test_keys_answer_and_take_back(visit: Visit, served: Desk) -> None:
    page = visit("/doubts")
    first = ask(page)
    page.keyboard.press("n")
    page.wait_for_selector("[data-undo]")
    second = ask(page)
    assert second != first
    kept = {f"{each['a']} {each['b']}": each["verdict"] for each in served.read("/v1/verdicts")["verdicts"]}
    assert kept[" ".join(sorted(first.split()))] == "different"
    page.keyboard.press("u")
    page.wait_for_url(lambda url: "said=none" in url)
    assert first in {ask(page), second}


def test_buttons_answer_without_script(visit: Visit, served: Desk) -> None:
    page = visit("/doubts", scripts=False)
    first = ask(page)
    page.click(".doubt-ask [value=same]")
    page.wait_for_selector("[data-undo]")
    assert ask(page) != first
    page.goto(f"{served.base}/stories")
    assert page.locator(".story-list > li").count() > 0


@pytest.mark.parametrize("path", ["/stories", "/doubts"])
def test_the_pages_are_for_everyone(visit: Visit, path: str) -> None:
    page = visit(path, width=320, lang="ar")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("document.dir") == "rtl"
    check_with_axe(page)
