"""The description at /v1/openapi.json says what the application does: its routes, its limits, its examples, and what is made up from it."""

from __future__ import annotations

import importlib.resources
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import ROOT
from serve_api_support import BASE, served
from starlette.testclient import TestClient

import dedup
from dedup.serve import RequestLimits
from dedup.serve.application import ROUTES
from dedup.serve.bodies import FIELDS
from dedup.serve.bounded import LINES

METHODS = "get", "post", "put", "delete", "patch", "options", "head", "trace"
DESCRIBED: dict[str, Any] = json.loads((importlib.resources.files("dedup.serve") / "openapi.json").read_text("utf-8"))
OPERATIONS = [(path, method) for path, item in DESCRIBED["paths"].items() for method in item if method in METHODS]
PROBLEMS = "application/problem+json"


def operation(path: str, method: str) -> dict[str, Any]:
    found: dict[str, Any] = DESCRIBED["paths"][path][method]
    return found


def resolved(value: Any) -> Any:
    """Return what a reference leads to; anything else as it is."""
    while isinstance(value, dict) and "$ref" in value:
        found: Any = DESCRIBED
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        value = found
    return value


def all_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield each object in a description."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield each
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)


def validator(schema: Any) -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    return jsonschema.Draft202012Validator({**schema, "components": DESCRIBED["components"]})


# The form of the description


def test_its_paths_are_the_routes_of_the_application() -> None:
    routes = {(route.path.replace(":path", ""), method.lower()) for route in ROUTES for method in (route.methods or ()) if method != "HEAD"}
    assert routes == {*OPERATIONS}


def test_it_is_served_with_the_version_of_the_program() -> None:
    with served() as client:
        found = client.get("/v1/openapi.json").json()
    assert found["info"].pop("version") == dedup.__version__
    assert found == {**DESCRIBED, "info": {name: value for name, value in DESCRIBED["info"].items() if name != "version"}}


def test_it_is_written_as_it_would_be_printed() -> None:
    assert (ROOT / "dedup/serve/openapi.json").read_text("utf-8") == json.dumps(DESCRIBED, ensure_ascii=False, indent=1) + "\n"


def test_every_reference_leads_somewhere_and_every_part_is_needed() -> None:
    used = {each["$ref"] for each in all_in(DESCRIBED) if "$ref" in each}
    parts = {f"#/components/{kind}/{name}" for kind, each in DESCRIBED["components"].items() if kind != "securitySchemes" for name in each}
    assert used == parts
    assert all(resolved({"$ref": each}) for each in used)


def test_every_schema_is_one() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    inside = [each["schema"] for each in all_in(DESCRIBED["paths"]) if isinstance(each.get("schema"), dict)]
    for schema in (*DESCRIBED["components"]["schemas"].values(), *inside):
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_an_operation_says_what_it_takes_and_answers(path: str, method: str) -> None:
    found = operation(path, method)
    assert {"operationId", "summary", "tags", "responses"} <= found.keys()
    assert found["summary"].endswith(".")
    assert {*found["tags"]} <= {each["name"] for each in DESCRIBED["tags"]}
    assert "200" in found["responses"]
    needed = {"421", "503"} if path in ("/healthz", "/readyz") else {"401", "421", "500", "503"}
    needed |= {"400", "408", "413", "415", "422"} if "requestBody" in found else set()
    assert needed <= found["responses"].keys()
    for status, answer in found["responses"].items():
        if status != "200" and path != "/readyz":
            assert [*resolved(answer)["content"]] == [PROBLEMS]
    named = {resolved(each)["name"] for each in (*found.get("parameters", ()), *DESCRIBED["paths"][path].get("parameters", ()))}
    assert {*re.findall(r"\{(\w+)\}", path)} <= named


def test_names_of_operations_are_different() -> None:
    names = [operation(*each)["operationId"] for each in OPERATIONS]
    assert len({*names}) == len(names)


def test_parameters_and_media_types_and_limits_are_those_of_the_code() -> None:
    for path in ("/v1/decide", "/v1/query"):
        assert {resolved(each)["name"] for each in operation(path, "post")["parameters"]} - {"dry_run", "Idempotency-Key"} == {*FIELDS}
    body = operation("/v1/decide", "post")["requestBody"]["content"]
    assert {*body} - {"application/json"} <= LINES
    most = {each["maxItems"] for each in all_in(DESCRIBED["paths"]) if "maxItems" in each}
    assert most == {RequestLimits().records}


