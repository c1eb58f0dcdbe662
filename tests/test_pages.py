"""Pages: HTML, MHTML, WARC and WACZ give the main text of each page and what the page says of itself."""

from __future__ import annotations

import gzip
import io
import json
import logging
import zipfile
import zlib
from importlib import import_module
from typing import Any, cast

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import Document, InputError
from dedup.readers.files import inflated
from dedup.readers.http import body_of, parse_response
from dedup.readers.lines import Stream
from dedup.readers.options import Reading

PAGES: list[dict[str, Any]] = json.loads((ROOT / "tests/page_cases.json").read_text("utf-8"))
BY_NAME = {case["name"]: case for case in PAGES}
LIST = "<html><body>" + "".join(f'<p><a href="/{n}">Headline {n} of the day</a></p>' for n in range(40)) + "</body></html>"
SHELL = (
    "<html><body><div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript><script>run()</script></body></html>"
)
SHELL_TEXT = "<html><body><div id=root>Please enable JavaScript to view this page.</div></body></html>"


def read(kind: str, data: bytes, path: str = "page", **options: Any) -> list[Document]:
    """Return the documents of a file; raises the error of a record."""
    stream = inflated(io.BufferedReader(cast(io.RawIOBase, io.BytesIO(data))), data[:4], ahead=False)
    found = []
    for record in import_module(f"dedup.readers.{kind}").read(cast(Stream, stream), path, Reading(**options)):
        if record.error is not None:
            raise record.error
        if record.document is not None:
            found.append(record.document)
    return found


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case["name"])
def test_a_page_gives_its_main_text(case: dict[str, Any]) -> None:
    (document,) = read("html", case["html"].encode())
    assert document.text == "\n\n".join(case["text"])
    assert {name: getattr(document, name) for name in case["fields"]} == case["fields"]
    assert not document.segmented


@pytest.mark.parametrize("html", [LIST, SHELL, SHELL_TEXT, "<html><body></body></html>"])
def test_a_page_without_a_main_text_is_an_error(html: str) -> None:
    with pytest.raises(InputError, match="page: a page without a main text"):
        read("html", html.encode())


def test_an_empty_page_gives_nothing() -> None:
    assert read("html", b" \n") == []


def test_a_short_page_is_read() -> None:
    (document,) = read("html", b"<!doctype html><html><body><p>Two people were killed when a bridge fell.</p></body></html>")
    assert document.text == "Two people were killed when a bridge fell."


def test_what_is_left_out_is_said(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "dedup.readers"):
        read("html", PAGES[0]["html"].encode())
    assert [record.getMessage().split(";")[0] for record in caplog.records] == ["of HTML pages the main text is read"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("<html><meta charset=windows-1256><p>أغلقت الشرطة الجسر فوق النهر".encode("windows-1256"), "أغلقت الشرطة الجسر فوق النهر"),
        ("<html lang=ar><p>أغلقت الشرطة الجسر فوق النهر".encode("windows-1256"), "أغلقت الشرطة الجسر فوق النهر"),
        ("<html><p>أغلقت الشرطة الجسر فوق النهر".encode("windows-1256"), "أغلقت الشرطة الجسر فوق النهر"),
        ("<html><p>Le préfet a fermé le pont à midi".encode("windows-1252"), "Le préfet a fermé le pont à midi"),
        ("<html><meta charset='iso-8859-1'><p>“Le préfet” a fermé le pont".encode("windows-1252"), "“Le préfet” a fermé le pont"),
        ("<html><meta charset=iso-8859-1><p>Le préfet a fermé le pont à midi".encode(), "Le préfet a fermé le pont à midi"),
        (b"\xff\xfe" + "<html><p>Le préfet a fermé le pont à midi".encode("utf-16-le"), "Le préfet a fermé le pont à midi"),
        (b"\xef\xbb\xbf" + "<html><p>Le préfet a fermé le pont à midi".encode(), "Le préfet a fermé le pont à midi"),
        ("<?xml version='1.0' encoding='windows-1254'?><html><p>Köprü bugün kapatıldı".encode("windows-1254"), "Köprü bugün kapatıldı"),
        ("<html><meta http-equiv=content-type content='a; charset=nonsense'><p>Le pont est fermé".encode(), "Le pont est fermé"),
    ],
)  # fmt: skip
def test_the_encoding_of_a_page_is_found(data: bytes, expected: str) -> None:
    assert [document.text for document in read("html", data)] == [expected]


def test_the_option_names_the_encoding() -> None:
    data = "<html><p>Мост через реку закрыт полицией".encode("windows-1251")
    assert read("html", data, encoding="windows-1251")[0].text == "Мост через реку закрыт полицией"


