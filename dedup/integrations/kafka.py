"""Records from one topic of Kafka to others, each story once, whatever is killed when: consumer, gate, producer (of confluent-kafka)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import EngineError, InputError
from ..index.decision import Decision
from ..index.gate import Gate
from ..index.prepare import refuse_unfit
from ..readers.options import Reading
from ..readers.records import Record, record_of

if TYPE_CHECKING:
    from confluent_kafka import Consumer, Message, Producer

_WAIT = 30.0  # seconds for an answer of the broker
_TURN = 1.0  # seconds of one wait for a record
_END = -191  # the code of the event that says that a partition has no more records, where a consumer asks for it (librdkafka)


@dataclass(frozen=True, slots=True)
class Topics:
    """Where records come from and go to. Those held back, and bad ones, go nowhere without a topic; a bad one stops the work then."""

    source: str
    kept: str
    duplicates: str | None = None
    rejects: str | None = None


class KafkaGate:
    """Passes the records of a topic on, each story once.

    A record is a JSON object. Its bytes, key and headers are unchanged in the topic that it goes to; a header ``dedup`` has the decision,
    and ``dedup-source`` where it was: ``TOPIC/PARTITION/OFFSET``. ``consumer`` and ``producer`` are those of confluent-kafka; the producer
    has a ``transactional.id``, and the consumer ``enable.auto.commit`` False. ``name`` is that of this feed in the index, for ever; with
    ``partitions`` several processes share a topic, each with a name and a ``transactional.id`` of its own. The index of ``gate`` is used
    for nothing else meanwhile.

    The offsets are kept in the index, in the transaction that marks what was let through as delivered, and in the transaction of Kafka that
    makes the records visible. So after a crash at any moment a consumer with ``isolation.level`` ``read_committed`` sees each record once.
    Readers of ``read_uncommitted`` may see some twice. After an error the index is closed: open everything anew, and it goes on from there.
    """

    def __init__(
        self,
        consumer: Consumer,
        producer: Producer,
        gate: Gate,
        topics: Topics,
        *,
        name: str,
        reading: Reading | None = None,
        partitions: Sequence[int] | None = None,
    ):
        self._consumer, self._producer, self._gate, self._topics = consumer, producer, gate, topics
        self._name, self._reading, self._partitions = name, reading or Reading(), partitions
        self._started = False

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Pass records on until told to stop, between two parts of them."""
        while not until():
            self.step()

    def step(self, timeout: float = 1.0, most: int = 500) -> int:
        """Pass the next records on, waiting for them that many seconds, and return how many there were.

        Raises `InputError` for a bad record, `StoreError`, and ``KafkaException``.
        """
        try:
            if not self._started:
                self._start()
            first = self._consumer.poll(timeout)
            found = (
                [] if first is None else [first, *(self._consumer.consume(most - 1, 0) if most > 1 else ())]
            )  # those that are there by now
            if messages := [each for each in found if not _is_end(each)]:
                self._pass_on(messages)
            return len(messages)
        except BaseException:
            self._gate.index.close()  # what it decided, and was not delivered, is told again
            raise

    def _start(self) -> None:
        """Begin where the last run ended: that of this name, and no other one from now on."""
        self._gate.index.claim(self._key())
        self._producer.init_transactions(_WAIT)  # first: it ends what another process has left open
        ranges = self._ranges()
        for number, (start, end) in ranges.items():
            if start < end:
                self._decide_again(number, start, end)
        self._gate.index.deliver({self._key(number): str(end) for number, (_, end) in ranges.items()})
        self._consumer.assign([_position(self._topics.source, number, end) for number, (_, end) in ranges.items()])
        self._started = True

    def _decide_again(self, number: int, start: int, end: int) -> None:
        """Decide about the records of a partition that the last run has written, and could not mark as delivered.

        They come before all others: of two records with the same id and text, the one that was written is the one that was let through.
        """
        self._consumer.assign([_position(self._topics.source, number, start)])
        waited = 0.0
        while start < end and waited < _WAIT:  # the last offsets may be those of marks of transactions, which no consumer gets
            message = self._consumer.poll(_TURN)
            if message is None:
                waited += _TURN
                continue
            if _is_end(message) or message.offset() >= end:
                return
            record = self._record(message)
            if record.document is not None:
                self._gate.decide_all([record.document])
            start, waited = message.offset() + 1, 0.0

    def _ranges(self) -> dict[int, tuple[int, int]]:
        """Return of each partition from which offset on records are not marked as delivered, and from which on they are not written."""
        source = self._topics.source
        topic = self._consumer.list_topics(source, _WAIT).topics[source]
        if topic.error is not None:
            raise InputError(f"no such topic ({topic.error})", path=source, hint="create it, or correct its name")
        numbers = sorted(topic.partitions) if self._partitions is None else self._partitions
        notes = self._gate.index.notes()
        ranges: dict[int, tuple[int, int]] = {}
        for place in self._consumer.committed([_position(source, number) for number in numbers], _WAIT):
            number = place.partition
            low, high = self._consumer.get_watermark_offsets(_position(source, number), _WAIT)
            noted = notes.get(self._key(number))
            start = int(noted) if noted is not None else place.offset if place.offset >= 0 else low
            end = max(start, place.offset)
            ranges[number] = start, end
            if not low <= start <= end <= high:
                what = f"the offset to go on from is {end}, and it has those from {low} to {high}"
                hint = "records were removed before they were read, or the topic was made anew: start again under another name"
                raise InputError(what, path=f"{source}/{number}", hint=hint)
        return ranges

    def _key(self, partition: int | None = None) -> str:
        return f"kafka/{self._name}" if partition is None else f"kafka/{self._name}/{self._topics.source}/{partition}"

    def _pass_on(self, messages: Sequence[Message]) -> None:
        records = [self._record(message) for message in messages]
        decisions = iter(self._gate.decide_all([record.document for record in records if record.document is not None]))
        ends: dict[int, int] = {}
        self._producer.begin_transaction()
        try:
            for message, record in zip(messages, records, strict=True):
                decision = next(decisions) if record.document is not None else None
                number, offset = message.partition(), message.offset()
                self._produce(message, record, decision)
                ends[number] = offset + 1
            places = [_position(self._topics.source, number, end) for number, end in ends.items()]
            self._producer.send_offsets_to_transaction(places, self._consumer.consumer_group_metadata(), _WAIT)
            self._producer.commit_transaction(_WAIT)
        except BaseException:
            with suppress(Exception):  # why it failed is told
                self._producer.abort_transaction(_WAIT)
            raise
        self._gate.index.deliver({self._key(number): str(end) for number, end in ends.items()})

    def _record(self, message: Message) -> Record:
        path = f"{message.topic()}/{message.partition()}"
        offset, raw = message.offset(), message.value()
        if message.error() is not None:
            raise InputError(f"it cannot be read ({message.error()})", path=path)
        try:
            fields = json.loads(raw if isinstance(raw, str | bytes) else b"")
        except (ValueError, RecursionError) as error:
            wrong = InputError(f"no JSON ({error})", path=path, line=offset, hint="name a topic for bad records")
            return Record(raw or b"", {}, None, wrong)
        record = record_of(raw, fields, path, offset, self._reading)
        if record.document is not None:
            try:
                refuse_unfit(record.document, self._gate.index.config)
            except InputError as error:
                return Record(record.raw, record.fields, None, error)
        return record

    def _produce(self, message: Message, record: Record, decision: Decision | None) -> None:
        """Write a record where it goes."""
        error: str | None = None if record.error is None else str(record.error)
        if decision is not None and decision.action == "refuse":
            error = decision.why
        topics = self._topics
        is_kept = decision is not None and (
            decision.action in ("index", "update") or (decision.action == "withdraw" and decision.of is not None)
        )
        topic = topics.rejects if error is not None else topics.kept if is_kept else topics.duplicates
        if error is not None and topic is None:
            raise record.error or InputError(error, path=f"{message.topic()}/{message.partition()}", line=message.offset())
        if topic is None:
            return
        told = error if decision is None or error is not None else json.dumps(decision.to_dict(), ensure_ascii=False)
        place = f"{message.topic()}/{message.partition()}/{message.offset()}"
        headers: list[tuple[str, Any]] = [*(message.headers() or []), ("dedup", (told or "").encode()), ("dedup-source", place.encode())]
        while True:
            try:
                self._producer.produce(topic, value=message.value(), key=message.key(), headers=headers)
                return
            except BufferError:  # of what is not sent yet
                self._producer.poll(1)


def _position(topic: str, partition: int, offset: int | None = None) -> Any:
    try:
        from confluent_kafka import TopicPartition
    except ImportError as error:
        raise EngineError("confluent-kafka is not installed: pip install 'bulletin-dedup[kafka]'") from error
    return TopicPartition(topic, partition) if offset is None else TopicPartition(topic, partition, offset)


def _is_end(message: Message) -> bool:
    error = message.error()
    return error is not None and error.code() == _END
