"""Where `dedup filter` writes records: kept ones to standard output, others to files."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from ..errors import InputError, OutputError
from .output_files import open_output

if TYPE_CHECKING:
    from ..index.stream import Answer
    from ..readers.records import Record


@dataclass(frozen=True, slots=True)
class FilterOutputs:
    """What is written of records and counts, where, and in which language."""

    style: str | None
    bulk: str | None
    duplicates: str | None
    rejects: str | None
    stats: str | None
    check: bool
    lang: str | None


class RecordOutputs:
    """Where records go: kept ones to stdout, or a line about each; others to files."""

    def __init__(self, files: ExitStack, written: FilterOutputs):
        self._style, self._bulk = written.style or ("bulk" if written.bulk else "records"), written.bulk or ""
        self._kept = sys.stdout.buffer
        self._names = b""
        self._form: str | None = None
        self._duplicates = open_output(files, written.duplicates)
        self._rejects = open_output(files, written.rejects)
        self.counts: Counter[str] = Counter()
        self.relations: Counter[str] = Counter()

    def write(self, answers: list[Answer]) -> None:
        """Write records with their decisions."""
        from ..index.stream import annotated
        from ..integrations.elasticsearch import bulk_lines
        from ..integrations.fields import news_fields

        kept: list[bytes] = []
        for record, decision in ((answer.record, answer.decision) for answer in answers):
            if record.error is not None:
                self.counts["rejected"] += 1
                if self._rejects:
                    self._rejects.write(_rejected(record.raw, str(record.error)))
                continue
            self._check_form(record)
            if decision is None:  # the names of the columns, once for files that have the same
                kept += self._column_names(record.raw)
                continue
            self.counts[decision.action] += 1
            if decision.relation is not None:
                self.relations[decision.relation] += 1
            if self._style == "actions":
                kept.append(json.dumps(decision.to_dict(), ensure_ascii=False).encode() + b"\n")
            elif self._style == "annotated":
                kept.append(annotated(record, decision))
            elif self._style == "news":
                told = {**record.fields, **news_fields(decision)}
                kept += [json.dumps(told, ensure_ascii=False, default=str).encode("utf-8", "replace"), b"\n"]
            elif self._style == "bulk":
                kept += bulk_lines([(record.fields if record.source is None else record.source, decision)], self._bulk)
            elif decision.action in ("index", "update") or (decision.action == "withdraw" and decision.of is not None):
                kept.append(_ended(record.raw))
            if decision.action == "skip" and self._duplicates:
                self._duplicates.write(annotated(record, decision))
        self._kept.write(b"".join(kept))
        for stream in (self._kept, self._duplicates, self._rejects):
            if stream:
                stream.flush()

    def _column_names(self, raw: bytes) -> list[bytes]:
        """Return the line of names to be written: that of the first file. Raises `InputError` for a file with other columns."""
        names = raw.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")
        if self._style != "records" or names == self._names or not raw:  # no bytes: an item that is left out
            return []
        if self._names:
            one, other = (line.decode("utf-8", "backslashreplace")[:80] for line in (self._names, names))
            raise InputError(f"a file with the columns {other!r} after one with {one!r}", hint="filter files with other columns apart")
        self._names = names
        return [_ended(raw)]

    def _check_form(self, record: Record) -> None:
        """Raise `InputError` for a record whose bytes are of another form than those before it: nothing reads both as one stream."""
        if self._style != "records" or not record.raw:
            return
        if self._form not in (None, record.form):
            path, line = (record.document.path, record.document.line) if record.document else (None, None)
            hint = "filter them apart, or write JSON of all with --annotate"
            raise InputError(f"a file of {record.form} after one of {self._form}", path=path, line=line, hint=hint)
        self._form = record.form

    def sync(self) -> None:
        """Make sure that what was written is where it goes, on disk where that is a file."""
        for stream in (self._kept, self._duplicates, self._rejects):
            if stream:
                stream.flush()
            with suppress(io.UnsupportedOperation):  # of a stream in memory
                if stream and stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                    _on_disk(stream)

    def let_go(self) -> None:
        """Let what is not yet written go nowhere, where somebody should read it who may not."""
        for stream in (self._kept, self._duplicates, self._rejects):
            if stream and not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())

    def summary(self) -> dict[str, Any]:
        """Return what was done, as an object for JSON."""
        counts = {name: self.counts[name] for name in ("index", "update", "withdraw", "skip", "rejected")}
        return {"schema": "dedup/filter/1", "records": sum(counts.values()), **counts, "relations": dict(sorted(self.relations.items()))}


def _on_disk(stream: IO[bytes]) -> None:
    try:
        os.fsync(stream.fileno())
    except OSError as error:
        raise OutputError(f"what was written is not on disk ({error.strerror})") from error


def _ended(raw: bytes) -> bytes:
    return raw if raw.endswith(b"\n") else raw + b"\n"


def _rejected(raw: bytes, why: str) -> bytes:
    """Return a line about a bad record: why, and the record as it was read, as text with what is no UTF-8 spelled out."""
    return json.dumps({"error": why, "record": raw.decode("utf-8", "backslashreplace")}, ensure_ascii=False).encode() + b"\n"
