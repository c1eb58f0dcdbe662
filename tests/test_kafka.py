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

from dedup import Document, Gate, Index
from dedup.errors import InputError, StoreError

pytest.importorskip("confluent_kafka")
KILLS = 100


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
            for message in consumer.consume(500, 30):
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
            if killed < KILLS:
                order = (chance.randint(1, 100), 60_000) if killed % 4 else (0, chance.randint(20, 400))
            else:
                order = 0, 600_000
            worker.stdin.write(b"%d %d\n" % order)
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
