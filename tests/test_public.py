"""What is public: names, documentation, annotations; and what the library says by itself, which is nothing."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from command_support import run_python
from conftest import ROOT

from dedup import Config, Document, EngineError, InputError, Relation, find_duplicates
from dedup.cli import cli
from dedup.errors import ConfigError

PACKAGES = ("dedup", "dedup.evaluation", "dedup.index", "dedup.spark")
# Public functions that have the name of a module beside them, which is no door: the module was there first.
LIKE_A_MODULE = {"dedup.spark": {"clusters"}}
MOST_PARAMETERS = 8
# Functions that take more, each with a reason.
MORE_PARAMETERS = {"dedup/spark/__init__.py:search"}  # the name of a column for each field that is read
TEXTS = ["Rain is expected in the north on Monday.", "Wind.", "RAIN is expected in the north, on Monday!"]


@pytest.fixture(params=PACKAGES)
def package(request: pytest.FixtureRequest) -> Any:
    if request.param == "dedup.spark":
        pytest.importorskip("pyspark")
    return importlib.import_module(request.param)


def test_all_is_sorted_and_all_of_it_can_be_imported(package: Any) -> None:
    assert package.__all__ == sorted(package.__all__)
    assert all(hasattr(package, name) for name in package.__all__)


def test_dir_shows_what_is_public_and_nothing_else(package: Any) -> None:
    assert [name for name in dir(package) if not name.startswith("__")] == package.__all__


def test_no_public_name_hides_a_module(package: Any) -> None:
    hidden = {path.stem for path in Path(package.__file__).parent.iterdir()} & set(package.__all__)
    assert hidden == LIKE_A_MODULE.get(package.__name__, set())


def public_things(package: Any) -> Iterator[tuple[str, Any]]:
    """Yield what is public, and the public methods of classes, with their names."""
    for name in package.__all__:
        thing = getattr(package, name)
        yield name, thing
        if inspect.isclass(thing):
            for method, value in vars(thing).items():
                found = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
                if not method.startswith("_") and inspect.isfunction(found):
                    yield f"{name}.{method}", found


def test_what_is_public_is_documented(package: Any) -> None:
    undocumented = [name for name, thing in public_things(package) if not (thing.__doc__ or "").strip()]
    made_up = [name for name, thing in public_things(package) if (thing.__doc__ or "").startswith(f"{name}(")]  # what dataclasses write
    assert undocumented == made_up == []


def test_what_is_public_says_what_it_takes_and_returns(package: Any) -> None:
    for name, thing in public_things(package):
        if inspect.isfunction(thing):
            signature = inspect.signature(thing)
            taken = [each for each in signature.parameters.values() if each.name not in ("self", "cls")]
            assert all(each.annotation is not inspect.Parameter.empty for each in taken), name
            assert signature.return_annotation is not inspect.Signature.empty, name


def test_a_name_that_is_not_there_is_refused() -> None:
    import dedup

    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = dedup.nothing


def test_public_names_are_imported_when_they_are_asked_for() -> None:
    code = "import sys, dedup; assert dedup.Config and dedup.Document and dir(dedup); print(*sys.modules)"
    loaded = run_python(code).stdout.decode().split()
    assert not {"numpy", "datasketch", "pandas", "pyarrow", "dedup.pipeline"} & set(loaded)


def functions() -> Iterator[tuple[str, int]]:
    """Yield each function of both packages with the number of its parameters."""
    for path in [*ROOT.glob("dedup/**/*.py"), *ROOT.glob("reports/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                taken = node.args
                count = len(taken.posonlyargs) + len(taken.args) + len(taken.kwonlyargs) + bool(taken.vararg) + bool(taken.kwarg)
                yield f"{path.relative_to(ROOT)}:{node.name}", count


def test_no_function_takes_more_parameters_than_a_reader_can_hold() -> None:
    assert {name for name, count in functions() if count > MOST_PARAMETERS} == MORE_PARAMETERS


def test_nothing_is_said_where_nobody_listens(tmp_path: Path) -> None:
    code = (
        "import logging, dedup, reports\n"
        "for name in ('dedup.kernels', 'dedup.index.index', 'dedup.spark.stages', 'reports.compare'):\n"
        "    logging.getLogger(name).critical('out')\n"
        "dedup.find_duplicates(['one text', 'another text'])\n"
        "with dedup.Index.open('x.db') as index:\n"
        "    index.add([dedup.Document('1', 'one text')])\n"
        "reports.compare('4 men', '7 men')"
    )
    done = run_python(code, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_who_listens_is_told_which_engine_runs(caplog: pytest.LogCaptureFixture) -> None:
    from dedup import kernels

    kernels._engine.cache_clear()
    with caplog.at_level(logging.INFO, "dedup"):
        find_duplicates(TEXTS)
    assert [(each.name, each.getMessage()) for each in caplog.records] == [("dedup.kernels", f"engine: {kernels.explanation()}")]


def test_who_listens_is_told_which_stages_are_skipped(caplog: pytest.LogCaptureFixture) -> None:
    pytest.importorskip("pyspark")
    from unittest.mock import MagicMock

    from dedup.spark.stages import Stages

    stages = Stages(MagicMock(), "folder", {})
    stages._places["rows"] = "rows-1"
    with caplog.at_level(logging.INFO, "dedup"):
        stages.table("rows", lambda: pytest.fail("made again"))
    assert [each.getMessage() for each in caplog.records] == ["stage rows: an earlier run has finished it; its work is skipped"]


RECORDS = [{"id": number, "text": text, "time": "2026-01-01", "more": None} for number, text in enumerate(TEXTS)]


@pytest.mark.parametrize(
    "make",
    [list, iter, tuple, lambda texts: [Document(str(place), text) for place, text in enumerate(texts)], lambda texts: RECORDS],
    ids=["list", "iterator", "tuple", "documents", "records"],
)
def test_texts_come_in_many_forms(make: Callable[[list[str]], Iterable[Any]]) -> None:
    (match,) = find_duplicates(make(TEXTS)).matches
    assert (match.a.id, match.b.id, match.relation) == ("0", "2", Relation.IDENTICAL)


def test_columns_and_rows_of_pandas_and_polars_are_texts() -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    frame = pandas.DataFrame({"id": ["x", "y", "z"], "text": TEXTS, "time": pandas.to_datetime(["2026-01-01", None, "2026-01-09"])})
    for texts in (pandas.Series(TEXTS), pandas.Series(TEXTS, dtype="string"), polars.Series(TEXTS)):
        assert [(match.a.id, match.b.id) for match in find_duplicates(texts).matches] == [("0", "2")]
    for texts in (frame.to_dict("records"), polars.from_dicts(frame[["id", "text"]].to_dict("records")).iter_rows(named=True)):
        assert [(match.a.id, match.b.id) for match in find_duplicates(texts).matches] == [("x", "z")]
    near = Config(within=86400.0)
    timed = [row for row in frame.to_dict("records") if row["id"] != "y"]
    assert find_duplicates(timed, near).matches == ()
    with pytest.raises(InputError, match="no time"):
        find_duplicates(frame.to_dict("records"), near)


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ("one text", "one text where several are needed; give a list"),
        (Document("1", "one text"), "one text where several are needed"),
        ({"1": "one text"}, "a mapping where a list of texts is needed"),
        ([3], "text 0 is no text but int"),
        (["a", None], "text 1 is no text but NoneType"),
        ([{"text": "a"}], "text 0 has no 'id'"),
        ([{"id": "", "text": "a"}], "text 0 has no 'id'"),
        ([{"id": float("nan"), "text": "a"}], "text 0 has no 'id'"),
        ([{"id": True, "text": "a"}], "text 0 has no text or number in 'id'"),
        ([{"id": "1"}], "text 0 .'1'. has no text in 'text'"),
        ([{"id": "1", "text": 5}], "text 0 .'1'. has no text in 'text'"),
        ([{"id": "1", "text": "a", "source": ["x"]}], "text 0 has no text or number in 'source'"),
    ],
)
def test_what_is_no_text_is_refused(texts: Any, says: str) -> None:
    with pytest.raises(InputError, match=says):
        find_duplicates(texts)


def test_tables_are_refused_where_texts_are_needed() -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    for table in (pandas.DataFrame({"text": TEXTS}), polars.DataFrame({"text": TEXTS})):
        with pytest.raises(InputError, match="a table where texts are needed; give one column"):
            find_duplicates(table)


def test_a_result_is_the_object_of_the_command() -> None:
    result = find_duplicates(TEXTS)
    found = result.to_dict()
    assert list(found) == ["schema", "stats", "matches", "clusters", "bulletins"]
    assert found["matches"] == [match.to_dict() for match in result.matches]
    assert found["clusters"] == [{"id": result.clusters[0].id, "canonical": "0", "members": ["0", "2"], "weakest": 1.0}]


def test_a_command_prints_what_the_call_of_its_name_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import dedup

    monkeypatch.chdir(tmp_path)
    names = [f"{number}{side}" for number in range(12) for side in "abc"]
    told = [f"Report {name[:-1]} tells of the harbour of Marsa and of {'nothing' if name[-1] == 'c' else 'its ships'}" for name in names]
    records = [{"id": name, "text": f"{text}, {name[:-1]} times a day, as ever."} for name, text in zip(names, told, strict=True)]
    Path("docs.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    labels: dict[str, list[list[str]]] = {
        label: [[f"{number}a", f"{number}{side}"] for number in range(12)] for label, side in (("pairs", "b"), ("neg_pairs", "c"))
    }
    Path("truth.json").write_text(json.dumps(labels))
    truth = dedup.read_truth("truth.json")
    for command, wanted in (
        ("find docs.jsonl", dedup.find_duplicates(records)),
        ("evaluate docs.jsonl --truth truth.json --exact", dedup.evaluate(records, truth, exact=True)),
        ("tune docs.jsonl --truth truth.json --beta 2", dedup.tune(records, truth, beta=2.0)),
        ("explain 1a 1c --in docs.jsonl", dedup.explain(records, "1a", "1c")),
    ):
        done = CliRunner().invoke(cli, [*command.split(), "--format", "json"])
        assert (done.exception, done.output) == (None, json.dumps(wanted.to_dict(), ensure_ascii=False) + "\n"), command  # type: ignore[attr-defined]


@pytest.mark.parametrize("level", ["document", "segment"])
def test_matches_and_clusters_are_tables(level: Any) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    result = find_duplicates(TEXTS, Config(level=level))
    for of, rows in (
        ("matches", [match.to_dict() for match in result.matches]),
        (
            "clusters",
            [{"id": name, "cluster": each.id, "canonical": each.canonical} for each in result.clusters for name in each.members],
        ),
    ):
        frame, table = result.to_pandas(of), result.to_arrow(of)  # type: ignore[arg-type]
        assert list(frame.columns) == table.column_names
        assert len(rows) == len(frame) == table.num_rows == (1 if of == "matches" else 2)
        for row, in_pandas, in_arrow in zip(rows, frame.to_dict("records"), table.to_pylist(), strict=True):
            assert {name: in_pandas[name] for name in row} == {name: in_arrow[name] for name in row} == row
    nothing = find_duplicates([])
    assert nothing.to_arrow().schema == result.to_arrow().schema
    assert nothing.to_pandas().dtypes.tolist() == result.to_pandas().dtypes.tolist()
    assert (table.column("id").to_pylist(), len(nothing.to_pandas("clusters"))) == ([row["id"] for row in rows], 0)


def test_a_table_of_something_else_is_refused() -> None:
    with pytest.raises(ConfigError, match="of is 'bulletins'; it must be one of matches, clusters"):
        find_duplicates([]).to_pandas("bulletins")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["pandas", "pyarrow"])
def test_a_library_that_is_not_there_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, name, None)
    result = find_duplicates(TEXTS)
    with pytest.raises(EngineError, match=f"{name} is not installed, .*: pip install {name}"):
        result.to_pandas() if name == "pandas" else result.to_arrow()
