"""What a desk sees of an index: stories newest first, searched, paged, told of, and erased."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from postgres_support import postgres

from dedup import Config, Document, Index, InputError, StoryCard, StoryQuery, TextNews
from dedup.errors import ConfigError
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
            for _ in range(rng.randrange(3)):
                a, b = (rng.choice(documents).id for _ in range(2))
                with suppress(InputError):  # a contradiction, or a text that has not come
                    index.judge(a, b, rng.choice(("same", "different", "template", None)))
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


def test_a_flood_of_one_story_makes_no_page_slow_or_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    first = "The harbour of Marsa was closed on Monday after the storm of the night before."
    with Index.open(":memory:", Config(seed=7)) as index:
        index.add([Document("old", "Nothing else was known of the ship that left the port a week ago.")])
        for part in range(0, 3000, 500):
            index.add([Document(f"d{number}", first, source=f"s{number % 20}") for number in range(part, part + 500)])
        (card, other) = pages(index, StoryQuery(), 25)
        assert (card.texts, card.sources[0], len(card.sources), other.id) == (3000, "s19", 12, "old")
        monkeypatch.setattr("dedup.index.browse.listing._PAGES", 2)
        page = index.stories()
        assert [card.name for card in page.cards] == [card.name]
        assert page.next == 3001 - 2 * 512
        assert [card.name for card in pages(index, StoryQuery(), 25)] == [card.name, other.name]
        asked: list[str] = []
        monkeypatch.setattr(index._store, "rows", lambda *told, rows=index._store.rows: asked.append(told[0]) or rows(*told))
        assert len([*pages(index, StoryQuery(words="harbour"), 25)]) == 1
        assert len(asked) < 100
        story = index.story(card.name, most=10)
        assert story is not None
        assert [version.name for version in story.versions] == [f"d{number}" for number in (*range(5), *range(2995, 3000))]
        assert story.texts == 3000


def test_what_arrives_between_pages_moves_nothing_to_a_later_page() -> None:
    documents = feed(5, 80)
    with Index.open(":memory:", Config(seed=7, min_words=3)) as index:
        index.add(documents[:40])
        for query in (StoryQuery(), StoryQuery(words="word3")):
            first = index.stories(query, most=5)
            assert first.next is not None
            later = {card.name for card in pages(index, query, 7)} - {card.name for card in first.cards}
            index.add(documents[40:60] if query.words else documents[60:])
            second = index.stories(query, before=first.next, most=100)
            assert {card.newest for card in second.cards} < {*range(first.next)}
            shown = {card.newest for card in first.cards}
            assert not shown & {card.newest for card in second.cards}
            assert later


def told(index: Index, name: str) -> StoryCard:
    return next(card for card in pages(index, StoryQuery(), 100) if card.name == name or card.id == name)


STORM = "The storm closed the harbour of Marsa on Monday, and 12 ships wait outside of the port for the wind to fall."


def test_a_text_is_compared_with_the_older_one_that_it_is_most_like() -> None:
    asked = []

    def tell_names(older: Document, newer: Document) -> TextNews:
        asked.append((older.id, newer.id))
        return TextNews(("number",), ("raised",), {"en": "new"})

    with Index.open(":memory:", Config(seed=7)) as index:
        index.add([Document("a", STORM, title="Storm"), Document("b", STORM.replace("12", "15") + " Three were lost, their owners say.")])
        index.add([Document("c", STORM.replace("12", "13"))])
        index.add([Document("d", STORM)])
        assert told(index, "d").news is None
        assert index.catch_up(tell_names, most=2) == 2
        assert asked == [("a", "c")]  # the newest first; a copy brings nothing
        assert index.catch_up(tell_names) == 2
        assert asked == [("a", "c"), ("a", "b")]
        assert index.catch_up(tell_names) == 0
        card = told(index, "d")
        assert (card.texts, card.independent, card.title) == (4, 1, STORM)
        assert card.news == TextNews((), (), {})
        (card,) = pages(index, StoryQuery(alarms=True), 5)
        assert (card.id, card.news) == ("c", TextNews(("number",), ("raised",), {"en": "new"}))
        index.remove(["a"])  # what quotes it is told anew, against what is there
        assert index.catch_up(tell_names) > 0
        assert {older for older, _ in asked[2:]} <= {"b", "c", "d"}
        assert index.verify() == []


NEWS = "select row, older, kinds, alarms, lines, texts, independent from news order by row"


@pytest.mark.parametrize("verdict", ["different", "same"])
def test_an_answer_that_comes_while_texts_are_compared_is_heeded(verdict: str) -> None:
    index = Index.open(":memory:", Config(seed=7))
    answered = []

    def tell_and_judge(older: Document, newer: Document) -> TextNews:
        if not answered:
            answered.append((older.id, newer.id))
            index.judge("a", "b", verdict)
        return tell(older, newer)

    with index:
        index.add(
            [
                Document("a", STORM),
                Document("b", STORM.replace("12", "15") if verdict == "different" else "A quiet day in the hills."),
                Document("c", STORM.replace("12", "17")),
            ]
        )
        while index.catch_up(tell_and_judge):
            pass
        found = index._store.rows(NEWS)
        index.judge("a", "b", None)
        index.judge("a", "b", verdict)  # all that it concerns is told anew
        catch_up(index)
        assert index._store.rows(NEWS) == found
        assert index.verify() == []


def test_what_was_compared_with_a_text_of_another_story_is_told_anew() -> None:
    with Index.open(":memory:", Config(seed=7)) as index:
        index.add([Document("a", STORM), Document("b", STORM.replace("12", "15"))])
        catch_up(index)
        assert told(index, "b").news != TextNews((), (), {})
        index.judge("a", "b", "different")
        assert told(index, "b").news is None
        catch_up(index)
        assert (told(index, "b").news, told(index, "b").independent) == (TextNews((), (), {}), 1)
        assert [card.id for card in pages(index, StoryQuery(kinds=("number", "wording", "name")), 5)] == []
        index.judge("a", "b", None)
        catch_up(index)
        assert told(index, "b").news != TextNews((), (), {})
        assert index.verify() == []


def test_new_arrivals_are_looked_at_before_the_backlog() -> None:
    with Index.open(":memory:", Config(seed=7)) as index:
        index.add([Document(f"old{number}", f"{STORM} {WORDS[number]}") for number in range(20)])
        assert index.catch_up(tell, most=5) == 5
        index.add([Document("new", f"{STORM} Later {WORDS[30]}")])
        assert told(index, "new").news is None
        assert index.catch_up(tell, most=1) == 1
        assert told(index, "new").news is not None
        catch_up(index)
        ((left,),) = index._store.rows("select count(*) from segments s left join news n on n.row = s.row where n.row is null")
        assert left == 0


def test_without_texts_stories_are_listed_and_searched() -> None:
    with Index.open(":memory:", Config(seed=7), keep_texts=False) as index:
        index.add([Document("a", STORM, title="Storm"), Document("b", STORM.replace("12", "15"))])
        catch_up(index)
        (card,) = pages(index, StoryQuery(words="harbour marsa"), 5)
        assert (card.texts, card.title, card.independent, card.news) == (2, "", None, TextNews((), (), {}))
        assert [*pages(index, StoryQuery(words="harbour nowhere"), 5)] == []
        version = index.text("a")
        assert version is not None
        assert version.document.text == ""


ARABIC = [
    ("الميناء", True),
    ("ميناء", True),
    ("للميناء", True),
    ("مرسي", True),
    ("مَرْسى", True),
    ("وزير", True),
    ("الوزير", True),
    ("وزراء", False),
    ("ناء", False),
    ("١٢", True),
    ("Marsa", False),
]


@pytest.mark.parametrize(("words", "found"), ARABIC)
def test_arabic_words_are_found_with_their_particles_and_spellings(words: str, found: bool) -> None:
    text = "أعلن الوزير أمس أن بالميناء في مدينة مرسى 12 سفينة تنتظر هبوط الرياح"
    with Index.open(":memory:", Config(seed=7)) as index:
        index.add([Document("a", text, title="إغلاق"), Document("b", "Rain is expected in the north on Monday and on Tuesday.")])
        assert [card.id for card in pages(index, StoryQuery(words=words), 5)] == ["a"] * found
        assert [card.id for card in pages(index, StoryQuery(words=f"إغلاق {words}"), 5)] == ["a"] * found


def test_words_of_scripts_without_spaces_are_found() -> None:
    with Index.open(":memory:", Config(seed=7)) as index:
        index.add([Document("a", "北京市的港口昨天关闭了，因为暴风雨。")])
        assert [len([*pages(index, StoryQuery(words=words), 5)]) for words in ("港口", "北京市", "北", "上海", "港京")] == [1, 1, 0, 0, 0]


def test_segments_are_found_by_their_headings() -> None:
    text = "News of the day\n\n== Harbour ==\n\n" + STORM
    with Index.open(":memory:", Config(seed=7, level="segment")) as index:
        index.add([Document("bulletin", text, segmented=True)])
        headings = [text["section"] for text in oracle_texts(index)]
        (card, *_) = pages(index, StoryQuery(words="ships"), 5)
        assert index.facets().sections == tuple((heading, 1) for heading in headings if heading is not None)
        assert index.text(card.name) is not None


@pytest.mark.parametrize(
    ("query", "values", "error"),
    [
        (StoryQuery(words=" ".join(WORDS)), {}, InputError),
        (StoryQuery(), {"most": 0}, ConfigError),
    ],
)
def test_what_cannot_be_asked_is_refused(query: StoryQuery, values: dict[str, Any], error: type[Exception]) -> None:
    with Index.open(":memory:") as index, pytest.raises(error):
        index.stories(query, **values)


@pytest.mark.parametrize("words", ["!!!", "% _", '"', "a" * 5000, "\0", "\ud800"])
def test_hostile_words_find_nothing(words: str) -> None:
    with Index.open(":memory:", Config(seed=7)) as index:
        index.add([Document("a", STORM)])
        assert [*pages(index, StoryQuery(words=words, sources=(words,)), 5)] == []
        assert index.story(words) is None
        assert index.text(words) is None
        assert index.erase(words) == 0


def test_damage_is_found_in_what_is_kept_for_a_desk(tmp_path: Path) -> None:
    for table, change in (("news", "texts = texts + 1"), ("facets", "seal = seal + 1"), ("search", "token = token + 1")):
        with Index.open(str(tmp_path / f"{table}.db"), Config(seed=7)) as index:
            skip_rows(index, BLOCK - 2)
            index.add([Document("a", STORM), Document("b", STORM.replace("12", "15"))])
            catch_up(index)
            assert index.verify() == []
            with index._writing():
                index._store.run(
                    f"update {table} set {change} where rowid in (select rowid from {table} limit 1)"
                    if table == "news"
                    else f"update {table} set {change}"
                )
            assert any(table in line for line in index.verify())


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as found:
        yield found.url


def test_a_server_answers_as_a_file_does(server: str) -> None:
    documents = feed(11, 120)
    with (
        Index.open(f"{server}&schema=browse", Config(seed=7, min_words=3)) as index,
        Index.open(":memory:", Config(seed=7, min_words=3)) as plain,
    ):
        for each in (index, plain):
            skip_rows(each, BLOCK - 60)
            each.add(documents)
            each.remove([documents[5].id, documents[60].id])
            catch_up(each)
        for query in (
            StoryQuery(),
            StoryQuery(words="word3"),
            StoryQuery(kinds=("number",), sources=("north", "مرسى")),
            StoryQuery(alarms=True, since=0.0),
        ):
            assert [*pages(index, query, 7)] == [*pages(plain, query, 7)]
        assert index.facets() == plain.facets()
        assert index.newest_row() == plain.newest_row()
        assert index.verify() == []
