"""Adapters for other programs, each with the real library: Scrapy, Elasticsearch and OpenSearch, LangChain, LlamaIndex."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from command_support import run_python
from test_delivery import STORIES, line
from test_filter import dedup

from dedup import Document, Gate, Index
from dedup.index import Decision
from dedup.integrations.elasticsearch import bulk_actions, bulk_lines
from dedup.integrations.fields import known_fields, news_fields
from reports import news

ONE = "Four people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed."
SEVEN = ONE.replace("Four", "Seven")
NINE = ONE.replace("Four", "Nine")


def test_the_adapters_need_nothing_to_be_imported() -> None:
    code = "import sys, dedup.integrations, dedup.integrations.elasticsearch, dedup.integrations.kafka; print(*sys.modules)"
    loaded = set(run_python(code).stdout.decode().split())
    assert not loaded & {"scrapy", "elasticsearch", "opensearchpy", "confluent_kafka", "langchain_core", "llama_index"}


# Fields

FIELDS: list[tuple[Decision, dict[str, object]]] = [
    (Decision("1", "index"), {"is_duplicate": False, "duplicate_of": None, "has_duplicates": False, "same_source": None, "cluster": None}),
    (
        Decision("2", "skip", of="1", cluster="c", same_source=True),
        {"is_duplicate": True, "duplicate_of": "1", "has_duplicates": False, "same_source": True, "cluster": "c"},
    ),
    (
        Decision("3", "update", of="1", cluster="c", same_source=False),
        {"is_duplicate": False, "duplicate_of": None, "has_duplicates": True, "same_source": False, "cluster": "c"},
    ),
]


@pytest.mark.parametrize(("decision", "fields"), FIELDS, ids=[decision.action for decision, _ in FIELDS])
def test_a_decision_in_the_words_of_news_apis(decision: Decision, fields: dict[str, object]) -> None:
    assert news_fields(decision) == fields
    assert known_fields(decision) == {name: value for name, value in fields.items() if value is not None}


def test_decisions_tell_sources_and_versions(place: str) -> None:
    documents = [
        Document("1", STORIES[0], source="north"), Document("2", ONE, source="north"), Document("2", STORIES[1], source="north"),
        Document("3", STORIES[1], source="south"), Document("4", ONE, source="north"), Document("5", ONE),
    ]  # fmt: skip
    for parts in ([documents], [[document] for document in documents]):
        with Index.open(place if len(parts) == 1 else ":memory:") as index:
            found = [decision for part in parts for decision in index.add(part)]
            assert [(each.of, each.of_version, each.same_source) for each in found] == [
                (None, None, None), (None, None, None), (None, None, None), ("2", 2, False), ("2", None, True), ("2", None, None),
            ]  # fmt: skip
    with Index.open(place) as index:
        assert [(each.why, each.of_version) for each in index.add(documents[2:3])] == [("seen", 2)]


def test_filter_writes_the_fields_of_news_apis(tmp_path: Path) -> None:
    feed = b"".join(json.dumps({"id": name, "text": ONE, "by": by}).encode() + b"\n" for name, by in (("1", "north"), ("2", "south")))
    out, _ = dedup("filter", "--news-fields", "--source-field", "by", given=feed, cwd=tmp_path)
    one, two = map(json.loads, out.splitlines())
    assert (one["id"], one["by"], one["is_duplicate"], one["has_duplicates"]) == ("1", "north", False, False)
    assert (two["is_duplicate"], two["duplicate_of"], two["same_source"], two["cluster"] is None) == (True, "1", False, False)


# Elasticsearch and OpenSearch


def decided(rows: list[tuple[str, str]], index: Index) -> Iterator[tuple[dict[str, str], Decision]]:
    gate = Gate(index, news=partial(news, lang="en"))
    for name, text in rows:
        yield {"id": name, "text": text}, gate.decide(Document(name, text))


ROWS = [("1", ONE), ("2", STORIES[0]), ("3", ONE.upper()), ("4", SEVEN), ("4", NINE), ("2", STORIES[1]), ("5", STORIES[1].upper())]
LEFT = {"2": STORIES[0], "4@2": NINE, "2@2": STORIES[1]}


def test_actions_say_what_a_search_index_is_to_do() -> None:
    with Index.open(":memory:") as index:
        actions = [*bulk_actions(decided(ROWS, index), "news", mark=True)]
    assert [(action["_op_type"], action["_id"]) for action in actions] == [
        ("index", "1"), ("index", "2"), ("update", "1"), ("index", "4"), ("delete", "1"), ("index", "4@2"), ("delete", "4"),
        ("index", "2@2"), ("update", "2@2"),
    ]  # fmt: skip
    assert {action["_index"] for action in actions} == {"news"}


def test_a_withdrawal_deletes() -> None:
    documents = [Document("1", ONE), Document("1", STORIES[0]), Document("2", STORIES[1]), Document("1", "", status="canceled")]
    with Index.open(":memory:") as index:
        decisions = index.add(documents)
    lines = [*bulk_lines([({}, decision) for decision in decisions], "news")]
    assert lines[3:] == [b'{"delete": {"_index": "news", "_id": "%s"}}\n' % name for name in (b"1", b"1@2")]
    assert [*bulk_lines([({}, Decision("1", "withdraw"))], "news")] == []  # of nothing that was let through


def test_lines_are_what_a_server_reads(tmp_path: Path) -> None:
    feed = b"".join(line(*row) for row in ROWS)
    out, said = dedup("filter", "--bulk", "news", given=feed, cwd=tmp_path)
    assert "7 records: 3 new, 2 update others, 2 held back" in said
    lines = out.split(b"\n")
    assert lines.pop() == b""  # the last line ends as well
    left: dict[str, str] = {}
    while lines:
        ((kind, where),) = json.loads(lines.pop(0)).items()
        if kind == "delete":
            del left[where["_id"]]
        else:
            left[where["_id"]] = json.loads(lines.pop(0))["text"]
    assert left == LEFT


@pytest.mark.parametrize("options", [["--bulk", "news", "--actions"], ["--bulk", ""], ["--bulk", "news", "--news-fields"]])
def test_one_form_of_output_at_a_time(options: list[str], tmp_path: Path) -> None:
    assert "--bulk takes the name of a search index" in dedup("filter", *options, given=b"", cwd=tmp_path, status=2)[1]


@pytest.fixture(scope="module")
def search_server() -> Iterator[str]:
    from services_support import service

    with service("elasticsearch") as address:
        yield f"http://{address}"


def left_in(client: Any) -> dict[str, str]:
    client.indices.refresh(index="*")
    return {hit["_id"]: hit["_source"]["text"] for hit in client.search(index="*", size=100)["hits"]["hits"]}


@pytest.mark.parametrize("library", ["elasticsearch", "opensearchpy"])
def test_a_server_has_each_story_once_also_when_all_is_sent_again(library: str, search_server: str, tmp_path: Path) -> None:
    module = pytest.importorskip(library)
    pytest.importorskip(f"{library}.helpers")
    client = (module.Elasticsearch if library == "elasticsearch" else module.OpenSearch)([search_server])
    client.indices.delete(index="news", ignore_unavailable=True)
    with Index.open(":memory:") as index:
        actions = [*bulk_actions(decided(ROWS, index), "news", mark=True)]
    for _ in range(2):
        module.helpers.bulk(client, actions, ignore_status=404)
        assert left_in(client) == LEFT
    assert client.get(index="news", id="2@2")["_source"]["has_duplicates"] is True
    client.indices.delete(index="news")
    body, _ = dedup("filter", "--bulk", "news", given=b"".join(line(*row) for row in ROWS), cwd=tmp_path)
    answer = client.bulk(operations=body.split(b"\n")[:-1]) if library == "elasticsearch" else client.bulk(body=body.decode())
    assert answer["errors"] is False
    assert left_in(client) == LEFT
    client.close()


# Scrapy

PAGES = {"1": ONE, "2": ONE.upper(), "3": STORIES[0], "4": SEVEN}
CRAWL = """
import sys, json, dataclasses, scrapy
from scrapy.crawler import CrawlerProcess
kind, address, settings = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])

