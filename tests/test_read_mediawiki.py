"""Dumps of MediaWiki: each revision of an article is a document; wikitext becomes plain text in linear time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_support import documents_of, said

from dedup.text.wikitext import plain_wikitext

TITLE = "\u062d\u0645\u0635"
HEAD = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="ar"><siteinfo><sitename>Wikipedia</sitename>
<dbname>arwiki</dbname><base>https://ar.wikipedia.org/wiki/Main</base><namespaces><namespace key="0"/></namespaces></siteinfo>"""


def revision(number: int, text: str, more: str = "") -> str:
    return (
        f"<revision><id>{number}</id><timestamp>2024-01-0{number}T10:00:00Z</timestamp><contributor><username>x</username></contributor>{more}"
        f'<model>wikitext</model><format>text/x-wiki</format><text bytes="9" xml:space="preserve">{text}</text></revision>'
    )


def page(revisions: str, ns: int = 0, more: str = "") -> str:
    return f"<page><title>{TITLE}</title><ns>{ns}</ns><id>7</id>{more}{revisions}</page>"


def test_the_revisions_of_a_page_are_its_versions() -> None:
    data = f"{HEAD}{page(revision(1, 'A &amp;nbsp;city.') + revision(2, '&#39;&#39;&#39;A&#39;&#39;&#39; large [[city]].'))}</mediawiki>"
    found = documents_of("mediawiki", data)
    assert [(each.id, each.version, each.time, each.text) for each in found] == [
        (TITLE, "1", "2024-01-01T10:00:00+00:00", "A city."),
        (TITLE, "2", "2024-01-02T10:00:00+00:00", "A large city."),
    ]
    assert (found[0].title, found[0].source, found[0].language) == (TITLE, "arwiki", "ar")
    assert found[0].url == f"https://ar.wikipedia.org/wiki/{TITLE}"


def test_what_is_no_article_is_left_out_and_said() -> None:
    pages = [
        page(revision(1, "a"), ns=1),
        page(revision(1, "#REDIRECT [[b]]")),
        page(revision(1, "x"), more='<redirect title="b"/>'),
        page(revision(1, "").replace('xml:space="preserve"', 'deleted="deleted"')),
        page(revision(1, "x").replace("<model>wikitext", "<model>json")),
        "<page><title>empty</title></page>",
        page(revision(2, "a")),
    ]
    with said() as lines:
        assert [each.text for each in documents_of("mediawiki", f"{HEAD}{''.join(pages)}</mediawiki>")] == ["a"]
    assert lines == [
        "a.xml: 5 revisions (1 in another form than wikitext, 1 outside of the namespace of articles, 2 redirects, "
        "1 without their text) left out"
    ]


TEXTS = {
    "'''Homs''' is ''a'' [[city]], [[Syria|in the country]].": "Homs is a city, in the country.",
    "Two{{fact|date={{now}}}} roads<ref name=a>b</ref><ref name=c /> are cut.<!-- d -->": "Two roads are cut.",
    "== History ==\nOld.\n=== Then ===\n* one\n** two\n# three\n----\nEnd.": "History\n\nOld.\n\nThen\n\none\ntwo\nthree\n\nEnd.",
    "a\n{| class=x\n|-\n| b\n{|\n| c\n|}\n|}\nd": "a\n\nd",
    "[[File:a.jpg|thumb|A [[b]] c]]d [[Category:e]][[:Category:f|g]][[fr:h]]": "d g",
    "[[\u0645\u0644\u0641:a.jpg|x]]b[[\u062a\u0635\u0646\u064a\u0641:c]]": "b",
    "See [http://a.example the site] and [http://a.example].": "See the site and .",
    "a<br />b &ndash; <span style='x'>c</span> __NOTOC__": "a\nb \u2013 c",
    "{{Infobox\n| a = [[b]]\n}}\n\n\nText.\n\n\n\nMore.": "Text.\n\nMore.",
    "An {{open template\nand ]] the rest }} stays {{ here [[also": "An  stays here also".replace("  ", " "),
    "<gallery>\na.jpg|b\n</gallery>c<math>x</MATH>d<ref>e": "cde",
    "(''{{lang|x}}'') city ( ; ) end": "city end",
}


@pytest.mark.parametrize("data", TEXTS)
def test_wikitext_becomes_plain_text(data: str) -> None:
    assert plain_wikitext(data) == TEXTS[data]


@pytest.mark.parametrize("word", ["REDIRECT", "redirect", "\u062a\u062d\u0648\u064a\u0644", "WEITERLEITUNG"])
def test_a_redirect_has_no_text(word: str) -> None:
    assert plain_wikitext(f"#{word} [[b]]") is None


BOMBS = (
    "{{",
    "[[",
    "<ref>",
    "<!--",
    "'",
    "=",
    "\n{|",
    "[http://",
    "<",
    "&",
    "|}",
    "[[{{",
    "{{[[",
    "[[a",
    "=a\n",
    "<ref>a</REF>",
    "[[{|\n",
    "]]",
    ":",
)


@pytest.mark.parametrize("start", BOMBS)
def test_wikitext_that_opens_and_never_closes_takes_linear_time(start: str) -> None:
    data = start * (200_000 // len(start))
    assert plain_wikitext(data + data[::-1]) is not None  # in quadratic time this takes hours


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from(
            ["{{", "}}", "[[", "]]", "{|", "|}", "\n", "|", "a ", "<ref>", "</ref>", "<!--", "-->", "==", "'''", "[http://x ", "]"]
        )
    )
)
def test_any_wikitext_becomes_text_without_its_brackets(parts: list[str]) -> None:
    found = plain_wikitext("".join(parts))
    assert found is not None
    assert not any(mark in found for mark in ("<ref>", "<!--", "\n\n\n"))
