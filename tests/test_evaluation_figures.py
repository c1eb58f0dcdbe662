"""How sure figures are, whether probabilities are right, which labels are too few, and how two runs differ."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cli import dedup
from test_evaluate import TEXTS

from dedup import ConfigError, InputError, Truth, find_duplicates
from dedup.evaluation import Figures, LabelReading, evaluate, evaluate_result, read_evaluation, read_labels
from dedup.evaluation.answers import events_of
from dedup.evaluation.calibration import calibrate
from dedup.evaluation.intervals import Intervals, f1_of, intervals_of, resampled, sums_by_event, too_few
from dedup.evaluation.run_difference import p_value

RECORDS = [{"id": name, "text": text} for name, text in TEXTS.items()]
# x1, x2 and x3 are one report, y1 and y2 another, z is alone: what is found is known from test_evaluate.
KNOWN = {("x1", "x2"): True, ("x1", "z"): False, ("y1", "y2"): True, ("y1", "z"): True, ("x2", "x3"): False}


@pytest.fixture(scope="module")
def found() -> Any:
    return find_duplicates(RECORDS)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "docs.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    rows = [json.dumps({"a": a, "b": b, "duplicate": same}) + "\n" for (a, b), same in KNOWN.items()]
    (tmp_path / "labels.jsonl").write_text("".join(rows))
    return tmp_path


def sums(right: int, wrong: int, missed: int = 0, other: int = 0) -> Any:
    """Return the sums of events of one pair each: right duplicates, wrongly matched, missed ones, and others that did not match."""
    return np.array([[1.0, 1.0, 1.0]] * right + [[0.0, 1.0, 0.0]] * wrong + [[0.0, 0.0, 1.0]] * missed + [[0.0, 0.0, 0.0]] * other)


# Events and intervals


def test_pairs_that_share_a_text_are_one_event() -> None:
    assert events_of([("a", "b"), ("c", "d"), ("e", "f"), ("b", "c"), ("g", "e")]).tolist() == [0, 0, 1, 0, 1]


@pytest.mark.parametrize("level", [0.6, 0.9, 0.99])
def test_intervals_are_those_of_drawing_events_one_by_one(level: float) -> None:
    rng = np.random.default_rng(5)
    each = np.array([[min(a, b), a, b] for a, b in rng.integers(0, 4, (80, 2))], float) * [level, 1, 1]
    drawn = np.array([f1_of(each[rng.integers(0, 80, 80)].sum(axis=0, keepdims=True))[0] for _ in range(4000)])
    total = each.sum(axis=0)
    found = intervals_of(each, Figures(total[0] / total[1], total[0] / total[2], 2 * total[0] / (total[1] + total[2])))
    assert found.f1 == pytest.approx(np.quantile(drawn, (0.025, 0.975)), abs=0.012)


def test_pairs_of_one_event_tell_less_than_as_many_events() -> None:
    alone = sums(270, 30)
    together = np.array([each.sum(axis=0) for each in np.split(alone, 30)])  # ten pairs an event: 27 are right, 3 wrong
    one, other = (intervals_of(each, Figures(0.9, 1.0, 2 * 270 / 570)).precision for each in (alone, together))
    assert one
    assert other
    assert other[1] - other[0] > 2 * (one[1] - one[0])


def test_intervals_hold_the_figure_in_their_middle() -> None:
    found = intervals_of(sums(80, 20, 10, 50), Figures(0.8, 80 / 90, 160 / 190))
    # The standard error of 80 of 100 is .04, so the interval is about .72 to .88.
    assert found.precision == pytest.approx((0.72, 0.88), abs=0.02)
    assert found.events == 160


def test_where_nothing_is_wrong_the_interval_has_a_width() -> None:
    # Clopper and Pearson: the lower end for n of n is .025 ** (1 / n).
    found = intervals_of(sums(10, 0, 0, 5), Figures(1.0, 1.0, 1.0))
    assert found.precision == found.recall == pytest.approx((0.025**0.1, 1.0))
    # A share of j right ones of all that was said or wanted is an F1 of 2 j / (1 + j).
    assert found.f1 == pytest.approx((2 * 0.025**0.1 / (1 + 0.025**0.1), 1.0))
    found = intervals_of(sums(0, 4, 8), Figures(0.0, 0.0, 0.0))
    assert found.precision == pytest.approx((0.0, 1 - 0.025**0.25))
    assert found.recall == pytest.approx((0.0, 1 - 0.025**0.125))


def test_one_event_tells_next_to_nothing() -> None:
    found = intervals_of(np.array([[2.0, 3.0, 3.0]]), Figures(2 / 3, 2 / 3, 2 / 3))
    assert found.f1
    assert found.f1[0] < 0.05
    assert found.f1[1] > 0.95


def test_what_has_no_figure_has_no_interval() -> None:
    found = intervals_of(sums(5, 0, 5), Figures(None, 0.5, None))
    assert (found.precision, found.f1) == (None, None)
    assert found.recall
    assert intervals_of(sums(0, 0, 3), Figures(None, 0.0, 0.0)).precision is None
    nothing = evaluate_result(find_duplicates([]), Truth(clusters=(("x1",),)))
    assert nothing.to_dict()["intervals"] == {"level": 0.95, "events": 0, "precision": None, "recall": None, "f1": None}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_samples_do_not_depend_on_the_order_of_events(events: list[tuple[int, int, int]], rng: Any) -> None:
    shuffled = [*events]
    rng.shuffle(shuffled)
    assert (resampled(np.array(events, float)) == resampled(np.array(shuffled, float))).all()


def test_the_order_of_labels_changes_nothing(found: Any) -> None:
    one = evaluate_result(found, Truth(KNOWN)).to_dict()
    assert one == evaluate_result(found, Truth(dict(reversed(KNOWN.items())))).to_dict()
    assert one["intervals"]["events"] == 1  # z joins both reports
    assert evaluate_result(found, Truth({("x1", "x2"): True, ("y1", "y2"): True})).intervals.events == 2


def test_ten_thousand_pairs_of_as_many_weights_are_drawn() -> None:
    rng = np.random.default_rng(1)
    weights = rng.random(10_000)
    columns = np.stack([weights * (rng.random(10_000) < 0.5) for _ in range(3)], axis=1)
    assert resampled(sums_by_event(columns, np.arange(10_000))).shape == (2_000, 3)


# Labels that are too few


@pytest.mark.parametrize(("events", "warned"), [(2, True), (18, True), (19, False), (500, False)])
def test_labels_without_a_fault_are_enough_from_19_events(events: int, warned: bool) -> None:
    # j is .025 ** (1 / 19), .824, so that F1 is .903; of 18 events .815, and .898.
    figures = Figures(1.0, 1.0, 1.0)
    told = too_few(intervals_of(sums(events, 0), figures), figures)
    assert (told is not None) == warned
    assert told is None or told.startswith("too few labels to tell: f1 is between 0.")


def test_the_warning_says_how_many_events_would_do() -> None:
    # Half as wide needs four times as many.
    told = too_few(Intervals(60, None, None, (0.7, 0.9)), Figures(None, None, 0.8))
    assert told == "too few labels to tell: f1 is between 0.700 and 0.900 (95 %); about 240 events would do"
    assert too_few(Intervals(60, None, (0.7, 0.9), None), Figures(None, 0.8, None)) == told.replace("f1", "recall")
    assert too_few(Intervals(60, None, None, (0.85, 0.95)), Figures(None, None, 0.9)) is None


def test_the_command_warns_on_standard_error(docs: Path) -> None:
    done = dedup("evaluate", "docs.jsonl", "--truth", "labels.jsonl", cwd=docs)
    assert done.returncode == 0
    told = done.stderr.decode()
    assert told.startswith("too few labels to tell: f1 is between")
    done = dedup("evaluate", "docs.jsonl", "--truth", "labels.jsonl", "--format", "json", cwd=docs)
    assert (json.loads(done.stdout)["warnings"], done.stderr) == ([told.rstrip("\n")], b"")


def test_wrong_pairs_that_weigh_nothing_are_told(found: Any) -> None:
    truth = Truth(KNOWN, weights={("x2", "x3"): 0.0})
    assert evaluate_result(found, truth).warnings[-1] == "1 of 2 wrong pairs weigh 0, so the figures do not count them"


# Calibration


def test_a_calibration_counts_what_can_be_counted_by_hand() -> None:
    probability, duplicate = np.array([0.05, 0.05, 0.3, 0.39, 0.99, 1.0]), np.array([0.0, 1.0, 0.0, 1.0, 1.0, 1.0])
    bins, error = calibrate(probability, duplicate, np.array([3.0, 1.0, 1.0, 1.0, 1.0, 1.0]))
    # .05 with a quarter of duplicates; .345 with a half; .995 with all.
    assert [(each.low, each.high, each.pairs) for each in bins] == [(0.0, 0.1, 2), (0.3, 0.4, 2), (0.9, 1.0, 2)]
    assert [each.mean for each in bins] == pytest.approx([0.05, 0.345, 0.995])
    assert [each.duplicates for each in bins] == pytest.approx([0.25, 0.5, 1.0])
    assert error == pytest.approx((4 * 0.2 + 2 * 0.155 + 2 * 0.005) / 8)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.floats(0.1, 10)), min_size=1, max_size=50))
def test_the_error_is_at_least_the_difference_of_the_means(rows: list[tuple[float, bool, float]]) -> None:
    probability, duplicate, weights = (np.array([row[place] for row in rows], float) for place in range(3))
    bins, error = calibrate(probability, duplicate, weights)
    assert sum(each.pairs for each in bins) == len(rows)
    assert error <= 1 + 1e-9
    assert error >= abs(np.average(probability, weights=weights) - np.average(duplicate, weights=weights)) - 1e-9


def test_pairs_that_are_no_match_count_with_a_probability_of_0(found: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedup.evaluation.answers.probability_of", lambda match: 0.8)
    truth = Truth({**KNOWN, ("y2", "z"): None})
    calibration = evaluate_result(found, truth).calibration
    assert calibration
    # x1-x2, x2-x3 and y1-y2 match, two of them rightly; x1-z and y1-z do not, one of them rightly.
    assert (calibration.pairs, calibration.matched) == (5, 3)
    assert [(each.pairs, each.mean, each.duplicates) for each in calibration.bins] == [
        (2, 0.0, 0.5),
        (3, pytest.approx(0.8), pytest.approx(2 / 3)),
    ]
    assert calibration.ece == pytest.approx((2 * 0.5 + 3 * (0.8 - 2 / 3)) / 5)
    assert calibration.matched_ece == pytest.approx(0.8 - 2 / 3)
    lists = (Truth({("x1", "x2"): True}, listed=True), Truth(clusters=(("x1", "x2"),)))
    assert [evaluate_result(found, each).calibration for each in lists] == [None, None]
    monkeypatch.setattr("dedup.evaluation.answers.probability_of", lambda match: None)
    assert evaluate_result(found, truth).calibration is None


def test_the_most_wrong_pairs_come_first(found: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"x1": 0.7, "x2": 0.9, "y1": 0.95}
    monkeypatch.setattr("dedup.evaluation.answers.probability_of", lambda match: given[match.a.id])
    wrong = {("x1", "x2"): False, ("x2", "x3"): False, ("y1", "y2"): False, ("x1", "z"): True}
    scored = evaluate_result(found, Truth(wrong))
    assert [(each.a, each.b) for each in scored.wrongly_matched] == [("y1", "y2"), ("x2", "x3"), ("x1", "x2")]
    assert scored.wrongly_matched[0].to_dict()["probability"] == 0.95


# Limits


@pytest.mark.parametrize(
    ("limits", "status", "told"),
    [
        (["F1=.66"], 0, ""),
        (["F1=.67"], 1, "under the limit: f1 0.6666, limit 0.67"),
        (["P=.5", "R=.7"], 1, "under the limit: recall 0.6666, limit 0.7"),
        (["precision=.9,recall=.9"], 1, "under the limit: precision 0.6666, limit 0.9; recall 0.6666, limit 0.9"),
        (["f1 = 0.1, P=0"], 0, ""),
        (["ECE=.1"], 2, "give F1, P or R and a number from 0 to 1"),
        (["F1"], 2, "give F1, P or R"),
        (["F1=90"], 2, "number from 0 to 1"),
        (["F1=nan"], 2, "number from 0 to 1"),
    ],
)
def test_a_figure_under_its_limit_ends_with_status_1(limits: list[str], status: int, told: str, docs: Path) -> None:
    # Of three duplicates two are found, with one that is none: all three figures are two thirds.
    options = [part for limit in limits for part in ("--fail-under", limit)]
    done = dedup("evaluate", "docs.jsonl", "--truth", "labels.jsonl", *options, cwd=docs)
    assert done.returncode == status, done.stderr
    last = done.stderr.decode().rstrip("\n").split("\n")[-1]
    assert told in last if told else "limit" not in last


def test_a_figure_without_a_value_is_under_every_limit(found: Any) -> None:
    listed = evaluate_result(found, Truth({("x1", "x2"): True}, listed=True))
    assert listed.under({"precision": 0.0, "recall": 1.0}) == {"precision": None}
    with pytest.raises(ConfigError, match="no figure is called 'ece'"):
        listed.under({"ece": 0.1})


# The confusion matrix


def test_the_matrix_has_labels_down_and_relations_across(tmp_path: Path) -> None:
    (tmp_path / "docs.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    names = {"x1 x2": "نسخة معدّلة", "y1 y2": "نفسه", "x1 z": "a\u202eb", "x2 z": "同じ記事"}
    rows = [dict(zip("ab", pair.split(), strict=True)) | {"label": name} for pair, name in names.items()]
    (tmp_path / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = dedup("evaluate", "docs.jsonl", "--truth", "labels.jsonl", "--duplicate-labels", "نسخة معدّلة,نفسه", cwd=tmp_path)
    lines = done.stdout.decode().split("\n")
    start = next(place for place, line in enumerate(lines) if "LABEL" in line)
    assert lines[start].split() == ["LABEL", "ACCEPTED", "IDENTICAL", "REVISION", "NONE"]
    table = {line.rsplit(maxsplit=4)[0].strip(" \u2068\u2069"): line.rsplit(maxsplit=4)[1:] for line in lines[start + 1 : start + 5]}
    assert table["نسخة معدّلة"] == ["1.000", "0", "1", "0"]
    assert table["نفسه"] == ["1.000", "1", "0", "0"]
    assert table["a<U+202E>b"] == ["0.000", "0", "0", "1"]
    # Isolates and the shadda take no column, each Han or Kana letter takes two.
    widths = {len(re.sub("[\u2068\u2069\u0651]", "", line)) + len(re.findall("[同じ記事]", line)) for line in lines[start : start + 5]}
    assert len(widths) == 1
    assert not re.search("[\u202a-\u202e]", done.stdout.decode())


def test_labels_that_are_relations_are_seen_from_the_same_text_as_what_is_found(tmp_path: Path) -> None:
    texts = {"a": TEXTS["x1"], "b": f"{TEXTS['x1']} {TEXTS['y1']} {TEXTS['z']}"}
    for one, other, said in (("a", "b", "contained-in"), ("b", "a", "contains")):
        (tmp_path / "labels.jsonl").write_text(json.dumps({"a": one, "b": other, "label": said}) + "\n")
        truth = read_labels(str(tmp_path / "labels.jsonl"), LabelReading(one_class=True)).truth
        scored = evaluate([{"id": name, "text": text} for name, text in texts.items()], truth)
        assert scored.relations == {"contained-in": {"contained-in": 1}}


# Two runs


def test_two_runs_are_compared_pair_by_pair(found: Any) -> None:
    now = evaluate_result(found, Truth(KNOWN))
    before = now.to_dict()
    assert before["answers"]["a"] == ["x1", "x1", "x2", "y1", "y1"]
    assert before["answers"]["relation"][1] is None
    again = evaluate_result(found, Truth(KNOWN), before).against
    assert again
    assert (again.better, again.worse, again.p_value, again.changed) == (0, 0, 1.0, ())
    assert again.difference == Figures(0.0, 0.0, 0.0)
    # Before, y1-y2 was missed and x1-z matched: two pairs are right now.
    before["answers"]["relation"] = [*["revision"] * 3, "template", None]
    changed = evaluate_result(found, Truth(KNOWN), before).against
    assert changed
    assert {(each.a, each.b, each.before, each.after, each.now_right) for each in changed.changed} == {
        ("x1", "z", "revision", None, True),
        ("y1", "y2", "template", "identical", True),
    }
    assert changed.before == Figures(1 / 3, 1 / 3, 1 / 3)
    assert changed.after == now.pairs
    assert changed.difference.f1 == pytest.approx(1 / 3)
    assert (changed.better, changed.worse) == (1, 0)  # all pairs are of one event


def test_only_pairs_of_both_runs_are_compared(found: Any) -> None:
    before = evaluate_result(found, Truth({**KNOWN, ("x1", "x3"): True, ("x1", "z"): True})).to_dict()
    now = evaluate_result(found, Truth({("x1", "x2"): True, ("x1", "z"): False, ("y2", "z"): False}), before).against
    assert now
    assert (now.pairs, now.only_before, now.only_after, now.relabelled) == (2, 4, 1, 1)
    with pytest.raises(InputError, match="no labelled pair is in both runs"):
        evaluate_result(found, Truth({("y2", "z"): True}), before)


def test_duplicates_alone_have_no_difference_of_precision(found: Any) -> None:
    truth = Truth({("x1", "x2"): True, ("y1", "z"): True}, listed=True)
    now = evaluate_result(found, truth, evaluate_result(found, truth).to_dict()).against
    assert now
    assert now.difference == Figures(None, 0.0, None)
    assert now.intervals.f1 is None


def test_a_wrong_match_that_only_one_run_has_is_a_change_where_labels_are_clusters(found: Any) -> None:
    truth = Truth(clusters=(("x1", "x2", "x3"), ("y1", "y2")))
    before = evaluate_result(found, truth).to_dict()
    for name, value in {"a": "x1", "b": "z", "duplicate": False, "relation": "revision", "probability": None}.items():
        before["answers"][name].append(value)
    now = evaluate_result(found, truth, before).against
    assert now
    assert [(each.a, each.b, each.now_right) for each in now.changed] == [("x1", "z", True)]
    assert now.before.precision == 4 / 5


@pytest.mark.parametrize(("better", "worse", "p"), [(0, 0, 1.0), (1, 0, 1.0), (6, 0, 2 / 64), (1, 8, 20 / 512), (4, 4, 1.0)])
def test_changes_are_tested_exactly(better: int, worse: int, p: float) -> None:
    assert p_value(better, worse) == p_value(worse, better) == pytest.approx(p)


def test_many_changes_have_a_small_p() -> None:
    assert 0 <= p_value(5000, 1) < 1e-300


def answers(columns: str) -> str:
    return f'{{"schema": "dedup/evaluation/1", "answers": {{{columns}}}}}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no evaluation"),
        ('{"schema": "dedup/result/1"}', "no evaluation"),
        ('{"schema": "dedup/evaluation/1"}', "without answers"),
        ('{"schema": "dedup/evaluation/1", "answers": []}', "no columns"),
        (answers('"a": ["1"], "b": [], "duplicate": [], "relation": []'), "no columns"),
        (
            answers('"a": [1], "b": ["2"], "duplicate": [true], "relation": [null]'),
            "no labelled pair",
        ),
        (answers('"a": ["1"], "b": ["2"], "duplicate": [true], "relation": ["x"]'), "relation 'x'"),
        (answers('"a": ["1"], "b": ["2"], "duplicate": [true], "relation": [{}]'), "relation {}"),
    ],
)
def test_a_file_that_is_no_other_run_is_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text(text)
    with pytest.raises(InputError, match=said):
        read_evaluation(str(tmp_path / "other.json"))
    with pytest.raises(InputError, match="cannot be read"):
        read_evaluation(str(tmp_path / "nothing.json"))


def test_the_command_compares_with_what_it_wrote(docs: Path) -> None:
    done = dedup("evaluate", "docs.jsonl", "--truth", "labels.jsonl", "--format", "json", cwd=docs)
    before = json.loads(done.stdout)
    place = [*zip(before["answers"]["a"], before["answers"]["b"], strict=True)].index(("y1", "y2"))
    before["answers"]["relation"][place] = None
    (docs / "before.json").write_text(json.dumps(before))
    told = dedup("evaluate", "docs.jsonl", "--truth", "labels.jsonl", "--against", "before.json", cwd=docs).stdout.decode()
    assert "against: 5 pairs of both runs, 1 now right, 0 now wrong\n" in told
    assert "against: recall 0.333, now 0.667: +0.333" in told
    assert "now right: y1, y2 (no match, now identical)\n" in told
    done = dedup("evaluate", "docs.jsonl", "--truth", "labels.jsonl", "--against", "labels.jsonl", cwd=docs)
    assert done.returncode == 2
    assert b"labels.jsonl: no JSON" in done.stderr


def test_answers_are_columns_of_one_length(found: Any) -> None:
    for truth in (Truth(KNOWN), Truth(clusters=(("x1", "x2"), ("y1", "z")))):
        scored = evaluate_result(found, truth)
        columns = scored.to_dict()["answers"]
        assert {len(values) for values in columns.values()} == {len(scored.answers)}
        pairs = [*zip(columns["a"], columns["b"], strict=True)]
        assert pairs == sorted(pairs)
        assert all(a < b for a, b in pairs)
    # Four matches, and y1-z that is wanted.
    assert len(pairs) == 5
    assert {*combinations(["x1", "x2", "x3"], 2)} < {*pairs}