class Item(scrapy.Item):
    url, text, is_duplicate, duplicate_of, has_duplicates = (scrapy.Field() for _ in range(5))

@dataclasses.dataclass
class Data:
    url: str
    text: str
    is_duplicate: bool | None = None
    duplicate_of: str | None = None

class Spider(scrapy.Spider):
    name = "news"
    start_urls = [f"{address}/1.html"]
    def parse(self, response):
        item = dict(url=response.url.rpartition("/")[2], text=response.css("p::text").get())
        yield item if kind == "dict" else Item(item) if kind == "item" else Data(**item)
        yield from response.follow_all(css="a")  # one page after another, in their order

process = CrawlerProcess({"ITEM_PIPELINES": {"dedup.integrations.scrapy.DedupPipeline": 300}, "LOG_LEVEL": "WARNING",
    "FEEDS": {"out.jsonl": {"format": "jsonlines", "overwrite": True}}, "TELNETCONSOLE_ENABLED": False, "RETRY_ENABLED": False, **settings})
crawler = process.create_crawler(Spider)
process.crawl(crawler)
process.start()
print(json.dumps({name: value for name, value in crawler.stats.get_stats().items() if name.startswith("dedup/")}))
"""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{web.server_port}"
        web.shutdown()


def crawled(tmp_path: Path, kind: str = "dict", **settings: object) -> tuple[list[dict[str, Any]], dict[str, int], str]:
    """Crawl the pages; return the items that came out, the counts, and what was said."""
    pytest.importorskip("scrapy")
    site = tmp_path / "site"
    site.mkdir(exist_ok=True)
    for name, text in PAGES.items():
        following = f'<a href="{int(name) + 1}.html">' if str(int(name) + 1) in PAGES else ""
        (site / f"{name}.html").write_text(f"<p>{text}</p>{following}")
    with served(site) as address:
        done = run_python(CRAWL, kind, address, json.dumps({"DEDUP_INDEX": "seen.db", **settings}), cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    items = [json.loads(each) for each in (tmp_path / "out.jsonl").read_text().splitlines()]
    return items, json.loads(done.stdout), done.stderr.decode()


def test_a_crawl_keeps_each_story_once(tmp_path: Path) -> None:
    items, counts, said = crawled(tmp_path)
    assert [item["url"] for item in items] == ["1.html", "3.html"]
    assert counts == {"dedup/index": 2, "dedup/skip": 2}
    assert '"of": "1.html"' in said  # the evidence, where Scrapy tells what it drops
    assert crawled(tmp_path)[1] == {"dedup/skip": 4}
    with Index.open(str(tmp_path / "seen.db")) as index:
        assert index.verify() == []


@pytest.mark.parametrize("kind", ["dict", "item", "data"])
def test_a_crawl_can_mark_what_repeats(kind: str, tmp_path: Path) -> None:
    options = {"DEDUP_ON_DUPLICATE": "mark", "DEDUP_NEWS": "reports.news", "DEDUP_SETTINGS": {"threshold": 0.4}}
    items, counts, _ = crawled(tmp_path, kind, **options)
    assert [(item["url"], item["is_duplicate"], item["duplicate_of"]) for item in items] == [
        ("1.html", False, None), ("2.html", True, "1.html"), ("3.html", False, None), ("4.html", False, None),
    ]  # fmt: skip
    assert counts == {"dedup/index": 2, "dedup/skip": 1, "dedup/update": 1}
    assert "has_duplicates" in items[3] or kind == "data"


def test_a_crawl_works_in_another_reactor(tmp_path: Path) -> None:
    reactor = "twisted.internet.selectreactor.SelectReactor"
    assert crawled(tmp_path, TWISTED_REACTOR=reactor)[1] == {"dedup/index": 2, "dedup/skip": 2}


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"DEDUP_ON_DUPLICATE": "delete"}, "DEDUP_ON_DUPLICATE is 'delete'; it must be drop or mark"),
        ({"DEDUP_FIELDS": {"body": "text"}}, "DEDUP_FIELDS has 'body'; it may have id, text"),
        ({"DEDUP_FIELDS": {"text": "body"}}, "no field 'body'"),
    ],
)
def test_a_crawl_says_what_is_wrong_with_its_settings_or_items(settings: dict[str, object], says: str, tmp_path: Path) -> None:
    pytest.importorskip("scrapy")
    (tmp_path / "out.jsonl").write_text("")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/1.html").write_text("<p>Rain.</p>")
    with served(tmp_path / "site") as address:
        done = run_python(CRAWL, "dict", address, json.dumps({"DEDUP_INDEX": "seen.db", **settings}), cwd=tmp_path)
    assert says in done.stderr.decode()


# LangChain and LlamaIndex


def awaited(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a thread of its own: the one of the tests may have a loop already, that of a browser."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


TEXTS = [ONE, ONE.upper(), STORIES[0], STORIES[1]]


def test_documents_of_langchain() -> None:
    documents = pytest.importorskip("langchain_core.documents")
    from dedup.integrations.langchain import DuplicateTransformer

    given = [documents.Document(text, id=str(number), metadata={"paper": "north"}) for number, text in enumerate(TEXTS)]
    with Index.open(":memory:") as index:
        transformer = DuplicateTransformer(Gate(index), fields={"source": "paper"})
        found = transformer.transform_documents(given[:2])
        found = [*found, *awaited(transformer.atransform_documents(given[2:]))]
    assert [(each.id, each.metadata["is_duplicate"]) for each in found] == [("0", False), ("2", False), ("3", False)]
    assert given[0].metadata == {"paper": "north"}
    with Index.open(":memory:") as index:
        marked = DuplicateTransformer(Gate(index), mark=True, fields={"source": "paper"}).transform_documents(given)
    repeats = {"is_duplicate": True, "duplicate_of": "0", "has_duplicates": False, "same_source": True}
    assert repeats.items() <= marked[1].metadata.items()
    assert [each.page_content for each in marked] == TEXTS
    unnamed = [documents.Document(text) for text in (*TEXTS, TEXTS[0])]
    with Index.open(":memory:") as index:
        assert len(DuplicateTransformer(Gate(index)).transform_documents(unnamed)) == 3


def test_nodes_of_llama_index() -> None:
    schema = pytest.importorskip("llama_index.core.schema")
    from llama_index.core.ingestion import IngestionPipeline

    from dedup.integrations.llama_index import DuplicateFilter

    given = [schema.TextNode(text=text, id_=str(number), metadata={"paper": "north"}) for number, text in enumerate(TEXTS)]
    with Index.open(":memory:") as index:
        pipeline = IngestionPipeline(transformations=[DuplicateFilter(Gate(index))], disable_cache=True)
        found = [*pipeline.run(nodes=given[:2]), *awaited(pipeline.arun(nodes=given[2:]))]
        assert [node.node_id for node in found] == ["0", "2", "3"]
        assert found[0].get_content(metadata_mode=schema.MetadataMode.EMBED) == f"paper: north\n\n{ONE}"
    with Index.open(":memory:") as index:
        marked = DuplicateFilter(Gate(index), mark=True, fields={"source": "paper"})(given)
    assert [(node.node_id, node.metadata["is_duplicate"]) for node in marked] == [("0", False), ("1", True), ("2", False), ("3", False)]
    assert marked[1].metadata["same_source"] is True
