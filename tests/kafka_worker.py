"""A process that passes records of Kafka on and is killed again and again, for test_kafka.py.

It imports everything once. For each line of its input, ``CALL COUNT MILLISECONDS``, a child does the work of a run, and kills itself at
the COUNTth call of that name, or of any, of Kafka or of the index, before the call or after it, or when the time is over. It prints how
the child ended.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from confluent_kafka import Consumer, Producer

from dedup import Gate, Index
from dedup.integrations.kafka import KafkaGate, Topics

TOPICS = Topics("in", "kept", "duplicates")


class Mortal:
    """Passes calls on to something, until as many calls were made as its process may live for."""

    name, left = "any", 0

    def __init__(self, thing: Any):
        self._thing = thing

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._thing, name)
        if not callable(found) or name == "consumer_group_metadata":
            return found

        def call(*arguments: Any, **named: Any) -> Any:
            Mortal.tick(name)
            answer = found(*arguments, **named)
            Mortal.tick(name)
            return answer

        return call

    @classmethod
    def tick(cls, name: str) -> None:
        cls.left -= cls.name in ("any", name)
        if cls.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def work(address: str, place: str, total: int) -> None:
    """Pass on what is left of that many records."""
    consumer = Consumer(
        {"bootstrap.servers": address, "group.id": "gate", "enable.auto.commit": False, "isolation.level": "read_committed"}
    )
    producer = Producer({"bootstrap.servers": address, "transactional.id": "gate", "linger.ms": 0})
    index = Index.open(place)
    for name in ("run", "run_many"):  # calls within transactions of the index
        setattr(index._store, name, getattr(Mortal(index._store), name))
    gate: Any = KafkaGate(Mortal(consumer), Mortal(producer), Gate(Mortal(index)), TOPICS, name="gate")  # type: ignore[arg-type]
    while sum(int(offset) for offset in index.notes().values()) < total:
        gate.step(5, 6)


def main() -> None:
    """Run children, each as a line of the input says."""
    address, place, total = sys.argv[1], sys.argv[2], int(sys.argv[3])
    Index.open(":memory:").close()
    for line in sys.stdin:
        name, count, milliseconds = line.split()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                Mortal.name, Mortal.left = name, int(count)
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.setitimer(signal.ITIMER_REAL, int(milliseconds) / 1000)
                work(address, place, total)
                status = 0
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
