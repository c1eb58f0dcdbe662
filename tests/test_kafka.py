"""Records of Kafka, each story passed on once, whatever is killed when."""

from __future__ import annotations

import json
import random
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from command_support import start
from conftest import ROOT
from test_delivery import STORIES

from dedup import Gate, Index
from dedup.errors import InputError, StoreError

pytest.importorskip("confluent_kafka")
KILLS = 100
CALLS = "any", "decide", "produce", "send_offsets_to_transaction", "commit_transaction", "deliver", "time"  # when a process is killed


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    from services_support import service

    with service("kafka") as address:
        yield address


def send(address: str, topic: str, values: list[bytes], partitions: int = 1) -> None:
    """Make a topic and write records to it, to its partitions in turn."""
    from confluent_kafka import Producer
    from confluent_kafka.admin import AdminClient, NewTopic

    admin = AdminClient({"bootstrap.servers": address})
    admin.create_topics([NewTopic(topic, partitions, 1)])[topic].result(30)
    producer = Producer({"bootstrap.servers": address})
    for number, value in enumerate(values):
        producer.produce(topic, value, key=b"k%d" % number, partition=number % partitions)
    assert producer.flush(30) == 0


def received(address: str, topic: str, isolation: str = "read_committed") -> list[Any]:
    """Return the messages of a topic, those that others than the transactions that were broken off have written."""
    from confluent_kafka import Consumer, TopicPartition

    settings = {"bootstrap.servers": address, "group.id": "reader", "isolation.level": isolation, "enable.partition.eof": True}
    consumer = Consumer({**settings, "enable.auto.commit": False, "auto.offset.reset": "earliest"})
    with closing(consumer):
        partitions = consumer.list_topics(topic, 30).topics[topic].partitions
        consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
        found: list[Any] = []
        ended: set[int] = set()
        while len(ended) < len(partitions):
            message = consumer.poll(30)
            assert message is not None
            if message.error() is None:
                found.append(message)
            else:
                ended.add(message.partition())
        return found


def record(name: object, text: str) -> bytes:
    return json.dumps({"id": str(name), "text": text}, ensure_ascii=False).encode()


def stories(count: int) -> list[str]:
    return [f"{' '.join(f'w{number}x{k}' for k in range(30))} {STORIES[number % len(STORIES)]}" for number in range(count)]


def test_nothing_is_lost_or_doubled_by_a_process_that_is_killed_a_hundred_times(broker: str, tmp_path: Path) -> None:
    chance = random.Random(7)
    told = [(story, record(f"{story}-{time}", text)) for story, text in enumerate(stories(400)) for time in range(2)]
    told += chance.choices(told, k=200)  # sent again
    chance.shuffle(told)
    send(broker, "in", [value for _, value in told], 2)
    for topic in ("kept", "duplicates"):
        send(broker, topic, [])
    place = str(tmp_path / "index.db")
    killed = 0
    with start([sys.executable, str(ROOT / "tests/kafka_worker.py"), broker, place, str(len(told))], ("stdin", "stdout")) as worker:
        assert worker.stdin
        assert worker.stdout
        status = -1
        while status:
            name = chance.choice(CALLS)
            order = f"{name} {chance.randint(1, 90 if name == 'any' else 6)} 10000"
            if name == "time":
                order = f"any 0 {chance.randint(20, 300)}"
            if killed >= KILLS:
                order = "any 0 600000"
            worker.stdin.write(f"{order}\n".encode())
            worker.stdin.flush()
            status = int(worker.stdout.readline())
            assert status in (0, -signal.SIGKILL, -signal.SIGALRM)
            killed += status != 0
        worker.stdin.close()
    assert killed >= KILLS
    kept, duplicates = received(broker, "kept"), received(broker, "duplicates")
    places = Counter(dict(message.headers())["dedup-source"] for message in [*kept, *duplicates])
    assert set(places.values()) == {1}
    assert len(places) == len(told)
    by_story = Counter(json.loads(message.value())["id"].partition("-")[0] for message in kept)
    assert by_story == {str(story): 1 for story, _ in told}
    with Index.open(place) as index:
        assert index.verify() == []


class Killed(Exception):
    """Stands for a process that ends at a call of the index."""


def begun(address: str, place: str, topics: Any, name: str = "one", **options: Any) -> Any:
    """Return a gate that has passed nothing on yet, and its index."""
    from confluent_kafka import Consumer, Producer

    from dedup.integrations.kafka import KafkaGate

    consumer = Consumer({"bootstrap.servers": address, "group.id": name, "enable.auto.commit": False})
    producer = Producer({"bootstrap.servers": address, "transactional.id": name, "linger.ms": 0})
    index = Index.open(place)
    return KafkaGate(consumer, producer, Gate(index), topics, name=name, **options), index


def pass_all(address: str, place: str, topics: Any, total: int) -> None:
    gate, index = begun(address, place, topics)
    with closing(index):
        gate.run(lambda: sum(map(int, index.notes().values())) >= total)


