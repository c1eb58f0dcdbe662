"""The pages of docs/reference are what the code says, and what it writes has the fields that they name."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
from collections import defaultdict
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import jsonschema
import pytest
from click.testing import CliRunner
from conftest import ROOT
from test_evaluate import DOCUMENTS, DUPLICATE, PAIRS, TEXTS
from test_layers import ROOMS

import dedup.errors
import dedup.evaluation.answers
from dedup import Contradiction, Credit, Document, Gate, Index, OriginGroup, OriginText, Story
from dedup.cli import cli
from dedup.config import Config


def load_generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs/generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATE = load_generator()
IN_COMMANDS, IN_OBJECTS, IN_MODULES = (importlib.import_module(f"reference_pages.{name}") for name in ("commands", "objects", "modules"))
COMMANDS: dict[str, click.Command] = dict(IN_COMMANDS.commands())
EXAMPLES = [(name, line) for name, command in COMMANDS.items() for line in IN_COMMANDS.parts_of(command)[1]]
OBJECTS: dict[str, Any] = IN_OBJECTS.objects()


@pytest.mark.parametrize("name", GENERATE.PAGES)
def test_a_page_is_what_the_generator_writes_now(name: str) -> None:
    written = (ROOT / "docs/reference" / name).read_text("utf-8")
    assert written == GENERATE.pages()[name], "run python docs/generate.py"


def test_the_check_says_which_page_is_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert GENERATE.main(["--check"]) == 0
    for path in (ROOT / "docs/reference").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "errors.md").write_text("something else\n")
    (tmp_path / "settings.md").unlink()
    monkeypatch.setattr(GENERATE, "FOLDER", tmp_path)
    assert GENERATE.main(["--check"]) == 1
    assert re.findall(r"\w+\.md", capsys.readouterr().err) == ["settings.md", "errors.md"]
    assert GENERATE.main([]) == GENERATE.main(["--check"]) == 0
    assert GENERATE.main(["--chekc"]) == 2


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_on_the_page(name: str) -> None:
    page = (ROOT / "docs/reference/commands.md").read_text("utf-8")
    section = page.split(f"## {name}\n")[1].split("\n## ")[0]
    for parameter in COMMANDS[name].params:
        for option in parameter.opts if isinstance(parameter, click.Option) else ():
            assert f"`{option}`" in section
    assert "Exit status: 0: " in section


@pytest.mark.parametrize(("name", "line"), EXAMPLES, ids=lambda value: str(value)[:40])
def test_an_example_of_a_help_text_can_be_understood(name: str, line: str) -> None:
    words = shlex.split(line.replace("|", " | "))
    words = words[words.index("dedup") + 1 :]
    end = next((place for place, word in enumerate(words) if word in ("|", ">")), len(words))
    command: click.Command = cli
    words = words[:end]
    found = "dedup"
    while isinstance(command, click.Group):
        found += f" {words[0]}"
        command = command.get_command(click.Context(command), words.pop(0))
    assert f"{found} ".startswith(f"{name} ")  # of a group it is one of its commands
    command.make_context(found, words)


def test_every_setting_and_every_error_is_on_its_page() -> None:
    settings, errors = ((ROOT / "docs/reference" / name).read_text("utf-8") for name in ("settings.md", "errors.md"))
    assert re.findall(r"^## (\w+)$", settings, re.MULTILINE) == [*Config.__dataclass_fields__]
    known = {name for name, value in vars(dedup.errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    assert set(re.findall(r"^### (\w+)$", errors, re.MULTILINE)) == known
    tree = errors.split("```text\n")[1].split("```")[0]
    assert set(re.findall(r"\b[A-Z]\w+(?=  )", tree)) == known


def test_every_module_is_on_its_page_in_the_order_of_rooms() -> None:
    page = (ROOT / "docs/reference/modules.md").read_text("utf-8")
    listed = re.findall(r"^\| `([\w/.]+)` \|", page, re.MULTILINE)
    paths = [path for package in ("dedup", "reports") for path in (ROOT / package).rglob("*") if path.suffix in (".py", ".pyi")]
    assert set(listed) == {str(path.relative_to(ROOT)) for path in paths}
    for package, rooms in ROOMS.items():
        inside = [name.removeprefix(f"{package}/").split("/")[0].split(".")[0] for name in listed if name.startswith(f"{package}/")]
        assert [*dict.fromkeys(room for room in inside if room != "__init__")] == [room for room in rooms if room != "__init__"]


def test_every_variable_that_the_code_looks_at_is_told() -> None:
    sources = [path.read_text("utf-8") for folder in ("dedup", "reports") for path in (ROOT / folder).rglob("*.py")]
    found = {name for source in sources for name in re.findall(r"BULLETIN_DEDUP_[A-Z]+|\bNO_COLOR\b", source)}
    assert found == set(IN_COMMANDS.ENVIRONMENT)


def test_every_link_leads_to_a_heading() -> None:
    for path in (ROOT / "docs/reference").glob("*.md"):
        text = path.read_text("utf-8")
        headings = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}
        for target in re.findall(r"\]\(([^)]*)\)", text):
            assert target[1:] in headings if target.startswith("#") else (path.parent / target).exists()


def test_the_fields_of_the_reports_have_words_and_no_others_have() -> None:
    words = json.loads((ROOT / "docs/reference/fields.json").read_text("utf-8"))
    found = {
        name: set(schema["properties"])
        for top, whole in IN_OBJECTS.report_schemas().items()
        for name, schema in {top: whole, **whole["$defs"]}.items()
        if "properties" in schema
    }
    assert {name: set(fields) for name, fields in words.items()} == found


# What is written


QUOTATION = (
    '"The bridge was closed to lorries in the autumn, nobody should have been on it with such a load, and we will find out who took the '
    'barrier away," the governor said.'
)
NEWS = (
    "Two people were killed when a bridge fell in the old town of Marsa on Monday. Boats searched the river until noon, and the market on "
    f"the other side stayed closed. {QUOTATION} Engineers of the ministry came in the afternoon and measured the piers that still stand. "
    "Buses to the harbour go by the northern road until a ferry is found, the city said, and school is out until Thursday."
)
STORY = {
    "a": f"{NEWS} A flood took away a part of its foot a year ago.",
    "b": NEWS,
    "c": "A baker heard a crack like a plate that breaks, and ran down to the river. She pulled a boy out of the water with the pole of her"
    " awning; the two men in the lorry were beyond her reach. All morning people of the quarter stood on the bank with ropes and blankets, "
    f"and there was nothing to do with them. {QUOTATION} Nobody answered him. At noon the baker went back to her oven.",
}


def credited_story() -> Story:
    """Return a story with all that may be told of one."""
    credits = Credit("reuters", "agency", "dateline", 9, 16), Credit("marsa courier", "outlet", "field")
    texts = OriginText("a", 0, 0.2, 0.1, credits), OriginText("b", 0, 0.1, 0.1, (), Contradiction("our correspondent", "reuters", "a"))
    return Story("s", texts, (OriginGroup(0, "a", 0.9, ("a", "b"), ("reuters",)),))


def run(folder: Path, command: str, code: int = 0) -> list[Any]:
    """Run a command in a folder, and return the lines of JSON that it prints."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        done = CliRunner().invoke(cli, shlex.split(command), standalone_mode=False, catch_exceptions=False)
    assert (done.return_value or 0) == code
    return [json.loads(line) for line in done.stdout.split("\n") if line]


