"""Settings that fit labels."""

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
from dedup.evaluation.labels import Truth
from dedup.evaluation.tuning import GRID, Labelled, fit, measure_labels, tune
from reports.renderers.tuning import render_curves

TRUTH = Truth(
    {(f"{pair['id']}/a", f"{pair['id']}/b"): pair["relation"] in DUPLICATE for pair in PAIRS},
    labels={(f"{pair['id']}/a", f"{pair['id']}/b"): pair["relation"] for pair in PAIRS},
)


@pytest.fixture(scope="module")
def labelled() -> Labelled:
    return measure_labels(DOCUMENTS, TRUTH)


@pytest.mark.parametrize("settings", [{}, {"threshold": 0.7, "containment": 0.7}, {"novelty": 0.2}, {"novelty": 0.0, "fresh": 0.5}])
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


def test_no_other_setting_of_the_grid_fits_better(labelled: Labelled) -> None:
    found = fit(labelled, beta=1.0)
    best = found.recommended.f1
    assert best >= found.present.f1
    rng = np.random.default_rng(1)
    for _ in range(200):
        chosen = {name: float(rng.choice(values)) for name, values in GRID.items()}
        assert labelled.figures(labelled.accepted(replace(Config(), **chosen))).f1 <= best + 1e-9
    assert found.config == replace(Config(), **found.settings)
    assert labelled.figures(labelled.accepted(found.config)).f1 == pytest.approx(best)
    assert 0 < found.cross_validated.f1 <= 1


def test_one_call_measures_and_recommends(labelled: Labelled) -> None:
    found = tune(DOCUMENTS, TRUTH, beta=0.7)
    assert found == fit(labelled, beta=0.7)
    told = found.to_dict()
    assert told["recommended"]["settings"] == dict(found.settings)
    assert told["labelled"] == {"duplicates": found.duplicates, "others": found.others}
    assert len(told["curve"]) == len(told["bands"]["candidate_probability"]) + 1


def test_a_smaller_beta_never_costs_precision(labelled: Labelled) -> None:
    careful, bold = fit(labelled, beta=0.2).recommended, fit(labelled, beta=5.0).recommended
    assert careful.precision >= bold.precision
    assert careful.recall <= bold.recall


def test_pairs_that_share_a_text_are_in_one_fold() -> None:
    names = [document.id for document in DOCUMENTS[:24]]
    chained = {pair: place % 2 == 0 for place, pair in enumerate(pairwise(names))}
    found = measure_labels(DOCUMENTS, Truth(chained), Config(min_words=1))
    assert len(set(found.folds.tolist())) == 1


def test_the_command_recommends_and_writes_a_page(tmp_path: Path) -> None:
    docs = [json.dumps({"id": document.id, "text": document.text}) for document in DOCUMENTS]
    (tmp_path / "docs.jsonl").write_text("\n".join(docs), encoding="utf-8")
    rows = [json.dumps({"a": a, "b": b, "duplicate": same}) for (a, b), same in TRUTH.pairs.items()]
    (tmp_path / "labels.jsonl").write_text("\n".join(rows), encoding="utf-8")
    done = dedup("tune", "docs.jsonl", "--truth", "labels.jsonl", "--html", "curves.html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = done.stdout.decode().splitlines()
    assert told[-1].startswith("recommended: --set threshold=")
    again = dedup("find", "docs.jsonl", *told[-1].removeprefix("recommended: ").split(), "--format", "pairs", cwd=tmp_path)
    assert again.returncode == 0
    page = (tmp_path / "curves.html").read_text("utf-8")
    assert page.count("<polyline") == 2
    assert "<script" not in page
    assert "cross-validated" in page
    (tmp_path / "few.jsonl").write_text("\n".join(rows[:12]), encoding="utf-8")
    done = dedup("tune", "docs.jsonl", "--truth", "few.jsonl", cwd=tmp_path)
    assert done.returncode == 2
    assert b"label more pairs of both" in done.stderr


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