def topics_for(address: str, name: str, values: list[bytes], **more: str) -> Any:
    from dedup.integrations.kafka import Topics

    send(address, f"{name}-in", values)
    topics = Topics(f"{name}-in", f"{name}-kept", **{role: f"{name}-{role}" for role in more})
    for topic in (topics.kept, topics.duplicates, topics.rejects):
        if topic:
            send(address, topic, [])
    return topics


def ids(address: str, topic: str) -> list[str]:
    return [json.loads(message.value())["id"] for message in received(address, topic)]


def killed_after_the_commit(gate: Any, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Pass some records on, and end before the index knows that they have arrived."""
    deliver, step = Index.deliver, gate.step
    gate.step = lambda: step(5, most)

    def fail(self: Index, notes: dict[str, str]) -> None:
        if gate._started:
            raise Killed
        deliver(self, notes)

    with monkeypatch.context() as patch:
        patch.setattr(Index, "deliver", fail)
        with pytest.raises(Killed):
            gate.run()
    with pytest.raises(StoreError, match="closed"):  # so that nobody goes on with what was broken off
        gate.step()


def test_what_was_written_is_written_once_however_often_a_process_ends_before_it_is_noted(
    broker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = stories(8)
    values = [record(number, text) for number, text in enumerate(texts)]
    topics = topics_for(broker, "once", [*values, values[0]], duplicates="")
    place = str(tmp_path / "index.db")
    for most in (4, 2, 1):
        killed_after_the_commit(begun(broker, place, topics)[0], monkeypatch, most)
    pass_all(broker, place, topics, 9)
    assert ids(broker, topics.kept) == [str(number) for number in range(8)]
    assert ids(broker, topics.duplicates) == ["0"]


def test_of_two_records_that_are_the_same_the_one_that_was_written_is_the_one_that_was_let_through(
    broker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dedup.integrations.kafka import Topics

    values = [record(number, text) for number, text in enumerate(stories(6))]
    send(broker, "same-in", [values[number // 2] for number in range(12)], 2)  # each once in each partition
    topics = Topics("same-in", "same-kept", "same-duplicates")
    for topic in ("same-kept", "same-duplicates"):
        send(broker, topic, [])
    place = str(tmp_path / "index.db")
    killed_after_the_commit(begun(broker, place, topics, partitions=[1])[0], monkeypatch, 4)
    pass_all(broker, place, topics, 12)
    assert sorted(ids(broker, "same-kept")) == sorted(ids(broker, "same-duplicates")) == [str(number) for number in range(6)]


def test_a_record_that_goes_on_is_as_it_was_with_the_decision_beside_it(broker: str, tmp_path: Path) -> None:
    values = [record(1, STORIES[0]), record(2, STORIES[0].upper()), b"{", b'{"id": "3"}', record(4, STORIES[1])]
    topics = topics_for(broker, "as-it-was", values, duplicates="", rejects="")
    pass_all(broker, str(tmp_path / "index.db"), topics, 5)
    kept, duplicates, rejects = (received(broker, topic) for topic in (topics.kept, topics.duplicates, topics.rejects))
    assert [(message.key(), message.value()) for message in kept] == [(b"k0", values[0]), (b"k4", values[4])]
    headers = dict(duplicates[0].headers())
    assert json.loads(headers["dedup"])["of"] == "1"
    assert headers["dedup-source"] == b"as-it-was-in/0/1"
    assert [message.value() for message in rejects] == [b"{", b'{"id": "3"}']
    assert b"no JSON" in dict(rejects[0].headers())["dedup"]
    assert dict(rejects[1].headers())["dedup"].startswith(b"as-it-was-in/0:3: no field 'text'")


def test_a_bad_record_stops_the_work_where_nobody_takes_it(broker: str, tmp_path: Path) -> None:
    topics = topics_for(broker, "bad", [record(1, STORIES[0]), b"\xff"])
    for _ in range(2):
        gate, _ = begun(broker, str(tmp_path / "index.db"), topics)
        with pytest.raises(InputError, match=r"^bad-in/0:1: no JSON"):
            gate.run()
    assert ids(broker, topics.kept) in ([], ["1"])  # in parts of one record or of two


def test_two_processes_never_work_under_one_name(broker: str, tmp_path: Path) -> None:
    topics = topics_for(broker, "two", [record(1, STORIES[0])])
    place = str(tmp_path / "index.db")
    gate, index = begun(broker, place, topics)
    with closing(index):
        gate.step(5)
        other, _ = begun(broker, place, topics)
        with pytest.raises(StoreError, match="another process works as 'kafka/one'"):
            other.step(5)
    pass_all(broker, place, topics, 1)


def test_records_that_are_gone_are_no_quiet_gap(broker: str, tmp_path: Path) -> None:
    topics = topics_for(broker, "gone", [record(1, STORIES[0])])
    place = str(tmp_path / "index.db")
    with Index.open(place) as index:
        index.deliver({"kafka/one/gone-in/0": "7"})
    gate, _ = begun(broker, place, topics)
    with pytest.raises(InputError, match=r"^gone-in/0: the offset to go on from is 7, and it has those from 0 to 1; "):
        gate.step(5)
    from dedup.integrations.kafka import Topics

    gate, _ = begun(broker, place, Topics("nowhere", "out"))
    with pytest.raises(InputError, match=r"^nowhere: no such topic"):
        gate.step(5)