def write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def read_lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """Return what the commands write, by the names of the objects."""
    folder = tmp_path_factory.mktemp("reference")
    found: dict[str, list[Any]] = defaultdict(list)
    # Searches: in sections and bulletins, and among records.
    whole = run(ROOT, "find seeds/000_879cb52311c03942.txt --format json --evidence")
    write_lines(folder / "a.jsonl", [{"id": name, "text": text, "paper": "north"} for name, text in TEXTS.items()])
    found["result"] = whole + run(folder, "find a.jsonl --format json")
    write_lines(folder / "withdrawn.jsonl", [{"id": "x1", "text": TEXTS["x1"]}, {"id": "x1", "text": ""}])
    found["result"] += run(folder, "find withdrawn.jsonl --format json")
    (folder / "lines.txt").write_text("Follow us\n", "utf-8")
    found["result"] += run(folder, "find withdrawn.jsonl --format json --ignore-lines lines.txt")
    found["match"] = whole[0]["matches"] + run(folder, "find a.jsonl --format pairs")
    found["match"] += run(folder, "find a.jsonl --format pairs --titles --source-field paper")
    found["cluster"] = run(folder, "find a.jsonl --format clusters") + run(folder, "find a.jsonl --format clusters --titles")
    # Stories: a quotation that two of them have, what they name as their sources, and what their wording says of that.
    write_lines(
        folder / "story.jsonl", [{"id": name, "text": text, "at": f"2026-03-0{day}"} for day, (name, text) in enumerate(STORY.items(), 1)]
    )
    found["origins"] = run(folder, "origins story.jsonl --format json --time-field at")
    found["story"] = [*run(folder, "origins story.jsonl --format jsonl"), credited_story().to_dict()]
    found["result"] += run(folder, "find story.jsonl --origins --format json")
    found["cluster"] += run(folder, "find story.jsonl --origins --format clusters")
    # A feed: new facts, a second version, one that was seen, a bad record.
    feed = read_lines(folder / "a.jsonl")
    write_lines(folder / "feed.jsonl", [*feed, {"id": "x1", "text": TEXTS["x1"].replace("Monday", "Tuesday")}, {"id": "bad"}])
    options = "--duplicates again.jsonl --on-error skip --rejects bad.jsonl --stats stats.json --level segment"
    found["decision"] = run(folder, f"filter feed.jsonl --index seen.db --actions {options}")
    found["decision"] += [row["dedup"] for row in run(folder, "filter feed.jsonl --on-error skip --annotate")]
    found["decision"] += run(folder, "filter a.jsonl --index seen.db --actions")
    found["decision"] += run(folder, "index export seen.db --what decisions")
    found["decision"] += [row["dedup"] for row in read_lines(folder / "again.jsonl")]
    found["decision"] += run(folder, "filter withdrawn.jsonl --actions")
    found["decision"].append(Gate(Index.open(":memory:")).decide(Document("e", TEXTS["x1"], embargo="2026-03-01T06:00:00Z")).to_dict())
    # Sources, and a text like the second one under an id.
    twice = [{"id": "one", "text": text} for text in (TEXTS["x1"], DOCUMENTS[0].text)] + [{"id": "two", "text": DOCUMENTS[0].text}]
    write_lines(folder / "twice.jsonl", [{**row, "paper": "north"} for row in twice])
    found["decision"] += run(folder, "filter twice.jsonl --actions --source-field paper")
    found["reject"], found["counts"] = read_lines(folder / "bad.jsonl"), read_lines(folder / "stats.json")
    # An index.
    run(folder, "index add docs.db a.jsonl --source-field paper --keep-for 9000d")
    found["cluster"] += run(folder, "index export docs.db")
    found["document"] = run(folder, "index export docs.db --what documents")
    found["index"] = run(folder, "index stats docs.db")
    (folder / "new.txt").write_text(TEXTS["x3"].replace("Four", "Nine"))
    found["query"] = run(folder, "index query docs.db new.txt") + run(folder, "index query seen.db new.txt")
    # Labels.
    write_lines(folder / "pairs.jsonl", [{"id": document.id, "text": document.text} for document in DOCUMENTS])
    names = [(f"{pair['id']}/a", f"{pair['id']}/b", pair["relation"]) for pair in PAIRS]
    write_lines(folder / "labels.jsonl", [{"a": a, "b": b, "duplicate": relation in DUPLICATE} for a, b, relation in names])
    (folder / "clusters.json").write_text(json.dumps({"clusters": [["x1", "x2"], ["y1", "y2", "z"]]}))
    found["evaluation"] = run(folder, "evaluate pairs.jsonl --truth labels.jsonl --format json --min-probability 0.05")
    found["evaluation"] += run(folder, "evaluate a.jsonl --truth clusters.json --format json --exact")
    write_lines(folder / "before.json", found["evaluation"][:1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dedup.evaluation.answers, "probability_of", lambda match: match.jaccard)
        found["evaluation"] += run(folder, "evaluate pairs.jsonl --truth labels.jsonl --format json --against before.json")
    found["tuning"] = run(folder, "tune pairs.jsonl --truth labels.jsonl --format json")
    # For somebody else one formula about two events is a duplicate.
    write_lines(folder / "wide.jsonl", [{"a": a, "b": b, "duplicate": relation in {*DUPLICATE, "template"}} for a, b, relation in names])
    found["tuning"] += run(folder, "tune pairs.jsonl --truth wide.jsonl --config tuned.json --format json")
    found["settings"] = read_lines(folder / "tuned.json")
    # Pairs: alike, unlike, short.
    (folder / "headline.txt").write_text("Bridge of Marsa falls during the flood")
    for other in ("a.jsonl", "pairs.jsonl"):
        some = [row["id"] for row in read_lines(folder / other)]
        found["explanation"] += run(folder, f"explain {some[0]} {some[1]} --in {other} --format json")
    (folder / "other.txt").write_text("Bridge of Tilda falls during the flood")
    found["explanation"] += run(folder, "explain headline.txt new.txt --format json")
    found["explanation"] += run(folder, "explain headline.txt other.txt --format json")
    return found


def note_fields(schema: dict[str, Any], value: Any, seen: dict[str, set[str]], name: str = "") -> None:
    """Note which fields each object of a value has, by the name of the object."""
    waiting = [(schema, value, name)]
    while waiting:
        schema, value, name = waiting.pop()
        if value is not None and "$ref" in schema.get("anyOf", [{}])[0]:  # an object or null
            schema = schema["anyOf"][0]
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            schema = OBJECTS[name]
        if isinstance(value, dict):
            seen[name] |= value.keys() if "properties" in schema else set()
            for key, each in value.items():
                waiting.append((schema.get("properties", {}).get(key) or schema.get("additionalProperties") or {}, each, name))
        elif isinstance(value, list):
            waiting += [(schema.get("items") or {}, each, name) for each in value]


@pytest.mark.parametrize("name", [name for name, schema in OBJECTS.items() if "written" in schema])
def test_what_is_written_has_the_fields_that_the_page_names(name: str, written: dict[str, list[Any]]) -> None:
    validator = jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": OBJECTS})
    assert written[name]
    for value in written[name]:
        validator.validate(value)


def test_every_field_that_the_page_names_is_written(written: dict[str, list[Any]]) -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for name, values in written.items():
        for value in values:
            note_fields({"$ref": f"#/$defs/{name}"}, value, seen)
    assert seen == {name: set(schema["properties"]) for name, schema in OBJECTS.items()}


def test_the_commands_that_write_an_object_are_commands_with_such_options() -> None:
    for schema in OBJECTS.values():
        for line in schema.get("written", ()):
            name = max((name for name in COMMANDS if f"{line} ".startswith(f"{name} ")), key=len)
            options = {option for parameter in COMMANDS[name].params for option in parameter.opts}
            assert set(re.findall(r"--[a-z-]+", line)) <= options
