"""A background: a table of what recurs in an archive, and the same decisions with it wherever they are taken."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_cli import dedup

from dedup import Config, ConfigError, Document, Index, InputError, Relation, build_frequencies, explain, find_duplicates, frequencies
from dedup.index.rebuild import rebuild
from dedup.verification import background
from dedup.verification.background import Frequencies, from_bytes

TOWNS = "Lund", "Malmö", "Växjö", "Kalmar", "Visby", "Luleå", "Umeå", "Falun", "Borås", "Skara", "Motala", "Kiruna", "Ystad", "Piteå"
NAMES = "Anna", "Björk", "Carl", "Dahl", "Elin", "Falk", "Göran", "Holm", "Ingrid", "Jonsson", "Lukas", "Moberg", "Nora", "Olsson"
CRIMES = "rån", "bedrägeri", "människorov", "smuggling", "förskingring", "utpressning", "mordbrand", "misshandel", "bestickning", "stöld"
DAYS = "måndagen", "tisdagen", "onsdagen", "torsdagen", "fredagen", "lördagen", "söndagen"
# In a language of which no words of formulas are listed.
NOTICE = (
    "Tingsrätten i {a} dömde på {day} {name} till fängelse för {crime}. Den dömde kan överklaga till hovrätten inom tre veckor, skriver "
    "rätten i ett pressmeddelande. Målsäganden i {b} ska få skadestånd."
)
REPORT = "The port of {a} reopened on {day} after {name} and the dock workers agreed on pay, the harbour office said in a statement."


def filled(form: str, seed: int) -> str:
    draw = random.Random(seed)
    name = " ".join(draw.sample(NAMES, 2))
    return form.format(a=draw.choice(TOWNS), b=draw.choice(TOWNS), day=draw.choice(DAYS), name=name, crime=draw.choice(CRIMES))


ARCHIVE = [filled(NOTICE, seed) for seed in range(150)]
TWO = [Document("a", filled(NOTICE, 2001)), Document("b", filled(NOTICE, 2002))]
FEED = [
    Document(f"{place:02}", filled(form, 3000 + seed) + (" The road is open again." if place % 2 else ""))
    for place, (form, seed) in enumerate(product((NOTICE, REPORT), (1, 1, 2, 2, 3, 4, 5)))
]


@pytest.fixture(scope="module")
def table() -> Frequencies:
    return build_frequencies(ARCHIVE)


@pytest.fixture
def path(table: Frequencies, tmp_path: Path) -> str:
    path = tmp_path / "courts.freq"
    path.write_bytes(table.to_bytes())
    return str(path)


def rows(found: Any) -> list[tuple[Any, ...]]:
    return [(match.a.id, match.b.id, match.relation, match.probability, match.jaccard) for match in found]


# What is counted


def test_the_table_is_the_same_for_any_order_and_any_number_of_threads(monkeypatch: pytest.MonkeyPatch, table: Frequencies) -> None:
    texts = [*ARCHIVE, *(document.text for document in FEED)] * 2
    shuffled = random.Random(7).sample(texts, len(texts))
    assert len(table.runs)
    whole = build_frequencies(texts)
    assert whole.to_bytes() == build_frequencies(shuffled, jobs=3).to_bytes()
    # The same where not all runs can be counted.
    monkeypatch.setattr(frequencies, "_MOST_CODES", 1000)
    monkeypatch.setattr(frequencies, "_WAITING", 100)
    monkeypatch.setattr("dedup.sketch.sketches._BATCH_TEXTS", 16)
    some = build_frequencies(texts)
    assert some.cut < 1 << 32
    assert some.to_bytes() == build_frequencies(shuffled, jobs=2).to_bytes()
    assert set(some.runs) <= set(whole.runs)


def test_what_only_the_copies_of_a_report_have_does_not_recur() -> None:
    copies = [filled(REPORT, seed) for seed in range(3)] * 40
    found = build_frequencies(copies)
    assert not len(found.runs)
    assert found.texts <= 3


def test_a_table_does_not_grow_beyond_its_size(monkeypatch: pytest.MonkeyPatch, table: Frequencies) -> None:
    monkeypatch.setattr(frequencies, "_MOST_RUNS", 10)
    small = build_frequencies(ARCHIVE)
    assert 0 < len(small.runs) <= 10
    assert small.limit > table.limit
    assert set(small.runs) < set(table.runs)


def test_a_large_archive_has_a_higher_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frequencies, "_GROUPS", 4)
    found = build_frequencies(ARCHIVE)
    assert found.limit == -(-found.texts // 4) > 3


# What it tells


def test_a_formula_is_a_revision_without_a_background_and_none_with_it(engine: str, path: str) -> None:
    without, with_it = (find_duplicates(TWO, Config(background=each)).matches for each in ("", path))
    assert without[0].relation is Relation.REVISION
    assert not [match for match in with_it if match.relation.duplicate]


def test_a_report_stays_what_it_is(path: str) -> None:
    old = filled(REPORT, 1)
    texts = [Document("a", old), Document("b", old.replace("dock workers", "crane drivers") + " Ships are waiting outside.")]
    assert rows(find_duplicates(texts, Config(background=path)).matches) == rows(find_duplicates(texts).matches)


def test_a_sample_of_runs_tells_nearly_the_same(table: Frequencies, tmp_path: Path) -> None:
    cut = 1 << 31
    (tmp_path / "half").write_bytes(Frequencies(table.runs[table.runs < cut], table.texts, table.limit, 3, cut).to_bytes())
    (tmp_path / "all").write_bytes(table.to_bytes())
    shares = [explain(TWO, "a", "b", Config(background=str(tmp_path / name))).measures.recurring for name in ("half", "all")]
    assert min(shares) > 0.5
    assert abs(shares[0] - shares[1]) < 0.25


def test_the_explanation_has_the_points_of_the_background(path: str) -> None:
    found, plain = explain(TWO, "a", "b", Config(background=path)), explain(TWO, "a", "b")
    assert found.evidence
    assert plain.evidence
    groups = {group.name: group.points for group in found.evidence.groups}
    assert groups.pop("recurring") < 0
    assert groups == {group.name: group.points for group in plain.evidence.groups}
    assert found.evidence.bias + sum(group.points for group in found.evidence.groups) == pytest.approx(found.evidence.log_odds)


# The same everywhere


def test_an_index_decides_with_it_as_a_batch_does(engine: str, place: str, path: str) -> None:
    config = Config(background=path)
    batch, plain = find_duplicates(FEED, config), find_duplicates(FEED)
    assert batch.clusters != plain.clusters
    with Index.open(place, config) as index:
        for document in FEED:
            index.add([document])
        assert [set(cluster.members) for cluster in index.clusters()] == [set(cluster.members) for cluster in batch.clusters]


def test_spark_decides_with_it_as_a_batch_does(spark: Any, path: str) -> None:
    from dedup.spark import search

    config = Config(background=path)
    given = spark.createDataFrame([(each.id, each.text) for each in FEED], "id string, text string").repartition(2)
    wanted, found = find_duplicates(FEED, config), search(given, "id", "text", config)
    Path(path).unlink()  # workers do not have it
    assert rows(found.ordered_matches()) == rows(wanted.matches)
    assert [cluster.members for cluster in found.ordered_clusters()] == [each.members for each in wanted.clusters]
    assert wanted.clusters != find_duplicates(FEED).clusters


# Files


def damaged(content: bytes) -> Iterator[bytes]:
    yield content[:-1]
    yield content[:40]
    yield content[:60] + bytes([content[60] ^ 1]) + content[61:]
    yield content + b"more"


def test_a_damaged_table_is_refused_in_one_line(table: Frequencies) -> None:
    for content in damaged(table.to_bytes()):
        with pytest.raises(InputError, match=r"^x\.freq: damaged; make it with dedup frequencies build again$"):
            from_bytes(content, "x.freq")
    assert from_bytes(table.to_bytes(), "x.freq").digest == table.digest


def test_what_is_no_table_of_this_version_is_refused(table: Frequencies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text('{"id": "1", "text": "Rain."}\n')
    dedup("index", "add", "a.db", "a.jsonl")
    with monkeypatch.context() as patch:
        patch.setattr(background, "FOLD_VERSION", 999)
        Path("later.freq").write_bytes(table.to_bytes())
    Path("good.freq").write_bytes(table.to_bytes())
    says = {
        "nowhere.freq": "nowhere.freq: cannot be read (No such file or directory); make it with dedup frequencies build",
        ".": ".: cannot be read (Is a directory); make it with dedup frequencies build",
        "a.jsonl": "a.jsonl: no table of frequencies; make it with dedup frequencies build",
        "a.db": "a.db: an index, not a table of frequencies; make the table with dedup index export a.db --what documents | dedup",
        "later.freq": "later.freq: made with version 999 of the fold, this program has",
    }
    for name, words in says.items():
        with pytest.raises(InputError, match=re.escape(words)):
            find_duplicates(["Rain."], Config(background=name))
    with pytest.raises(
        ConfigError, match="runs of 3 words, and shingle_words is 2; make it with dedup frequencies build --set shingle_words=2"
    ):
        find_duplicates(["Rain."], Config(background="good.freq", shingle_words=2))
    with pytest.raises(ConfigError, match="background is None; it must be the path of a file, or empty"):
        Config(background=None)  # type: ignore[arg-type]


def test_the_command_writes_a_table_that_others_take(tmp_path: Path) -> None:
    (tmp_path / "archive.jsonl").write_text("".join(f'{{"id": "{place}", "text": "{text}"}}\n' for place, text in enumerate(ARCHIVE)))
    (tmp_path / "two.jsonl").write_text("".join(f'{{"id": "{each.id}", "text": "{each.text}"}}\n' for each in TWO))
    done = dedup("frequencies", "build", "archive.jsonl", "-o", "news.freq", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (0, b"", 1)
    assert (tmp_path / "news.freq").read_bytes() == build_frequencies(ARCHIVE).to_bytes()
    assert b'"revision"' in dedup("find", "two.jsonl", "--format", "pairs", cwd=tmp_path).stdout
    assert b'"revision"' not in dedup("find", "two.jsonl", "--format", "pairs", "--background", "news.freq", cwd=tmp_path).stdout
    done = dedup("frequencies", "build", "two.jsonl", "-o", "few.freq", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == b"dedup: two.jsonl: nothing recurs in its texts; give the texts of some weeks\n"
    assert not (tmp_path / "few.freq").exists()


def test_an_index_keeps_to_the_table_that_it_was_made_with(path: str, place: str, tmp_path: Path) -> None:
    with Index.open(place, Config(background=path)) as index:
        index.add(FEED[:2])
    moved, other = str(tmp_path / "moved.freq"), str(tmp_path / "other.freq")
    Path(moved).write_bytes(Path(path).read_bytes())
    Path(other).write_bytes(build_frequencies([*ARCHIVE, *(filled(REPORT, seed) for seed in range(90))]).to_bytes())
    for settings in (None, {"background": moved}, Config(background=moved)):
        with Index.open(place, settings) as index:
            assert len(index.query(FEED[0])) == 2
    with pytest.raises(ConfigError, match=r"was made with the background .*; give the old file with --background, or rebuild the index"):
        Index.open(place, {"background": other})
    with pytest.raises(ConfigError, match=r"was made with the background .*; leave the setting out, or rebuild"):
        Index.open(place, Config())
    Path(path).write_bytes(Path(other).read_bytes())
    with pytest.raises(ConfigError, match="was made with the background"):
        Index.open(place)
    Path(path).unlink()
    with pytest.raises(InputError, match="cannot be read"):
        Index.open(place)


def test_an_index_gets_another_table_when_it_is_rebuilt(path: str, tmp_path: Path) -> None:
    name = str(tmp_path / "index.db")
    with Index.open(name) as index:
        index.add(FEED)
    with pytest.raises(ConfigError, match="was made with no background; leave the setting out, or rebuild"):
        Index.open(name, {"background": path})
    rebuild(name, {"background": path})
    with Index.open(name, {"background": path}) as index:
        assert index.config.background == path
        assert index.verify() == []


def test_bytes_of_a_table_are_as_they_are_documented() -> None:
    content = Frequencies(np.array([1, 1 << 31], np.uint32), texts=9, limit=4, shingle_words=3).to_bytes()
    numbers = [int.from_bytes(content[start:end], "little") for start, end in ((8, 12), (16, 20), (20, 24), (24, 32), (32, 40), (40, 48))]
    assert (content[:8], numbers) == (b"dedupfrq", [1, 3, 4, 9, 1 << 32, 2])
    assert [int.from_bytes(content[start : start + 4], "little") for start in (48, 52)] == [1, 1 << 31]
    assert len(content) == 56 + 32
