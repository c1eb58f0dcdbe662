"""When enough texts have arrived to know what recurs: all that is stored is related again."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import numpy as np

from ..fingerprint import fingerprints
from ..lsh import choose_bands, halves, pair_codes
from ..measure import fresh_shares
from ..minhash import signatures
from ..ragged import sorted_unique
from ..rules import restricts
from ..shingle import shingle
from ..sketch import Sketches, channels, fresh_fingerprints
from .graph import Link
from .intake import Intake
from .relating import identical, turned
from .store import Store


def resettle(store: Store, intake: Intake) -> None:
    """Relate all stored texts as `dedup.find_duplicates` does, now that it is known what recurs."""
    config, graph = intake.config, intake.graph
    query = "select row from segments where same is null and length >= ? order by row"
    rows = [row for (row,) in store.rows(query, (config.min_words,))]
    if not rows:
        return
    intake.words.load(rows)
    words, short = intake.words.gathered(rows)
    signed = signatures(shingle(words, config.shingle_words), config.num_perm, config.seed)
    prints = fingerprints(words, config.fingerprint_words, config.fingerprint_window)
    sketches = Sketches([], words, signed, prints, short, np.zeros(0), [])
    every = np.arange(len(rows))
    fresh = fresh_fingerprints(sketches, every, config)
    bands = choose_bands(config.num_perm, config.threshold, config.recall)
    proposed, _ = channels(sketches, fresh, every, bands, config)
    pairs = sorted_unique(np.concatenate([*proposed.values()]))
    left, right = halves(pairs)
    numbers = np.array(rows, np.int64)
    codes = pair_codes(numbers[left], numbers[right])
    least = np.minimum(prints.lengths[left], prints.lengths[right])
    counts = np.rint(fresh_shares(fresh, left, right) * least).astype(np.int64)
    sure = np.isin(pairs, np.concatenate((proposed["lsh"], proposed["short"])))
    sets = {row: [each for each in intake.copies_of(row) if each < intake.base - intake.new] for row in rows}
    everything = [row for copies in sets.values() for row in copies]
    graph.load(everything)
    graph.load_links(everything)
    found = {}
    for link in intake.relating.links(codes, counts, sure, duplicates=True):
        for one, other in product(sets[link.row], sets[link.other]):
            found[min(one, other), max(one, other)] = _between(link, one, other)
    if restricts(config):
        for copies in sets.values():
            found.update(((one, other), identical(one, other)) for one, other in combinations(copies, 2))
        found = {pair: link for pair, link in found.items() if intake.may_match(*pair)}
    before = {(link.row, link.other): link for row in everything for link in graph.links[row].values()}
    for key, link in before.items():
        graph.drop(link) if key not in found else None
    for key, link in found.items():
        if key in before:
            before[key].relation, before[key].fresh = link.relation, link.fresh
            graph.note(before[key])
        else:
            graph.add(link)
    graph.settle(everything)


def _between(link: Link, one: int, other: int) -> Link:
    """Return a link of two texts as that of their copies, the older one first."""
    link = replace(link, row=one, other=other)
    return link if one < other else turned(link)
