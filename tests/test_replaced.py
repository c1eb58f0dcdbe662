"""What is decided about a text whose words were replaced before, and about a round-up."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import Document, Gate, Index
from dedup.config import SameId
from reports import news

FOUR = "Four people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed to all cars."
SEVEN = FOUR.replace("Four", "Seven")
AR_FOUR = "قتل 4 أشخاص عندما انهار جسر في مدينة مرسى يوم الاثنين، وقالت الشرطة إن الطريق إلى الميناء مغلق أمام جميع السيارات."
AR_SEVEN = AR_FOUR.replace("4", "7")
ITEMS = [
    FOUR,
    "Rain is expected in the northern provinces from Tuesday on, the weather service of the capital said in its bulletin.",
    "The council of Lodren has voted to keep the old library open for two more years after a petition by its readers.",
    "Schools in the valley open again on Thursday, and pupils are asked to bring their own water until the pipes are mended.",
    "A ferry with ninety cars ran aground off the cape in thick fog, and nobody on board was hurt, the coast guard reported.",
]


def decided(documents: list[Document], together: bool) -> list[tuple[str, str | None, str | None, str | None]]:
    with Index.open(":memory:") as index:
        gate = Gate(index, news=news)
        found = gate.decide_all(documents) if together else [gate.decide(document) for document in documents]
        return [(each.action, each.of, each.matched, (each.digest or (None,))[0]) for each in found]


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(("four", "seven"), [(FOUR, SEVEN), (AR_FOUR, AR_SEVEN)])
def test_a_correction_that_goes_back_is_an_update(four: str, seven: str, together: bool) -> None:
    one, two, three, four_again = decided(
        [Document(str(n), text, source="wire") for n, text in enumerate((four, seven, four, seven))], together
    )
    assert one[0] == "index"
    assert two[:2] == ("update", "0")
    assert three[:3] == ("update", "1", "0")  # told with what it was compared with
    assert three[3] is not None
    assert "4" in three[3]
    assert "7" in three[3]
    assert four_again[:2] == ("update", "2")


@pytest.mark.parametrize(
    ("times", "sources", "action"),
    [
        ((None, None, None), ("wire", "wire", "wire"), "update"),
        ((None, None, None), ("wire", "wire", "paper"), "skip"),  # a late copy
        ((None, None, None), (None, "wire", None), "skip"),  # nothing tells that it corrects
        ((None, None, None), (None, None, None), "skip"),
        (("2026-03-01T08:00Z", "2026-03-01T09:00Z", "2026-03-01T10:00Z"), (None, None, None), "update"),
        (("2026-03-01T08:00Z", "2026-03-01T09:00Z", "2026-03-01T08:30Z"), (None, None, None), "skip"),  # it comes late
        (("2026-03-01T08:00Z", "2026-03-01T09:00Z", "2026-03-01T08:30Z"), ("wire", "wire", "wire"), "skip"),
        (("2026-03-01T08:00Z", "2026-03-01T09:00Z", "2026-03-01T10:00Z"), ("wire", "wire", "paper"), "skip"),
        (("2026-03-01T08:00Z", "2026-03-01T09:00Z", "2026-03-01T10:00Z"), ("wire", "wire", "wire"), "update"),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_a_late_copy_of_what_was_replaced_takes_nothing_back(
    times: tuple[str | None, ...], sources: tuple[str | None, ...], action: str, together: bool
) -> None:
    facts = zip("abc", (FOUR, SEVEN, FOUR), times, sources, strict=True)
    found = decided([Document(name, text, time=time, source=source) for name, text, time, source in facts], together)
    assert found[2][:3] == (action, "b", "a")


NUMBERS, TIMES = ("1", "2", "3", "4"), tuple(f"2026-03-0{day}T08:00Z" for day in (1, 2, 3, 4))


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(("name", "values"), [("version", NUMBERS), ("version", ("8", "9", "10", "11")), ("time", TIMES)])
@pytest.mark.parametrize(("four", "seven"), [(FOUR, SEVEN), (AR_FOUR, AR_SEVEN)])
def test_a_record_that_goes_back_to_words_of_before_is_an_update(
    four: str, seven: str, name: str, values: tuple[str, ...], together: bool
) -> None:
    texts = zip((four, seven, four, seven), values, strict=True)
    feed = [Document("a", text, **{name: value}) for text, value in texts]  # type: ignore[arg-type]
    found = decided([*feed, feed[0], feed[2], feed[3]], together)
    assert [each[:2] for each in found[:4]] == [("index", None), ("update", "a"), ("update", "a"), ("update", "a")]
    assert all(each[3] is not None and "4" in each[3] and "7" in each[3] for each in found[1:4])
    assert [each[:2] for each in found[4:]] == [("skip", "a")] * 3  # they come late, or again


@pytest.mark.parametrize("together", [True, False])
def test_a_record_goes_back_without_a_digest_where_its_texts_are_stories_of_their_own(together: bool) -> None:
    feed = [Document("a", text, version=version) for text, version in zip((ITEMS[1], ITEMS[2], ITEMS[1]), NUMBERS, strict=False)]
    with Index.open(":memory:") as index:
        found = Gate(index).decide_all(feed) if together else [*map(Gate(index).decide, feed)]
        assert [(each.action, each.version) for each in found] == [("index", None), ("index", 2), ("index", 3)]
        copy = Gate(index).decide(Document("b", ITEMS[1]))
        assert (copy.action, copy.of, copy.of_version) == ("skip", "a", 3)
        assert index.verify() == []


@pytest.mark.parametrize(
    "ages",
    [
        ({}, {}, {}),  # nothing tells that it is newer: it may have come twice
        ({"version": "1"}, {"version": "2"}, {"version": "1"}),
        ({"version": "1"}, {"version": "2"}, {"version": "2"}),
        ({"time": TIMES[0]}, {"time": TIMES[2]}, {"time": TIMES[1]}),
        ({"time": TIMES[0]}, {}, {"time": TIMES[1]}),
        ({"version": "1"}, {"version": "2"}, {"time": TIMES[1]}),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_a_version_that_comes_again_takes_nothing_back(ages: tuple[dict[str, str], ...], together: bool) -> None:
    texts = zip((FOUR, SEVEN, FOUR), ages, strict=True)
    found = decided([Document("a", text, **age) for text, age in texts], together)  # type: ignore[arg-type]
    assert [each[0] for each in found] == ["index", "update", "skip"]


def test_a_version_between_two_with_the_same_words_comes_too_late() -> None:
    one, two, three = (Document("a", text, version=value) for text, value in zip((FOUR, SEVEN, FOUR), NUMBERS, strict=False))
    for together in (True, False):
        assert [each[0] for each in decided([one, three, two], together)] == ["index", "skip", "skip"]


def hour(number: int) -> str:
    return f"2026-03-{1 + number // 24:02}T{number % 24:02}:00Z"


def record(text: str, version: int | None = None, at: int | None = None, *, of: str = "a", source: str | None = None) -> Document:
    return Document(of, text, version=None if version is None else str(version), time=None if at is None else hour(at), source=source)


@pytest.mark.parametrize(
    ("feed", "last"),
    [
        ([record(FOUR, 1), record(SEVEN, 2), record("", 3), record(FOUR, 4)], "index"),  # after a withdrawal
        ([record(""), record(FOUR, 1), record(SEVEN, 2), record(FOUR, 3)], "update"),  # what was refused does not count
        ([record(FOUR, of="o", source="w"), *(record(text, n, source="w") for n, text in enumerate((FOUR, SEVEN, FOUR)))], "update"),
        ([record(FOUR, 2, 1), record(SEVEN, at=3), record(SEVEN, 4), record(FOUR, 5)], "update"),  # numbers and times
        ([record(FOUR, at=1), record(SEVEN, at=3), record(SEVEN, at=8), record(FOUR, at=5, of="y")], "update"),
        ([record(FOUR, at=1), record(FOUR, at=21), record(FOUR, at=2, of="y")], "skip"),  # a text keeps the time it came with
    ],
)
def test_what_goes_back_is_decided_alike_together_and_one_by_one(feed: list[Document], last: str) -> None:
    one_by_one, together = decided(feed, False), decided(feed, True)
    assert one_by_one == together
    assert one_by_one[-1][0] == last


@pytest.mark.parametrize(("same_id", "action", "left"), [("version", "update", 2), ("replace", "index", 1), ("refuse", "skip", 2)])
def test_a_record_goes_back_as_the_policy_has_it(same_id: SameId, action: str, left: int) -> None:
    with Index.open(":memory:") as index:
        Gate(index, news=news).decide_all([record(FOUR, 1), record(SEVEN, 2)])
        assert Gate(index, news=news, same_id=same_id).decide(record(FOUR, 3)).action == action
        assert index.stats()["documents"] == left
        assert index.verify() == []


def test_what_came_twice_is_delivered_again_as_it_was(tmp_path: Path) -> None:
    feed = [record(ITEMS[1], 1), record(FOUR, 2), record(FOUR, 3)]
    with closing(Index.open(str(tmp_path / "index.db"))) as index:
        index.decide(index.prepare(feed), delivered=True)
    with closing(Index.open(str(tmp_path / "index.db"))) as index:
        assert [each.action for each in Gate(index, redeliver=True).decide_all(feed[:2])] == ["index", "index"]


def test_nothing_is_noted_of_a_text_that_is_seen_again_and_then_gone() -> None:
    def others(at: int) -> list[Document]:
        return [
            record(f"Item {n} tells of {n * 7 + at} sheep near river {n * 3} and of {n * 11 + at} goats.", at=at, of=f"{at}-{n}")
            for n in range(40)
        ]

    with Index.open(":memory:", keep_for=100 * 3600.0) as index:
        gate = Gate(index, news=news)
        for part in (others(0), others(1), [record(FOUR, 1, 1), record(SEVEN, 2, 2)], others(20)):
            gate.decide_all(part)
        assert [each.action for each in gate.decide_all([record(FOUR, 1, 20), record(FOUR, 3, 20)])] == ["skip", "update"]
        assert index.verify() == []


@settings(max_examples=80)
@given(
    texts=st.lists(st.sampled_from([FOUR, SEVEN, ITEMS[1], ""]), max_size=6),
    cuts=st.lists(st.integers(0, 6), max_size=2),
    name=st.sampled_from(["version", "time"]),
    together=st.booleans(),
)
def test_after_runs_that_are_broken_off_the_last_version_stands(texts: list[str], cuts: list[int], name: str, together: bool) -> None:
    ages = [str(number) if name == "version" else hour(number) for number in range(1, len(texts) + 1)]
    feed = [Document("a", text, status=None if text else "canceled", **{name: age}) for text, age in zip(texts, ages, strict=True)]  # type: ignore[arg-type]
    kept = ""
    with TemporaryDirectory() as folder:
        for cut in (*cuts, len(feed)):
            with closing(Index.open(f"{folder}/index.db")) as index:
                gate = Gate(index, news=news)
                found = gate.decide_all(feed[:cut]) if together else [*map(gate.decide, feed[:cut])]
                for document, decision in zip(feed, found, strict=False):
                    if decision.action in ("index", "update"):
                        kept = document.text
                    elif decision.action == "withdraw" and decision.of is not None:
                        kept = ""
                assert index.verify() == []
    assert kept == (texts[-1] if texts else "")


def test_without_a_digest_a_copy_of_what_was_replaced_is_held_back() -> None:
    with Index.open(":memory:") as index:
        gate = Gate(index)
        assert [each.action for each in gate.decide_all([Document("a", FOUR), Document("b", SEVEN), Document("c", FOUR)])] == [
            "index",
            "skip",
            "skip",
        ]


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("has_news", [True, False])
def test_a_round_up_replaces_none_of_its_items_and_is_not_held_back_for_one(has_news: bool, together: bool) -> None:
    documents = [Document(f"i{place}", text) for place, text in enumerate(ITEMS[:2])]
    documents.append(Document("all", "\n\n".join(ITEMS)))
    with Index.open(":memory:") as index:
        gate = Gate(index, news=news if has_news else None)
        found = gate.decide_all(documents) if together else [gate.decide(document) for document in documents]
        assert [each.action for each in found] == ["index", "index", "index"]
        assert index.verify() == []
        assert gate.decide(Document("i4", ITEMS[4])).of == "all"  # all its words are there


def test_a_text_that_has_grown_is_an_update() -> None:
    found = decided([Document("a", FOUR), Document("b", f"{FOUR}\n\n{ITEMS[1]}")], together=True)
    assert [each[:2] for each in found] == [("index", None), ("update", "a")]


def test_a_notice_withdraws_its_story_where_a_round_up_holds_it_as_well() -> None:
    with Index.open(":memory:") as index:
        gate = Gate(index, news=news)
        gate.decide_all([Document("a", FOUR), Document("all", "\n\n".join(ITEMS))])
        found = gate.decide(Document("k", f"KILL: The bridge in Marsa\n{FOUR}"))
        assert (found.action, found.of) == ("withdraw", "a")


def test_a_question_about_a_round_up_is_answered_as_it_would_be_decided() -> None:
    with Index.open(":memory:") as index:
        index.add([Document("a", FOUR)])
        assert index.would_decide(index.prepare([Document("all", "\n\n".join(ITEMS))]))[0].action == "index"
        assert {decision.action for decision in index.query("\n\n".join(ITEMS))} == {"index"}
