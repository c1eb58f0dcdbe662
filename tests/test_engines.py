"""The two engines of the loops: which one runs, what says so, and that stub, protocol and engines are of one mind."""

from __future__ import annotations

import ast
import json
import logging
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from inspect import Parameter, getmembers, isfunction, signature
from pathlib import Path
from types import ModuleType
from typing import Any
from zlib import crc32

import numpy as np
import pytest

import dedup
import reports
from dedup import ConfigError, Document, find_duplicates, kernels
from dedup.errors import EngineError
from dedup.kernels import numpy_engine
from dedup.kernels.protocol import Kernels

PACKAGE = Path(dedup.__file__).parent
STUB = {node.name: node for node in ast.parse((PACKAGE / "_kernels.pyi").read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}
TEXT = "The port of Marsa reopened on Sunday after a two-week strike by dock workers over pay, the harbour master said.\n"
METHODS = {name: method for name, method in getmembers(Kernels, isfunction) if not name.startswith("_")}


@pytest.fixture
def compiled() -> ModuleType:
    if kernels.compiled is None:
        pytest.skip(f"engine: {kernels.explanation()}")
    return kernels.compiled


COMMAND = "from dedup.cli import main; main()"
# The folder that is named comes first, and an editable installation adds nothing to it.
PREPARATION = """
import sys
sys.path.insert(0, sys.argv.pop(1))
sys.meta_path[:] = [finder for finder in sys.meta_path if "__editable__" not in getattr(finder, "__module__", "")]
"""


def run(
    folder: Path, *arguments: str, code: str = COMMAND, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run code, unless told otherwise the command, with the packages that stand in a folder."""
    command = [sys.executable, "-P", "-c", PREPARATION + code, str(folder), *arguments]
    plain = {key: value for key, value in os.environ.items() if key != kernels.ENVIRONMENT}
    return subprocess.run(command, cwd=cwd, env={**plain, **environment}, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the packages as they are where the loops were not compiled."""
    folder = tmp_path_factory.mktemp("bare")
    for package in (dedup, reports):
        assert package.__file__ is not None
        source = Path(package.__file__).parent
        shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__"))
    return folder


def test_the_stub_names_the_functions_of_the_compiled_module_and_their_arguments(compiled: ModuleType) -> None:
    found = {name: signature(function) for name, function in vars(compiled).items() if callable(function) and not name.startswith("_")}
    assert {name: [*each.parameters] for name, each in found.items()} == {
        name: [argument.arg for argument in node.args.posonlyargs] for name, node in STUB.items()
    }
    assert {parameter.kind for each in found.values() for parameter in each.parameters.values()} == {Parameter.POSITIONAL_ONLY}
    for node in STUB.values():
        assert not node.args.args
        assert not node.args.kwonlyargs
        assert not node.args.defaults


@pytest.mark.parametrize("name", STUB)
def test_the_compiled_module_takes_as_many_arguments_as_the_stub_says(compiled: ModuleType, name: str) -> None:
    wanted = len(STUB[name].args.posonlyargs)
    for count in (0, wanted - 1, wanted + 1):
        with pytest.raises(TypeError, match=f"{name} takes {wanted} arguments, not {count}"):
            getattr(compiled, name)(*[None] * count)


def argument_of(annotation: str) -> Any:
    """Return an argument of the type that the stub gives it."""
    plain = {
        "list[str]": [],
        "bool": False,
        "int": 1,
        "float": 0.5,
        "str": "",
        "Buffer": b"\0",
        "list[Sequence[Any]]": [],
        "Callable[[Any], int]": crc32,
    }
    return plain[annotation] if annotation in plain else np.zeros(1, annotation.removeprefix("NDArray[").removesuffix("]").rstrip("_"))


@pytest.mark.parametrize("name", STUB)
def test_the_compiled_module_takes_arguments_of_the_types_of_the_stub_and_no_others(compiled: ModuleType, name: str) -> None:
    annotations = [ast.unparse(argument.annotation) for argument in STUB[name].args.posonlyargs if argument.annotation]
    right = [*map(argument_of, annotations)]
    with suppress(ValueError):  # not of types, but of sizes
        getattr(compiled, name)(*right)
    for place, annotation in enumerate(annotations):
        others = [None, "x"] if not annotation.startswith("NDArray") else [None, "x", 1, np.zeros(1, np.uint16), np.zeros((4, 4))[:, 1]]
        others = [None, 1] if annotation == "str" else others
        for other in others:
            with pytest.raises((TypeError, ValueError, BufferError)) as raised:
                getattr(compiled, name)(*right[:place], other, *right[place + 1 :])
            assert "does not fit" not in str(raised.value)


@pytest.mark.parametrize("name", STUB)
def test_the_compiled_module_refuses_arrays_that_are_not_aligned(compiled: ModuleType, name: str) -> None:
    annotations = [ast.unparse(argument.annotation) for argument in STUB[name].args.posonlyargs if argument.annotation]
    right = [*map(argument_of, annotations)]
    for place, each in enumerate(right):
        if isinstance(each, np.ndarray) and each.itemsize > 1:
            shifted = np.zeros(each.itemsize + 1, np.uint8)[1:].view(each.dtype)
            with pytest.raises(ValueError, match=f"argument {place + 1} is not aligned"):
                getattr(compiled, name)(*right[:place], shifted, *right[place + 1 :])


# In an interpreter beside the main one, which from Python 3.12 on has a lock of its own; without numpy, which does not load there.
ELSEWHERE = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
is_locked = getattr(sys, "_is_gil_enabled", lambda: True)
before = is_locked()
code = (
    f"import sys; sys.path[:] = {sys.path!r}; from array import array; from dedup._kernels import hits; found = array('Q', [0] * 3);"
    "assert hits(array('Q', [4, 8, 9]), array('Q', [2]), found, 2) == 2; assert found.tolist() == [8, 9, 0]"
)
exec(code)
print(interpreters.run_string(interpreters.create(), code), is_locked() == before)
"""


def test_the_compiled_module_loads_in_other_interpreters_and_asks_for_no_lock(compiled: ModuleType) -> None:
    done = run(PACKAGE.parent, code=ELSEWHERE)
    assert (done.stdout, done.stderr) == ("None True\n", "")


@pytest.mark.parametrize("name", ["c_engine", "numpy_engine"])
def test_an_engine_has_the_functions_of_the_protocol_and_no_others(name: str) -> None:
    if name == "c_engine" and kernels.compiled is None:
        pytest.skip(f"engine: {kernels.explanation()}")
    module = __import__(f"dedup.kernels.{name}", fromlist=["*"])
    functions = {
        each: function
        for each, function in getmembers(module, isfunction)
        if not each.startswith("_") and function.__module__.startswith("dedup.kernels.")
    }
    assert functions.keys() == METHODS.keys()
    for each, function in functions.items():
        assert [*signature(function).parameters.values()] == [*signature(METHODS[each]).parameters.values()][1:], each


def test_the_environment_chooses_the_engine(engine: str) -> None:
    assert kernels.engine_name() == engine
    assert kernels.engine().__name__ == f"dedup.kernels.{engine}_engine"


@pytest.mark.parametrize("built", [True, False])
def test_the_compiled_loops_run_where_they_are_there_and_nothing_is_chosen(monkeypatch: pytest.MonkeyPatch, built: bool) -> None:
    monkeypatch.setattr(kernels, "compiled", ModuleType("_kernels") if built else None)
    for empty in (False, True):
        monkeypatch.setenv(kernels.ENVIRONMENT, "") if empty else monkeypatch.delenv(kernels.ENVIRONMENT, raising=False)
        assert kernels.engine_name() == ("c" if built else "numpy")


@pytest.mark.parametrize("wanted", ["C", "fortran", "c,numpy", " numpy"])
def test_an_engine_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch, wanted: str) -> None:
    monkeypatch.setenv(kernels.ENVIRONMENT, wanted)
    with pytest.raises(ConfigError, match="no such engine; choose c or numpy"):
        find_duplicates([Document("1", TEXT)])


def test_compiled_loops_that_are_not_there_are_refused_where_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kernels.ENVIRONMENT, "c")
    monkeypatch.setattr(kernels, "compiled", None)
    with pytest.raises(EngineError, match=r"BULLETIN_DEDUP_ENGINE=c: the compiled loops are missing"):
        find_duplicates([Document("1", TEXT)])


@pytest.mark.parametrize("arguments", [(), ("--version",), ("find", "a.txt"), ("diff", "a.txt", "a.txt"), ("index", "stats", "a")], ids=str)
def test_the_command_refuses_an_engine_that_is_not_there_in_one_line(arguments: tuple[str, ...], bare: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    for wanted, says in (("c", "=c: the compiled loops are missing: the package was built without"), ("x", "=x: no such engine")):
        done = run(bare, *arguments, cwd=tmp_path, BULLETIN_DEDUP_ENGINE=wanted)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert done.stderr.startswith(f"dedup: BULLETIN_DEDUP_ENGINE{says}")


def test_the_version_says_which_engine_runs_and_loads_no_arrays(engine: str, bare: Path) -> None:
    code = "from dedup.cli import cli; cli(['--version'], standalone_mode=False); print('numpy' in sys.modules)"
    done = run(PACKAGE.parent, code=code, BULLETIN_DEDUP_ENGINE=engine)
    assert done.stdout == f"dedup, version {dedup.__version__} (engine: {engine})\nFalse\n"
    assert run(bare, "--version").stdout == f"dedup, version {dedup.__version__} (engine: numpy)\n"


def test_verbose_says_once_that_the_compiled_loops_are_not_there_and_why(bare: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    said = run(bare, "find", "a.txt", "-v", cwd=tmp_path).stderr
    why = "the package was built without a C compiler or without the headers of Python"
    assert said.count(f"engine: numpy; slower, because the compiled loops are missing: {why}\n") == said.count("compiled") == 1
    assert run(bare, "find", "a.txt", cwd=tmp_path).stderr == ""


def test_verbose_says_which_engine_runs(engine: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    said = run(PACKAGE.parent, "find", "a.txt", "-v", cwd=tmp_path, BULLETIN_DEDUP_ENGINE=engine).stderr.split("\n")
    assert [line for line in said if line.startswith("engine")] == [f"engine: {engine}"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("_kernels.cpython-39-riscv64-linux-gnu.so", "for another version of Python (_kernels.cpython-39-riscv64-linux-gnu.so)"),
        ("_kernels.so", "they cannot be loaded ("),
    ],
)
def test_loops_that_were_compiled_for_another_machine_are_said_to_be(bare: Path, tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (bare / "dedup" / name).write_bytes(b"no library")
    try:
        done = run(bare, "find", "a.txt", "-v", cwd=tmp_path)
        asked = run(bare, "find", "a.txt", cwd=tmp_path, BULLETIN_DEDUP_ENGINE="c")
    finally:
        (bare / "dedup" / name).unlink()
    assert done.returncode == 0
    assert says in done.stderr
    assert asked.returncode == 2
    assert says in asked.stderr


def test_the_library_tells_which_engine_runs_once_to_who_listens(engine: str, caplog: pytest.LogCaptureFixture) -> None:
    kernels._engine.cache_clear()
    with caplog.at_level(logging.INFO, "dedup"):
        find_duplicates([Document("1", TEXT)])
        find_duplicates([Document("1", TEXT)])
    assert [record.message.split(";")[0] for record in caplog.records if record.name == "dedup.kernels"] == [f"engine: {engine}"]


def test_the_command_finds_the_same_with_each_engine(tmp_path: Path) -> None:
    records = [{"id": str(number), "text": TEXT * 3 + f"No. {number}" * (number % 3)} for number in range(12)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    found = {
        run(PACKAGE.parent, "find", "a.jsonl", "--format", "json", cwd=tmp_path, BULLETIN_DEDUP_ENGINE=engine).stdout
        for engine in ("numpy", "c" if kernels.compiled is not None else "numpy")
    }
    assert len(found) == 1
    assert found != {""}


def test_no_engine_changes_what_it_is_given(engine: str) -> None:
    texts = ["one two three", "four five six seven"]
    words = kernels.engine().hash_words(texts)
    words.values.flags.writeable = words.offsets.flags.writeable = False
    rows = np.array([0, 1])
    rows.flags.writeable = False
    loops = kernels.engine()
    sets = loops.word_sets(words, rows)
    sets.values.flags.writeable = False
    assert loops.share(sets, rows, rows, 0)[0].tolist() == [3.0, 4.0]
    assert [found.tolist() for found in loops.align(words, rows, rows)] == [[0.0, 0.0], [1.0, 1.0]]
    assert loops.shingle_sets(words, rows, 2).lengths.tolist() == [2, 3]
    assert len(loops.pack_members(words, rows, map)) == 7
    assert numpy_engine.hash_words(texts).values.tolist() == words.values.tolist()
