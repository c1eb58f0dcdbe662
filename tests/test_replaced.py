"""What is decided about a text whose words were replaced before, and about a round-up."""

from __future__ import annotations

import pytest

from dedup import Document, Gate, Index
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
