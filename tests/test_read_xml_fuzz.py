"""Files of XML formats that are damaged in any way give records or one `InputError`, nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_support import records_of
from test_read_feeds import FEEDS, WXR, post
from test_read_mediawiki import HEAD, page, revision
from test_read_wire import LINES, NITF, NSML, PROVIDER, g2_item, message, newsml, nitf_content

from dedup.errors import InputError
from dedup.readers.options import Reading

SEEDS: dict[str, tuple[str, ...]] = {
    "newsml-g2": (
        message(
            g2_item(f"<inlineXML>{NITF[NITF.index('<nitf') :]}</inlineXML>"), g2_item("<inlineData>a &lt;p&gt;</inlineData>", "canceled")
        ),
        g2_item('<inlineXML><html xmlns="x"><body><header>a</header><p>b<br/>c</p></body></html></inlineXML>'),
    ),
    "newsml": (
        newsml(f"<NewsComponent>{LINES}{PROVIDER}{nitf_content('a')}<NewsComponent>{nitf_content('b')}</NewsComponent></NewsComponent>"),
    ),
    "nitf": (NITF,),
    "rss": (*FEEDS.values(), WXR.replace("ITEMS", post("publish") + post("draft"))),
    "mediawiki": (f"{HEAD}{page(revision(1, '[[a|b]] {{c}} &lt;ref&gt;d') + revision(2, 'e'))}</mediawiki>",),
    "nsml": (NSML,),
}
PIECES = [
    b"<", b">", b"&", b"</", b"/>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&#0;", b"&#xd800;", b"&nbsp;", b"\0", b"\xff", b"\xd9",
    b"<?xml", b"<!DOCTYPE a [", b"<!ENTITY a 'b'>", b'xmlns:a=""', b'"', b"'", b" ", b"\n", b"\xef\xbb\xbf", b"\xfe\xff", b"<p>", b"[[",
    b"<item>", b"<a/>", b"{{", b"}}", b"]]", b"\x1f", b"=", b"0000", b"2024-13-45T99:99", b"https://[", b"xml:base='http://[x'",
    b"type='image'", b"\xe2\x80\xa8",
]  # fmt: skip


def damaged(data: bytes, changes: list[tuple[int, int, bytes, int]]) -> bytes:
    """Return data with parts replaced, left out or said twice."""
    for place, size, piece, how in changes:
        start = place % (len(data) + 1)
        part = data[start : start + size]
        data = data[:start] + (piece, b"", part + part, piece + part)[how] + data[start + size :]
    return data


CHANGES = st.lists(
    st.tuples(st.integers(0, 100_000), st.integers(0, 60), st.sampled_from(PIECES), st.integers(0, 3)), min_size=1, max_size=6
)


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_gives_records_or_an_input_error(name: str, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(SEEDS[name])).encode(data.draw(st.sampled_from(["utf-8", "utf-16"])))
    reading = Reading(
        max_chars=data.draw(st.sampled_from([50, 10_000_000])), unnamed=data.draw(st.sampled_from(["line", "digest", "refuse"]))
    )
    said = ""
    try:
        for record in records_of(name, damaged(seed, data.draw(CHANGES)), reading):
            assert (record.document is None) or (record.error is None)
            if record.document is not None:
                assert record.document.id
                assert len(record.document.text) <= reading.max_chars
                record.raw.decode()
    except InputError as error:
        said = str(error)
    assert "\n" not in said
    assert said.startswith("a.xml" if said else "")
