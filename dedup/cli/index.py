"""``dedup index``: what is done with a persistent index, besides `dedup filter`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import ConfigError, InputError
from ..writers.counts import counted
from .answers import doubts, judge, labels
from .groups import ReadOptions, SearchOptions, grouped
from .ignored import told_ignored
from .options import (
    DIFFERENT,
    choice_options,
    echo_object,
    exit_statuses,
    field_options,
    no_text_option,
    open_index,
    reading_options,
    same_id_option,
    search_options,
    tell,
)
from .output_files import refuse_overwriting
from .window_option import keep_for_option

if TYPE_CHECKING:
    from ..config import SameId
    from ..index import Policy

_KEEPS = ["longest", "earliest", "latest", "origin"]
_MOST = 4096  # documents that are stored together
_NAME = click.argument("url", metavar="INDEX")


@click.group("index", epilog=exit_statuses("the answer is yes: verify, query --check"))
def index_() -> None:
    """Look after an index of what was seen: a file, or the address of a server.

    \b
    Examples:
      dedup index add bulletins.db seeds
      dedup index stats postgresql://user@host/database
    """


def _refuse_overwriting(url: str) -> None:
    """Raise `OutputError` where standard output is the index itself."""
    refuse_overwriting(ReadOptions().reading(), [], inputs=[url], outputs={})


def _opened(url: str) -> Any:
    return open_index(url, create=False)


@index_.command(epilog=exit_statuses())
@_NAME
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@no_text_option
@keep_for_option
@same_id_option
@search_options(threads=False)
@choice_options(keeps=_KEEPS)
@field_options
@reading_options
@grouped(search=SearchOptions, reading=ReadOptions)
def add(
    url: str,
    paths: tuple[str, ...],
    no_text: bool,
    keep_for: float | None,
    same_id: SameId,
    search: SearchOptions,
    reading: ReadOptions,
) -> int:
    """Store the documents of PATHs, and print how many are new.

    \b
    Example:
      dedup index add bulletins.db seeds
    """
    from ..index import Policy
    from ..text.ignored_lines import IgnoredCount

    config = search.given(reading)
    refuse_overwriting(reading.reading(), paths, inputs=[search.config_file], outputs={}, index=url, stdout=False)
    policy = Policy(same_id=same_id)
    counts: Counter[str] = Counter()
    with open_index(url, config, keep_texts=False if no_text else None, keep_for=keep_for) as index:
        part: list[Any] = []
        ignored = IgnoredCount(index.config.ignore_lines)
        for document in ignored.counting(reading.documents(paths, unnamed="digest")):
            part.append(document)
            if len(part) == _MOST:
                counts += _decided(index, part, policy)
                part = []
        counts += _decided(index, part, policy)
    withdrawals = f", {counted(counts['withdraw'], 'withdrawal')}" if counts["withdraw"] else ""
    duplicates = counted(counts.total() - counts["index"] - counts["withdraw"], "duplicate")
    tell(f"{counted(counts.total(), 'document')}: {counts['index']:,} new, {duplicates}{withdrawals}")
    for told in told_ignored(ignored.stats()):
        tell(told)
    return 0


def _decided(index: Any, part: list[Any], policy: Policy) -> Counter[str]:
    decisions = index.decide(index.prepare(part), policy)
    for document, decision in zip(part, decisions, strict=True):
        if decision.action == "refuse":
            raise InputError(decision.why, path=document.path, line=document.line, hint="say with --same-id what a second text is")
    return Counter(decision.action for decision in decisions)


@index_.command(epilog=exit_statuses("there are duplicates, with --check"))
@_NAME
@click.argument("paths", nargs=-1, metavar="[PATH|-]...")
@click.option("--check", is_flag=True, help="Exit with status 1 when there are duplicates.")
@field_options
@reading_options
@grouped(reading=ReadOptions)
def query(url: str, paths: tuple[str, ...], check: bool, reading: ReadOptions) -> int:
    """Print what is stored that the texts of PATHs relate to, a line of JSON each, best first; nothing is stored.

    \b
    Example:
      dedup index query bulletins.db article.txt
    """
    from ..writers.objects import json_lines

    refuse_overwriting(reading.reading(), paths or ("-",), inputs=[url], outputs={})
    found = False
    with _opened(url) as index:
        for document in reading.documents(paths or ("-",)):
            decisions = index.query(document)
            found |= any(decision.action == "skip" for decision in decisions)
            sys.stdout.writelines(json_lines(_match(decision) for decision in decisions))
    return DIFFERENT if check and found else 0


def _match(decision: Any) -> dict[str, Any]:
    found: dict[str, Any] = decision.to_dict()
    found["duplicate"] = found.pop("decision") == "skip"
    return found


@index_.command(epilog=exit_statuses())
@_NAME
def stats(url: str) -> int:
    """Print what an index holds and its settings, as JSON."""
    _refuse_overwriting(url)
    with _opened(url) as index:
        echo_object(index.stats(), "json", lambda found: ())
    return 0


@index_.command(epilog=exit_statuses("something is wrong", "nothing is wrong"))
@_NAME
def verify(url: str) -> int:
    """Look an index over, and print what is wrong with it, a line each; exit with status 1 where something is."""
    from reports.language.invisible import spelled_out

    _refuse_overwriting(url)
    with _opened(url) as index:
        found = index.verify()
    for line in found:
        click.echo(spelled_out(line))
    if not found:
        tell(f"{url}: nothing is wrong")
    return DIFFERENT if found else 0


def _text_of(path: str) -> str:
    from ..readers.lines import decode

    if path == "-" and sys.stdin is None:
        raise InputError("standard input is closed", path=path, hint="give a file, or something to read")
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", path=path) from error
    return decode(data, path, "utf-8")


@index_.command(epilog=exit_statuses())
@_NAME
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--from", "path", metavar="FILE", help="Take the ids from the lines of a file, - for standard input.")
def remove(url: str, ids: tuple[str, ...], path: str | None) -> int:
    """Take documents out of an index, by their ids: all versions of each."""
    refuse_overwriting(ReadOptions().reading(), [], inputs=[path], outputs={}, index=url)
    wanted = [*ids]
    if path is not None:
        wanted += [line.removesuffix("\r") for line in _text_of(path).split("\n") if line.strip()]
    if not wanted:
        raise click.UsageError("no ids: name some, or a file of them with --from")
    with _opened(url) as index:
        count = index.remove(wanted)
    tell(f"{counted(count, 'document')} removed")
    return 0


@index_.command(epilog=exit_statuses())
@_NAME
@click.option("--before", metavar="TIME", help="Take out what appeared before: 2016-02-09, or a number where times are numbers.")
@click.option("--newest", type=click.IntRange(0, 1 << 62), metavar="N", help="Take out all but the N documents that came last.")
def prune(url: str, before: str | None, newest: int | None) -> int:
    """Take old documents out of an index, and give back their room."""
    from ..model import Document
    from ..text.timestamps import timestamp_of

    if (before is None) == (newest is None):
        raise click.UsageError("give --before or --newest")
    with _opened(url) as index:
        seconds = None if before is None else timestamp_of(Document("--before", "", time=before))[1]
        count = index.prune(before=seconds, newest=newest)
    tell(f"{counted(count, 'document')} removed")
    return 0


@index_.command(epilog=exit_statuses())
@_NAME
@click.option("--what", type=click.Choice(["clusters", "documents", "decisions"]), default="clusters", show_default=True)
def export(url: str, what: str) -> int:
    """Print the clusters, the documents or what was decided about them, a line of JSON each."""
    from ..writers.objects import json_lines

    _refuse_overwriting(url)
    with _opened(url) as index:
        if what == "clusters":
            rows: Iterable[dict[str, Any]] = (cluster.to_dict() for cluster in index.clusters())
        elif what == "decisions":
            rows = (decision.to_dict() for _, decision in index.documents())
        else:
            if not index.keeps_texts:
                raise InputError("it keeps no texts", path=url, hint="export decisions or clusters")
            rows = ({"id": document.id, "text": document.text, "source": document.source} for document, _ in index.documents())
        sys.stdout.writelines(json_lines(rows))
    return 0


@index_.command(epilog=exit_statuses())
@_NAME
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting of dedup.Config to change; may be repeated.")
def rebuild(url: str, settings: tuple[str, ...]) -> int:
    """Make an index again from the texts that it keeps: after damage, for another version, or with other settings.

    What was decided stays decided. The old file is kept beside the new one, with .old, or .old2 and so on, after its name.
    """
    from ..index.rebuild import rebuild as made_again

    try:
        changes = dict(setting.split("=", 1) for setting in settings)
    except ValueError as error:
        raise ConfigError("--set takes NAME=VALUE") from error
    kept, lost, old = made_again(url, changes)
    tell(f"{url}: {counted(kept, 'document')}{f', {lost:,} could not be read' if lost else ''}; the old file is {old}")
    return 0


for _command in (judge, labels, doubts):
    index_.add_command(_command)
