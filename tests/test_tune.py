"""A model and a limit that fit labels, and whether they help."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from test_cli import dedup
from test_evaluate import DOCUMENTS, DUPLICATE, PAIRS

from dedup import Config, ConfigError, InputError, find_duplicates
from dedup.evaluation.fitting import FOLDS, Sample, cross_validated, fit_sample, folds_of, nearest_limit, newton
from dedup.evaluation.labels import Truth
from dedup.evaluation.measured_labels import Labelled, measure_labels
from dedup.evaluation.tuning import fit, tune
from dedup.verification.model import model
from reports.renderers.tuning import render_curves


def truth_of(*others: str) -> Truth:
    """Return the labels of the cases, with these relations taken for duplicates as well."""
    return Truth({(f"{pair['id']}/a", f"{pair['id']}/b"): pair["relation"] in {*DUPLICATE, *others} for pair in PAIRS})


TRUTH = truth_of()
OURS = model()
PLAIN = (  # the weights of this version, as settings have them
    OURS.duplicate.bias - sum(weight * mean for weight, mean in zip(OURS.duplicate.weights, OURS.means, strict=True)),
    *OURS.duplicate.weights,
)


@pytest.fixture(scope="module")
def labelled() -> Labelled:
    return measure_labels(DOCUMENTS, TRUTH)


@pytest.fixture(scope="module")
def wide() -> Labelled:
    """The labels of somebody for whom one formula about two events is a duplicate."""
    return measure_labels(DOCUMENTS, truth_of("template"))


def sample_of(scores: list[float], same: list[bool], events: list[int] | None = None) -> Sample:
    """Return pairs of which the model says these log-odds, with one evidence that is the same."""
    x = np.array(scores)
    return Sample(
        np.column_stack((np.ones(len(x)), x)),
        x,
        np.full(len(x), np.nan),
        np.ones(len(x), bool),
        np.array(same),
        np.ones(len(x)),
        np.arange(len(x)) if events is None else np.array(events),
    )


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"threshold": 0.4},
        {"min_probability": 0.3},
        {"min_probability": 0.9, "threshold": 0.2},
        {"weights": (PLAIN[0] + 1, *PLAIN[1:])},
        {"weights": (PLAIN[0] - 3, *PLAIN[1:]), "min_probability": 0.4},
    ],
)
def test_what_is_accepted_is_what_would_be_found(labelled: Labelled, settings: dict[str, float]) -> None:
    config = replace(Config(), **settings)
    pairs = sorted(pair for pair in TRUTH.pairs)
    duplicates = {(match.a.id, match.b.id) for match in find_duplicates(DOCUMENTS, config).duplicates}
    found = dict(zip([pair for pair in pairs if pair in _long_enough()], labelled.accepted(config).tolist(), strict=True))
    # What is not proposed is not found: a candidate may be missed, nothing else.
    assert [pair for pair, same in found.items() if same] == sorted(pair for pair in found if pair in duplicates)


def _long_enough() -> set[tuple[str, str]]:
    from dedup.sketch.shingle import hash_words

    lengths = dict(zip([document.id for document in DOCUMENTS], hash_words([d.text for d in DOCUMENTS]).lengths.tolist(), strict=True))
    return {pair for pair in TRUTH.pairs if min(lengths[name] for name in pair) >= Config().min_words}


def test_labels_that_the_model_knows_change_nothing(labelled: Labelled) -> None:
    found = fit(labelled)
    assert (found.recommended, found.helps, found.config) == ("nothing", False, Config())
    assert [trial.name for trial in found.trials] == ["limit", "weights"]
    assert not any(trial.helps for trial in found.trials)
    assert "nothing is better" in found.why


def test_other_labels_are_learned_and_found_with_the_settings(wide: Labelled) -> None:
    found = fit(wide)
    trial = found.trials[1]
    assert (found.recommended, trial.helps) == ("weights", True)
    assert trial.cross_validated.f_beta > found.present.f_beta
    assert trial.cross_validated.log_loss is not None
    assert found.present.log_loss is not None
    assert trial.cross_validated.log_loss < found.present.log_loss
    wanted = {pair for pair, same in truth_of("template").pairs.items() if same}
    right = [{(m.a.id, m.b.id) for m in find_duplicates(DOCUMENTS, config).duplicates} & wanted for config in (Config(), found.config)]
    assert len(right[1]) > len(right[0])


def test_labels_of_chance_do_not_help(labelled: Labelled) -> None:
    for seed in range(4):
        mixed = np.random.default_rng(seed).permutation(labelled.same)
        found = fit(replace(labelled, same=mixed))
        trial = found.trials[1]
        # Nothing can be learned: what was scored on the labels it was fitted to would seem to.
        assert trial.gain < 3 * max(trial.error, 0.02)


def test_few_labels_leave_the_model_as_it_is(wide: Labelled) -> None:
    places = np.sort(np.concatenate([np.flatnonzero(wide.same == same)[:9] for same in (True, False)]))
    few = Labelled(*(getattr(wide, name)[places] for name in Labelled.__dataclass_fields__ if name != "left_out"))
    found = fit(replace(few, events=np.arange(len(places))))
    assert (found.recommended, found.trials, found.config) == ("nothing", (), Config())
    assert "too few events" in found.why
    assert found.curve


def test_labels_of_one_event_are_too_few_to_fit() -> None:
    names = [document.id for document in DOCUMENTS[:42]]
    chained = {pair: place % 2 == 0 for place, pair in enumerate(pairwise(names))}
    found = tune(DOCUMENTS, Truth(chained), Config(min_words=1))
    assert (found.events, found.trials, found.helps) == (1, (), False)


def test_the_given_settings_are_the_start(wide: Labelled) -> None:
    given = Config(level="document", threshold=0.1)
    found = fit(wide, given)
    assert (found.config.level, found.config.threshold) == ("document", 0.1)
    again = fit(wide, found.config)
    assert again.present.f_beta > found.present.f_beta


def test_the_order_of_texts_and_labels_says_nothing() -> None:
    truth = truth_of("template")
    other = Truth(dict(reversed(truth.pairs.items())))
    assert tune(DOCUMENTS, truth) == tune(DOCUMENTS[::-1], other)


def test_one_call_measures_and_recommends(wide: Labelled) -> None:
    found = tune(DOCUMENTS, truth_of("template"), beta=0.7)
    assert found == fit(wide, beta=0.7)
    told = found.to_dict()
    assert told["recommended"]["config"] == found.config.to_dict()
    assert told["labelled"] == {"duplicates": found.duplicates, "others": found.others, "events": found.events}
    assert json.loads(json.dumps(told)) == told
    named = [name for point in told["curve"] for name in point["names"]]
    assert sorted(named) == ["default", "loose", "recommended", "strict"]


def test_the_curve_has_less_recall_at_higher_limits(labelled: Labelled) -> None:
    points = fit(labelled).curve
    assert all(a.min_probability < b.min_probability and a.recall >= b.recall for a, b in pairwise(points))


def test_no_event_is_learned_from_and_scored_on() -> None:
    sample = sample_of([0.0] * 40, [place % 3 == 0 for place in range(40)], [place // 3 for place in range(40)])
    folds = folds_of(sample)
    assert {*folds.tolist()} == {*range(FOLDS)}
    for event in range(14):
        assert len({*folds[sample.events == event].tolist()}) == 1


def test_pairs_that_share_a_text_are_one_event() -> None:
    names = [document.id for document in DOCUMENTS[:24]]
    chained = {pair: place % 2 == 0 for place, pair in enumerate(pairwise(names))}
    found = measure_labels(DOCUMENTS, Truth(chained), Config(min_words=1))
    assert {*found.events.tolist()} == {0}


def test_an_infinite_penalty_changes_nothing_and_a_small_one_fits() -> None:
    sample = sample_of([-2.0, -1.0, 1.0, 2.0] * 10, [True, True, False, False] * 10)  # the model has it the wrong way round
    assert not newton(sample, np.inf).any()
    changes = [newton(sample, penalty) for penalty in (1000.0, 10.0, 0.1)]
    sizes = [float(change @ change) for change in changes]
    assert sizes == sorted(sizes)
    assert ((sample.probabilities(changes[-1]) > 0.5) == sample.same).all()


def test_the_fit_is_the_best_one() -> None:
    rng = np.random.default_rng(5)
    scores = rng.normal(0, 2, 80)
    sample = sample_of(scores.tolist(), (scores + rng.normal(1, 2, 80) > 0).tolist())
    found = newton(sample, 3.0)
    for step in (np.array([0.01, 0]), np.array([0, 0.01]), np.array([-0.01, 0.01])):
        for change in (found + step, found - step):
            here, there = (sample.losses(sample.probabilities(each)).sum() + 1.5 * each @ each for each in (found, change))
            assert here < there


def test_a_limit_moves_only_where_labels_ask_for_it() -> None:
    same = [True] * 30 + [False] * 30
    scores = np.array([0.9] * 30 + [0.1] * 30)
    assert nearest_limit(sample_of([0.0] * 60, same), scores, 0.6, 0.5) == 0.6
    scores = np.array([0.9] * 30 + [0.7] * 30)
    assert nearest_limit(sample_of([0.0] * 60, same), scores, 0.6, 0.5) == pytest.approx(0.71)
    scores = np.array([0.3] * 30 + [0.1] * 30)
    assert nearest_limit(sample_of([0.0] * 60, same), scores, 0.6, 0.5) == pytest.approx(0.3)


def test_cross_validation_is_worse_than_the_fit_to_the_same_labels() -> None:
    rng = np.random.default_rng(3)
    same = rng.random(60) < 0.5
    sample = replace(sample_of([0.0] * 60, same.tolist()), evidence=np.column_stack((np.ones(60), rng.normal(0, 1, (60, 14)))))
    fitted = sample.probabilities(newton(sample, 1.0))
    _, held_out = cross_validated(sample, 0.5, 0.5, weights=True)
    assert sample.losses(held_out).mean() > sample.losses(fitted).mean()
    assert np.isinf(fit_sample(sample, 0.5, 0.5, weights=True).penalty)  # noise


def test_the_command_recommends_and_writes_settings_and_a_page(tmp_path: Path) -> None:
    docs = [json.dumps({"id": document.id, "text": document.text}) for document in DOCUMENTS]
    (tmp_path / "docs.jsonl").write_text("\n".join(docs), encoding="utf-8")
    rows = [json.dumps({"a": a, "b": b, "duplicate": same}) for (a, b), same in truth_of("template").pairs.items()]
    (tmp_path / "labels.jsonl").write_text("\n".join(rows), encoding="utf-8")
    done = dedup("tune", "docs.jsonl", "--truth", "labels.jsonl", "--html", "curves.html", "--config", "tuned.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert b"tuned.json: the recommended settings" in done.stderr
    told = done.stdout.decode().splitlines()
    assert told[-1].startswith("recommended: --config tuned.json: ")
    assert any(line.startswith("0.80 strict") for line in told)
    config = Config.load(str(tmp_path / "tuned.json"))
    assert config.weights
    now, then = (dedup("find", "docs.jsonl", *more, "--format", "pairs", cwd=tmp_path) for more in ((), ("--config", "tuned.json")))
    assert (now.returncode, then.returncode) == (0, 0)
    assert now.stdout != then.stdout
    measured = dedup("evaluate", "docs.jsonl", "--truth", "labels.jsonl", "--config", "tuned.json", cwd=tmp_path)
    assert measured.returncode == 0, measured.stderr
    page = (tmp_path / "curves.html").read_text("utf-8")
    assert page.count("<polyline") == 3
    assert "<script" not in page
    assert "cross-validated" in page
    (tmp_path / "few.jsonl").write_text("\n".join(rows[:12]), encoding="utf-8")
    done = dedup("tune", "docs.jsonl", "--truth", "few.jsonl", cwd=tmp_path)
    assert done.returncode == 2
    assert b"label more pairs of both" in done.stderr


def test_the_command_says_where_nothing_helps(tmp_path: Path) -> None:
    rows = [json.dumps({"a": pair["a"], "b": pair["b"], "label": pair["relation"]}) for pair in PAIRS]
    (tmp_path / "pairs.jsonl").write_text("\n".join(rows), encoding="utf-8")
    done = dedup("tune", "--truth", "pairs.jsonl", "--config", "tuned.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().splitlines()[-1].startswith("recommended: change nothing: ")
    assert b"tuned.json: the present settings" in done.stderr
    assert Config.load(str(tmp_path / "tuned.json")) == Config()


def test_a_hostile_title_is_text(labelled: Labelled) -> None:
    page = render_curves(fit(labelled).to_dict(), "<script>alert(1)</script>\u202e")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_clusters_are_no_labels_to_tune_with() -> None:
    with pytest.raises(ConfigError, match="label more pairs"):
        measure_labels(DOCUMENTS, Truth(clusters=tuple(combinations([document.id for document in DOCUMENTS[:4]], 2))))


def test_a_label_of_a_text_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match="a label names 'nobody', which is no text that is matched"):
        measure_labels(DOCUMENTS, Truth({**TRUTH.pairs, ("nobody", "someone"): True}))
    with pytest.raises(InputError, match="no text that is matched"):
        measure_labels(DOCUMENTS, TRUTH, Config(level="segment"))


def test_labels_of_texts_that_are_all_too_short_are_too_few() -> None:
    with pytest.raises(ConfigError, match="label more pairs"):
        measure_labels(DOCUMENTS, TRUTH, Config(min_words=1000))
