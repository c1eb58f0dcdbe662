"""``dedup frequencies``: the table of what recurs in an archive, for ``--background``."""

from __future__ import annotations

import os

import click

from ..errors import InputError
from ..writers.counts import counted
from .groups import ReadOptions, SearchOptions, grouped
from .options import exit_statuses, field_options, reading_options, tell
from .output_files import refuse_overwriting
from .progress import Progress


@click.group(epilog=exit_statuses())
def frequencies() -> None:
    """Count which runs of words recur in an archive, for --background.

    \b
    Example:
      dedup frequencies build archive -o news.freq
    """


@frequencies.command(epilog=exit_statuses())
@click.argument("paths", nargs=-1, required=True, metavar="ARCHIVE...")
@click.option("--output", "-o", required=True, metavar="FILE", help="The file that is written: at most 4 MB.")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="processors", help="Threads.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting of dedup.Config; may be repeated.")
@click.option("--recursive", "-r", is_flag=True, help="Enter subfolders.")
@field_options
@reading_options
@grouped(search=SearchOptions, reading=ReadOptions)
def build(paths: tuple[str, ...], output: str, search: SearchOptions, reading: ReadOptions) -> int:
    """Write the runs of words that recur in ARCHIVEs, the texts of past months, as a table.

    Copies of one report count once. Other commands take the table with --background: a pair of texts that share little but what recurs is
    less probable to be duplicates.

    \b
    Examples:
      dedup frequencies build archive/*.jsonl.gz -o news.freq
      zcat archive.jsonl.gz | dedup frequencies build - -o news.freq
    """
    from ..frequencies import build_frequencies
    from ..writers.files import write_file

    if output in ("", "-"):
        raise click.UsageError("--output needs the path of a file")
    refuse_overwriting(reading.reading(), paths, outputs={"--output": output}, stdout=False)
    progress = Progress()
    table = build_frequencies(reading.documents(paths), search.config(reading), jobs=search.jobs, progress=progress)
    progress.close()
    if not len(table.runs):
        raise InputError("nothing recurs in its texts", path=", ".join(paths), hint="give the texts of some weeks")
    write_file(output, [table.to_bytes()])
    runs = f"{counted(len(table.runs), 'run')} of {table.shingle_words} words"
    tell(f"{output}: {runs}, each in more than {table.limit:,} of {counted(table.texts, 'text')} (near copies count once)")
    return 0
