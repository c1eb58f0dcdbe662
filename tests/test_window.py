"""An index with a window forgets what was last seen longer ago, and decides as if it had never been there."""

from __future__ import annotations

import json
import logging
import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from command_support import run_command
from postgres_support import postgres

from dedup import Decision, Document, Gate, Index, TextNews
from dedup.errors import ConfigError, StoreError
from dedup.index import forget as forgetting
from dedup.index import news, window
from dedup.index.browse import blocks
from dedup.index.rebuild import rebuild
from dedup.index.storage.sqlite import SqliteStore
from dedup.index.storage.tables import TEXTS

DAY = 86400.0
WORDS = [f"{start}{middle}{end}" for start in "bdfgklmnprst" for middle in ("ara", "olo", "inu", "ete") for end in ("", "n", "sk", "dim")]
BRIDGE = "Four people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed for now."
HARBOUR = "The harbour of Bosk will be dredged from spring on, the ministry of transport said, so that larger ships can call there soon."


def text(seed: object, words: int = 30) -> str:
    """Return an invented text that is like no other one."""
    rng = random.Random(f"text {seed}")
    return " ".join(rng.choice(WORDS) + rng.choice(WORDS) for _ in range(words))


def document(name: str, day: float, words: str, **about: Any) -> Document:
    return Document(name, words, time=str(1_600_000_000 + day * DAY), **about)


def day_of_news(day: int, count: int = 16) -> list[Document]:
    """Return the news of a day: texts that are like no others."""
    return [document(f"{day}-{place}", day + place / count, text((day, place))) for place in range(count)]


def filled(index: Index, days: Sequence[int]) -> None:
    for day in days:
        index.add(day_of_news(day))


def opened(keep_for: float | None = 10 * DAY, path: str = ":memory:") -> Index:
    return Index.open(path, {"seed": 7}, keep_for=keep_for)


def stored(index: Index) -> set[str]:
    return {each.id for each, _ in index.documents()}


def test_what_was_last_seen_longer_ago_is_forgotten() -> None:
    with opened() as index:
        index.add([document("bridge", 0, BRIDGE)])
        filled(index, range(1, 9))
        assert index.add([document("again", 9, BRIDGE)])[0].of == "bridge"
        filled(index, range(9, 30))
        found = stored(index)
        assert found.isdisjoint({"bridge", "again", "1-0", "18-0"})
        assert {"20-0", "29-15"} <= found
        assert len(found) == index.stats()["documents"] < 16 * 12
        assert index.add([document("once more", 30, BRIDGE)])[0].action == "index"
        assert index.verify() == []


def test_repeats_prolong_what_was_let_through_and_those_that_were_held_back_go() -> None:
    with opened() as index:
        index.add([document("bridge", 0, BRIDGE)])
        for day in range(1, 50):
            filled(index, [day])
            if day % 7 == 0:
                assert index.add([document(f"again {day}", day, BRIDGE.replace("for now", "until then"))])[0].of == "bridge"
        found = stored(index)
        assert "bridge" in found
        assert {name for name in found if name.startswith("again")} == {"again 42", "again 49"}
        [cluster] = index.clusters()
        assert cluster.members == ("again 42", "again 49", "bridge")
        assert index.verify() == []


def test_an_update_stands_for_what_it_has_replaced_as_long_as_the_story_goes_on() -> None:
    with opened() as index:
        gate = Gate(index, news=lambda old, new: ("more",) if "Seven" in new and "Four" in old else None)
        gate.decide(document("four", 0, BRIDGE))
        assert gate.decide(document("seven", 1, BRIDGE.replace("Four", "Seven"))).action == "update"
        for day in range(1, 40):
            filled(index, [day])
            if day % 8 == 0:
                assert gate.decide(document(f"again {day}", day, BRIDGE.replace("Four", "Seven"))).of == "seven"
        assert "four" not in stored(index)
        assert index.verify() == []