def test_decisions_and_matches_are_those_of_the_reference() -> None:
    reference = json.loads((ROOT / "docs/reference/objects.json").read_text("utf-8"))["$defs"]
    schemas = DESCRIBED["components"]["schemas"]
    decision, match = schemas["Decision"]["properties"], schemas["Match"]["properties"]
    assert decision.keys() == reference["decision"]["properties"].keys()
    assert decision["decision"]["enum"] == reference["decision"]["properties"]["decision"]["enum"]
    assert reference["query"]["properties"].keys() <= match.keys() <= decision.keys() | {"duplicate"}
    assert schemas["Relation"]["enum"] == reference["decision"]["properties"]["relation"]["enum"]


# Its examples


def examples_of(content: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the examples of a media type with their names."""
    if "example" in content:
        yield "", content["example"]
    for name, example in content.get("examples", {}).items():
        yield name, example["value"]


def asked() -> Iterator[tuple[str, str, str, Any, Any]]:
    """Yield each example of a request: its path, method, media type, body, and the example of its answer, in the order of the file, what
    erases last."""
    for path, method in sorted(OPERATIONS, key=lambda each: each[1] == "delete"):
        each = operation(path, method)
        told = resolved(each["responses"]["200"]).get("content", {})
        bodies = each["requestBody"]["content"] if "requestBody" in each else {"": {"example": None}}
        for media, content in bodies.items():
            for name, body in examples_of(content):
                answers = dict(examples_of(told.get(media or next(iter(told)), {})))
                yield path, method, media, body, answers.get(name)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with served() as client:
        yield client


def plain(value: Any) -> Any:
    """Return an answer without what is another one each time."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items() if name not in ("moment", "title")}
    return [plain(each) for each in value] if isinstance(value, list) else value


def test_examples_are_answered_as_it_says(client: TestClient) -> None:
    for path, method, media, body, told in asked():
        parameters = [resolved(each) for each in DESCRIBED["paths"][path].get("parameters", ())]
        address = path.format(**{each["name"]: each["example"] for each in parameters})
        content = body if isinstance(body, str) else json.dumps(body)
        if media == "application/json":
            validator(operation(path, method)["requestBody"]["content"][media]["schema"]).validate(body)
        answer = client.request(method, address, content=content if media else None, headers={"content-type": media} if media else {})
        assert answer.status_code == 200, (method, address, answer.text)
        answered = resolved(operation(path, method)["responses"]["200"])["content"]
        kind = answer.headers["content-type"].partition(";")[0]
        assert kind in answered
        if kind == "application/json":
            validator(answered[kind]["schema"]).validate(answer.json())
        if told is not None:
            found, expected = (
                [json.loads(line) for line in text.split("\n") if line]
                for text in (answer.text, told if isinstance(told, str) else json.dumps(told))
            )
            assert plain(found) == plain(expected), (method, address)


@pytest.mark.parametrize("name", DESCRIBED["components"]["responses"])
def test_an_example_of_a_problem_is_one(name: str) -> None:
    content = DESCRIBED["components"]["responses"][name]["content"][PROBLEMS]
    validator(content["schema"]).validate(content["example"])


# What is made up from it

MADE_UP = 15
MADE_UP_FOR_JOBS = 4  # each starts a process
TAKING = [each for each in OPERATIONS if {"parameters", "requestBody"} & {*operation(*each), *DESCRIBED["paths"][each[0]]}]


@pytest.mark.parametrize("mode", ["POSITIVE", "NEGATIVE"])
@pytest.mark.parametrize(("path", "method"), TAKING)
def test_what_is_made_up_from_it_is_answered_as_it_says(client: TestClient, path: str, method: str, mode: str) -> None:
    schemathesis = pytest.importorskip("schemathesis", reason="it comes with the extra test-all")
    requests = pytest.importorskip("requests")
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.specs.openapi import checks

    schema = schemathesis.openapi.from_dict(DESCRIBED)
    found = schema[path][method.upper()]
    looked_at = [
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
    ]

    @settings(
        max_examples=MADE_UP_FOR_JOBS if path in ("/v1/compare", "/v1/explain") else MADE_UP,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(case=found.as_strategy(generation_mode=schemathesis.GenerationMode[mode]))
    def look(case: Any) -> None:
        sent = requests.Request(**case.as_transport_kwargs(base_url=BASE)).prepare()
        headers = {name: value for name, value in sent.headers.items() if name.lower() not in ("user-agent", "authorization", "cookie")}
        answer = client.request(sent.method, sent.url, content=sent.body, headers=headers)
        assert answer.status_code < 500
        case.validate_response(answer, checks=looked_at)

    look()
