"""Word, RTF and PDF: the text that a reader sees, in the order in which it is read, and nothing from hostile files."""

from __future__ import annotations

import zlib

import pytest
from office_support import assembled, docx, item, numbering, paragraph, pdf, records, text_of, zipped

from dedup.errors import InputError
from dedup.readers.pdf_glyphs import Glyph
from dedup.readers.pdf_lines import lines_on_page

DELETED = '<w:del w:id="1" w:author="a"><w:r><w:delText>four</w:delText></w:r></w:del>'
INSERTED = '<w:ins w:id="2" w:author="a"><w:r><w:t>seven</w:t></w:r></w:ins>'
BOX = "<w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"
# What it is, the XML of the body, and the text.
WORDS = {
    "paragraphs": (paragraph("One.") + paragraph("Two ", "runs."), "One.\n\nTwo runs."),
    "tracked changes": (paragraph("Killed: ", DELETED, INSERTED, "."), "Killed: seven."),
    "text that was moved stands once": (
        paragraph("<w:moveFrom w:id='1'><w:r><w:t>Moved.</w:t></w:r></w:moveFrom>", "A.")
        + paragraph("<w:moveTo w:id='2'><w:r><w:t>Moved.</w:t></w:r></w:moveTo>"),
        "A.\n\nMoved.",
    ),
    "a deleted end of a paragraph joins two": (
        paragraph("One ", properties="<w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr>") + paragraph("and two."),
        "One and two.",
    ),
    "the form before a change is no text": (
        paragraph("<w:r><w:rPr><w:rPrChange w:id='1'><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>Seen.</w:t></w:r>"),
        "Seen.",
    ),
    "hidden text": (paragraph("<w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden.</w:t></w:r>", "Seen."), "Seen."),
    "breaks and tabs": (paragraph("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>"), "a\tb\nc"),
    "a tab stop is no tab": (paragraph("a", properties="<w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr>"), "a"),
    "hyperlinks and fields": (
        paragraph("<w:hyperlink><w:r><w:t>Link</w:t></w:r></w:hyperlink>", "<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>", " here."),
        "Link here.",
    ),
    "rows of tables": (
        "<w:tbl>"
        + "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in (("a", "b"), ("c", "d")))
        + "</w:tbl>",
        "a\tb\nc\td",
    ),
    "a deleted row": (
        f"<w:tbl><w:tr><w:trPr><w:del w:id='1'/></w:trPr><w:tc>{paragraph('gone')}</w:tc></w:tr>"
        f"<w:tr><w:tc>{paragraph('kept')}</w:tc></w:tr></w:tbl>",
        "kept",
    ),
    "a text box stands once": (
        paragraph(
            "Before.",
            "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
            + BOX
            + "</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
            + BOX
            + "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
        )
        + paragraph("After."),
        "Before.\n\nIn a box.\n\nAfter.",
    ),
    "a placeholder is no text": (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        + paragraph("Click here")
        + "</w:sdtContent></w:sdt>"
        + paragraph("Text."),
        "Text.",
    ),
    "Arabic runs keep their order": (
        paragraph("<w:r><w:rPr><w:rtl/></w:rPr><w:t>قُتل 12 شخصًا</w:t></w:r>", properties="<w:pPr><w:bidi/></w:pPr>"),
        "قُتل 12 شخصًا",
    ),
}


@pytest.mark.parametrize("name", WORDS)
def test_the_text_of_a_word_file_is_what_word_shows(name: str) -> None:
    body, text = WORDS[name]
    assert text_of("docx", docx(body)) == text


def test_items_of_lists_have_the_numbers_that_word_writes() -> None:
    body = item("a") + item("b") + item("c", 1) + item("d", 1) + item("e")
    made = docx(body, word__numbering=numbering(("decimal", "%1."), ("lowerRoman", "%1.%2)")))
    assert text_of("docx", made) == "1. a\n2. b\n2.i) c\n2.ii) d\n3. e"


def test_bullets_are_no_text() -> None:
    assert text_of("docx", docx(item("a") + item("b"), word__numbering=numbering(("bullet", "x")))) == "a\nb"


