"""Files that were damaged at random: a reader gives records or an `InputError`, and nothing else."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_support import docx, item, numbering, paragraph, pdf, records, zipped
from test_read_archives import ANPA, IPTC, LABELLED, NEXIS, NEXIS_UNI, UNLABELLED
from test_read_mail import HTML, PLAIN, multipart
from test_read_office import DELETED, INSERTED
from test_read_tables import arrow

from dedup.errors import InputError

Change = Callable[[bytes], bytes]
WORD = docx(paragraph("One", DELETED, INSERTED) + item("Two"), word__numbering=numbering(("decimal", "%1.")))
RTF = (
    rb"{\rtf1\ansi\ansicpg1256{\fonttbl{\f0\fcharset178 A;}}{\info{\title x}}"
    rb"\f0 \'ce\u1576?\par\trowd\intbl a\cell\row{\deleted x}\bin2 }}}"
)
SEEDS: dict[str, list[Callable[[], bytes]]] = {
    "docx": [lambda: WORD],
    "rtf": [lambda: RTF],
    "pdf": [lambda: pdf([[(50, 700, [*"Text (سلام) 12"])]], info="/Title (News)")],
    "mail": [
        lambda: multipart("alternative", PLAIN, HTML),
        lambda: b"From a@b Wed Jan  3 10:15:00 2024\nSubject: =?utf-8?q?x?=\n\n> a\n\nText.\n",
    ],
    "nexis": [NEXIS.encode, NEXIS_UNI.encode],
    "factiva": [LABELLED.encode, UNLABELLED.encode],
    "anpa": [lambda: ANPA + IPTC],
    "arrow": [lambda: arrow("stream"), lambda: arrow("file")],
}
NEEDS = {"pdf": "pdfminer", "arrow": "pyarrow"}


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """Draw a few changes of bytes: others, fewer, or a piece twice."""
    steps = draw(st.lists(st.tuples(st.sampled_from("rdc"), st.floats(0, 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=8))

    def change(data: bytes) -> bytes:
        out = bytearray(data)
        for how, where, piece in steps:
            at = int(where * len(out))
            if how == "r":
                out[at : at + len(piece)] = piece
            elif how == "d":
                del out[at : at + len(piece) ** 2]
            else:
                out[at:at] = out[at // 2 : at // 2 + 10 * len(piece)]
        return bytes(out)

    return change


def _attempt(name: str, data: bytes) -> None:
    with contextlib.suppress(InputError):
        for record in records(name, data):
            assert (record.document is None) != (record.error is None)
            if record.document is not None:
                record.document.text.encode()
                record.document.id.encode()


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(change=changes())
def test_damaged_files_are_read_or_refused(name: str, change: Change) -> None:
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    for seed in SEEDS[name]:
        _attempt(name, change(seed()))


@settings(max_examples=60, deadline=None)
@given(change=changes())
def test_word_files_with_damaged_parts_are_read_or_refused(change: Change) -> None:
    archive = zipfile.ZipFile(BytesIO(WORD))
    _attempt("docx", zipped({name: change(archive.read(name)) for name in archive.namelist()}))
