"""``dedup report``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import click

from ..errors import InputError
from ..writers.counts import counted
from .colour import colour_option
from .groups import OutputOptions, ReadOptions, grouped
from .options import (
    FORMATS,
    exit_statuses,
    field_options,
    format_of,
    is_folder,
    lang_option,
    order_option,
    reading_options,
    same_id_option,
    tell,
    version_of,
    write_out,
)
from .output_files import refuse_overwriting
from .progress import QUIET_PAGES, Progress

if TYPE_CHECKING:
    from reports import Timeline

    from ..config import SameId
    from ..model import Document, Order, OrderedBy
    from ..origins.model import Story


@click.command(epilog=exit_statuses())
@click.argument("paths", nargs=-1, required=True, metavar="VERSION...")
@click.option("--format", "style", type=click.Choice(FORMATS), help="What to write; by default what the name of the output says.")
@click.option("--output", "-o", metavar="PATH", help="Write there: a file, or a folder of pages and their index.")
@click.option("--time-field", metavar="NAME", help="Field with the time of a version, by which they are put in order; each must have one.")
@click.option(
    "--cluster-field",
    metavar="NAME",
    help="Field that says which records are versions of one text; else those with one id are, and where no id comes again, all.",
)
@click.option(
    "--clusters",
    metavar="RESULT",
    help="Clusters that dedup find wrote (Parquet or JSONL); VERSION are then the documents in which they were found.",
)
@same_id_option
@order_option
@click.option("--top", type=click.IntRange(1), metavar="N", help="Only the N largest of those clusters.")
@field_options
@lang_option
@colour_option
@reading_options
@grouped(out=OutputOptions, reading=ReadOptions)
def report(
    paths: tuple[str, ...],
    clusters: str | None,
    same_id: SameId,
    order: Order,
    top: int | None,
    out: OutputOptions,
    reading: ReadOptions,
) -> int:
    """Show what became of a text over its versions: facts, alarms, what is new, the merged text.

    VERSION is a text, the oldest first, or a file of records with a version in each. Versions of one id are put in order by their
    version number; --order says how all others are put in order. With --clusters, --same-id is to be as it was for find.

    \b
    Examples:
      dedup report morning.txt noon.txt evening.txt -o day.html
      dedup report versions.jsonl --time-field published -o facts.csv
      dedup report feed.jsonl --cluster-field story --time-field published -o pages
      dedup report archive --clusters clusters.parquet --top 500 -o pages
    """
    from reports import Report
    from reports.history.versions import MOST_VERSIONS

    from ..readers.sources import read
    from ..text.ids import named, not_withdrawn

    output, lang, how = out.output, out.lang, reading.reading()
    refuse_overwriting(how, paths, inputs=[clusters], outputs={"--output": output}, stdout=output in (None, "-"))
    # Each path by itself: a file that is named twice is two versions.
    documents: Iterable[Document] = chain.from_iterable(read([path], how) for path in paths)
    if clusters is not None:
        documents = _of_clusters(named(not_withdrawn(documents), same_id), clusters, top, reading.cluster_field)
    elif top is not None:
        raise click.UsageError("--top is for --clusters")
    elif reading.cluster_field is None:
        documents = _by_id(list(documents))
    groups = _in_clusters(documents, order, reading.time_field is not None)
    style = format_of(out.style, output, bare="html")
    if output is not None and style == "html" and is_folder(output):
        names = [each.documents[-1].id if clusters is not None else each.documents[0].cluster or ", ".join(paths) for each in groups]
        return _write_folder(groups, names, output, lang, ", ".join(paths))
    if len(groups) > 1 and style not in ("html", "json"):
        raise click.UsageError(
            f"{counted(len(groups), 'cluster')} do not go into one file of {style}: give a folder, or --format html or json"
        )
    if style != "html":
        write_out((_timeline(group) for group in groups), output, style, lang, out.color)
        return 0
    timelines = tuple(_timeline(group, MOST_VERSIONS) for group in groups)
    ends = [timelines[0].versions[place].id for place in (0, -1)] if len(groups) == 1 else []
    title = " / ".join(dict.fromkeys(ends)) or ", ".join(paths)
    write_out([Report(title, timelines, origins=tuple(_stories(groups)))], output, style, lang, out.color)
    return 0


def _of_clusters(documents: Iterable[Document], clusters: str, top: int | None, cluster_field: str | None) -> list[Document]:
    """Return the texts of these clusters among documents, the largest cluster first."""
    from ..readers.saved_clusters import largest_clusters, texts_in_clusters

    if cluster_field is not None:
        raise click.UsageError("give --clusters or --cluster-field")
    wanted = largest_clusters(clusters, top)
    found = list(texts_in_clusters(documents, wanted))
    if missing := len(wanted) - len({document.id for document in found}):
        some = min(wanted.keys() - {document.id for document in found})
        what = f"of {counted(len(wanted), 'text')} of its clusters {missing:,} not in the documents, {some!r} for example"
        raise InputError(what, path=clusters, hint="give the documents that were searched")
    ranks = {name: rank for rank, name in enumerate(dict.fromkeys(wanted.values()))}
    return sorted(found, key=lambda document: ranks[document.cluster or ""])


def _by_id(documents: list[Document]) -> list[Document]:
    """Return records that are versions of several texts, each marked with its id as its cluster, where ids say so: some come again, and
    not all are one. What has one version alone is left out, and that is said. Files, and records of one text, are returned as they are."""
    counts = Counter(document.id for document in documents)
    if any(document.segmented for document in documents) or len(counts) in (1, len(documents)):
        return documents
    found = [replace(document, cluster=document.id) for document in documents if counts[document.id] > 1]
    if alone := len(documents) - len(found):
        tell(f"{counted(alone, 'record')} with an id that comes once {'is' if alone == 1 else 'are'} left out")
    return found


@dataclass(frozen=True, slots=True)
class _Versions:
    """The versions of one text, oldest first, and what decided their order."""

    documents: tuple[Document, ...]
    ordered_by: OrderedBy


def _in_clusters(documents: Iterable[Document], order: Order, timed: bool) -> list[_Versions]:
    """Return the documents by cluster, in the order in which clusters first appear; those of one as `oldest_first` orders them."""
    found: dict[str | None, list[Document]] = {}
    for document in documents:
        found.setdefault(document.cluster, []).append(document)
    return [_in_order(group, order, timed) for group in found.values()]


def _in_order(group: list[Document], order: Order, timed: bool) -> _Versions:
    from ..text.datelines import date_at_start
    from ..text.order import oldest_first

    numbered = len({document.id for document in group}) == 1 and all((document.version or "").strip().isdecimal() for document in group)
    dates = [date_at_start(document.text) for document in group]
    wanted: Order = "time" if timed and order == "auto" and not numbered else order
    places, ordered_by = oldest_first(group, dates, wanted, numbered=numbered)
    return _Versions(tuple(group[place] for place in places), ordered_by)


def _timeline(group: _Versions, most: int | None = None) -> Timeline:
    from reports import compare_versions

    from ..config import Config
    from ..pipeline import relate_texts

    config = Config(max_chars=2**31)  # the reader has refused what is too long
    relations = [relate_texts(one.text, other.text, config) for one, other in pairwise(group.documents)]
    versions = [version_of(each) for each in group.documents]
    return compare_versions(versions, relations=relations, most=most, ordered_by=group.ordered_by)


def _stories(groups: Iterable[_Versions]) -> Iterator[Story]:
    """Yield where the wording of the versions of each text comes from, where two sources are known: other versions are one source's own."""
    from ..config import Config
    from ..origins.trace import StoryText, trace
    from ..text.ids import version_name

    for group in groups:
        if len({document.source for document in group.documents if document.source}) < 2:
            continue
        counts: Counter[str] = Counter()
        texts = []
        for document in group.documents:
            counts[document.id] += 1
            texts.append(StoryText(version_name(document.id, counts[document.id]), document.text, document))
        yield trace(group.documents[0].cluster or group.documents[0].id, texts, Config(max_chars=2**31))


def _write_folder(groups: Sequence[_Versions], names: Iterable[str], output: str, lang: str | None, title: str) -> int:
    from reports import Report
    from reports.history.versions import MOST_VERSIONS
    from reports.renderers.folder import write_folder

    reports = (
        Report(group.documents[-1].title or name, (_timeline(group, MOST_VERSIONS),), id=name, origins=tuple(_stories([group])))
        for name, group in zip(names, groups, strict=True)
    )
    bar = Progress(quiet=QUIET_PAGES)
    try:
        count = write_folder(output, reports, title=title, lang=lang, progress=lambda done: bar("pages written", done, len(groups)))
    finally:
        bar.close()
    tell(f"{output}: {counted(count, 'page')} and {'its' if count == 1 else 'their'} index")
    return 0