def test_the_title_and_the_time_come_from_the_properties(caplog: pytest.LogCaptureFixture) -> None:
    core = (
        '<c:coreProperties xmlns:c="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:t="http://purl.org/dc/terms/">'
        "<dc:title>جسر</dc:title><t:modified>2024-01-03T10:15:00Z</t:modified></c:coreProperties>"
    )
    body = paragraph("Text.", '<w:r><w:footnoteReference w:id="2"/></w:r>')
    (record,) = records("docx", docx(body, docProps__core=core))
    assert record.document is not None
    assert (record.document.title, record.document.time, record.document.segmented) == ("جسر", "2024-01-03T10:15:00+00:00", True)
    assert "f: left out: 1 footnote" in caplog.text


def test_a_word_file_that_python_docx_writes_is_read() -> None:
    made = pytest.importorskip("docx").Document()
    import io

    made.add_heading("Bridge", 1)
    made.add_paragraph("Four people were killed.")
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "a", "b"
    out = io.BytesIO()
    made.save(out)
    assert text_of("docx", out.getvalue()) == "Bridge\n\nFour people were killed.\n\na\tb"


ENTITIES = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa">]><w:document xmlns:w="x"><w:p>&a;</w:p></w:document>'
HOSTILE_WORDS = {
    "an entity": (zipped({"word/document.xml": ENTITIES}), "document type"),
    "deep elements": (docx("<w:sdt>" * 5000), "nested"),
    "a bomb": (zipped({"word/document.xml": b" " * (1 << 27) + b" "}), "more than"),
    "many parts": (b"PK\x03\x04" + b"PK\x01\x02" * 30_000, "parts"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
    "another package": (zipped({"mimetype": "application/epub+zip"}), "without a Word document"),
    "broken XML": (docx("<w:p>"), "cannot be read"),
    "no archive": (b"PK\x03\x04 and nothing", "cannot be read"),
}


@pytest.mark.parametrize("name", HOSTILE_WORDS)
def test_hostile_and_foreign_word_files_are_refused(name: str) -> None:
    data, says = HOSTILE_WORDS[name]
    with pytest.raises(InputError, match=says):
        records("docx", data)


def test_a_word_file_of_too_many_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedup.readers.docx._MOST_ELEMENTS", 100)
    with pytest.raises(InputError, match="more than 100 elements"):
        records("docx", docx("<w:p/>" * 100))


def test_a_word_file_of_too_many_characters_is_refused() -> None:
    with pytest.raises(InputError, match="more than 40 characters"):
        records("docx", docx(paragraph("word " * 10)), max_chars=10)


ARABIC_FONTS = rb"{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset178 Arabic Transparent;}{\f2\fcharset2 Symbol;}}"
RTF = {
    "paragraphs": (rb"{\rtf1\ansi One.\par Two\rquote s.\par}", "One.\n\nTwo\N{RIGHT SINGLE QUOTATION MARK}s."),
    "blank paragraphs part paragraphs": (rb"{\rtf1 One\par line.\par\par Two.\par}", "One\nline.\n\nTwo."),
    "a code page": (rb"{\rtf1\ansi\ansicpg1256 \'ce\'c8\'d1}", "خبر"),
    "a font with Arabic": (rb"{\rtf1\ansi\ansicpg1252" + ARABIC_FONTS + rb"\f0 News: {\f1 \'ce\'c8\'d1} caf\'e9}", "News: خبر café"),
    "the font of the other direction": (
        rb"{\rtf1\ansi" + ARABIC_FONTS + rb"\rtlch\af1 \ltrch\f0 a {\ltrch\af1\rtlch \'ce\'c8\'d1}}",
        "a خبر",
    ),
    "Unicode with its fallback": (rb"{\rtf1\ansi\uc1 \u1582?\u1576?\u1585?, {\uc0 \u1582\u1576}{\uc2 \u1585 ??}}", "خبر, خبر"),
    "surrogate pairs": (rb"{\rtf1 \u-10179?\u-8704?}", "\N{GRINNING FACE}"),
    "raw UTF-8": ("{\\rtf1 خبر}".encode(), "خبر"),
    "two bytes for a letter": (rb"{\rtf1\ansi{\fonttbl{\f0\fcharset128 MS;}}\f0 \'83\'5c\'83Z}", "ソセ"),
    "deleted text": (rb"{\rtf1 Killed: {\deleted four}{\revised seven}\deleted x\deleted0 .}", "Killed: seven."),
    "hidden text": (rb"{\rtf1 a{\v hidden} b}", "a b"),
    "tables": (rb"{\rtf1\trowd\intbl a\cell b\cell\row\trowd\intbl c\cell d\cell\row\pard After.}", "a\tb\nc\td\n\nAfter."),
    "lists": (rb"{\rtf1" + ARABIC_FONTS + rb"{\listtext 1.\tab}a\par{\listtext\f2\'b7\tab}b\par}", "1. a\n\nb"),
    "pictures and unknown destinations": (rb"{\rtf1 a{\pict\bin4 }}{\x}{\*\unknown text}{\pict 0102}b}", "ab"),
    "fields": (rb'{\rtf1{\field{\*\fldinst HYPERLINK "x"}{\fldrslt here}}}', "here"),
    "a text box stands once": (
        rb"{\rtf1 a{\shp{\*\shpinst{\sp{\sn n}{\sv 1}}{\shptxt Box.}}{\shprslt{\*\do{\dptxbxtext Box.}}}}}",
        "aBox.",
    ),
    "two forms of one text": (rb"{\rtf1{\upr{?}{\*\ud{\u1582?}}}}", "خ"),
    "braces": (rb"{\rtf1 \{a\\b\}}", "{a\\b}"),
}


@pytest.mark.parametrize("name", RTF)
def test_the_text_of_rtf_is_what_a_word_processor_shows(name: str) -> None:
    data, text = RTF[name]
    assert text_of("rtf", data) == text


def test_rtf_says_its_title_and_its_time_and_what_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    info = rb"{\info{\title Le pont \'e9croul\'e9}{\creatim\yr2024\mo1\dy3\hr10\min15}}"
    (record,) = records("rtf", rb"{\rtf1\ansi\ansicpg1252" + info + rb"{\header Agency}{\footer  }Text{\footnote Note}}")
    assert record.document is not None
    assert (record.document.text, record.document.title, record.document.time) == ("Text", "Le pont écroulé", "2024-01-03T10:15:00")
    assert "left out: 1 header, 1 footnote" in caplog.text


def test_hostile_rtf_is_refused_or_read_in_linear_time() -> None:
    with pytest.raises(InputError, match="nested"):
        records("rtf", b"{\\rtf1" + b"{" * 100_000)
    with pytest.raises(InputError, match="does not begin"):
        records("rtf", b"plain text")
    assert text_of("rtf", b"{\\rtf1 a" + b"\\bin99999999 b" * 1000) == "a"
    assert records("rtf", b"{\\rtf1 " + b"\\u1582" * 100_000 + b"}")[0].document is not None
    with pytest.raises(InputError, match="more than 4,000 characters"):
        records("rtf", b"{\\rtf1 " + b"\\par" * 5000, max_chars=1000)


def spelled(text: str) -> list[str]:
    return [*text]


VISUAL = {
    "Arabic from right to left": (spelled("رسج راهنا"), "انهار جسر"),
    "numbers stand from left to right": (spelled("صخش 1,250 ضرم"), "مرض 1,250 شخص"),
    "a percent sign": (spelled("ةينازيملا نم %25"), "25% من الميزانية"),
    "Latin words": (spelled("إن"[::-1] + " Reuters News " + "قالت وكالة"[::-1]), "قالت وكالة Reuters News إن"),
    "brackets that are drawn": (spelled("(قلغم) رسج"), "جسر (مغلق)"),
    "shapes of letters": (["\ufeae", "\ufe92", "\ufea7"], "خبر"),
    "a ligature of two letters": (["م", "لا", "س", "لا", "ا"], "الاسلام"),
    "the shape of a ligature": (["م", "\ufefc", "س"], "سلام"),
    "Hebrew": (spelled("םולש"), "שלום"),
    "Latin alone": (spelled("A bridge fell."), "A bridge fell."),
    "a gap is a space": (["a", "", "b"], "a b"),
    "a ligature of Latin": (["ﬁ", "r", "e"], "fire"),
}


@pytest.mark.parametrize("name", VISUAL)
def test_lines_of_a_pdf_are_put_in_the_order_in_which_they_are_read(name: str) -> None:
    pytest.importorskip("pdfminer")
    glyphs, text = VISUAL[name]
    assert text_of("pdf", pdf([[(50, 700, glyphs)]])) == text


def test_marks_stand_behind_their_letters() -> None:
    letters = [Glyph(text, 10.0 * place, 10.0 * place + 10, 0.0, 10.0) for place, text in enumerate("ربخ")]
    mark = Glyph("\N{ARABIC FATHA}", 22.0, 22.0, 0.0, 10.0)
    drawn_forward, drawn_backward = [*letters[:2], mark, letters[2]], [letters[2], mark, *letters[1::-1]]
    assert [line.text for glyphs in (drawn_forward, drawn_backward) for line in lines_on_page(glyphs)] == ["خَبر", "خَبر"]


def test_arabic_that_was_drawn_in_the_wrong_direction_is_not_turned_again() -> None:
    pytest.importorskip("pdfminer")
    assert text_of("pdf", pdf([[(50, 700, spelled("انهيار الجسر في مدينة كبيرة"))]])) == "انهيار الجسر في مدينة كبيرة"


def test_lines_of_a_pdf_become_paragraphs() -> None:
    pytest.importorskip("pdfminer")
    lines = ["Four people were killed when a bridge fell in the", "town of Marsa on Mon-", "day.", "The road is closed."]
    rows = [(50, 700 - 12 * n - (20 if n == 3 else 0), spelled(line)) for n, line in enumerate(lines)]
    text = "Four people were killed when a bridge fell in the town of Marsa on Monday.\n\nThe road is closed."
    assert text_of("pdf", pdf([rows])) == text


def test_a_word_with_a_hyphen_of_its_own_keeps_it() -> None:
    pytest.importorskip("pdfminer")
    lines = ["The well-known minister of the country gave a well-", "known speech."]
    text = "The well-known minister of the country gave a well-known speech."
    assert text_of("pdf", pdf([[(50, 700 - 12 * n, spelled(line)) for n, line in enumerate(lines)]])) == text


def test_headers_and_footers_of_a_pdf_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    pytest.importorskip("pdfminer")
    words = ("one", "two", "three")
    pages = [
        [
            (50, 780, spelled("The Daily")),
            *[(50, 700 - 40 * n, spelled(f"Line {n} of {w}.")) for n in range(4)],
            (50, 20, spelled(f"Page {place}")),
        ]
        for place, w in enumerate(words)
    ]
    text = text_of("pdf", pdf(pages))
    assert "Daily" not in text
    assert "Page" not in text
    assert "Line 3 of three." in text
    assert "left out: 6 lines" in caplog.text


def test_a_pdf_says_its_title_and_its_time() -> None:
    pytest.importorskip("pdfminer")
    (record,) = records("pdf", pdf([[(50, 700, spelled("Text"))]], info="/Title (News) /CreationDate (D:20240103101500+03'00')"))
    assert record.document is not None
    assert (record.document.title, record.document.time) == ("News", "2024-01-03T10:15:00+03:00")


def _bomb(filters: str, data: bytes) -> bytes:
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>",
            f"<< /Length {len(data)} /Filter {filters} >>\nstream\n".encode() + data + b"\nendstream",
        ]
    )


