"""Answers of people: what was joined stays together and what was parted never meets, in an index and in a search alike."""

from __future__ import annotations

import pytest

from dedup import Document, Index
from dedup.errors import InputError

NORTH, TOLD, SHOWERS = (
    "Rain is expected in the north on Monday, they said.",
    "Rain is expected in the north on Monday, they told.",
    "Showers will reach the hills.",
)


def members(index: Index) -> list[tuple[str, ...]]:
    return sorted(cluster.members for cluster in index.clusters())


def test_what_people_join_and_part_shows_in_clusters() -> None:
    with Index.open(":memory:") as index:
        index.add([Document("1", NORTH), Document("2", SHOWERS), Document("3", TOLD)])
        index.judge("2", "1", "same", who="ed", moment=5.0)
        assert members(index) == [("1", "2", "3")]
        index.judge("1", "3", "different")
        assert members(index) == [("1", "2")]
        with pytest.raises(InputError, match=r"'2' and '3' cannot be the same: '1' and '3' were said to be different"):
            index.judge("3", "2", "same")
        index.judge("3", "1", None)
        assert members(index) == [("1", "2", "3")]
        index.judge("1", "3", "same")
        with pytest.raises(InputError, match=r"'2' and '3' cannot be parted: they are joined by answers about '1' and '2', '1' and '3'"):
            index.judge("2", "3", "template")
        assert [(label["a"], label["b"], label["duplicate"]) for label in index.labels()] == [("1", "2", True), ("1", "3", True)]
