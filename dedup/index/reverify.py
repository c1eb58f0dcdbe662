"""When enough texts have arrived to know what recurs: all that is stored is related again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from ..arrays.buckets import NEAREST, halves, pair_codes
from ..arrays.hashing import shingle
from ..arrays.ragged import sorted_unique
from ..candidates.channels import channels, distinctive_of
from ..candidates.lsh import choose_bands
from ..sketch.minhash import signatures
from ..sketch.sketches import Sketches
from ..sketch.winnowing import fingerprints
from ..verification.features import distinctive_shares
from .insert import Insertion
from .rows import Link
from .storage.store import Store
from .verification import turned


def reverify(store: Store, insertion: Insertion) -> None:
    """Relate all stored texts as `dedup.find_duplicates` does, now that it is known what recurs."""
    config, graph = insertion.config, insertion.graph
    query = "select row from segments where same is null and length >= ? order by row"
    rows = [row for (row,) in store.rows(query, (config.min_words,))]
    if not rows:
        return
    insertion.words.load(rows)
    words, short = insertion.words.gathered(rows)
    signed = signatures(shingle(words, config.shingle_words), config.num_perm, config.seed)
    prints = fingerprints(words, config.fingerprint_words, config.fingerprint_window)
    sketches = Sketches([], words, signed, prints, short, np.zeros(0), [])
    every = np.arange(len(rows))
    fresh = distinctive_of(sketches, every, config)
    bands = choose_bands(config.num_perm, config.threshold, config.recall)
    proposed, _ = channels(sketches, fresh, every, bands, config)
    pairs = sorted_unique(np.concatenate([*proposed.values()]))
    left, right = halves(pairs)
    numbers = np.array(rows, np.int64)
    codes = pair_codes(numbers[left], numbers[right])
    least = np.minimum(prints.lengths[left], prints.lengths[right])
    counts = np.rint(distinctive_shares(fresh, left, right) * least).astype(np.int64)
    sure = np.isin(pairs, np.concatenate((proposed["lsh"], proposed["short"])))
    sets = {row: [each for each in insertion.copies_of(row) if each < insertion.base - insertion.new] for row in rows}
    everything = [row for copies in sets.values() for row in copies]
    graph.load(everything)
    graph.load_links(everything)
    related = {}
    for link in insertion.verifier.links(codes, counts, sure, duplicates=True):
        related[link.row, link.other] = link
        related[link.other, link.row] = turned(link)
    before = {(link.row, link.other): link for row in everything for link in graph.links[row].values()}
    graph.load(row for pair in before for row in pair)
    for (row, other), link in before.items():
        texts = insertion.text_of(row), insertion.text_of(other)
        if texts in related:
            link.relation, link.fresh = related[texts].relation, related[texts].fresh
            graph.note(link)
        elif texts[0] != texts[1]:
            graph.drop(link)
    for (one, other), link in related.items():
        if one < other:
            for pair in _spread(sets[one], sets[other], config.bucket_limit):
                if pair not in before and (pair[::-1] not in before) and insertion.may_match(*pair):
                    graph.add(_between(link, *pair))
    graph.settle({*everything, *(row for pair in before for row in pair)})


def _spread(one: Sequence[int], other: Sequence[int], limit: int) -> Iterable[tuple[int, int]]:
    """Return pairs of copies of two texts: where there are too many those of the latest."""
    return product(one, other) if len(one) * len(other) <= limit**2 else product(one[-NEAREST:], other[-NEAREST:])


def _between(link: Link, one: int, other: int) -> Link:
    """Return a link of two texts as that of their copies, the older one first."""
    link = replace(link, row=one, other=other)
    return link if one < other else turned(link)