def test_a_record_that_comes_again_is_seen_again() -> None:
    with opened() as index:
        bridge, harbour = document("bridge", 0, BRIDGE), document("harbour", 0, HARBOUR)
        index.add([bridge, harbour])
        for day in range(1, 28):
            filled(index, [day])
            if day % 8 == 0:
                index.add([bridge])
        assert "bridge" in stored(index)
        assert "harbour" not in stored(index)


def test_one_record_with_a_wrong_time_forgets_nothing() -> None:
    with opened() as index:
        index.add([document("bridge", 0, BRIDGE), document("wrong", 9000, text("wrong"))])
        for day in range(1, 9):
            filled(index, [day])
            index.add([document(f"wrong {day}", 9000 + day, text(("wrong", day)))])
        assert index.add([document("again", 9, BRIDGE)])[0].of == "bridge"
        assert index.stats()["window"]["forgotten"] == 0


def test_a_record_older_than_the_window_is_decided_about_and_stays_as_long_as_others() -> None:
    with opened() as index:
        filled(index, range(100, 110))
        assert index.add([document("old", 3, BRIDGE), document("older", 2, BRIDGE)])[1].of == "old"
        filled(index, range(110, 118))
        assert "old" in stored(index)
        filled(index, range(118, 124))
        assert "old" not in stored(index)


def test_an_archive_is_not_forgotten_at_once_whatever_its_order() -> None:
    archive = [each for day in range(8) for each in day_of_news(day)]
    random.Random(1).shuffle(archive)
    with opened() as index:
        index.add(archive)
        assert index.stats()["documents"] == len(archive)


def test_without_times_the_arrival_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [5e8]
    monkeypatch.setattr(SqliteStore, "now", lambda store: now[0])
    with opened() as index:
        index.add([Document("bridge", BRIDGE)])
        now[0] += 9 * DAY
        assert index.add([Document("again", BRIDGE)])[0].of == "bridge"
        now[0] += 9 * DAY
        assert index.add([Document("third", BRIDGE)])[0].of == "bridge"
        now[0] -= 400 * DAY  # a clock that was set back
        assert index.add([Document("fourth", BRIDGE)])[0].of == "bridge"
        now[0] += 415 * DAY
        assert index.add([Document("last", BRIDGE)])[0].action == "index"


def mixed_feed(days: int, seed: int = 3) -> list[Document]:
    """Return a feed with news, repeats after days and weeks, new versions, redeliveries and withdrawals."""
    rng = random.Random(seed)
    feed: list[Document] = []
    for day in range(days):
        for place in range(12):
            moment, name = day + place / 12, f"{day}-{place}"
            earlier = rng.choice(feed[-300:]) if feed else None
            roll = rng.random()
            if earlier is None or roll < 0.55 or not earlier.text:
                feed.append(document(name, moment, text((seed, name))))
            elif roll < 0.75:
                words = earlier.text.split()
                words[rng.randrange(len(words))] = "marsa"
                feed.append(document(name, moment, " ".join(words)))
            elif roll < 0.82:
                feed.append(document(name, moment, earlier.text))
            elif roll < 0.9:
                feed.append(earlier)
            elif roll < 0.95:
                feed.append(document(earlier.id, moment, text((seed, name, "new"))))
            else:
                feed.append(document(earlier.id, moment, ""))
    return feed


def decided(index: Index, feed: Sequence[Document], part: int, delivered: bool = True) -> list[Decision]:
    found: list[Decision] = []
    for start in range(0, len(feed), part):
        found += index.decide(index.prepare(feed[start : start + part]), delivered=delivered)
    return found