def mhtml(html: bytes, charset: str = "utf-8") -> bytes:
    """Return a page as browsers save it."""
    quoted = b"".join(b"=%02X" % byte for byte in html)
    quoted = b"=\r\n".join(quoted[at : at + 72] for at in range(0, len(quoted), 72))
    return (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://news.example/a\r\nSubject: =?utf-8?Q?T?=\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--b"\r\n\r\n----b\r\nContent-Type: text/html; charset="'
        + charset.encode()
        + b'"\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://news.example/a?x=1\r\n\r\n'
        + quoted
        + b"\r\n----b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n----b--\r\n"
    )


def test_a_page_saved_as_mhtml_is_read() -> None:
    case = BY_NAME["arabic newspaper"]
    (document,) = read("mhtml", mhtml(case["html"].encode()))
    assert document.text == "\n\n".join(case["text"])
    (document,) = read("mhtml", mhtml("<p>أغلقت الشرطة الجسر فوق النهر".encode("windows-1256"), "windows-1256"))
    assert (document.text, document.url) == ("أغلقت الشرطة الجسر فوق النهر", "https://news.example/a?x=1")


@pytest.mark.parametrize(
    "data", [b"From: x\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n", b"text", b"\x00\xff"]
)
def test_mhtml_without_a_page_is_an_error(data: bytes) -> None:
    with pytest.raises(InputError, match="page: no part with HTML"):
        read("mhtml", data)


def record(kind: str, block: bytes, number: int = 1, **headers: str) -> bytes:
    """Return a record of WARC."""
    lines = [
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:{number}>",
        "WARC-Date: 2024-05-18T01:58:10Z",
        f"Content-Length: {len(block)}",
    ]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(["WARC/1.0", *lines, "", ""]).encode() + block + b"\r\n\r\n"


def response(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html; charset=utf-8") -> bytes:
    """Return a response of HTTP."""
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers, "", ""]).encode() + body


TEXT = "Two people were killed when a bridge fell."
HTML = f"<html><body><p>{TEXT}</p></body></html>".encode()
HTTP = {"Content_Type": "application/http; msgtype=response", "WARC_Target_URI": "https://news.example/a"}
CHUNKED = b"7\r\n<p>Two \r\n26;x=y\r\n" + b"people were killed when a bridge fell." + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    "block",
    [
        response(HTML),
        response(CHUNKED, "Transfer-Encoding: chunked"),
        response(HTML, "Transfer-Encoding: chunked"),
        response(gzip.compress(HTML), "Content-Encoding: gzip"),
        response(HTML, "Content-Encoding: gzip"),
        response(HTML, "Content-Encoding: br"),
        response(zlib.compress(HTML), "Content-Encoding: deflate"),
        response(zlib.compress(HTML)[2:-4], "Content-Encoding: deflate"),
        response(TEXT.encode(), kind="text/plain"),
        response(HTML).replace(b"\r\n", b"\n"),
    ],
)
def test_a_response_of_warc_is_a_document(block: bytes) -> None:
    (document,) = read(
        "warc", record("warcinfo", b"software: x") + record("request", b"GET / HTTP/1.1") + record("response", block, 7, **HTTP)
    )
    assert document == Document("urn:uuid:7", TEXT, "page", 3, time="2024-05-18T01:58:10+00:00", url="https://news.example/a")


def test_wet_and_resources_are_read() -> None:
    wet = record("conversion", TEXT.encode(), 1, Content_Type="text/plain", WARC_Identified_Content_Language="ara,eng")
    resource = record("resource", HTML, 2, Content_Type="text/html", WARC_Target_URI="<https://news.example/b>")
    found = read("warc", gzip.compress(wet) + gzip.compress(resource))
    assert [(each.text, each.language, each.url) for each in found] == [(TEXT, "ar", None), (TEXT, None, "https://news.example/b")]


