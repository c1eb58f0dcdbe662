"""What a desk sees of an index: stories newest first, searched, paged, told of, and erased."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import Config, Document, Index, StoryCard, StoryQuery, TextNews
from dedup.index.news import BLOCK
from dedup.index.storage.tables import META
from dedup.sketch.shingle import split_words
from dedup.text.ids import segment_name, version_name

WORDS = [f"word{number}" for number in range(60)]
SOURCES = ["north", "south", "مرسى", None]
DAY = 86_400


def feed(seed: int, count: int) -> list[Document]:
    """Return texts of which many are copies of others, or the same but for a few words, with titles, times and sources."""
    rng = random.Random(seed)
    made: list[list[str]] = []
    documents = []
    for _ in range(count):
        kind = rng.random()
        if made and kind < 0.25:
            words = list(rng.choice(made))
        elif made and kind < 0.6:
            words = list(rng.choice(made))
            words[rng.randrange(len(words))] = rng.choice(WORDS)
        else:
            words = [rng.choice(WORDS) for _ in range(rng.choice((3, 14, 30)))]
        made.append(words)
        moment = None if rng.random() < 0.1 else str(rng.randrange(-20, 60) * DAY // 2)
        title = rng.choice((None, "Title of the day", "Evening " + rng.choice(WORDS)))
        documents.append(Document(f"d{rng.randrange(count)}", " ".join(words), title=title, source=rng.choice(SOURCES), time=moment))
    return documents


def tell(older: Document, newer: Document) -> TextNews:
    changed = sorted({*newer.text.split()} - {*older.text.split()})
    kinds = ("number",) if len(changed) > 1 else ("name", "wording") if changed else ("wording",)
    return TextNews(kinds, ("raised",) if changed and changed[0] > "word4" else (), {"en": f"new: {' '.join(changed)}", "ar": "جديد"})


def catch_up(index: Index, most: int = 50) -> None:
    while index.catch_up(tell, most=most):
        pass


def skip_rows(index: Index, count: int) -> None:
    """Let the next text have a later row, so that a few texts fill a block."""
    with index._writing():
        row = int(dict(META.read(index._store))["row"])
        META.change(index._store, {"row": {"value": str(row + count)}})


Text = dict[str, Any]


def oracle_texts(index: Index) -> list[Text]:
    """Return all texts, in the order of their arrival, with their stories: read in the plainest way."""
    store = index._store
    clusters = {name: cluster.id for cluster in index.clusters() for name in cluster.members}
    documents = {row[0]: row for row in store.rows("select number, id, version, source, moment from documents")}
    texts = {(found.id, decision.version or 1): found for found, decision in index.documents()}
    news = {row: (kinds, alarms) for row, kinds, alarms in store.rows("select row, kinds, alarms from news")}
    found = []
    for row, number, place, start, end, heading in store.rows(
        "select row, document, place, span_start, span_end, heading from segments order by row"
    ):
        _, name, version, source, moment = documents[number]
        document = texts[name, version]
        own = segment_name(version_name(name, version), place)
        kinds, alarms = news.get(row, ("[]", "[]"))
        words = split_words([" ".join(filter(None, (document.text[start:end], heading, document.title)))])[0]
        found.append(
            {"row": row, "name": own, "story": clusters.get(own, own), "words": {*words}, "source": source, "section": heading}
            | {"moment": moment, "kinds": kinds, "alarms": alarms}
        )
    return found


def is_asked_for(text: Text, query: StoryQuery) -> bool:
    return (
        {*split_words([query.words])[0]} <= text["words"]
        and (not query.kinds or any(f'"{kind}"' in text["kinds"] for kind in query.kinds))
        and (not query.sources or text["source"] in query.sources)
        and (not query.sections or text["section"] in query.sections)
        and (not query.alarms or text["alarms"] != "[]")
        and (query.since is None or (text["moment"] is not None and text["moment"] >= query.since))
        and (query.until is None or (text["moment"] is not None and text["moment"] < query.until))
    )


def oracle(texts: list[Text], query: StoryQuery) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return of each story that is asked for the row of its newest text that is, how many texts it has, and its sources."""
    found: dict[str, int] = {}
    for text in reversed(texts):
        if is_asked_for(text, query):
            found.setdefault(text["story"], text["row"])
    told = []
    for story, row in found.items():
        members = [text for text in reversed(texts) if text["story"] == story]
        sources = dict.fromkeys(text["source"] for text in members if text["source"] is not None)
        told.append((row, len(members), tuple(sources)[:12]))
    return told


def pages(index: Index, query: StoryQuery, most: int) -> Iterator[StoryCard]:
    before = None
    while True:
        page = index.stories(query, before=before, most=most)
        assert len(page.cards) <= most
        yield from page.cards
        if page.next is None:
            return
        assert before is None or page.next < before
        before = page.next


QUERIES = st.builds(
    StoryQuery,
    words=st.sampled_from(["", "", "word3", "WORD7 word1", "title", "evening word2", "nowhere"]),
    kinds=st.sampled_from([(), (), ("number",), ("number", "name"), ("time",)]),
    sources=st.sampled_from([(), (), ("north",), ("north", "مرسى"), ("nobody",)]),
    alarms=st.sampled_from([False, False, True]),
    since=st.sampled_from([None, None, 0.0, 2.5 * DAY]),
    until=st.sampled_from([None, None, 8.0 * DAY, -3.0 * DAY]),
)
CONFIGS = st.fixed_dictionaries(
    {"seed": st.just(7), "min_words": st.just(3)}, optional={"sources": st.just("cross"), "within": st.just(5.0 * DAY)}
)


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 90), st.integers(1, 9), CONFIGS, st.lists(QUERIES, min_size=3, max_size=6), st.data())
def test_pages_have_each_story_once_at_its_newest_text(
    seed: int, count: int, most: int, values: dict[str, Any], queries: list[StoryQuery], data: st.DataObject
) -> None:
    documents = feed(seed, count)
    rng = random.Random(seed)
    if values.get("within"):
        documents = [replace(each, time=each.time or "0") for each in documents]
    if values.get("sources"):
        documents = [replace(each, source=each.source or "east") for each in documents]
    with Index.open(":memory:", Config(**values)) as index:
        for step in range(data.draw(st.integers(1, 4))):
            skip_rows(index, rng.randrange(BLOCK - 30, BLOCK) if rng.random() < 0.7 else 1)
            index.add(documents[step::4])
            if rng.random() < 0.5:
                catch_up(index, rng.choice((3, 50)))
            if rng.random() < 0.5:
                index.remove([rng.choice(documents).id for _ in range(rng.randrange(4))])
        catch_up(index)
        assert index.verify() == []
        texts = oracle_texts(index)
        for query in [StoryQuery(), *queries]:
            found = [*pages(index, query, most)]
            assert [(card.newest, card.texts, card.sources) for card in found] == oracle(texts, query), query
            names = {text["row"]: text["name"] for text in texts}
            for card in found[:3]:
                story = index.story(card.name)
                assert story is not None
                assert (story.name, story.texts) == (card.name, card.texts)
                mine = next(text["story"] for text in texts if text["row"] == card.newest)
                assert [version.name for version in story.versions] == [text["name"] for text in texts if text["story"] == mine]
                assert index.story(names[card.newest]) == story
                version = index.text(names[card.newest])
                assert version in story.versions