@pytest.mark.parametrize("delivered", [False, True])
def test_what_is_decided_depends_on_the_feed_and_not_on_its_parts(monkeypatch: pytest.MonkeyPatch, delivered: bool) -> None:
    monkeypatch.setattr(window, "_PART", 16)
    monkeypatch.setattr(window, "_MOST", 24)
    feed = mixed_feed(45)
    found = {}
    for part in (1, 37, len(feed)):
        with opened() as index:
            # What an earlier part has delivered is seen, not known from the same one.
            answers = [replace(each, why=None if each.why == "seen" else each.why) for each in decided(index, feed, part, delivered)]
            found[part] = answers, sorted(stored(index)), index.clusters(), index.stats()["window"]
            assert index.verify() == []
    assert len({repr(each) for each in found.values()}) == 1
    answers, *_, told = found[1]
    assert told["forgotten"] > 200
    assert {each.action for each in answers} >= {"index", "skip", "withdraw"}


def test_two_who_share_an_index_decide_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "_PART", 16)
    monkeypatch.setattr(window, "_MOST", 24)
    feed = mixed_feed(40)
    with opened() as alone:
        expected = decided(alone, feed, 20)
    path = str(tmp_path / "seen.db")
    with opened(path=path) as one, opened(None, path) as other:  # whoever comes later finds the window there
        found: list[Decision] = []
        for place in range(0, len(feed), 20):
            found += decided(other if place // 20 % 3 else one, feed[place : place + 20], 20)
    assert found == expected


@pytest.mark.parametrize("broken_off", [[250], [400], [5, 300, 420], [3, 3, 3, 12]])
def test_after_a_run_that_was_broken_off_the_same_input_gets_the_same_answers(tmp_path: Path, broken_off: list[int]) -> None:
    feed = [*{(each.id, each.text): each for each in mixed_feed(40) if each.text}.values()]
    results = []
    for number, ends in enumerate(([], broken_off)):
        path = str(tmp_path / f"{number}.db")
        for end in (*ends, len(feed)):
            with closing(opened(path=path)) as index:
                answers: list[Decision] = []
                for start in range(0, end, 50):
                    answers += index.decide(index.prepare(feed[start : min(end, start + 50)]))
                if end < len(feed):
                    continue  # broken off
                index.deliver()
                results.append((answers, sorted(stored(index)), index.clusters()))
                assert index.verify() == []
        with opened(path=path) as index:  # nobody asks for it any more
            decided(index, [each for day in (100, 101, 115, 116) for each in day_of_news(day)], 16)
            assert index._store.rows("select count(*) from told") == [(0,)]
    assert results[0] == results[1]


def test_what_a_run_was_told_that_nobody_repeats_is_kept_for_another_window(tmp_path: Path) -> None:
    path = str(tmp_path / "seen.db")
    with closing(opened(path=path)) as index:  # broken off
        index.add([document("bridge", 0, BRIDGE), *(each for day in range(1, 5) for each in day_of_news(day))])
    counts = []
    with opened(path=path) as index:
        for day in range(5, 40):
            index.decide(index.prepare(day_of_news(day)), delivered=True)
            counts.append(index._store.rows("select count(*) from told")[0][0])
            if day == 18:
                assert "bridge" not in stored(index)
                assert index.would_decide(index.prepare([document("bridge", 18, BRIDGE)]))[0].action == "index"
                assert index.would_decide(index.prepare([document("again", 18, BRIDGE)]))[0].action == "index"
    assert max(counts) == 65
    assert counts[-1] == 0


def test_what_was_told_of_a_document_is_erased_with_it(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    with opened(path=str(path)) as index:
        gate = Gate(index, news=lambda old, new: (f"not any more: {old[:40]}",))
        gate.decide_all([document("bridge", 0, BRIDGE), document("seven", 0, BRIDGE.replace("Four", "Seven"))])
        for day in range(1, 14):
            gate.decide_all(day_of_news(day))
        assert {name for (name,) in index._store.rows("select id from told")} >= {"bridge", "seven"}
        index.erase("bridge")
        assert {name for (name,) in index._store.rows("select id from told")}.isdisjoint({"bridge", "seven"})
        assert b"Four people were killed" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_blocks_of_the_search_of_the_desk_go_with_their_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    def caught_up(index: Index) -> list[int]:
        while index.catch_up(lambda older, newer: TextNews((), (), {})):
            pass
        return [block for (block,) in index._store.rows("select distinct block from search order by block")]

    for module in (blocks, news, forgetting):
        monkeypatch.setattr(module, "BLOCK", 16)
    with opened() as index:
        filled(index, range(9))
        assert caught_up(index) == [*range(9)]
        index.add([document("0-0 again", 9, day_of_news(0)[0].text)])
        filled(index, range(9, 30))
        kept = [row for (row,) in index._store.rows("select row from segments order by row")]
        assert caught_up(index)[0] == kept[0] // 16
        places = index._store.rows("select count(*) from search where block < ?", (kept[0] // 16,))
        assert places == [(0,)]


def test_forgetting_is_part_of_the_transaction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "seen.db")
    with opened(path=path) as index:
        filled(index, range(15))
    with closing(sqlite3.connect(path)) as connection:
        before = [*connection.iterdump()]
    was, happened = window.Window.write, []

    def fails(self: window.Window) -> None:
        was(self)
        happened.append(True)
        raise StoreError("the power is gone")

    with opened(path=path) as index:
        monkeypatch.setattr(window.Window, "write", fails)
        with pytest.raises(StoreError):
            index.add([each for day in range(30, 33) for each in day_of_news(day)])
        monkeypatch.undo()
        assert happened
        assert index.verify() == []
    with closing(sqlite3.connect(path)) as connection:
        assert [*connection.iterdump()] == before
    with opened(path=path) as index:
        filled(index, range(30, 33))
        assert "1-1" not in stored(index)


def test_a_burst_is_forgotten_bit_by_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "_PART", 8)
    monkeypatch.setattr(window, "_MOST", 16)
    with opened() as index:
        index.add([document(f"burst {place}", 1, text(("burst", place))) for place in range(300)])
        left = []
        for day in range(14, 20):
            for each in day_of_news(day):
                index.add([each])
                left.append(sum(name.startswith("burst") for name in stored(index)))
        assert max(before - after for before, after in pairwise([300, *left])) == 16
        assert left[-1] < 150


def test_the_size_stays_level(tmp_path: Path) -> None:
    path = str(tmp_path / "seen.db")
    sizes: list[dict[str, int]] = []
    with opened(path=path) as index:
        for keeping in range(10):
            feed = [each for day in range(10 * keeping, 10 * keeping + 10) for each in day_of_news(day, 20)]
            feed += [document(f"{each.id} again", keeping * 10 + 9.99, each.text + " marsa") for each in feed[::7]]
            decided(index, feed, 30)
            tables = ("documents", "segments", "texts", "words", "links", "names", "sightings", "arrivals", "told")
            counts = {table: index._store.rows(f"select count(*) from {table}")[0][0] for table in tables}
            ((pages,),) = index._store.rows("pragma page_count")
            sizes.append({**counts, "postings": index.stats()["postings"], "pages": pages})
        assert index.verify() == []
    usual = sizes[2]
    for name, size in usual.items():
        for later in sizes[3:]:
            assert later[name] <= 1.1 * size + 5, name
    assert usual["documents"] < 1.45 * sizes[0]["documents"]
    assert usual["postings"] < 1.8 * sizes[0]["postings"]


def test_what_was_forgotten_stands_nowhere_in_the_files(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    secret = "Minister Zanzibarov met the quillfeather delegation in Marsa on Monday, and twelve of them signed the paper of the harbour."
    with opened(path=str(path)) as index:
        filled(index, range(2))
        index.add([document("secret", 2, secret, title="Titularius"), document("like it", 2.1, secret.replace("twelve", "ten"))])
        ((number,),) = index._store.rows("select number from documents where id = 'secret'")
        packed = TEXTS.read(index._store, "where number = ?", (number,))[0][1]
        traces = [b"Titularius", packed[:24], packed[-24:]]
        while index.catch_up(lambda older, newer: TextNews((), (), {"en": newer.text})):
            pass
        assert all(any(trace in file.read_bytes() for file in tmp_path.iterdir()) for trace in traces)
        filled(index, range(3, 16))
        assert "secret" not in stored(index)
        while index.catch_up(lambda older, newer: TextNews((), (), {"en": newer.text})):
            pass
        index._store.rows("pragma wal_checkpoint(truncate)")
        found = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert not any(trace in found for trace in [*traces, b"Zanzibarov", b"quillfeather"])


def test_a_forgotten_cluster_has_no_name_any_more_and_others_keep_theirs() -> None:
    with opened() as index:
        told = index.add(
            [document("bridge", 0, BRIDGE), document("bridge 2", 0, BRIDGE), document("h1", 0, HARBOUR), document("h2", 0, HARBOUR)]
        )
        bridge, harbour = told[1].cluster, told[3].cluster
        assert bridge is not None
        assert harbour is not None
        assert index.resolve(bridge) == bridge
        for day in range(1, 30):
            filled(index, [day])
            if day % 8 == 0:
                index.add([document(f"h{day}", day, HARBOUR.replace("soon", "then"))])
        assert index.resolve(bridge) is None
        assert index.cluster(bridge) is None
        assert index.story(bridge) is None
        assert index.resolve(harbour) == harbour
        assert "h2" not in stored(index)
        assert index._store.rows("select count(*) from names where row is null") == [(0,)]
        index.add([document("new", 30, BRIDGE), document("bridge", 30, BRIDGE)])
        assert harbour not in {each.id for each in index.clusters() if "new" in each.members}
        assert index.verify() == []


def test_answers_of_people_stay_and_hold_again() -> None:
    with opened() as index:
        decided(index, [document("bridge", 0, BRIDGE), document("harbour", 0, HARBOUR)], 2)
        index.judge("bridge", "harbour", "same")
        filled(index, range(1, 14))
        assert "bridge" not in stored(index)
        assert len(index.verdicts()) == 1
        index.add([document("bridge", 14, BRIDGE), document("harbour", 14, HARBOUR)])
        assert [each.members for each in index.clusters()] == [("bridge", "harbour")]
        assert index.verify() == []


def test_copies_outlive_the_text_that_they_repeat() -> None:
    with Index.open(":memory:", {"seed": 7, "sources": "cross"}, keep_for=10 * DAY) as index:

        def come(days: Sequence[int]) -> None:
            index.add([replace(each, source="c") for day in days for each in day_of_news(day)])

        index.add([document("one", 0, BRIDGE, source="a")])
        come(range(1, 9))
        index.add([document("two", 9, BRIDGE, source="a")])  # of one source they do not match
        come(range(10, 14))
        assert stored(index) & {"one", "two"} == {"two"}
        assert index.add([document("three", 14, BRIDGE, source="b")])[0].of == "two"
        assert index.verify() == []


def test_fingerprints_of_forgotten_texts_do_not_recur(tmp_path: Path) -> None:
    passage = text("passage", 12)
    with opened() as index:
        index.add(
            [document(f"quote {place}", place / 30, f"{text(('a', place), 20)} {passage} {text(('b', place), 20)}") for place in range(30)]
        )
        filled(index, range(2, 16))
        index.add([document("x", 16, f"{text('x', 14)} {passage} {text('y', 14)}")])
        found = index.query(Document("y", f"{text('z', 14)} {passage} {text('v', 14)}"))
    with opened() as anew:
        filled(anew, range(2, 16))
        anew.add([document("x", 16, f"{text('x', 14)} {passage} {text('y', 14)}")])
        assert found == anew.query(Document("y", f"{text('z', 14)} {passage} {text('v', 14)}"))


def test_a_window_may_come_later_change_and_go(tmp_path: Path) -> None:
    path = str(tmp_path / "seen.db")
    with opened(None, path) as index:
        filled(index, range(20))
        assert "window" not in index.stats()
        assert index.stats()["documents"] == 320
    with opened(path=path) as index:
        filled(index, [20])
        assert "2-0" not in stored(index)
        assert "12-0" in stored(index)
    with opened(3 * DAY, path) as index:
        filled(index, [21])
        assert "12-0" not in stored(index)
    with opened(None, path) as index:
        assert index.stats()["window"]["keep_for"] == 3 * DAY
    with opened(float("inf"), path) as index:
        filled(index, range(22, 40))
        assert "22-0" in stored(index)
        assert "window" not in index.stats()
        assert index.verify() == []


@pytest.mark.parametrize("keep_for", [0, 0.5, -1.0, float("nan"), True, "30d"])
def test_what_is_no_window_is_refused(tmp_path: Path, keep_for: Any) -> None:
    with pytest.raises(ConfigError, match="keep_for"):
        Index.open(str(tmp_path / "seen.db"), keep_for=keep_for)
    assert not [*tmp_path.iterdir()]


def test_an_index_that_is_made_again_has_its_window(tmp_path: Path) -> None:
    path = str(tmp_path / "seen.db")
    with opened(path=path) as index:
        filled(index, range(14))
        index.add([day_of_news(5)[0]])
        before, told = stored(index), index.stats()["window"]
    rebuild(path, {"threshold": "0.1"})
    with Index.open(path) as index:
        assert stored(index) == before
        assert index.stats()["window"] == told
        filled(index, range(14, 18))
        assert "5-0" in stored(index)
        assert "5-1" not in stored(index)
        assert index.verify() == []


def test_it_is_said_long_before_that_no_rows_are_left(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(window, "_NEARLY", 50)
    with opened() as index, caplog.at_level(logging.WARNING):
        filled(index, range(13))
        assert "dedup index rebuild" not in caplog.text
        filled(index, range(13, 16))
    assert "dedup index rebuild" in caplog.text


def test_both_databases_forget_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "_PART", 16)
    monkeypatch.setattr(window, "_MOST", 24)
    feed = mixed_feed(25)
    with postgres() as server, opened() as one, opened(path=server.url) as other:
        assert decided(one, feed, 30) == decided(other, feed, 30)
        assert stored(one) == stored(other)
        assert one.stats() == other.stats()
        assert other.verify() == []


def test_the_command_has_a_window(tmp_path: Path) -> None:
    feed, index = tmp_path / "feed.jsonl", str(tmp_path / "seen.db")

    def told() -> dict[str, Any]:
        found: dict[str, Any] = json.loads(run_command("index", "stats", index).stdout)
        return found

    def filtered(days: Sequence[int], *options: str) -> str:
        rows = [{"id": each.id, "text": each.text, "date": float(each.time or 0)} for day in days for each in day_of_news(day)]
        feed.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return run_command("filter", str(feed), "--index", index, "--time-field", "date", *options).stderr.decode()

    assert "128 new" in filtered(range(8), "--keep-for", "5d")
    assert "16 new" in filtered([8])
    assert "96 new" in filtered(range(9, 15))
    assert told()["window"]["keep_for"] == 5 * DAY
    assert told()["window"]["forgotten"] > 100
    assert "16 new" in filtered([1])  # which is forgotten
    assert run_command("index", "verify", index).returncode == 0
    assert run_command("index", "add", index, str(feed), "--keep-for", "forever").returncode == 0
    assert "window" not in told()


@pytest.mark.parametrize("given", ["0s", "month", "-3d", "30"])
def test_the_command_refuses_what_is_no_time(tmp_path: Path, given: str) -> None:
    found = run_command("filter", "-", "--index", str(tmp_path / "seen.db"), "--keep-for", given)
    assert found.returncode == 2
    assert b"--keep-for" in found.stderr
