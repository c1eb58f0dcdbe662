"""Labels in the shapes that people and other programs write: `label_cases.json` holds files of labels with what they mean."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cli import dedup
from test_evaluate import TEXTS

from dedup import InputError, Truth, evaluate
from dedup.errors import ConfigError, DedupError
from dedup.evaluation import LabelReading, read_labels, tune
from dedup.evaluation.label_values import meaning_of

CASES: list[dict[str, Any]] = json.loads((ROOT / "tests/label_cases.json").read_text("utf-8"))
IDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=8)


def written(folder: Path, name: str, content: str | list[str]) -> str:
    """Return the path of a file with this content; lines may be a list."""
    path = folder / name
    path.write_bytes((content if isinstance(content, str) else "\n".join(content) + "\n").encode())
    return str(path)


@pytest.mark.parametrize("case", [case for case in CASES if "error" not in case], ids=lambda case: case["case"])
def test_labels_mean_what_is_expected(case: dict[str, Any], tmp_path: Path) -> None:
    found = read_labels(written(tmp_path, case["file"], case["content"]), LabelReading(**case.get("options", {})))
    if "pairs" in case:
        assert {",".join(pair): same for pair, same in found.truth.pairs.items()} == case["pairs"]
    assert [list(cluster) for cluster in found.truth.clusters] == case.get("clusters", [])
    assert {document.id: document.text for document in found.documents} == case.get("texts", {})
    assert found.truth.listed == case.get("listed", False)
    for said in case.get("said", []):
        assert any(said in note for note in found.notes), found.notes
    if "said" not in case:
        assert found.notes == ()
    if "weights" in case:
        assert {",".join(pair): weight for pair, weight in found.truth.weights.items()} == case["weights"]


@pytest.mark.parametrize("case", [case for case in CASES if "error" in case], ids=lambda case: case["case"])
def test_labels_that_are_not_clear_are_refused(case: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_labels(written(tmp_path, case["file"], case["content"]), LabelReading(**case.get("options", {})))
    for said in [case["error"]] if isinstance(case["error"], str) else case["error"]:
        assert said in str(caught.value)
    assert caught.value.hint
    if "line" in case:
        assert caught.value.line == case["line"]


WORDS = (
    "oui Non|نعم لا|EVET HAYIR|بله خیر|ہاں نہیں|Yes NO|1.0 0.0|TRUE False|t f|Y N|identical template|contained_in rewrite|match non-match"
)


@pytest.mark.parametrize(("yes", "no"), [words.split() for words in WORDS.split("|")])
def test_words_for_yes_and_no_are_known(yes: str, no: str, tmp_path: Path) -> None:
    assert (meaning_of(yes), meaning_of(no)) == (True, False)
    for name, text in (
        ("l.csv", f"id1,id2,label\nx1,x2,{yes}\nx1,z,{no}\n"),
        ("l.jsonl", "\n".join(json.dumps({"a": "x1", "b": each, "duplicate": said}) for each, said in (("x2", yes), ("z", no)))),
    ):
        assert read_labels(written(tmp_path, name, text)).truth.pairs == {("x1", "x2"): True, ("x1", "z"): False}


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04....", b"PAR1....", b"SQLite format 3\0", b"<html><body>id1,id2</body></html>", b"\xff\xfe\xff", b"a\0b"]
)
def test_files_of_other_kinds_are_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "labels").write_bytes(data)
    with pytest.raises(InputError, match="labels: "):
        read_labels(str(tmp_path / "labels"))


ROWS = "id1,id2,label\nx1,x2,1\nx1,z,0\n"


def test_labels_may_be_packed_or_in_utf_16(tmp_path: Path) -> None:
    (tmp_path / "l.csv.gz").write_bytes(gzip.compress(ROWS.encode()))
    (tmp_path / "w.csv").write_bytes(ROWS.encode("utf-16"))
    (tmp_path / "b.csv").write_bytes(b"\xef\xbb\xbf" + ROWS.replace("\n", "\r\n").encode())
    for name in ("l.csv.gz", "w.csv", "b.csv"):
        assert read_labels(str(tmp_path / name)).truth.pairs == {("x1", "x2"): True, ("x1", "z"): False}


@settings(max_examples=40)
@given(st.lists(st.tuples(IDS, IDS, st.booleans()), min_size=1, max_size=6), st.sampled_from(",\t;|"), st.booleans())
def test_a_table_means_the_same_whatever_separates_it(rows: list[tuple[str, str, bool]], separator: str, as_json: bool) -> None:
    wanted = {(a, b) if a < b else (b, a): same for a, b, same in rows if a != b}
    if len(wanted) != len({*rows}) or {*wanted.values()} != {True, False}:
        return
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([("id1", "id2", "duplicate"), *rows])
    content = "\n".join(json.dumps({"id1": a, "id2": b, "duplicate": same}) for a, b, same in rows) if as_json else text.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        assert read_labels(written(Path(folder), "labels.csv", content)).truth.pairs == wanted


@settings(max_examples=150)
@given(st.text(st.sampled_from('ab12,;\t|"\n{}[]:.label id'), max_size=60))
def test_whatever_a_file_holds_is_labels_or_an_error_of_ours(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder, suppress(DedupError):
        found = read_labels(written(Path(folder), "labels", text))
        assert found.truth.pairs or found.truth.clusters


def test_a_list_of_duplicates_has_a_recall_alone() -> None:
    found = evaluate(
        [{"id": name, "text": text} for name, text in TEXTS.items()], Truth({("x1", "x2"): True, ("y1", "z"): True}, listed=True)
    )
    assert (found.pairs.precision, found.pairs.recall, found.pairs.f1) == (None, 0.5, None)


def test_labels_of_no_duplicates_alone_are_no_truth() -> None:
    with pytest.raises(ConfigError, match="no pair is labelled as a duplicate"):
        evaluate([{"id": name, "text": text} for name, text in TEXTS.items()], Truth({("x1", "z"): False}))


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    written(tmp_path, "docs.jsonl", [json.dumps({"id": name, "text": text}) for name, text in TEXTS.items()])
    return tmp_path


def test_labels_of_documents_that_are_not_there_are_counted_and_said(docs: Path) -> None:
    written(docs, "l.csv", ROWS + "q1,q2,1\nx1,q3,0\n")
    done = dedup("evaluate", "docs.jsonl", "--truth", "l.csv", cwd=docs)
    assert done.returncode == 0
    assert b"l.csv: 2 labels left out, of 3 ids that no document has, for example 'q1', 'q2', 'q3'" in done.stderr
    assert done.stdout.startswith(b"2 labelled pairs\npairs: precision 1.000, recall 1.000")
    for rows, said in (
        ("q1,q2,1\nq1,q3,0\n", b"documents are called 'x1', 'x2', 'x3'"),
        ("x1,x2,1\nq1,q3,0\n", b"no labelled pair that is no duplicate is of documents that are there"),
        ("q1,x2,1\nx1,z,0\n", b"no labelled duplicate is of documents that are there"),
    ):
        written(docs, "l.csv", "id1,id2,label\n" + rows)
        done = dedup("evaluate", "docs.jsonl", "--truth", "l.csv", cwd=docs)
        assert done.returncode == 2
        assert said in done.stderr
        assert done.stdout == b""


def test_figures_without_a_value_say_why(docs: Path) -> None:
    written(docs, "l.csv", "left_id,right_id\nx1,x2\ny1,z\n")
    done = dedup("evaluate", "docs.jsonl", "--truth", "l.csv", cwd=docs)
    assert done.stdout.decode().splitlines()[1:3] == [
        "pairs: recall 0.500",
        "pairs: no value for precision and f1: these labels are of duplicates alone, and say nothing of other pairs",
    ]
    assert b"no column of labels: every pair that is listed is a duplicate" in done.stderr
    written(docs, "l.csv", "id1,id2,label\ny1,z,1\nx1,z,0\n")
    done = dedup("evaluate", "docs.jsonl", "--truth", "l.csv", cwd=docs)
    assert "pairs: no value for precision: no pair that is labelled was matched as a duplicate" in done.stdout.decode()
    assert ": -" not in done.stdout.decode()


def test_pairs_with_their_own_texts_need_no_documents(in_root: Path, tmp_path: Path) -> None:
    done = dedup("evaluate", "--truth", "seeds/cases/pairs.jsonl", "--format", "json")
    found = json.loads(done.stdout)
    assert found["labelled"] == 96
    assert found["pairs"]["recall"] >= 0.96
    assert found["relations"]["identical"] == {"identical": 17}
    assert dedup("tune", "--truth", "seeds/cases/pairs.jsonl").stdout.startswith(b"52 labelled duplicates, 40 others")
    for options, said in (
        (("evaluate", "tests/texts", "--truth", "seeds/cases/pairs.jsonl"), b"the pairs hold their own texts; leave the documents out"),
        (("evaluate", "--truth", written(tmp_path, "l.csv", ROWS)), b"the labels hold ids, no texts; give the documents"),
        (("evaluate", "--truth", written(tmp_path, "l.json", '{"clusters": [["1", "2"]]}')), b"give the documents that they name"),
        (("evaluate", "-", "--truth", "-"), b"both read from standard input"),
    ):
        done = dedup(*options)
        assert done.returncode == 2
        assert said in done.stderr


def test_labels_come_from_standard_input(docs: Path) -> None:
    done = dedup("evaluate", "docs.jsonl", "--truth", "-", cwd=docs, stdin=ROWS.encode())
    assert done.stdout.startswith(b"2 labelled pairs\npairs: precision 1.000, recall 1.000")


def test_what_is_not_told_can_be_named(docs: Path) -> None:
    written(docs, "l.csv", "one;other;kind;extent\nx1;x2;S;0.9\nx1;z;T;0.1\n")
    for options in (
        ("--pair-fields", "one,other", "--label-field", "kind", "--duplicate-labels", "S"),
        ("--pair-fields", "one,other", "--label-field", "extent", "--truth-threshold", "0.5"),
    ):
        done = dedup("evaluate", "docs.jsonl", "--truth", "l.csv", *options, cwd=docs)
        assert b"pairs: precision 1.000, recall 1.000" in done.stdout, done.stderr
    wrong: list[tuple[tuple[str, ...], bytes]] = [
        (("--pair-fields", "one"), b"the fields of a pair are two"),
        (("--label-field", "sort"), b"no column 'sort' among one, other, kind, extent"),
        (("--truth-threshold", "0.5", "--duplicate-labels", "S"), b"give one of them"),
    ]
    for wrong_options, said in wrong:
        done = dedup("evaluate", "docs.jsonl", "--truth", "l.csv", *wrong_options, cwd=docs)
        assert done.returncode == 2
        assert said in done.stderr


def test_tuning_leaves_labels_of_unknown_documents_out() -> None:
    pairs = [json.loads(line) for line in (ROOT / "seeds/cases/pairs.jsonl").read_text("utf-8").splitlines()]
    texts = [{"id": pair["id"] + side, "text": pair[side]} for pair in pairs for side in "ab"]
    known = {(pair["id"] + "a", pair["id"] + "b"): pair["relation"] in ("identical", "revision") for pair in pairs}
    found = tune(texts, Truth({**known, ("no", "one"): True}), unknown="leave-out")
    assert found.left_out is not None
    assert found.left_out.examples == ("no", "one")
    with pytest.raises(InputError, match="a label names 'no'"):
        tune(texts, Truth({**known, ("no", "one"): True}))
