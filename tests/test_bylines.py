"""Readers fill the byline of a document: who wrote a text and for whom, as its format says it."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path

import pytest
from command_support import run_command
from reading_support import documents_of

from dedup.readers.formats import find_input_format
from dedup.readers.options import Reading
from dedup.readers.sources import read
from dedup.readers.values import documents_of as documents_of_values

TEXT = "The old bridge of Marsa was closed on Monday after the rain, the mayor said."
G2 = "http://iptc.org/std/nar/2006-10-01/"
ATOM = "http://www.w3.org/2005/Atom"


def g2(lines: str) -> str:
    inside = f"<contentMeta>{lines}</contentMeta><contentSet><inlineData>{TEXT}</inlineData></contentSet>"
    return f'<newsItem xmlns="{G2}" guid="1"><itemMeta><provider literal="RAIN"/></itemMeta>{inside}</newsItem>'


def newsml(lines: str, metadata: str = "") -> str:
    content = f'<ContentItem><MediaType FormalName="Text"/><DataContent><p>{TEXT}</p></DataContent></ContentItem>'
    return f"<NewsML><NewsItem><NewsComponent><NewsLines>{lines}</NewsLines>{metadata}{content}</NewsComponent></NewsItem></NewsML>"


def nitf(head: str) -> str:
    return f"<nitf><body><body.head>{head}</body.head><body.content><p>{TEXT}</p></body.content></body></nitf>"


def rss(inside: str) -> str:
    spaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f"<rss {spaces}><channel><item><guid>1</guid><description>{TEXT}</description>{inside}</item></channel></rss>"


def page(head: str) -> str:
    return f"<html><head>{head}</head><body><article><h1>Bridge</h1><p>{TEXT * 4}</p><p>{TEXT * 4}</p></article></body></html>"


def ld(author: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "author": author})}</script>'


BYLINES: dict[str, tuple[str, str, str | None]] = {
    "a byline and a provider of ninjs": (
        "ninjs",
        json.dumps({"uri": "1", "body_text": TEXT, "byline": "By Jane Doe", "provider": "AFP", "source": "Rain News"}),
        "By Jane Doe, AFP",
    ),
    "a provider of ninjs that is the source": ("ninjs", json.dumps({"uri": "1", "body_text": TEXT, "provider": "AFP"}), None),
    "bylines of ninjs 2": (
        "ninjs",
        json.dumps(
            {"uri": "1", "bodies": [{"value": TEXT}], "bylines": [{"value": "Jane Doe"}], "source": "A", "infosource": [{"name": "dpa"}]}
        ),
        "Jane Doe, dpa",
    ),
    "a byline of NewsML-G2": ("newsml-g2", g2("<by>By Jane Doe</by><creditline>RAIN/AFP</creditline>"), "By Jane Doe, RAIN/AFP"),
    "a creator of NewsML-G2": ("newsml-g2", g2('<creator qcode="x:1"><name>Jane Doe</name></creator>'), "Jane Doe"),
    "no byline of NewsML-G2": ("newsml-g2", g2(""), None),
    "lines of NewsML": ("newsml", newsml("<ByLine>By Jane Doe</ByLine><CreditLine>AFP</CreditLine>"), "By Jane Doe, AFP"),
    "a creator of NewsML": (
        "newsml",
        newsml("", '<AdministrativeMetadata><Creator><Party FormalName="Jane Doe"/></Creator></AdministrativeMetadata>'),
        "Jane Doe",
    ),
    "a byline of NITF": ("nitf", nitf("<byline>By <person>Jane Doe</person></byline><distributor>AFP</distributor>"), "By Jane Doe, AFP"),
    "no byline of NITF": ("nitf", nitf(""), None),
    "a creator of RSS": ("rss", rss("<dc:creator><![CDATA[Jane Doe]]></dc:creator><author>x@a.example</author>"), "Jane Doe"),
    "an author of RSS behind an address": ("rss", rss("<author>jane@a.example (Jane Doe)</author>"), "Jane Doe"),
    "an author of RSS that is an address alone": ("rss", rss("<author>jane@a.example</author>"), None),
    "authors of Atom": (
        "rss",
        f'<feed xmlns="{ATOM}"><entry><id>1</id><author><name>Jane Doe</name><email>j@a.example</email></author>'
        f"<author><name>John Roe</name></author><content>{TEXT}</content></entry></feed>",
        "Jane Doe, John Roe",
    ),
    "an author of a page": ("html", page('<meta name="author" content="Jane &amp; John">'), "Jane & John"),
    "an author in JSON-LD": ("html", page(ld([{"@type": "Person", "name": "Jane Doe"}, {"name": "AFP"}])), "Jane Doe, AFP"),
    "an address of an author": (
        "html",
        page(f'<meta property="article:author" content="https://a.example/jane">{ld("Jane Doe")}'),
        "Jane Doe",
    ),
    "a page without an author": ("html", page(""), None),
    "a story of iNEWS": (
        "nsml",
        "<nsml><head><storyid>1</storyid></head><story><fields><f id=byline>Jane Doe</f></fields>"
        f"<body><p>{TEXT}</p></body></story></nsml>",
        "Jane Doe",
    ),
    "an article of NewsAPI": (
        "newsapi",
        json.dumps({"articles": [{"url": "u", "content": TEXT, "author": "Jane Doe, AFP"}]}),
        "Jane Doe, AFP",
    ),
    "authors of news-please": (
        "newsplease",
        json.dumps({"url": "u", "maintext": TEXT, "authors": ["Jane Doe", "John Roe"]}),
        "Jane Doe, John Roe",
    ),
    "no authors of news-please": ("newsplease", json.dumps({"url": "u", "maintext": TEXT, "authors": []}), None),
    "a post of Telegram": (
        "telegram",
        json.dumps({"name": "Rain", "id": 1, "messages": [{"id": 2, "type": "message", "text": TEXT, "author": "Jane Doe"}]}),
        "Jane Doe",
    ),
    "a message of IPTC 7901": (
        "anpa",
        f"\x01eca062 4 i 211 ccccb   dpa 061\n\n\x02Bridge closed =\nBy Jane Doe\n\n   Marsa (dpa) - {TEXT}\n\n\x03031015 GMT Jan 24\n\x04",
        "By Jane Doe",
    ),
    "a column of CSV": ("csv", f'id,text,author\n1,"{TEXT}","Doe, Jane"\n', "Doe, Jane"),
    "a credit of JSONL": ("jsonl", json.dumps({"id": "1", "text": TEXT, "credit": "AFP"}), "AFP"),
    "a byline before an author": ("jsonl", json.dumps({"id": "1", "text": TEXT, "author": "x", "byline": "Jane Doe"}), "Jane Doe"),
    "an author that is an object": ("jsonl", json.dumps({"id": "1", "text": TEXT, "author": {"name": "Jane Doe"}}), "Jane Doe"),
    "an author that is a number": ("jsonl", json.dumps({"id": "1", "text": TEXT, "author": 7}), None),
    "Nexis": (
        "nexis",
        "Bridge closed\n\nThe Daily Example\nJanuary 3, 2024 Wednesday\n\nByline: Jane Doe\nLength: 20 words\nBody\n\n"
        f"{TEXT}\n\nEnd of Document\n",
        "Jane Doe",
    ),
    "Factiva": (
        "factiva",
        f"HD  Bridge closed\nBY  By Jane Doe\nCR  AFP\nWC  20 words\nPD  3 January 2024\nSN  The Daily Example\nLA  English\nLP\n{TEXT}\n"
        "AN  Document LBA0000020240103ek13000a1\n",
        "By Jane Doe, AFP",
    ),
}


@pytest.mark.parametrize("name", BYLINES)
def test_a_reader_fills_the_byline(name: str) -> None:
    form, data, byline = BYLINES[name]
    (found,) = documents_of(form, data, path="a")
    assert found.byline == byline


def test_a_table_has_bylines_in_a_column(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with sqlite3.connect(path) as store:
        store.execute("create table news (id text, text text, byline text)")
        store.execute("insert into news values ('1', ?, 'Jane Doe')", (TEXT,))
    (found,) = read([str(path)])
    assert found.byline == "Jane Doe"


def test_an_option_names_the_field_of_the_byline() -> None:
    data = json.dumps({"id": "1", "text": TEXT, "author": "x", "meta": {"by": ["Jane Doe", "AFP"]}})
    (found,) = documents_of("jsonl", data, Reading(byline_field="meta.by"))
    assert found.byline == "Jane Doe, AFP"


def test_a_named_field_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "1", "text": TEXT}) + "\n")
    done = run_command("find", "a.jsonl", "--byline-field", "by", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.decode() == "dedup: a.jsonl:1: no field 'by'; name the field with --byline-field\n"


def test_a_mapping_of_a_program_may_have_a_byline() -> None:
    (found,) = documents_of_values([{"id": "1", "text": TEXT, "byline": "Jane Doe"}])
    assert found.byline == "Jane Doe"


def test_a_record_made_of_a_document_has_its_byline() -> None:
    form, data, byline = BYLINES["a byline of NITF"]
    stream = io.BufferedReader(io.BytesIO(data.encode()))  # type: ignore[arg-type]
    (record,) = find_input_format(form).read(stream, "a", Reading())
    assert json.loads(record.raw)["byline"] == byline
