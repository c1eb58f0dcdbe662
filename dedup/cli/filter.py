"""``dedup filter``."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from collections import Counter
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from itertools import takewhile
from typing import IO, TYPE_CHECKING, Any

import click

from ..errors import InputError, OutputError
from ..writers.counts import counted
from .given import refuse_without
from .groups import ReadOptions, SearchOptions, grouped
from .ignored import counting, told_ignored
from .options import (
    DIFFERENT,
    choice_options,
    close_stdout,
    exit_statuses,
    field_options,
    lang_option,
    no_text_option,
    open_index,
    reading_options,
    same_id_option,
    search_options,
)
from .output_files import open_output, refuse_overwriting
from .signals import SIGNALS, Stopped
from .window_option import keep_for_option

if TYPE_CHECKING:
    from ..config import SameId
    from ..index import Policy
    from ..index.stream import Answer

_KEEPS = ["first", "longest", "earliest", "latest", "origin"]


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """What is known before, what counts as delivered, and what is done with records that are wrong or come again."""

    url: str | None
    no_text: bool
    on_error: str
    same_id: SameId
    deliver: str
    redeliver: bool
    origins: bool
    keep_for: float | None


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


class _Outputs:
    """Where records go: kept ones to stdout, or a line about each; others to files."""

    def __init__(self, files: ExitStack, written: FilterOutputs):
        self._style, self._bulk = written.style or ("bulk" if written.bulk else "records"), written.bulk or ""
        self._kept = sys.stdout.buffer
        self._names = b""
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
                kept += bulk_lines([(record.fields, decision)], self._bulk)
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


@click.command("filter", epilog=exit_statuses("there are duplicates, with --check"))
@click.argument("paths", nargs=-1, metavar="[FILE|-]...")
@click.option("--index", "url", metavar="INDEX", help="The index of what was seen before: a file. Without one, only this input is known.")
@no_text_option
@keep_for_option
@click.option("--annotate", "style", flag_value="annotated", help="Write every record, with the decision in a field 'dedup'.")
@click.option("--actions", "style", flag_value="actions", help="Write what to do with each record: index, skip, update or withdraw.")
@click.option(
    "--news-fields",
    "style",
    flag_value="news",
    help="Write every record, with the fields is_duplicate, duplicate_of, has_duplicates, same_source and cluster.",
)
@click.option("--bulk", metavar="NAME", help="Write bodies for _bulk of Elasticsearch or OpenSearch, for its index NAME.")
@click.option("--duplicates", metavar="FILE", help="Write the records that are held back there, with the evidence.")
@click.option("--on-error", type=click.Choice(["stop", "skip"]), default="stop", show_default=True, help="What to do with a bad record.")
@click.option("--rejects", metavar="FILE", help="Write bad records there, with what is wrong; goes with --on-error skip.")
@click.option("--stats", metavar="FILE", help="Write the counts there, as JSON.")
@click.option("--check", is_flag=True, help="Exit with status 1 when there are duplicates.")
@same_id_option
@click.option(
    "--deliver",
    type=click.Choice(["end", "flush"]),
    default="end",
    show_default=True,
    help="When records count as delivered: all when the run ends well, or each part once it is written, for a run without an end.",
)
@click.option("--redeliver", is_flag=True, help="Let records through again that earlier runs have delivered.")
@click.option("--origins", is_flag=True, help="Tell of each record the origins of its story so far: goes with --actions and --annotate.")
@lang_option
@search_options(threads=False)
@choice_options(keeps=_KEEPS)
@field_options
@reading_options
@grouped(stream=StreamOptions, written=FilterOutputs, search=SearchOptions, reading=ReadOptions)
def filter_(paths: tuple[str, ...], stream: StreamOptions, written: FilterOutputs, search: SearchOptions, reading: ReadOptions) -> int:
    """Let through the records that are no duplicates of others, from files or standard input to standard output.

    Records of JSONL and CSV come out as they came in, those of other formats as JSONL, in their order, as soon as they are decided. One
    is held back only for another that was let through. What a run with an index has delivered, because it ended well, later runs hold
    back as seen; after a run that was broken off the same input is answered as before, so that nothing is lost.

    \b
    Examples:
      dedup filter feed.jsonl > new.jsonl
      tail -F feed.jsonl | dedup filter --index seen.db --duplicates again.jsonl > new.jsonl
      dedup filter --index seen.db --actions feed.jsonl.gz | index-them
    """
    from ..index.stream import answers
    from ..readers.sources import read_records
    from ..text.ignored_lines import IgnoredCount

    if stream.url == "":
        raise click.UsageError("--index names no index: give the path of a file, or the address of a server")
    if written.bulk is not None and (written.style is not None or not written.bulk):
        raise click.UsageError("--bulk takes the name of a search index, and goes without --annotate, --actions and --news-fields")
    if written.rejects and stream.on_error != "skip":
        raise click.UsageError("--rejects goes with --on-error skip")
    if stream.origins and (stream.no_text or written.style not in ("actions", "annotated")):
        raise click.UsageError("--origins goes with --actions or --annotate, and needs the texts, so not with --no-text")
    if stream.url is None:
        refuse_without("--index", "no_text", "keep_for", "deliver", "redeliver")
    if written.style is None and not written.bulk:
        refuse_without("--actions or --annotate", "lang")
    outputs = {"--duplicates": written.duplicates, "--rejects": written.rejects, "--stats": written.stats}
    refuse_overwriting(reading.reading(), paths or ("-",), inputs=[search.config_file], outputs=outputs, index=stream.url)
    first = search.keep in (None, "first")
    config = search.given(reading, keep=None if first else search.keep)
    policy = _policy(stream, written, first and "keep" not in config)  # which --set may have named
    keep_texts = policy.news is not None or stream.origins if stream.url is None else False if stream.no_text else None
    with ExitStack() as files:
        index = files.enter_context(closing(open_index(stream.url or ":memory:", config, keep_texts=keep_texts, keep_for=stream.keep_for)))
        out, ignored = _Outputs(files, written), IgnoredCount(index.config.ignore_lines)
        try:
            for part in answers(counting(read_records(paths or ("-",), reading.reading(unnamed="digest")), ignored), index, policy):
                with SIGNALS.held_back():
                    good = [*takewhile(lambda each: stream.on_error == "skip" or each.record.error is None, part)]
                    out.write(good)
                    if len(good) < len(part):  # those behind it are decided as well: nothing of this part is delivered
                        raise part[len(good)].record.error  # type: ignore[misc]  # it has one
                    if stream.deliver == "flush" and sys.__stdout__ is not None:
                        index.deliver()
        except BrokenPipeError:  # the reader has seen enough
            close_stdout()
            return 0
        except Stopped as stopped:
            out.let_go()
            click.echo(f"dedup: stopped: {_counted(out)}; with an index, the same input goes on from there", err=True)
            return 128 + stopped.number
        if written.stats:
            from dedup.writers.files import write_file

            write_file(written.stats, [json.dumps(out.summary(), ensure_ascii=False) + "\n"])
        out.sync()
        if sys.__stdout__ is not None:  # closed by whoever called: then nothing has arrived
            index.deliver()  # last: whoever is told of an error gives the same input again
    for told in (_counted(out), *told_ignored(ignored.stats())):
        click.echo(told, err=True)
    return DIFFERENT if written.check and out.counts["skip"] + out.counts["update"] else 0


def _policy(stream: StreamOptions, written: FilterOutputs, first: bool) -> Policy:
    """Return how records are decided about; what changed in them is told where decisions are written."""
    from ..index import Policy

    tells = None
    if written.style is not None or written.bulk:
        from functools import partial

        from reports.summary.new_facts import news  # which takes time to load

        tells = partial(news, lang=written.lang)
    return Policy(tells, first, stream.same_id, stream.redeliver, stream.origins)


def _counted(out: _Outputs) -> str:
    counts = out.summary()
    rejected = f", {counts['rejected']:,} rejected" if counts["rejected"] else ""
    updates = f"{counts['update']:,} {'updates another' if counts['update'] == 1 else 'update others'}, " if counts["update"] else ""
    withdrawals = f"{counted(counts['withdraw'], 'withdrawal')}, " if counts["withdraw"] else ""
    held_back = f"{counts['skip']:,} held back as duplicates{rejected}"
    return f"{counted(counts['records'], 'record')}: {counts['index']:,} new, {updates}{withdrawals}{held_back}"
