"""XML is read item by item, in limited memory, and never does what a hostile file wants."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator

import pytest
from reading_support import said

from dedup.errors import InputError
from dedup.readers.options import Reading
from dedup.readers.xml import Wanted, items
from dedup.readers.xml_elements import Item
from dedup.readers.xml_mend import mended
from dedup.readers.xml_text import element_text, text_of_paragraphs, xhtml_text

WANTED = Wanted("a test", ("r",), ("item",), groups=("page",), prefixes=(("dc", "urn:dc"),))
MENDED = Wanted("a test", ("r",), ("item",), mend=True)


def read(data: bytes | str, wanted: Wanted = WANTED, reading: Reading | None = None) -> Iterator[Item]:
    raw = data.encode() if isinstance(data, str) else data
    return items(io.BufferedReader(io.BytesIO(raw)), "a.xml", reading or Reading(), wanted)  # type: ignore[arg-type]


def text_in(data: bytes | str, wanted: Wanted = WANTED, reading: Reading | None = None) -> list[str | None]:
    return [item.element.value() for item in read(data, wanted, reading)]


WORDS = "\u062e\u0628\u0631 \u0639\u0627\u062c\u0644"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_the_encoding_is_told_by_the_first_bytes(encoding: str) -> None:
    assert text_in(f"<r><item>{WORDS}</item></r>".encode(encoding)) == [WORDS]
    assert text_in(f'<?xml version="1.0" encoding="utf-16"?><r><item>{WORDS}</item></r>'.encode(encoding)) == [WORDS]


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("windows-1256", WORDS),
        ("ISO-8859-6", WORDS),
        ("iso-8859-9", "\u011f\u015f\u0131"),
        ("koi8-r", "\u043c\u0438\u0440"),
        ("gb2312", "\u65b0\u95fb"),
    ],
)
def test_the_encoding_is_told_by_the_declaration_or_the_option(encoding: str, words: str) -> None:
    assert text_in(f'<?xml version="1.0" encoding="{encoding}"?>\n<r><item>{words}</item></r>'.encode(encoding)) == [words]
    assert text_in(f"<r><item>{words}</item></r>".encode(encoding), reading=Reading(encoding=encoding)) == [words]


def test_utf_8_that_is_declared_as_latin_1_is_read_as_utf_8_and_said() -> None:
    with said() as lines:
        assert text_in('<?xml version="1.0" encoding="iso-8859-1"?><r><item>D\u00e9c\u00e8s</item></r>') == ["D\u00e9c\u00e8s"]
    assert lines == ["a.xml: the file says that it is iso-8859-1, but it is UTF-8, and was read so"]


def test_what_windows_writes_as_latin_1_is_read_as_windows_does() -> None:
    assert text_in(b'<?xml version="1.0" encoding="iso-8859-1"?><r><item>don\x92t \xe9</item></r>') == ["don\u2019t \u00e9"]


WRONG = {
    "not utf-8 at byte 48": f'<?xml version="1.0" encoding="utf-8"?>\n<r><item>{WORDS}</item></r>'.encode("windows-1256"),
    "unknown encoding none": b'<?xml version="1.0" encoding="none"?><r/>',
    "the file declares an entity, 'a'": b'<!DOCTYPE r [<!ENTITY a "b">]><r><item>&a;</item></r>',
    "the file declares an entity, 'e'": b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r><item>&e;</item></r>',
    "the file declares an entity, 'p'": b'<!DOCTYPE r [<!ENTITY % p "<!ENTITY q 1>"> %p;]><r/>',
    "more than 256 elements inside each other": b"<r>" + b"<a>" * 100_000,
    "more than 1,000 attributes": b"<r " + b" ".join(b'a%d=""' % number for number in range(2000)) + b"/>",
    "more than 20,000 different names": b"<r>" + b"".join(b"<a%d/>" % number for number in range(30_000)) + b"</r>",
    "more than 200 prefixes": b"<r " + b" ".join(b'xmlns:a%d="u"' % number for number in range(300)) + b"/>",
    "a tag or a comment of more than 4,194,304 bytes": b'<r><item a="' + b"x" * 10_000_000 + b'"/></r>',
    "a comment of more than 4,194,304 bytes": b"<r><!--" + b"x" * 10_000_000 + b"--></r>",
    "not a test: the outermost element is <html>": b"<html><item>x</item></html>",
    "broken XML (no element found)": b"<r><item>x</item>",
    "broken XML (mismatched tag)": b"<r><item>x</r>",
    "broken XML (duplicate attribute)": b'<r a="1" a="2"/>',
    "broken XML (not well-formed": b"<r><item>\0</item></r>",
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_or_hostile_is_refused_with_its_line(what: str) -> None:
    with pytest.raises(InputError) as caught:
        list(read(WRONG[what]))
    assert what in str(caught.value)
    assert str(caught.value).startswith("a.xml:")
    assert caught.value.hint


def test_the_billion_laughs_and_its_quadratic_sister_are_refused() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for declared in (f'<!ENTITY l0 "lol">{laughs}', f'<!ENTITY a "{"x" * 50_000}">'):
        with pytest.raises(InputError, match="declares an entity"):
            list(read(f"<!DOCTYPE r [{declared}]><r><item>{'&a;' * 50_000}</item></r>"))


def test_a_dtd_is_named_and_never_fetched_and_the_entities_of_html_are_known() -> None:
    for doctype in (
        '<!DOCTYPE r SYSTEM "http://nowhere.invalid/r.dtd">',
        '<!DOCTYPE r PUBLIC "-//IPTC//DTD NITF 3.0//EN" "nitf-3-0.dtd">',
        '<!DOCTYPE r SYSTEM "r.dtd" [<!ENTITY % nitf SYSTEM "nitf-3-0.dtd"> %nitf; %nitf;]>',
        "",
    ):
        (item,) = read(f'{doctype}<r><item a="caf&eacute;">p&aring;&nbsp;&CounterClockwiseContourIntegral;&lt;&unknown;</item></r>')
        assert item.element.content() == "p\u00e5\u00a0\u2233<&unknown;"
        assert item.element.get("a") == "caf\u00e9"


def test_an_item_that_is_too_large_has_an_error_and_the_rest_is_read() -> None:
    reading = Reading(max_chars=1000)
    for large in ("x" * 100_000, "<a>b</a>" * 300_000):
        found = list(read(f"<r><item>one</item>\n<item>{large}</item><item>two</item></r>", reading=reading))
        assert [each.error is None for each in found] == [True, False, True]
        assert str(found[1].error).startswith("a.xml:2: an item of more than")
        assert found[2].element.value() == "two"


def test_a_file_larger_than_memory_is_read_item_by_item() -> None:
    class Endless(io.RawIOBase):
        number = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: object) -> int:
            view = memoryview(buffer)  # type: ignore[arg-type]
            text = b"<page><title>t</title><item>x</item></page>\n" * (len(view) // 50)
            text = (b"<r>" if not self.number else b"") + text
            self.number += 1
            view[: len(text)] = text
            return len(text)

    found = items(io.BufferedReader(Endless(), 1 << 17), "a.xml", Reading(), WANTED)  # type: ignore[arg-type]
    tracemalloc.start()
    for number, item in enumerate(found):
        assert item.around[1].value("title") == "t"
        if number > 40_000:
            break
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "between", ["", "\n", "\n\ufeff", '\n<?xml version="1.0" encoding="utf-8"?>\n', "\n<!DOCTYPE r SYSTEM 'r.dtd'>", "<!-- a -->"]
)
@pytest.mark.parametrize("wanted", [WANTED, MENDED])
def test_documents_one_after_the_other_are_read(between: str, wanted: Wanted) -> None:
    data = between.join(["<r>\n<item>&eacute;1</item></r>", "<r><item>2</item></r>", "<r a='&ccedil;'><item>3</item></r>\n"])
    found = list(read(data, wanted))
    assert [item.element.value() for item in found] == ["\u00e91", "2", "3"]
    assert [item.element.line for item in found] == [2, 2 + between.count("\n"), 2 + 2 * between.count("\n")]
    with pytest.raises(InputError, match=r"a\.xml:\d+: broken XML|not a test"):
        list(read(data + between + "<r><item>", wanted))
    with pytest.raises(InputError, match="broken XML"):
        list(read(data + "and more", wanted))


def test_many_small_documents_are_read_across_the_pieces_of_a_file() -> None:
    data = "".join(f'<?xml version="1.0"?>\n<r><item>{"x" * (number % 97)}{number}</item></r>\n' for number in range(6000))
    found = [item.element.line for item in read(data)]
    assert found == list(range(2, 12_002, 2))


def test_names_have_their_namespaces_also_without_a_declaration() -> None:
    data = '<r xmlns="urn:r" xmlns:b="urn:b"><item><b:a/><c xmlns="urn:c"/><dc:date/><x:y/><xml:z/></item></r>'
    (item,) = read(data)
    assert [(each.namespace, each.name) for each in item.element.children if not isinstance(each, str)] == [
        ("urn:b", "a"), ("urn:c", "c"), ("urn:dc", "date"), ("x", "y"), ("http://www.w3.org/XML/1998/namespace", "z"),
    ]  # fmt: skip
    assert item.around[0].namespace == "urn:r"


def test_lines_are_those_of_the_file() -> None:
    assert [item.element.line for item in read("\n\n<?xml version='1.0'?>\n<r>\n<item/>\n<item\n/></r>")] == [5, 6]


MENDS = {
    "<r><item>AT&T 1 < 2</item></r>": "AT&T 1 < 2",
    "<r><item>a\x0bb&#11;c&#x1f;</item></r>": "abc",
    "<r><item><![CDATA[a & b &amp; c]]></item></r>": "a & b &amp; c",
    "<r><!-- a & b --><item a='x?a=1&b=2'>c</item></r>": "c",
    "<!-- first --><?xml version='1.0'?><r><item>a</item></r>": "a",
}


@pytest.mark.parametrize("data", MENDS)
def test_small_faults_of_feeds_are_mended(data: str) -> None:
    assert text_in(data, MENDED) == [MENDS[data]]
    for size in (1, 7, 64):
        pieces = [data[place : place + size] for place in range(0, len(data), size)]
        assert "".join(mended(pieces)) == "".join(mended([data]))


def test_single_wrong_bytes_are_read_as_windows_does_and_said_but_not_a_whole_text() -> None:
    with said() as lines:
        assert text_in(b"<r>\n<item>The caf\xe9 don\x92t open</item></r>", MENDED) == ["The caf\u00e9 don\u2019t open"]
    assert lines == ["a.xml: line 2: bytes that are not utf-8; they were read as windows-1252; name another one with --encoding"]
    for encoding, words in (
        ("windows-1256", WORDS),
        ("koi8-r", "\u041d\u043e\u0432\u043e\u0441\u0442\u0438"),
        ("shift_jis", "\u65e5\u672c\u8a9e"),
    ):
        with pytest.raises(InputError, match="not utf-8, though it says so"):
            text_in(f"<r><item>{words * 20} RSS 1.0 and more words</item></r>".encode(encoding), MENDED)


TEXTS = {
    "<p>One <b>two</b>,\n three</p><p>four</p>": "One two, three\n\nfour",
    "<ul><li>a</li><li>b <p>c</p></li></ul><p>d</p>": "a\nb\nc\n\nd",
    "<table><tr><td>a</td><td><p>b</p><p>c</p></td></tr><tr><th>d</th></tr></table>e": "a\tb c\nd\n\ne",
    "a<br/>b<br/><br/><br/>c": "a\nb\n\nc",
    "First\n\n  second line\nof it": "First\n\nsecond line of it",
    "<pre>a   b\n  c  \n</pre>": "a   b\n  c",
    "<p>a</p><script>x</script><figure><figcaption>y</figcaption></figure><p></p>": "a",
    "<div>a<div>b</div>c</div>": "a\n\nb\n\nc",
}


@pytest.mark.parametrize("data", TEXTS)
def test_paragraphs_lists_and_tables_become_lines(data: str) -> None:
    (item,) = read(f"<r><item>{data}</item></r>")
    assert element_text(item.element) == TEXTS[data]


def test_headers_and_footers_are_left_out_unless_there_is_nothing_else() -> None:
    (item,) = read("<r><item><header>a</header><p>b</p><footer>c</footer></item></r>")
    assert xhtml_text(item.element) == "b"
    (item,) = read("<r><item><header>a</header></item></r>")
    assert xhtml_text(item.element) == "a"


def test_of_an_unknown_kind_of_xml_the_paragraphs_are_the_text() -> None:
    (item,) = read("<r><item><BODY><TITLE>t</TITLE><TEXT><P>a</P><CITE>b</CITE><P>c</P></TEXT></BODY></item></r>")
    assert text_of_paragraphs(item.element) == "a\n\nb\n\nc"
    (item,) = read("<r><item><score>1</score></item></r>")
    assert text_of_paragraphs(item.element) is None
