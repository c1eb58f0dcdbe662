"""Dates of formats and newsrooms become ISO 8601 that the other stages read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import InputError
from dedup.model import Document
from dedup.readers.options import Reading
from dedup.readers.sources import read_bytes
from dedup.text.dates import iso_of_seconds, iso_time
from dedup.text.timestamps import timestamp_of

CASES = {
    "۱۳ بهمن\N{ZERO WIDTH NON-JOINER}ماه ۱۴۰۲": "2024-02-02",
    "15 دی\N{ZERO WIDTH NON-JOINER}ماه ۱۴۰۲": "2024-01-05",
    "2024-01-02T10:00:00Z": "2024-01-02T10:00:00+00:00",
    "2018-11-21T16:25:32-05:00": "2018-11-21T16:25:32-05:00",
    "2024-01-02 10:00": "2024-01-02T10:00:00",
    "2024-01-02T10:00:00.123456789+0300": "2024-01-02T10:00:00.123456+03:00",
    "2009-03-26T01:30:00.000-0000": "2009-03-26T01:30:00+00:00",
    "2024-01-01T24:00:00Z": "2024-01-02T00:00:00+00:00",
    "2016-12-31T23:59:60Z": "2016-12-31T23:59:59+00:00",
    "2024-01": "2024-01-01",
    "2024": "2024-01-01",
    "20240102T100000Z": "2024-01-02T10:00:00+00:00",
    "20140829T134951+0000": "2014-08-29T13:49:51+00:00",
    "20240102T1000": "2024-01-02T10:00:00",
    "20240102": "2024-01-02",
    "20240102100000": "2024-01-02T10:00:00",
    "Thu, 01 Jan 2004 19:48:21 GMT": "2004-01-01T19:48:21+00:00",
    "Sun, 31 Dec 1999 11:59:59 PST": "1999-12-31T11:59:59-08:00",
    "02 Jan 2024 10:00:00 +0300 (MSK)": "2024-01-02T10:00:00+03:00",
    "Wed, 2 Jan 2024 10:00:00 GMT+3": "2024-01-02T10:00:00+03:00",
    "01 Jan 04": "2004-01-01",
    "Wednesday, 05-Nov-94 08:49:37 GMT": "1994-11-05T08:49:37+00:00",
    "Thu Jan  1 19:48:21 2004": "2004-01-01T19:48:21",
    "January 2, 2024 Tuesday 10:00 AM GMT": "2024-01-02T10:00:00+00:00",
    "Jan. 2, 2024 at 12:05 a.m.": "2024-01-02T00:05:00",
    "2024/01/02 10:00": "2024-01-02T10:00:00",
    "2024.01.02": "2024-01-02",
    "07.09.2020 14:45": "2020-09-07T14:45:00",
    "\u0662\u0660\u0662\u0664-\u0660\u0661-\u0660\u0662": "2024-01-02",
    " 2024-01-02 ": "2024-01-02",
    "mardi 2 janvier 2024": "2024-01-02",
    "1er f\u00e9vrier 2024 10:05": "2024-02-01T10:05:00",
    "2. M\u00e4rz 2024 um 10:05": "2024-03-02T10:05:00",
    "2 de enero de 2024": "2024-01-02",
    "2 \u015eubat 2024, 10:00": "2024-02-02T10:00:00",
    "\u0627\u0644\u062b\u0644\u0627\u062b\u0627\u0621\u060c 2 \u064a\u0646\u0627\u064a\u0631 2024": "2024-01-02",
    "\u0662 \u0643\u0627\u0646\u0648\u0646 \u0627\u0644\u062b\u0627\u0646\u064a/\u064a\u0646\u0627\u064a\u0631 2024": "2024-01-02",
    "\u06f2 \u0698\u0627\u0646\u0648\u06cc\u0647\u0654 \u06f2\u06f0\u06f2\u06f4": "2024-01-02",
    "2 \u062c\u0646\u0648\u0631\u06cc\u060c 2024": "2024-01-02",
    "2 \u044f\u043d\u0432\u0430\u0440\u044f 2024": "2024-01-02",
    "12 \u062f\u06cc 1402": "2024-01-02",
    "\u06f1\u06f3 \u0628\u0647\u0645\u0646 \u06f1\u06f4\u06f0\u06f2 \u06f0\u06f9:\u06f0\u06f0": "2024-02-02T09:00:00",
    "\u0633\u0647\u200c\u0634\u0646\u0628\u0647 31 \u0627\u0631\u062f\u064a\u0628\u0647\u0634\u062a \u0645\u0627\u0647 1403": "2024-05-20",
    "30 \u0627\u0633\u0641\u0646\u062f 1403": "2025-03-20",
    "1 \u062d\u0645\u0644 1403": "2024-03-20",
    "5 \u0644\u0693\u0645 1380": "2001-10-27",
    "1616605125": "1616605125",
    "1712010100": "1712010100",
    "1700000000.5": "1700000000.5",
    "1704189600123": "1704189600.123",
    "Tue, 02 Jan 2024 10:00:00 XYZ": "2024-01-02T10:00:00",
}
NONE = (
    "",
    "yesterday",
    "01/02/2024",
    "2024-02-30",
    "2024-13-01",
    "2024-01-02T25:00",
    "Mon, 01 Jan 0001 00:00:00 +0000",
    "12:00",
    "x" * 1000,
)
NONE += (
    "Tue, 30 Nov -0001 00:00:00 +0000",
    "0000-00-00 00:00:00",
    "nan",
    "1e9",
    "2 Smarch 2024",
    "2024-01-02T10:00:00+99:00",
)
# Years of the Persian and of the Islamic calendar, which figures do not tell apart.
NONE += (
    "1402/11/13 09:00",
    "1402-11-13",
    "1402-11-13T09:00:00+03:30",
    "1403/02/31",
    "13.11.1402",
    "1445-07-20 10:00",
    "\u0661\u0664\u0664\u0665/\u0660\u0667/\u0662\u0660",
    "\u06f1\u06f4\u06f0\u06f2/\u06f1\u06f1/\u06f1\u06f3",
    "1402-11",
    "0001-01-01T00:00:00Z",
    "30 \u0627\u0633\u0641\u0646\u062f 1402",
    "31 \u0645\u0647\u0631 1402",
    "12 \u062f\u06cc 2024",
    "20 \u0631\u062c\u0628 1445",
)


@pytest.mark.parametrize("text", CASES)
def test_a_time_becomes_iso(text: str) -> None:
    assert iso_time(text) == CASES[text]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_time_gives_none(text: str) -> None:
    assert iso_time(text) is None


@pytest.mark.parametrize("text", [text for text in NONE if any(letter.isdecimal() for letter in text) and text != "1e9"])
def test_what_is_no_time_is_none_wherever_it_is_read(text: str) -> None:
    (document,) = read_bytes(json.dumps({"id": "1", "text": "x", "date": text}).encode(), "a.jsonl", Reading())
    assert document.time is None
    with pytest.raises(InputError, match="not a time"):
        timestamp_of(Document("1", "", time=text))


@given(st.one_of(st.text(max_size=70), st.from_regex(r"[0-9TZ:+\-. ]{0,30}", fullmatch=True), st.datetimes().map(str)))
def test_whatever_is_given_can_be_read_or_is_none(text: str) -> None:
    found = iso_time(text)
    if found is not None:
        timestamp_of(Document("1", "", time=found))
        assert iso_time(found) == found


@given(st.floats(allow_nan=False))
def test_seconds_that_no_calendar_has_give_none(seconds: float) -> None:
    found = iso_of_seconds(seconds)
    assert found is None or iso_time(found) == found or found < "1000"
