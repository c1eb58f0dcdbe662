"""Why two texts match or do not: every step from words to a relation, with its numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np

from ..arrays.ragged import Array
from ..candidates.channels import channels, distinctive_of
from ..candidates.document_frequency import Distinctive
from ..candidates.exact_copies import first_copies, unique_rows
from ..candidates.lsh import Bands, choose_bands
from ..config import Config
from ..errors import InputError
from ..model import Document
from ..sketch.shingle import split_words
from ..sketch.sketches import Sketches, sketch_documents
from ..text.ids import named
from ..verification import relations as verify
from ..verification.evidence import longest_run
from ..verification.features import distinctive_shares, measure, similarities, substituted
from ..verification.headlines import says_the_same, shares_most

_SHOWN = 40  # words of the longest run that are shown


def explain(documents: Iterable[Document], a: str, b: str, config: Config | None = None, *, jobs: int = 1) -> dict[str, Any]:
    """Return why the texts with these ids are a match among documents or are none, as an object for JSON.

    ``a`` and ``b`` are ids of documents, or of segments where these are matched. What recurs is counted in all the documents.
    Of texts under one id the later ones are named as `named` does. Raises `InputError` for an id that is not there.

    >>> texts = ["Rain is expected in the north on Monday, the weather service said.", "Rain is expected in the south on Monday."]
    >>> found = explain([Document(str(number), text) for number, text in enumerate(texts)], "0", "1", Config(level="document"))
    >>> found["relation"], found["measures"]["shared"], found["measures"]["longest_run"]["words"]
    (None, 3, 5)
    """
    config = config or Config()
    texts: dict[str, str] = {}
    kept = _keeping(named(documents, "version"), {name for each in (a, b) for name in (each, each.rpartition("#")[0])}, texts)
    sketches = sketch_documents(kept, config, jobs)
    rows = {segment.id: row for row, segment in enumerate(sketches.segments)}
    for name in (a, b):
        if name not in rows:
            raise InputError(f"no text has the id {name!r}", hint="ids are those that dedup find prints")
    left, right = sorted((rows[a], rows[b]))
    if left == right:
        raise InputError(f"{a!r} is one text: name two", hint="give two ids")
    shown = []
    for row in (left, right):
        segment = sketches.segments[row]
        shown.append(texts[segment.document][segment.start : segment.end])
    return _explained(sketches, left, right, split_words(shown), config)


def _keeping(documents: Iterable[Document], wanted: Collection[str], texts: dict[str, str]) -> Iterator[Document]:
    """Yield all documents, and keep the texts of those that are wanted."""
    for document in documents:
        if document.id in wanted:
            texts[document.id] = document.text
        yield document


def _explained(sketches: Sketches, left: int, right: int, words: list[list[str]], config: Config) -> dict[str, Any]:
    eligible = np.flatnonzero(sketches.words.lengths >= config.min_words)
    fresh = distinctive_of(sketches, unique_rows(sketches.words, first_copies(sketches.words), config), config)
    sides = np.array([left]), np.array([right])
    # Nothing is too little to be measured here.
    pairs = measure(sketches.words, *sides, distinctive_shares(fresh, *sides), Config(reuse=0.0, shingle_words=config.shingle_words))
    pairs["swapped"] = substituted(sketches.words, *sides)
    pair, known = pairs[0], verify.recurrence_is_known(fresh.texts, config)
    identical = words[0] == words[1]
    long_enough = min(map(len, words)) >= config.min_words
    proposed = _proposed(sketches, fresh, eligible, left, right, pair["jaccard"], config)
    short = left in sketches.short and right in sketches.short
    steps = [
        _step("same words in the same order", identical, identical),
        _step("words of the shorter text", min(map(len, words)), long_enough, config.min_words),
        _step("proposed by a channel", proposed["by"], bool(proposed["by"])),
        *(_short_steps(*words) if short else _steps(pairs, known, config)),
    ]
    relation: str | None = None
    if identical:
        relation = "identical"
    elif long_enough:
        pairs["relation"] = verify.relate(pairs, known, config)
        verify.relate_short(pairs, sketches.short)
        place = int(pairs["relation"][0])
        relation = verify.RELATIONS[place].value if place >= 0 else None
    start, _, length = longest_run(sketches.words.row(left), sketches.words.row(right))
    measures = {name: round(float(pair[name]), 4) for name in pair.dtype.names if name not in ("left", "right", "relation", "shared")}
    return {
        "schema": "dedup/explanation/1",
        "a": {"id": sketches.segments[left].id, "words": len(words[0])},
        "b": {"id": sketches.segments[right].id, "words": len(words[1])},
        "texts": fresh.texts,
        "recurrence_known": known,
        "candidate": proposed,
        "measures": {
            "shared": int(pair["shared"]),
            **measures,
            "similarity": round(float(similarities(sketches.words, *sides)[0]), 4),
            "longest_run": {"words": length, "text": " ".join(words[0][start : start + min(length, _SHOWN)])},
        },
        "steps": steps,
        "relation_if_proposed": relation,
        "relation": relation if identical or proposed["by"] else None,
    }


def _step(question: str, value: Any, holds: Any, limit: float | None = None) -> dict[str, Any]:
    shown = round(float(value), 4) if isinstance(value, float | np.floating) else value
    return {"question": question, "value": shown, "limit": limit if limit is None else round(float(limit), 4), "holds": bool(holds)}


def _proposed(
    sketches: Sketches, fresh: Distinctive, eligible: Array, left: int, right: int, jaccard: float, config: Config
) -> dict[str, Any]:
    bands = choose_bands(config.num_perm, config.threshold, config.recall)
    found = dict.fromkeys(("lsh", "fingerprint", "short"), False)
    if left in eligible and right in eligible:
        for name, codes in channels(sketches, fresh, eligible, bands, config)[0].items():
            found[name] = (left << 32 | right) in codes
    signatures = sketches.signatures[[left, right]]
    prints = [set(sketches.fingerprints.row(row).tolist()) for row in (left, right)]
    return {
        "by": [name for name, holds in found.items() if holds],
        "estimate": round(float((signatures[0] == signatures[1]).mean()), 4),
        "probability": round(bands.probability(float(jaccard)), 4),
        "bands": bands.bands,
        "rows": bands.rows,
        "bands_shared": _bands_shared(signatures, bands),
        "fingerprints": [len(prints[0]), len(prints[1])],
        "fingerprints_shared": len(prints[0] & prints[1]),
    }


def _bands_shared(signatures: Array, bands: Bands) -> int:
    equal = signatures[0] == signatures[1]
    return int(equal[: bands.bands * bands.rows].reshape(bands.bands, bands.rows).all(axis=1).sum())


def _short_steps(a: list[str], b: list[str]) -> list[dict[str, Any]]:
    same = says_the_same(a, b)
    return [
        _step("short texts that share most of their words", len({*a} & {*b}), shares_most(a, b)),
        _step("no word stands in the place of another", same, same),
    ]


def _steps(pairs: Array, known: bool, config: Config) -> list[dict[str, Any]]:
    pair = pairs[0]
    most, least = (pick(pair["containment_a"], pair["containment_b"]) for pick in (max, min))
    own, limit = float(verify.own_share(pairs)[0]), float(verify.own_limit(pairs, known, config)[0])
    return [
        _step("Jaccard: alike as a whole", pair["jaccard"], verify.is_revised(pairs, config)[0], config.threshold),
        _step("containment both ways", least, least >= config.containment, config.containment),
        _step("containment: one holds the other", most, verify.is_held(pairs, config)[0], config.containment),
        _step("words of its own, and twice what is swapped", own, own <= limit, limit),
        _step("share that does not recur", pair["fresh"], pair["fresh"] >= config.fresh, config.fresh),
        _step("one report in other words", pair["lead"], verify.is_rewritten(pairs, known, config)[0]),
        _step("a passage", most, most >= config.reuse, config.reuse),
    ]
