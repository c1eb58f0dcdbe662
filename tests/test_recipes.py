"""How pipelines put the gate before their index, as README tells: each recipe runs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dedup import Document, Gate, Index
from reports import news

MORNING = "Four people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed."
NOON = MORNING.replace("Four", "Seven")
RAIN = "Rain is expected in the northern provinces from Tuesday on, the weather service of the capital said in its bulletin."
FEED = [
    {"id": "1", "text": MORNING},
    {"id": "2", "text": RAIN},
    {"id": "3", "text": MORNING.upper()},
    {"id": "4", "text": NOON},
    {"id": "5", "text": NOON + "!"},
]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(str(tmp_path / "seen.db")) as opened:
        yield opened


def documents() -> Iterator[Document]:
    return (Document(row["id"], row["text"]) for row in FEED)


def test_a_generator_pipeline(index: Index) -> None:
    assert [document.id for document in Gate(index).through(documents())] == ["1", "2"]


def test_updates_bring_new_facts(index: Index) -> None:
    gate = Gate(index, news=lambda old, new: news(old, new, lang="en"))
    decisions = [decision for _, decision in gate.stream(documents())]
    assert [(decision.action, decision.of) for decision in decisions] == [
        ("index", None), ("index", None), ("skip", "1"), ("update", "1"), ("skip", "4")
    ]  # fmt: skip
    assert decisions[3].digest is not None
    assert any("4 → 7 (+3)" in line for line in decisions[3].digest)


def test_a_frame_of_pandas(index: Index) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(FEED)
    decisions = Gate(index).decide_all(Document(*row) for row in frame[["id", "text"]].itertuples(index=False))
    kept = frame[[decision.action in ("index", "update") for decision in decisions]]
    assert kept["id"].tolist() == ["1", "2"]


def test_a_frame_of_polars(index: Index) -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(FEED)
    decisions = Gate(index).decide_all(Document(*row) for row in frame.select("id", "text").iter_rows())
    kept = frame.filter(polars.Series([decision.action in ("index", "update") for decision in decisions]))
    assert kept["id"].to_list() == ["1", "2"]


class DropItem(Exception):
    """Stands for ``scrapy.exceptions.DropItem``."""


@dataclass
class DedupPipeline:
    """A Scrapy item pipeline: Scrapy calls these three."""

    path: str

    def open_spider(self, spider: Any) -> None:
        self.index = Index.open(self.path)
        self.gate = Gate(self.index)

    def process_item(self, item: dict[str, str], spider: Any) -> dict[str, str]:
        decision = self.gate.decide(Document(item["id"], item["text"]))
        if decision.action == "skip":
            raise DropItem(f"the same as {decision.of}")
        return item

    def close_spider(self, spider: Any) -> None:
        self.index.close()


def test_a_scrapy_item_pipeline(tmp_path: Path) -> None:
    pipeline, kept = DedupPipeline(str(tmp_path / "seen.db")), []
    pipeline.open_spider(None)
    for item in FEED:
        try:
            kept.append(pipeline.process_item(item, None)["id"])
        except DropItem:
            continue
    pipeline.close_spider(None)
    assert kept == ["1", "2"]


def batch_task(source: Path, target: Path, index: str) -> int:
    """Filter one day's file into another: safe to be retried when it failed, as a scheduler such as Airflow does."""
    with Index.open(index) as opened, source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as out:
        rows = [json.loads(line) for line in lines]
        decisions = Gate(opened).decide_all(Document(row["id"], row["text"]) for row in rows)
        kept = [row for row, decision in zip(rows, decisions, strict=True) if decision.action in ("index", "update")]
        out.writelines(json.dumps(row) + "\n" for row in kept)
    return len(kept)


def test_a_batch_task_that_failed_answers_as_before_when_it_is_retried(tmp_path: Path) -> None:
    source, target, index = tmp_path / "monday.jsonl", tmp_path / "new.jsonl", str(tmp_path / "seen.db")
    source.write_text("".join(json.dumps(row) + "\n" for row in FEED))

    if Path("/dev/full").exists():
        with pytest.raises(OSError, match="No space left"):
            batch_task(source, Path("/dev/full"), index)
    assert batch_task(source, target, index) == 2
    assert batch_task(source, target, index) == 0  # what the second has delivered is seen


def bulk_lines(rows: list[dict[str, str]], gate: Gate, name: str) -> Iterator[str]:
    """Yield lines for ``_bulk`` of Elasticsearch or OpenSearch; a document that updates another takes its place."""
    for row, decision in zip(rows, gate.decide_all(Document(row["id"], row["text"]) for row in rows), strict=True):
        if decision.action == "skip":
            continue
        if decision.action == "update" and decision.of is not None:
            yield json.dumps({"delete": {"_index": name, "_id": decision.of}})
        yield json.dumps({"index": {"_index": name, "_id": row["id"]}})
        yield json.dumps({"text": row["text"], "cluster": decision.cluster})


def test_a_bulk_feed_of_a_search_index(index: Index) -> None:
    lines = [json.loads(line) for line in bulk_lines(FEED, Gate(index, news=news), "news")]
    done = [(action, line[action]["_id"]) for line in lines for action in ("index", "delete") if action in line]
    assert done == [("index", "1"), ("index", "2"), ("delete", "1"), ("index", "4")]


def test_coroutines_are_decided_together_and_in_order(index: Index) -> None:
    gate = Gate(index)

    async def ask() -> list[str]:
        return [decision.action for decision in await asyncio.gather(*(gate.decide_soon(document) for document in documents()))]

    with ThreadPoolExecutor(1) as elsewhere:  # tests of pages leave a loop in this thread
        answers = elsewhere.submit(lambda: asyncio.run(ask())).result()
    assert answers == ["index", "index", "skip", "skip", "skip"]