def test_hostile_pdf_files_are_refused() -> None:
    pytest.importorskip("pdfminer")
    packed = zlib.compress(b" " * (1 << 26) + b" ")
    with pytest.raises(InputError, match="inflates to more than"):
        records("pdf", _bomb("/FlateDecode", packed))
    with pytest.raises(InputError, match="packed twice"):
        records("pdf", _bomb("[/FlateDecode /FlateDecode]", zlib.compress(packed)))
    with pytest.raises(InputError, match="scanned pages need OCR"):
        records("pdf", pdf([[]]))
    with pytest.raises(InputError, match="does not begin"):
        records("pdf", b"text")
    with pytest.raises(InputError, match="cannot be read"):
        records("pdf", b"%PDF-1.4\nnothing")


def test_a_form_that_draws_forms_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pdfminer")
    monkeypatch.setattr("dedup.readers.pdf_glyphs._MOST_WORK", 1 << 20)
    forms = 12
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >> /Contents 4 0 R >>",
        b"<< /Length 5 >>\nstream\n/X Do\nendstream",
    ]
    for number in range(forms):
        content = b"/X Do " * 50
        link = f"/Resources << /XObject << /X {6 + number} 0 R >> >>" if number + 1 < forms else ""
        head = f"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] {link} /Length {len(content)} >>\nstream\n"
        objects.append(head.encode() + content + b"\nendstream")
    with pytest.raises(InputError, match="more than"):
        records("pdf", assembled(objects))


def test_an_encrypted_pdf_is_refused() -> None:
    pytest.importorskip("pdfminer")
    trailer = "/Encrypt << /Filter /Standard /V 1 /R 2 /O <" + "00" * 32 + "> /U <" + "00" * 32 + "> /P -4 >> /ID [<00> <00>] "
    with pytest.raises(InputError, match="encrypted"):
        records("pdf", assembled([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 0 /Kids [] >>"], trailer=trailer))
