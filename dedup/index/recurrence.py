"""When enough texts have arrived to know what recurs: all that is stored is related again."""

from __future__ import annotations

import numpy as np

from ..fingerprint import fingerprints
from ..lsh import choose_bands, pair_codes
from ..measure import fresh_shares
from ..minhash import signatures
from ..shingle import shingle
from ..sketch import Sketches, candidates, fresh_fingerprints
from .intake import Intake, is_duplicate
from .store import Store


def resettle(store: Store, intake: Intake) -> None:
    """Relate all stored texts as `dedup.find_duplicates` does, now that it is known what recurs."""
    config, graph = intake.config, intake.graph
    query = "select row from segments where same is null and length >= ? order by row"
    rows = [row for (row,) in store.rows(query, (config.min_words,))]
    if not rows:
        return
    graph.load_links(rows)
    intake.words.load(rows)
    words, short = intake.words.gathered(rows)
    signed = signatures(shingle(words, config.shingle_words), config.num_perm, config.seed)
    prints = fingerprints(words, config.fingerprint_words, config.fingerprint_window)
    sketches = Sketches([], words, signed, prints, short, np.zeros(0), [])
    every = np.arange(len(rows))
    fresh = fresh_fingerprints(sketches, every, config)
    bands = choose_bands(config.num_perm, config.threshold, config.recall)
    left, right, _, _ = candidates(sketches, fresh, every, bands, config)
    numbers = np.array(rows, np.int64)
    codes = pair_codes(numbers[left], numbers[right])
    least = np.minimum(prints.lengths[left], prints.lengths[right])
    counts = np.rint(fresh_shares(fresh, left, right) * least).astype(np.int64)
    sure = np.zeros(len(codes), bool)
    found = {(link.row, link.other): link for link in intake.related_links(codes, counts, sure) if is_duplicate(link)}
    before = {(link.row, link.other): link for row in rows for link in graph.links[row].values()}
    for key, link in before.items():
        graph.drop(link) if key not in found else None
    for key, link in found.items():
        if key in before:
            before[key].relation, before[key].fresh = link.relation, link.fresh
            graph.note(before[key])
        else:
            graph.add(link)
    graph.settle(rows)
