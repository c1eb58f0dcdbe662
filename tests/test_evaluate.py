"""Figures against labels, and exact search."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cli import dedup

from dedup import Document, InputError, find_duplicates
from dedup.candidates.exact_search import exact_pairs
from dedup.errors import ConfigError
from dedup.evaluation.labels import Truth, ordered, read_truth
from dedup.evaluation.scoring import ClusterFigures, Figures, candidate_recall, check_ids, evaluate, evaluate_result
from dedup.sketch.shingle import hash_words

PAIRS = [json.loads(line) for line in (ROOT / "seeds/cases/pairs.jsonl").read_text("utf-8").splitlines()]
DOCUMENTS = [Document(f"{pair['id']}/{side}", pair[side]) for pair in PAIRS for side in "ab"]
DUPLICATE = {"identical", "revision", "contains", "contained-in"}
FLOORS = json.loads((ROOT / "tests/floors.json").read_text("utf-8"))
REPORT = "Four people were killed when the old bridge of Marsa fell on Monday night during the flood, the city council said."
OTHER = "The harbour of Tilda stays closed for large ships until the end of March because of dredging work, its owner announced."
# x1, x2 and x3 are one report, y1 and y2 another, z is alone.
TEXTS = {
    "x1": REPORT,
    "x2": REPORT.replace("Four", "Seven"),
    "x3": REPORT + " Rescue teams are still searching.",
    "y1": OTHER,
    "y2": OTHER.upper(),
    "z": "Nothing in common with any of the other texts here, apart from small words that every text has anyway.",
}


@pytest.fixture(scope="module")
def found() -> Any:
    return find_duplicates(Document(name, text) for name, text in TEXTS.items())


def test_clusters_as_truth_give_known_figures(found: Any) -> None:
    # We find {x1 x2 x3} {y1 y2} {z}; the truth joins x1 and x2, and y1, y2 and z.
    scored = evaluate_result(found, Truth(clusters=(("x1", "x2"), ("y1", "y2", "z"))))
    assert scored.labelled == 4
    # Ours are 4 pairs (3 of x, 1 of y), of which x1-x2 and y1-y2 are wanted.
    assert scored.pairs == Figures(0.5, 0.5, 0.5)
    clusters = scored.clusters
    assert clusters is not None
    assert clusters.precision == clusters.recall == 0.5
    # Hubert and Arabie: (sum of cells - expected) / (mean of sums - expected) = (2 - 4 * 4 / 15) / (4 - 4 * 4 / 15).
    assert clusters.adjusted_rand == pytest.approx((2 - 16 / 15) / (4 - 16 / 15))
    # B-cubed precision: x1 2/3, x2 2/3, x3 1/3, y1 1, y2 1, z 1; recall: x1 1, x2 1, x3 1, y1 2/3, y2 2/3, z 1/3.
    assert clusters.b_cubed_precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 3) / 6)
    assert clusters.b_cubed_recall == pytest.approx((3 + 2 / 3 + 2 / 3 + 1 / 3) / 6)
    assert {(row.a, row.b) for row in scored.missed} == {("y1", "z"), ("y2", "z")}
    assert {(row.a, row.b) for row in scored.wrongly_matched} == {("x1", "x3"), ("x2", "x3")}


def test_perfect_clusters_score_one(found: Any) -> None:
    scored = evaluate_result(found, Truth(clusters=(("x1", "x2", "x3"), ("y1", "y2"))))
    assert scored.pairs == Figures(1.0, 1.0, 1.0)
    assert scored.clusters == ClusterFigures(*[1.0] * 7)
    assert scored.missed == scored.wrongly_matched == ()
    assert scored.labels is None


def test_labelled_pairs_count_by_weight_and_some_on_neither_side(found: Any, tmp_path: Path) -> None:
    labels = [
        {"a": "x1", "b": "x2", "label": "S", "weight": 3},
        {"a": "y1", "b": "z", "label": "S", "weight": 1},
        {"a": "x3", "b": "x1", "label": "T", "weight": 2},
        {"a": "x1", "b": "z", "label": "T", "weight": 2},
        {"a": "y1", "b": "y2", "label": "P", "weight": 50},
    ]
    path = tmp_path / "labels.jsonl"
    path.write_text("\n".join(map(json.dumps, labels)), encoding="utf-8")
    scored = evaluate_result(found, read_truth(str(path), duplicate=["S"], ignore=["P"]))
    assert scored.labelled == 4
    assert scored.pairs == Figures(3 / 5, 3 / 4, 6 / 9)
    assert scored.labels is not None
    assert {label: row.share for label, row in scored.labels.items()} == {"P": 1.0, "S": 0.75, "T": 0.5}
    assert scored.relations["P"] == {"identical": 1}
    assert scored.clusters is None


def test_one_call_finds_and_measures() -> None:
    truth = Truth({("x1", "x2"): True, ("x1", "z"): False, ("y1", "z"): True})
    records = [{"id": name, "text": text} for name, text in TEXTS.items()]
    scored = evaluate(records, truth, exact=True)
    assert scored.pairs == Figures(1.0, 0.5, 2 / 3)
    assert scored.candidates is not None
    assert scored.candidates.recall == 1.0
    assert [example.to_dict() for example in scored.missed] == [{"a": "y1", "b": "z"}]
    always = ["schema", "labelled", "pairs", "intervals", "warnings", "labels", "relations", "wrongly_matched", "missed"]
    assert [name for name in scored.to_dict() if name != "calibration"] == [*always, "candidates", "answers"]
    with pytest.raises(ConfigError, match="reads the texts twice"):
        evaluate(iter(records), truth, exact=True)
    with pytest.raises(InputError, match="a second document with id 'x1'"):
        evaluate([*records, {"id": "x1", "text": "Another text."}], truth)
    with pytest.raises(InputError, match="a label names 'x9'"):
        evaluate(records, Truth(labels={("x1", "x9"): "S"}, pairs={("x1", "x9"): True}))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no labels"),
        ('{"other": 1}', "no labels"),
        ('{"a": 1, "b": 2}\n{"a"', "labels.json:2: broken JSON"),
        ('{"pairs": [["x1"]]}', "not a label"),
        ('{"a": "x1", "b": "x2"}\n{"a": "x1", "b": "z"}', "labels.json:1: not a label .neither"),
        ('{"a": "x1", "b": "x2", "duplicate": true}\n{"a": "x1"}', "labels.json:2: not a label .no id in 'b'"),
        ('{"a": "x1", "b": "x2", "duplicate": "false"}', "true, false or null"),
        ('{"a": "x1", "b": ["x2"], "duplicate": true}', "no id in 'b'"),
        ('{"a": "x1", "b": "x2", "duplicate": true, "weight": -1}', "no number of 0 or more"),
        ('{"a": "x1", "b": "x2", "duplicate": true, "weight": 1' + "0" * 400 + "}", "no number of 0 or more"),
        ('{"a": "x1", "b": "x2", "duplicate": true, "weight": NaN}', "no number of 0 or more"),
        ('{"a": "x1", "b": "x2", "duplicate": true, "weight": 1' + "0" * 5000 + "}", "labels.json:1: broken JSON"),
        ("[" * 100_000, "labels.json:1: broken JSON .nested too deeply"),
        ('{"pairs": ' + "[" * 100_000, "labels.json:1: broken JSON .nested too deeply"),
        ('{"a": "\\ud800", "b": "x2", "duplicate": true}', "half of a surrogate pair"),
        ('{"clusters": ["x1"]}', "is no list"),
        ('{"clusters": 3}', "is no list"),
        ('{"pairs": {"x1": "x2"}}', "is no list"),
        ('{"pairs": null}', "is no list"),
        ('{"labels": [["x1", "x2"]]}', "no object"),
        ("7", "no object"),
        ("[7]", "no object"),
        ('"x1"', "no object"),
        ('{"pairs": [["x1", "q7"], ["q8", "x1"]]}', "'q7' and 1 more"),
    ],
)
def test_labels_that_cannot_be_used_are_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        check_ids(read_truth(str(path)), TEXTS.keys())


ONE = '{"a": "x1", "b": "x2", "duplicate": true}'


@pytest.mark.parametrize(
    "text", [ONE, ONE + "\r\n", "\N{ZERO WIDTH NO-BREAK SPACE}" + ONE, f"[{ONE}]", f'{{"labels": [{ONE}]}}', f"\n{ONE}\n\n"]
)
def test_one_label_is_read_in_any_form(text: str, tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_text(text, "utf-8")
    assert read_truth(str(tmp_path / "labels.json")) == Truth({("x1", "x2"): True}, {("x1", "x2"): 1.0}, {("x1", "x2"): "True"})


@pytest.mark.parametrize(("written", "name"), [("1", "1"), ("true", "true"), ('"yes"', "yes"), ("2.5", "2.5"), ("[1]", None)])
def test_names_of_labels_are_those_that_are_written(written: str, name: str | None, tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(f'{{"a": "x1", "b": "x2", "label": {written}}}\n{{"a": 1, "b": 2, "label": 0}}\n')
    if name is None:
        with pytest.raises(InputError, match="no name"):
            read_truth(str(path), duplicate=["0"])
        return
    assert read_truth(str(path), duplicate=[name]).pairs == {("x1", "x2"): True, ("1", "2"): False}
    with pytest.raises(ConfigError, match=f"no label is called 'No'; there are 0, {name}"):
        read_truth(str(path), duplicate=[name], ignore=["No"])


def test_line_separators_of_unicode_do_not_end_a_label(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    for mark in "\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}\x85\x1c":
        row = json.dumps({"a": f"x{mark}1", "b": "x2", "duplicate": True}, ensure_ascii=False)
        path.write_bytes((row + "\r\n" + ONE).encode())
        assert set(read_truth(str(path)).pairs) == {ordered(f"x{mark}1", "x2"), ("x1", "x2")}


def test_records_that_are_no_labels_are_told_from_labels() -> None:
    with pytest.raises(InputError, match=r'pairs.jsonl:1: not a label \(neither "duplicate" nor "label"\)'):
        read_truth(str(ROOT / "seeds/cases/pairs.jsonl"))


def test_a_truth_without_positive_or_negative_pairs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d.jsonl").write_text("\n".join(json.dumps({"id": name, "text": text}) for name, text in TEXTS.items()), encoding="utf-8")
    (tmp_path / "t.json").write_text(json.dumps({"labels": [{"a": "x1", "b": "x2", "label": "S"}]}), encoding="utf-8")
    done = dedup("evaluate", "d.jsonl", "--truth", "t.json", cwd=tmp_path)
    assert done.returncode == 2
    assert b"name the labels of duplicates" in done.stderr
    done = dedup("evaluate", "d.jsonl", "--truth", "t.json", "--duplicate-labels", "S", "--exact", "--format", "json", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert (found["schema"], found["pairs"]["recall"]) == ("dedup/evaluation/1", 1.0)
    assert found["candidates"]["recall"] == 1.0
    table = dedup("evaluate", "d.jsonl", "--truth", "t.json", "--duplicate-labels", "S", cwd=tmp_path).stdout.decode()
    assert "pairs: precision 1.000, recall 1.000, f1 1.000" in table


def test_the_quality_on_the_labelled_pairs_does_not_fall() -> None:
    result = find_duplicates(DOCUMENTS)
    labels = {(f"{pair['id']}/a", f"{pair['id']}/b"): pair["relation"] for pair in PAIRS}
    scored = evaluate_result(result, Truth({pair: relation in DUPLICATE for pair, relation in labels.items()}, {}, labels))
    for name, floor in FLOORS["pairs"].items():
        assert getattr(scored.pairs, name) >= floor, scored.pairs
    assert candidate_recall(DOCUMENTS).recall == 1.0


@pytest.mark.parametrize("name", ["pairs_field", "pairs_field_held_out"])
def test_the_quality_on_pairs_as_newsrooms_see_them_does_not_fall(name: str) -> None:
    pairs = [json.loads(line) for line in (ROOT / f"seeds/cases/{name}.jsonl").read_text("utf-8").splitlines()]
    said = [bool(found := find_duplicates([pair["a"], pair["b"]]).matches) and found[0].duplicate for pair in pairs]
    wanted = [pair["relation"] in DUPLICATE for pair in pairs]
    right = sum(one and other for one, other in zip(said, wanted, strict=True))
    assert right / sum(said) >= FLOORS[name]["precision"]
    assert right / sum(wanted) >= FLOORS[name]["recall"]


SENTENCES = st.lists(st.sampled_from("abcdefghijklmnop"), min_size=0, max_size=40).map(" ".join)


@settings(max_examples=150)
@given(st.lists(SENTENCES, max_size=8), st.sampled_from([0.3, 0.5, 0.8]))
def test_exact_search_finds_what_comparing_all_pairs_finds(texts: list[str], share: float) -> None:
    sets = [{tuple(words[at : at + 3]) for at in range(len(words) - 2)} or {tuple(words)} for words in map(str.split, texts)]
    wanted = set()
    for i, j in combinations(range(len(sets)), 2):
        smaller = min(len(sets[i]), len(sets[j]))
        if smaller >= 8 and len(sets[i] & sets[j]) >= share * smaller:
            wanted.add((i, j))
    left, right = exact_pairs(hash_words(texts), 3, share)
    assert set(zip(left.tolist(), right.tolist(), strict=True)) == wanted