def test_what_is_no_page_is_counted_and_said(caplog: pytest.LogCaptureFixture) -> None:
    blocks = [
        response(b"\x89PNG", kind="image/png"),
        response(b"{}", kind="application/json"),
        response(HTML, status="404 Not Found"),
        response(LIST.encode()),
        response(b"\x1f\x8bdamaged", "Content-Encoding: gzip"),
        response(b"x", "Content-Encoding: compress"),
        response(HTML),
    ]
    data = b"".join(record("response", block, number, **HTTP) for number, block in enumerate(blocks)) + record("revisit", b"", 99)
    with caplog.at_level(logging.WARNING, "dedup.readers"):
        assert [document.id for document in read("warc", data)] == ["urn:uuid:6"]
    said = [each.getMessage() for each in caplog.records]
    assert said[0] == "page: left out: 2 other files, 1 failed response, 1 page without main text, 2 packed pages, 1 repeated page"
    assert said[1] == "page: pages cannot be unpacked because of damaged compression, the compression 'compress'"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"text\n", "not WARC"),
        (record("response", response(HTML), **HTTP)[:-40], "the file ends within record 1"),
        (record("response", response(HTML), **HTTP) + b"rubbish\r\n", "record 2 does not begin with WARC/"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "record 1 has no length"),
        (b"WARC/1.0\r\nContent-Length: -1\r\n\r\n", "record 1 has no length"),
        (b"WARC/1.0\r\n" + b"a: b\r\n" * 2000, "more than 1,000 headers"),
        (b"WARC/1.0\r\n" + b"a" * (1 << 17), "a line without end"),
        (record("warcinfo", b"x"), "no page with a text"),
    ],
)
def test_damaged_warc_is_an_error(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read("warc", data)


def test_a_bomb_in_a_response_is_left_out() -> None:
    packed = gzip.compress(b"<p>" + b"a" * (1 << 26))
    data = record("response", response(packed, "Content-Encoding: gzip"), 1, **HTTP) + record("response", response(HTML), 2, **HTTP)
    assert [document.id for document in read("warc", data)] == ["urn:uuid:2"]


def test_headers_that_end_a_response_early_are_no_page() -> None:
    found = parse_response(b"HTTP/1.1 200 OK\r\nContent-Type: text/html")
    assert found is not None
    assert body_of(found, 10) == b""


def wacz(*files: tuple[str, bytes]) -> bytes:
    """Return a ZIP archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return target.getvalue()


def test_wacz_gives_the_pages_of_its_captures() -> None:
    one, two = (record("response", response(HTML), number, **HTTP) for number in (1, 2))
    data = wacz(
        ("datapackage.json", b"{}"), ("archive/a.warc.gz", gzip.compress(one)), ("archive/b.warc", two), ("pages/pages.jsonl", b"{}")
    )
    assert [document.id for document in read("wacz", data)] == ["urn:uuid:1", "urn:uuid:2"]


@pytest.mark.parametrize("data", [b"PK\3\4", b"", wacz(("datapackage.json", b"{}")), wacz(("archive/a.warc.gz", b"\x1f\x8b\x08\x00x"))])
def test_damaged_wacz_is_an_error(data: bytes) -> None:
    with pytest.raises(InputError, match="page: "):
        read("wacz", data)


def test_a_bomb_in_wacz_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/a.warc", bytes(1 << 27))
    with pytest.raises(InputError, match="inflates to more than 900 times its size"):
        read("wacz", target.getvalue())


SEEDS = {
    "html": [case["html"].encode() for case in PAGES[:2]],
    "mhtml": [mhtml(PAGES[0]["html"].encode())],
    "warc": [record("response", response(CHUNKED, "Transfer-Encoding: chunked"), 1, **HTTP) + record("conversion", b"text", 2)],
    "wacz": [wacz(("archive/b.warc", record("response", response(HTML), 2, **HTTP)))],
}


@pytest.mark.parametrize("kind", SEEDS)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_damaged_files_give_texts_or_an_error_of_one_line(kind: str, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(SEEDS[kind]))
    cut = data.draw(st.integers(0, len(seed)))
    changed = seed[:cut] + data.draw(st.binary(max_size=20)) + seed[cut + data.draw(st.integers(0, 20)) :]
    found: list[Document] = []
    says = ""
    try:
        found = read(kind, changed)
    except InputError as error:
        says = str(error)
    assert "\n" not in says
    assert all(document.text.strip() for document in found)


def test_a_page_beyond_the_limit_is_an_error_and_a_record_beyond_it_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedup.readers.html.MOST_PAGE", 100)
    with pytest.raises(InputError, match="HTML of more than 100 bytes"):
        read("html", HTML + b" " * 100)
    monkeypatch.setattr("dedup.readers.mhtml._MOST", 100)
    with pytest.raises(InputError, match="MHTML of more than 100 bytes"):
        read("mhtml", mhtml(HTML))
    monkeypatch.setattr("dedup.readers.warc._MOST_RECORD", 200)
    data = record("response", response(HTML + b" " * 200), 1, **HTTP) + record("response", response(HTML), 2, **HTTP)
    assert [document.id for document in read("warc", data)] == ["urn:uuid:2"]
