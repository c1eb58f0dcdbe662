"""Records: fields by paths, JSON of any shape, ids for those that have none, formats of services."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from command_support import run_command
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.errors import InputError
from dedup.readers.formats import find_input_format
from dedup.readers.json import scanner
from dedup.readers.options import Reading
from dedup.readers.sources import read_bytes, read_records

RECORDS = [
    {"id": "1", "text": 'Rain in the {north}, [they] said: "yes" \\ no', "tags": ["a", {"b": [1]}]},
    {"id": "2", "text": "مطر في الشمال\nوثلج", "nested": {"text": "not this"}},
    {"id": 3, "text": ""},
]
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=8,
)


class Dripping(io.BytesIO):
    """A stream that gives few bytes at a time."""

    def __init__(self, data: bytes, size: int):
        super().__init__(data)
        self._size = size

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self._size)


def shaped(records: list[Any], shape: str) -> str:
    indent = 1 if "pretty" in shape else None
    if "lines" in shape:
        return "\n".join(json.dumps(each, ensure_ascii=False, indent=indent) for each in records)
    whole = {"meta": {"articles": [{"id": "x"}]}, "articles": records, "more": [{"id": "y"}]} if "inside" in shape else records
    return json.dumps(whole, ensure_ascii=False, indent=indent)


@pytest.mark.parametrize("shape", ["array", "pretty array", "lines", "pretty lines", "inside", "pretty inside"])
@pytest.mark.parametrize("size", [1, 3, 10**6])
def test_records_are_found_in_json_of_any_shape(shape: str, size: int) -> None:
    data = ("\N{ZERO WIDTH NO-BREAK SPACE}" + shaped(RECORDS, shape)).encode()
    reading = Reading(records="articles" if "inside" in shape else None)
    found = [*scanner(Dripping(data, size), "a.json", reading).records()]  # type: ignore[arg-type]
    assert [json.loads(raw) for _, raw in found] == RECORDS
    lines = data.decode().split("\n")
    assert all(lines[line - 1].lstrip("\N{ZERO WIDTH NO-BREAK SPACE} [").startswith("{") or "inside" in shape for line, _ in found)


@given(st.lists(st.dictionaries(st.text(max_size=6), VALUES, max_size=4), min_size=1, max_size=4), st.sampled_from([1, 2, 5, 64]))
@settings(max_examples=150)
def test_any_records_are_cut_as_json_reads_them(records: list[dict[str, Any]], size: int) -> None:
    for shape in ("array", "pretty array", "pretty lines"):
        stream = Dripping(shaped(records, shape).encode(), size)
        assert [json.loads(raw) for _, raw in scanner(stream, "a.json", Reading()).records()] == records  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('[{"id": "1", "text": "x"}', "JSON that ends too early"),
        ('[{"id": "1", "text": "x', "JSON that ends too early"),
        ('[{"id": "1", "text": "x"}]]', r"broken JSON \(\] without its beginning"),
        ('[{"id": "1", "text": "x"}, 7]', None),
        ("[" * 5000 + "{}", "nested too deeply"),
        ('{"data": [{"id": "1", "text": "x"}]}', "a.json:1: no field 'text'; if its records are in 'data', say --records data"),
        ('{"id": "1", "story": "x"}', "no field 'text'; name the field with --text-field; there are id, story"),
    ],
)
def test_json_that_is_wrong_is_said_in_one_line(content: str, says: str | None) -> None:
    if says is None:
        assert len(list(read_bytes(content.encode(), "a.json", Reading()))) == 1
        return
    with pytest.raises(InputError, match=says):
        list(read_bytes(content.encode(), "a.json", Reading()))


def test_a_record_of_json_that_is_too_long_is_said_with_its_line() -> None:
    long = '{"id": "2", "text": "' + "a" * 200_000 + '"}'
    with pytest.raises(InputError, match=r"a\.json:2: a line of more than 20 characters"):
        list(read_bytes(f'[{{"id": "1", "text": "x"}},\n{long}]'.encode(), "a.json", Reading(max_chars=20)))


def test_a_list_without_an_end_is_not_held_in_memory() -> None:
    class Endless(io.BytesIO):
        given = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.given += 1 << 20
            return b'[{"id": "1", "text": "x"},' if self.given == 1 << 20 else b'{"a": ' + b'"' + b"b" * (1 << 20)

    stream = Endless()
    with pytest.raises(InputError, match="a line of more than 1,000 characters"):
        list(scanner(stream, "a.json", Reading(max_chars=1000)).records())  # type: ignore[arg-type]
    assert stream.given < 1 << 24


def test_a_path_to_records_that_are_not_there_is_said() -> None:
    with pytest.raises(InputError, match=r"no records at 'data\.items\[\]'; name their list with --records"):
        list(read_bytes(b'{"data": {"articles": []}}', "a.json", Reading(records="data.items")))


def test_a_record_of_an_array_goes_through_the_filter_on_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(shaped(RECORDS[:2], "pretty array"), "utf-8")
    done = run_command("filter", "a.json", cwd=tmp_path)
    assert done.returncode == 0
    assert [json.loads(line) for line in done.stdout.decode().split("\n") if line] == RECORDS[:2]


@pytest.mark.parametrize(
    ("record", "options", "expected"),
    [
        ({"id": "1", "text": "x", "title": "T", "source": "S", "date": "2020-01-02", "url": "u", "lang": "ar", "version": 3},
         {}, {"title": "T", "source": "S", "time": "2020-01-02", "url": "u", "language": "ar", "version": "3"}),
        ({"id": "1", "headline": "H", "bodies": [{"value": "a"}, {"value": "b"}]}, {"text_field": "bodies[1].value"},
         {"text": "b", "title": "H"}),
        ({"id": "1", "bodies": [{"value": "a"}, {"value": "b"}]}, {"text_field": "headline,bodies[0].value,bodies[1].value"},
         {"text": "a\n\nb"}),
        ({"meta": {"id": 7}, "_source": {"body": "x"}}, {"id_field": "meta.id", "text_field": "_source.body"}, {"id": "7", "text": "x"}),
        ({"id": "1", "text": ["one ", {"type": "bold", "text": "two"}]}, {}, {"text": "one two"}),
        ({"id": "1", "text": "", "body": "\N{NO-BREAK SPACE}", "content": "\u0645\u0637\u0631"}, {}, {"text": "\u0645\u0637\u0631"}),
        ({"content": "x", "body": None, "text": " \n", "id": "1"}, {}, {"text": "x"}),
        ({"id": "1", "text": "", "body": " "}, {}, {"text": ""}),
        ({"id": "1", "headline": "H", "lead": "L"}, {"text_field": "headline, lead", "id_field": " id "}, {"id": "1", "text": "H\n\nL"}),
        ({"id": "1", "body": "x", "source": {"name": "S"}, "time": "no time", "published": "Tue, 02 Jan 2024 10:00:00 GMT"},
         {}, {"text": "x", "source": "S", "time": "2024-01-02T10:00:00+00:00"}),
        ({"id": "1", "text": "x", "status": "Killed"}, {}, {"status": "canceled"}),
        ({"id": "1", "status": "canceled"}, {}, {"status": "canceled", "text": ""}),
        ({"id": "1", "text": "x", "status": 200}, {}, {"status": None}),
        ({"id": "1", "text": "x", "state": "hold"}, {"status_field": "state"}, {"status": "withheld"}),
        ({"text": "x"}, {}, {"id": "a.jsonl:1"}),
        ({"id": "1", "text": "x", "title": 7, "source": ["a"], "time": {}}, {}, {"title": "7", "source": None, "time": None}),
    ],
)  # fmt: skip
def test_fields_are_found_by_names_and_by_paths(record: dict[str, Any], options: dict[str, Any], expected: dict[str, Any]) -> None:
    (document,) = read_bytes(json.dumps(record).encode(), "a.jsonl", Reading(**options))
    assert {name: getattr(document, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("record", "options", "says"),
    [
        ({"id": "1", "text": "x"}, {"title_field": "headline"}, "a.jsonl:1: no field 'headline'; name the field with --title-field"),
        ({"id": "1", "text": "x", "state": "odd"}, {"status_field": "state"}, "a.jsonl:1: not a status: 'odd'; there are usable"),
        ({"id": None, "text": "x", "_id": {}}, {}, "a.jsonl:1: no text in field '_id'"),
        ({"id": "1", "text": "x"}, {"text_field": "a[b"}, r"not the path of a field: 'a\[b'"),
        ({"text": "x"}, {"unnamed": "refuse"}, "a.jsonl:1: no field 'id'; name the field with --id-field"),
    ],
)
def test_a_field_that_is_not_there_is_said(record: dict[str, Any], options: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        list(read_bytes(json.dumps(record).encode(), "a.jsonl", Reading(**options)))


def test_what_a_reader_takes_for_something_is_told_once(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("body;date\nRain.;2020-01-01\nSnow.;2020-01-02\n")
    done = run_command("find", "a.csv", cwd=tmp_path)
    assert done.stderr.decode().split("\n") == [
        "a.csv: its columns are separated by semicolons",
        "the texts are those of the field 'body', since there is no field 'text'",
        "records without an id are named by their file and line; --id-field names the field of the id",
        "",
    ]
    with caplog.at_level(logging.WARNING, "dedup.readers"):
        texts = [record.document.text for record in read_records([str(tmp_path / "a.csv")]) if record.document]
    assert texts == ["Rain.", "Snow."]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("headline,laed", ["laed"]),
        ("headline, lead", []),
        ("lead,parts[0].value,parts[0].valeu", ["parts[0].valeu"]),
        ("kop,headline,\u0645\u062a\u0646", ["kop", "\u0645\u062a\u0646"]),
    ],
)
def test_a_field_of_the_text_that_is_not_there_is_told_once(fields: str, told: list[str], tmp_path: Path) -> None:
    rows = [{"id": "1", "headline": "H", "lead": None, "parts": [{"value": "P"}]}, {"id": "2", "headline": "H", "lead": "L"}]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows + rows[:1]))
    done = run_command("filter", "a.jsonl", "--text-field", fields, cwd=tmp_path)
    assert done.returncode == 0
    about = "records without the field {!r}, which --text-field names: their texts are those of its other fields"
    found = [line for line in done.stderr.decode().split("\n") if line.startswith("records without the field")]
    assert found[: len(told)] == [about.format(name) for name in told]
    assert all("parts[0].value'" in line for line in found[len(told) :])


def test_a_text_behind_an_empty_one_is_no_withdrawal(tmp_path: Path) -> None:
    story = "Two people were killed when a bridge fell in the old town of Marsa on Monday, police said."
    rows = [{"id": "1", "text": story}, {"id": "2", "text": "", "body": "Rain is expected in the north from Tuesday on, it was said."}]
    rows += [{"id": "1", "text": "", "content": story + " One diver is missing."}, {"id": "2", "text": "", "body": " "}]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = run_command("filter", "a.jsonl", "--actions", cwd=tmp_path)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["id"], each["decision"] == "withdraw") for each in found] == [("1", False), ("2", False), ("1", False), ("2", True)]
    said = "the texts are those of the field 'body', since records have no text in the field 'text'"
    assert said in done.stderr.decode().split("\n")


def test_records_without_an_id_are_one_record_in_every_feed(tmp_path: Path) -> None:
    text = "Two people were killed when a bridge fell in the old town of Marsa on Monday, police said."
    for name in ("monday.jsonl", "tuesday.jsonl"):
        (tmp_path / name).write_text(json.dumps({"text": "Another story of " + name}) + "\n" + json.dumps({"text": text}) + "\n")
        done = run_command("filter", name, "--index", "seen.db", cwd=tmp_path)
        assert (done.returncode, done.stdout.count(b"\n")) == (0, 2 if name == "monday.jsonl" else 1)


@pytest.mark.parametrize(("version", "status", "text"), [("1", "usable", "Bridge falls"), ("3", "usable", ""), ("1", "canceled", "")])
def test_an_item_of_a_headline_alone_is_a_flash_unless_it_was_emptied(version: str, status: str, text: str) -> None:
    item = {"uri": "u", "type": "text", "version": version, "pubstatus": status, "versioncreated": "2020-01-01", "headline": "Bridge falls",
            "body_text": ""}  # fmt: skip
    (document,) = read_bytes(json.dumps(item).encode(), "a.json", Reading())
    assert document.text == text
    wire = f"""<newsItem guid="g" version="{version}"><itemMeta><itemClass qcode="ninat:text"/><pubStatus qcode="stat:{status}"/></itemMeta>
        <contentMeta><headline>Bridge falls</headline></contentMeta><contentSet><inlineXML><html><body/></html></inlineXML></contentSet>
        </newsItem>"""
    (document,) = read_bytes(wire.encode(), "a.xml", Reading())
    assert document.text == text


READ = {
    "ninjs": (
        {"uri": "urn:1", "version": "2", "versionCreated": "2019-05-10T16:02:28+02:00", "pubStatus": "canceled", "language": "de",
         "embargoed": "2019-05-11T00:00:00Z", "bodies": [{"role": "teaser", "value": "Kurz"}, {"role": "main", "value": "Der Text."}],
         "headlines": [{"role": "main", "value": "Titel"}], "associations": [{"bodies": [{"value": "no"}]}], "copyrightHolder": "dpa"},
        {"id": "urn:1", "text": "Der Text.", "title": "Titel", "source": "dpa", "time": "2019-05-10T16:02:28+02:00", "language": "de",
         "version": "2", "status": "canceled", "embargo": "2019-05-11T00:00:00Z"},
    ),
    "ninjs 1": (
        {"uri": "u", "versioncreated": "2013-07-31T15:32:00Z", "headline": "H", "body_xhtml": "The text.", "description_text": "no"},
        {"id": "u", "text": "The text.", "title": "H", "time": "2013-07-31T15:32:00Z"},
    ),
    "telegram": (
        {"name": "قناة", "type": "public_channel", "id": 1, "messages": [{"id": 1, "type": "service", "text": ""},
         {"id": 2, "type": "message",
         "date": "2024-01-02T10:00:00", "from": "قناة", "text": ["عاجل | ", {"type": "bold", "text": "قتل أربعة"}]}]},
        {"id": "1/2", "text": "عاجل | قتل أربعة", "source": "قناة", "time": "2024-01-02T10:00:00"},
    ),
    "telegram of a chat without an id": (
        {"name": "A", "type": "public_channel", "id": None, "messages": [{"id": 2, "type": "message", "text": "x"}]},
        {"id": "2", "text": "x", "source": "A"},
    ),
    "telegram of all chats": (
        {"about": "", "chats": {"about": "", "list": [{"name": "A", "type": "c", "id": 9,
         "messages": [{"id": 2, "type": "message", "text": "x"}]}]}},
        {"id": "9/2", "text": "x", "source": "A"},
    ),
    "elasticsearch": (
        {"took": 1, "hits": {"total": {"value": 1}, "hits": [{"_index": "n", "_id": "7", "_source": {"title": "T", "body": "x"}}]}},
        {"id": "7", "text": "x", "title": "T"},
    ),
    "newsapi": (
        {"status": "ok", "totalResults": 1, "articles": [{"source": {"id": None, "name": "X"}, "title": "T", "description": "no",
         "url": "https://x/1", "publishedAt": "2024-01-02T10:00:00Z", "content": "Four people were killed… [+1200 chars]"}]},
        {"id": "https://x/1", "text": "Four people were killed", "title": "T", "source": "X", "time": "2024-01-02T10:00:00Z", "url": "https://x/1"},
    ),
    "newsplease": (
        {"maintext": "The text.", "title": "T", "url": "u", "source_domain": "x.org", "date_publish": "2017-07-17 17:03:00",
         "language": "en"},
        {"id": "u", "text": "The text.", "title": "T", "source": "x.org", "time": "2017-07-17 17:03:00", "language": "en"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("indent", [None, 2])
def test_formats_of_services_fill_the_fields(name: str, indent: int | None) -> None:
    value, expected = READ[name]
    (document,) = read_bytes(json.dumps(value, ensure_ascii=False, indent=indent).encode(), "a.json", Reading())
    assert {field: getattr(document, field) for field in expected} == expected


def test_messages_of_two_channels_are_two(tmp_path: Path) -> None:
    texts = ["Rain is expected in the north from Tuesday on, the service said.", "Two people were killed when a bridge fell in Marsa."]
    for chat, text in enumerate(texts, 70):
        message = {"id": 5, "type": "message", "date": "2024-01-02T10:00:00", "from": "A", "text": text}
        (tmp_path / f"{chat}.json").write_text(json.dumps({"name": "A", "type": "public_channel", "id": chat, "messages": [message]}))
    done = run_command("filter", "70.json", "71.json", "--actions", cwd=tmp_path)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["70/5", "71/5"]


SOURCE = {"id": 55, "body": "Two people were killed when a bridge fell in the old town of Marsa, police said.", "_doc_count": 3}
HIT = {"_index": "old", "_type": "_doc", "_id": "a1", "_score": 1, "_routing": "r", "_source": SOURCE}
PLAIN = {name: SOURCE[name] for name in ("body", "_doc_count")}


@pytest.mark.parametrize(
    ("name", "feed", "expected"),
    [
        ("dump.json", json.dumps(HIT), SOURCE),
        ("answer.json", json.dumps({"took": 1, "hits": {"hits": [HIT]}}), SOURCE),
        ("bulk.ndjson", json.dumps({"index": {"_id": "a1"}}) + "\n" + json.dumps(SOURCE), SOURCE),
        ("bulk.ndjson", json.dumps({"create": {"_id": "a1"}}) + "\n" + json.dumps(PLAIN), PLAIN),
        ("table.jsonl", json.dumps({"_id": "a1", "_version": 4, **PLAIN}), PLAIN),
        ("table.csv", "_id,body,_type\na1,Rain is expected in the north.,x\n", {"body": "Rain is expected in the north."}),
        ("answer.jsonl", json.dumps({"found": True, **HIT}), SOURCE),
        ("result.json", json.dumps({"name": "A", "type": "c", "id": "a", "messages": [{"id": 1, "type": "message", "text": "Rain."}]}),
         {"id": "a/1", "type": "message", "text": "Rain."}),
    ],
)  # fmt: skip
def test_bodies_for_a_search_index_are_what_it_takes(name: str, feed: str, expected: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / name).write_text(feed)
    done = run_command("filter", name, "--bulk", "news", cwd=tmp_path)
    action, body = map(json.loads, done.stdout.splitlines())
    assert (action["index"]["_id"], body) == ("a/1" if name == "result.json" else "a1", expected)


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson"])
def test_a_byte_order_mark_is_no_part_of_a_record(name: str, tmp_path: Path) -> None:
    texts = ["Rain is expected in the north from Tuesday on, the service said.", "Two people were killed when a bridge fell in Marsa."]
    expected = b""
    for number, text in enumerate(texts):
        action = json.dumps({"index": {"_id": str(number)}}) + "\n" if name == "a.ndjson" else ""
        feed = (action + json.dumps({"id": str(number), "text": text})).encode()
        (tmp_path / f"{number}{name}").write_bytes(b"\xef\xbb\xbf" + feed)
        expected += feed + b"\n"
    done = run_command("filter", f"0{name}", f"1{name}", cwd=tmp_path)
    assert done.stdout == expected
    assert run_command("filter", "--as", "elasticsearch" if action else "jsonl", cwd=tmp_path, stdin=done.stdout).stdout == expected


def test_a_bulk_body_goes_through_the_filter_as_one(tmp_path: Path) -> None:
    lines = [
        '{"index": {"_index": "news", "_id": "1"}}',
        '{"title": "a", "body": "Two people were killed when a bridge fell in the old town of Marsa."}',
        '{"create": {"_index": "news", "_id": "2"}}',
        '{"title": "b", "body": "Two people were killed when a bridge fell in the old town of Marsa."}',
        '{"index": {"_index": "news"}}',
        '{"id": "3", "body": "The port was opened again after a strike of three weeks, it said."}',
    ]
    (tmp_path / "a.ndjson").write_text("\n".join(lines) + "\n")
    done = run_command("filter", "a.ndjson", cwd=tmp_path)
    assert done.stdout.decode().split("\n") == [*lines[:2], *lines[4:], ""]
    cut = io.BufferedReader(io.BytesIO("\n".join(lines[:3]).encode()))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="ends with an action"):
        list(find_input_format("elasticsearch").read(cut, "a", Reading()))
