"""An index checked: what is damaged, and what does not fit together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays.ragged import Array, Ragged
from ..clusters.stars import ROUND_UP
from ..config import Config
from ..model import Relation
from ..sketch.winnowing import fingerprints
from ..text.ids import text_digest
from .judged_rows import JudgedRows, all_answers
from .metadata import read_metadata
from .queries import stored_clusters
from .rows import CODES
from .storage.interface import Store
from .storage.postings import Postings
from .storage.tables import DOCUMENTS, SEGMENTS, TABLES, TEXTS
from .texts import unpacked
from .words import read_words

_PAGE = 1000  # rows at a time
_JUDGED = "exists (select 1 from verdicts v where v.one_row = {row}) or exists (select 1 from verdicts v where v.other_row = {row})"
_HOLDING = ", ".join(f"'{CODES[relation]}'" for relation in (Relation.CONTAINS, Relation.CONTAINED_IN))
_LOOSE = {
    "segments without a document": "select row from segments s left join documents d on d.number = s.document where d.number is null",
    "documents replaced by ones that are not there": """
        select d.number from documents d left join documents o on o.number = d.kept where d.kept >= 0 and o.number is null""",
    "copies without their text": "select s.row from segments s left join segments o on o.row = s.same where s.same >= 0 and o.row is null",
    "texts without words": """
        select s.row from segments s left join words w on w.row = s.row left join texts t on t.number = s.document
        where s.same is null and w.row is null and t.number is null""",
    "words without a text": "select w.row from words w left join segments s on s.row = w.row where s.row is null",
    "texts without a document": "select t.number from texts t left join documents d on d.number = t.number where d.number is null",
    "versions of one document with one number": "select min(number) from documents group by id, version having count(*) > 1",
    "stars of rows that are not linked to them": f"""
        select s.row from segments s where s.star <> s.row and not exists (
            select 1 from links l where (l.row = s.star and l.other = s.row) or (l.row = s.row and l.other = s.star))
        and not ({_JUDGED.format(row="s.row")} or {_JUDGED.format(row="s.star")})""",
    "stars in another star": "select s.row from segments s join segments t on t.row = s.star where t.star <> t.row or t.star is null",
    "links between stars": f"""
        select l.row from links l join segments a on a.row = l.row join segments b on b.row = l.other
        where coalesce(a.star, a.row) = a.row and coalesce(b.star, b.row) = b.row and (l.relation not in ({_HOLDING})
        or (l.containment >= {ROUND_UP} and l.containment_other >= {ROUND_UP}))
        and not ({_JUDGED.format(row="l.row")} or {_JUDGED.format(row="l.other")})""",
    "links to segments that are not there": "select l.row from links l left join segments s on s.row = l.other where s.row is null",
    "links from segments that are not there": "select l.row from links l left join segments s on s.row = l.row where s.row is null",
    "answers about segments that are not there": """
        select v.number from verdicts v left join segments a on a.row = v.one_row left join segments b on b.row = v.other_row
        where (v.one_row >= 0 and a.row is null) or (v.other_row >= 0 and b.row is null)""",
    "doubts about segments that are not there": """
        select d.row from doubts d left join segments a on a.row = d.row left join segments b on b.row = d.other
        where a.row is null or b.row is null""",
    "names of clusters that lead nowhere": """
        select n.row from names n left join segments s on s.row = n.row where n.row >= 0 and s.row is null""",
    "news of texts that are not there": "select n.row from news n left join segments s on s.row = n.row where s.row is null",
    "facets of texts without news": "select f.row from facets f left join news n on n.row = f.row where n.row is null",
    "sightings of documents that are not there": """
        select s.number from sightings s left join documents d on d.number = s.number where d.number is null""",
    "stars without their first": "select s.row from segments s left join segments o on o.row = s.star where s.star >= 0 and o.row is null",
}


def faults(store: Store, postings: Postings, config: Config) -> Iterator[str]:
    """Yield what is wrong with an index, a line each: first what the database finds, then rows that are not as they were written, then
    what does not fit together."""
    damaged = False
    for found in (*store.faults(), *(fault for table in TABLES for fault in table.faults(store))):
        damaged = True
        yield found
    if damaged:
        return  # what follows would be wrong for that reason alone
    postings.refresh()
    yield from postings.check()
    for what, query in _LOOSE.items():
        if rows := store.rows(f"{query} limit 1"):
            yield f"{what}: {rows[0][0]} is the first"
    yield from _metadata_faults(store)
    yield from _text_faults(store)
    yield from _word_faults(store, config)
    yield from _name_faults(store, config)
    yield from _answer_faults(store)


def _metadata_faults(store: Store) -> Iterator[str]:
    metadata = read_metadata(store)
    without = """  -- what was withdrawn has no segments either
        select d.number from documents d left join texts t on t.number = d.number
        where t.number is null and exists (select 1 from segments s where s.document = d.number) limit 1"""
    if metadata["texts"] == "1" and (rows := store.rows(without)):
        yield f"documents without their text: {rows[0][0]} is the first"
    for name, table, key in (("number", "documents", "number"), ("row", "segments", "row"), ("run", "deliveries", "run")):
        ((highest,),) = store.rows(f"select coalesce(max({key}), -1) from {table}")
        if highest >= int(metadata[name]) + (name == "run"):
            yield f"the counter {name} is {metadata[name]}, and there is {highest}"


def _text_faults(store: Store) -> Iterator[str]:
    last = -1
    while found := DOCUMENTS.read(store, "where number > ? order by number limit ?", (last, _PAGE)):
        last = found[-1][0]
        digests = {number: digest for number, _, _, digest, *_ in found}
        for number, packed, _ in TEXTS.read_among(store, "where number {among}", [*digests]):
            if text_digest(unpacked(packed)) != digests[number]:
                yield f"the text of document {number} is another than was decided about"
                return


def _word_faults(store: Store, config: Config) -> Iterator[str]:
    last = -1
    while found := SEGMENTS.read(store, "where same is null and row > ? order by row limit ?", (last, _PAGE)):
        last = found[-1][0]
        stored = read_words(store, config, [row for row, *_ in found])
        parts = [stored[row].words if row in stored else np.zeros(0, np.uint32) for row, *_ in found]
        sizes = [*map(len, parts)]
        words = Ragged(np.concatenate(parts), np.cumsum([0, *sizes]))
        prints: Array = fingerprints(words, config.fingerprint_words, config.fingerprint_window).lengths
        for (row, *_, length, counted, _, _, _, _, _), size, count in zip(found, sizes, prints.tolist(), strict=True):
            if size != length or count != counted:
                yield f"segment {row} has words that are damaged"
                return


def _answer_faults(store: Store) -> Iterator[str]:
    judged = JudgedRows(store)
    for answer in all_answers(store):
        judged.load(row for row in (answer.one_row, answer.other_row) if row is not None)
    asked = judged.groups.texts()
    stars: dict[int, int] = dict(store.rows_among("select row, coalesce(star, row) from segments where row {among}", asked))
    for row in stars:
        if any(stars.get(other) != stars[row] for other in judged.group(row)):
            yield f"segment {row} is not in one star with those that it was joined with"
            return
        if any(stars.get(other) == stars[row] for other in judged.parted(row)):
            yield f"segment {row} is in one star with one that it was parted from"
            return


def _name_faults(store: Store, config: Config) -> Iterator[str]:
    names: set[str] = set()
    for cluster in stored_clusters(store, config):
        if cluster.id in names:
            yield f"two clusters are called {cluster.id}"
            return
        names.add(cluster.id)
