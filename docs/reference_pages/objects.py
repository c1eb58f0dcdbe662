"""The page of JSON objects, from ``reports/schemas`` and ``docs/reference/objects.json``.

`tests/test_reference.py` compares the second with what the commands really write.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import reports

from .markdown import FOLDER, NOTICE, code, prose, table


def type_of(schema: dict[str, Any]) -> str:
    """Return the type of a field in words, with a link to the object that it holds."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name})"
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return code("null" if each is None else each for each in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(type_of(each) for each in schema["anyOf"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join(_named(kind, schema) for kind in kinds)


def _named(kind: str, schema: dict[str, Any]) -> str:
    if kind == "array":
        inside = schema.get("items") or schema["prefixItems"][0]
        return f"list of {type_of(inside)}"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"object, each value {type_of(values)}" if isinstance(values, dict) else "object"
    return {"integer": "whole number", "string": "text", "boolean": "true or false"}.get(kind, kind)


def object_section(name: str, schema: dict[str, Any], words: dict[str, str]) -> Iterator[str]:
    """Yield what is said about one object, or one list of values."""
    yield from (f"### {name}", "")
    if "description" in schema:
        yield from (prose(schema["description"]), "")
    if "written" in schema:
        yield from (f"Written by {', '.join(f'`{each}`' for each in schema['written'])}.", "")
    if "properties" not in schema:
        yield from (f"One of {type_of(schema)}." if "enum" in schema else f"A {type_of(schema)}.", "")
        return
    required = schema.get("required", ())
    rows = (
        (f"`{field}`", type_of(each), "yes" if field in required else "no", prose(each.get("description") or words[field]))
        for field, each in schema["properties"].items()
    )
    yield from table(("field", "type", "always there", "what it is"), rows)


def objects_page() -> Iterator[str]:
    """Yield the lines of the page of JSON objects."""
    yield from ("# JSON objects", "", NOTICE, "")
    yield "An object with a `schema` carries its name and version. A field that changes its meaning or goes gives a new number; a new"
    yield "field does not: pass over fields that you do not know. Offsets and spans count code points and are half open; shares go from"
    yield from ("0 to 1. JSON has no infinity and no NaN.", "")
    yield from ("## Search, index and labels", "", "As one JSON Schema: [objects.json](objects.json).", "")
    for name, schema in objects().items():
        yield from object_section(name, schema, {})
    words = json.loads((FOLDER / "fields.json").read_text("utf-8"))
    told = objects()  # what two schemas have in common is told once
    for name, schema in report_schemas().items():
        yield from (f"## {schema['title']}", "", f"The JSON Schema is `reports/schemas/{name}-1.json`.", "")
        for each, inside in {name: schema, **schema["$defs"]}.items():
            if told.setdefault(each, inside) is inside:
                yield from object_section(each, inside, words.get(each, {}))
            assert told[each] == inside, each


def report_schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas of `reports`, by name."""
    found = sorted((Path(reports.__file__).parent / "schemas").glob("*-1.json"))
    return {path.stem.removesuffix("-1"): json.loads(path.read_text("utf-8")) for path in found}


def objects() -> dict[str, Any]:
    """Return the objects that have no schema in `reports`, by name."""
    found: dict[str, Any] = json.loads((FOLDER / "objects.json").read_text("utf-8"))["$defs"]
    return found
