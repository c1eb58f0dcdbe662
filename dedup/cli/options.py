"""What several commands share: options, the settings made from them, a counter for long work."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..errors import ConfigError, InputError
from .colour import in_colour
from .groups import FORMAT_NAMES
from .ignored import ignore_lines_option

if TYPE_CHECKING:
    from reports import Version
    from reports.renderers.formats import Subject

    from ..model import Document
    from .groups import ReadOptions

Command = TypeVar("Command", bound=Callable[..., Any])
# The names in `reports.renderers.formats`, which is not read to show a help text.
FORMATS = ("terminal", "unified", "json", "html", "csv", "markdown", "docx")
DIFFERENT = 1  # exit status: yes, they differ; yes, there are duplicates


same_id_option = click.option(
    "--same-id",
    type=click.Choice(["version", "replace", "refuse"]),
    default="version",
    show_default=True,
    help="What to do with a second text under an id: keep both as versions, replace the first text, or refuse it.",
)
no_text_option = click.option(
    "--no-text", is_flag=True, help="A new index keeps no texts: it is smaller, but it cannot be rebuilt, and cannot say what changed."
)
# The languages of `reports.messages.catalog`, which is not read to show a help text.
lang_option = click.option(
    "--lang",
    type=click.Choice(["auto", "ar", "en", "fr"]),
    default="auto",
    show_default=True,
    callback=lambda context, parameter, value: None if value == "auto" else value,
    help="Language of headings and digests; auto: that of the newest text.",
)
order_option = click.option(
    "--order",
    type=click.Choice(["auto", "input", "newest-first", "time"]),
    default="auto",
    show_default=True,
    help="What tells which text is the older: time, else the date of a dateline, else their order (auto); their order alone, the oldest "
    "(input) or the newest first; or time alone, which each must have.",
)


def field_options(command: Command) -> Command:
    """Add the options that name the fields of a record."""
    words = {
        "id": "Field with the id, as a path like uri or meta.id.",
        "text": "Field with the text; several, with commas, are joined.  [default: that of the format, or text]",
        "title": "Field with the title.",
        "url": "Field with the address.",
        "language": "Field with the language.",
        "version": "Field with the number of the version.",
        "status": "Field with the status: usable, withheld, canceled and words like these.",
        "byline": "Field with the byline: who wrote a text and for whom.",
    }
    for name in reversed(words):
        command = click.option(f"--{name}-field", metavar="FIELD", help=words[name])(command)
    return command


def search_options(*, threads: bool = True, config: bool = True) -> Callable[[Command], Command]:
    """Return what adds the options that say what is searched, and how: ``threads`` for --jobs, ``config`` for --config."""
    levels = click.Choice(["auto", "segment", "document"])
    options = [
        click.option(
            "--level", type=levels, help="What is compared: segments of text, whole documents, or what fits the input.  [default: auto]"
        ),
        click.option(
            "--threshold",
            type=float,
            help="How much of their three-word runs two texts must share to match at all: their Jaccard, 0 to 1, or the share of one text "
            "that it implies.  [default: 0, any]",
        ),
        click.option(
            "--min-probability", type=float, metavar="P", help="How probable duplicates must be, 0 to 1, as the model says.  [default: 0.6]"
        ),
        click.option("--strict", "is_strict", is_flag=True, help="Fewer wrong duplicates, more missed: --min-probability 0.8."),
        click.option("--loose", "is_loose", is_flag=True, help="Fewer missed duplicates, more wrong: --min-probability 0.4."),
        click.option(
            "--duplicates-include",
            type=click.Choice(["none", "rewrite"]),
            help="Whether what tells the same in other words is a duplicate as well.  [default: none]",
        ),
        ignore_lines_option,
        click.option("--background", metavar="FILE", help="Table of runs of words that recur, as dedup frequencies build makes it."),
        click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Any other setting of dedup.Config; may be repeated."),
        click.option("--recursive", "-r", is_flag=True, help="Enter subfolders."),
    ]
    if threads:
        jobs = click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="processors", help="Threads.")
        options.insert(-1, jobs)
    if config:
        file = click.option(
            "--config", "config_file", metavar="FILE", help="Settings that dedup tune wrote; other options take precedence over them."
        )
        options.insert(-1, file)
    return adding(options)


def adding(options: Sequence[Callable[[Command], Command]]) -> Callable[[Command], Command]:
    """Return what adds options to a command, in this order."""

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def choice_options(
    *, keeps: Sequence[str] = ("longest", "earliest", "latest", "most-complete", "origin", "independent")
) -> Callable[[Command], Command]:
    """Return what adds the options that say which texts may match, and which of a cluster is kept: by default the first of ``keeps``."""
    kept_words = "Which member of a cluster is kept."
    if keeps[0] == "first":
        kept_words = "What is let through: the first, or also a later duplicate that is preferred, as an update."
    rules, kept = click.Choice(["any", "same", "cross"]), click.Choice(keeps)
    options = [
        click.option("--keep", type=kept, help=f"{kept_words}  [default: {keeps[0]}]"),
        click.option(
            "--prefer", metavar="SOURCES", help="Sources (comma-separated) whose texts are kept before others, the first one first."
        ),
        click.option(
            "--within", metavar="TIME", callback=_duration, help="The longest time between two texts that match: 14d, 36h, 90m, 30s."
        ),
        click.option(
            "--sources", type=rules, help="Which texts may match: of any sources, of the same one, or of two (cross).  [default: any]"
        ),
        click.option("--time-field", metavar="FIELD", help="Field with the time."),
        click.option("--source-field", metavar="FIELD", help="Field with the source."),
    ]
    return adding(options)


def _duration(context: click.Context, parameter: click.Parameter, text: str | None) -> float | None:
    from ..settings import parse_duration

    try:
        return None if text is None else parse_duration(text)
    except ConfigError as error:
        raise click.BadParameter(str(error)) from error


def echo_object(found: dict[str, Any], style: str, lines: Callable[[dict[str, Any]], Iterable[str]], *, safe: bool = False) -> None:
    """Print an object as a line of JSON, or as the lines that a person reads; ``safe`` ones have their invisible characters spelled out."""
    from reports.language.invisible import spelled_out

    from ..writers.objects import json_lines

    shown = json_lines([found]) if style == "json" else (f"{line if safe else spelled_out(line)}\n" for line in lines(found))
    click.echo("".join(shown), nl=False)


def tell(text: str) -> None:
    """Say something in one line on standard error, with characters that act on a terminal spelled out."""
    from reports.language.invisible import spelled_out

    click.echo(spelled_out(text.replace("\n", " ")), err=True)


def exit_statuses(one: str | None = None, done: str = "done") -> str:
    """Return the line of a help text that says what the exit statuses of a command mean."""
    yes = f", 1 {one}" if one else ""
    return f"Exit status: 0 {done}{yes}, 2 an error, 130 or 143 stopped by a signal."


def _format(context: click.Context, parameter: click.Parameter, name: str | None) -> str | None:
    from ..readers.formats import find_input_format

    try:
        return None if name is None else find_input_format(name).name
    except InputError as error:
        raise click.BadParameter(str(error)) from error


def reading_options(command: Command) -> Command:
    """Add the options that say how sources are read."""
    options = [
        click.option("--encoding", default="utf-8", show_default=True, help="Encoding of text and CSV files."),
        click.option(
            "--as",
            "--input-format",
            "input_format",
            metavar="FORMAT",
            callback=_format,
            help=f"Read the input as this format: {FORMAT_NAMES}.",
        ),
        click.option("--records", metavar="FIELD", help="Field of a JSON object with its list of records, as a path like data.articles."),
        click.option(
            "--text-format",
            type=click.Choice(["auto", "plain", "html"]),
            help="What texts are: plain, html, or html where there is markup.  [default: auto]",
        ),
        click.option("--query", metavar="SQL", help="Statement that selects the records of an SQLite database."),
        click.option(
            "--strict-input", "strict", is_flag=True, default=None, help="Stop at a file in a folder that is of no format that is read."
        ),
        click.option("--max-chars", type=click.IntRange(1, 2**31), help="Longest line or text that is accepted, in characters."),
    ]
    return adding(options)(command)


def one_text(path: str, options: ReadOptions) -> Document:
    """Return the one text of a file. Raises `InputError` for a file or a folder of more."""
    from ..readers.sources import read

    documents = list(islice(read([path], options.reading()), 2))
    if len(documents) != 1:
        what = f"{'no' if not documents else 'more than one'} document where one text is needed"
        raise InputError(what, path=path, hint="give one file of text, or say with --as text that it is one")
    return documents[0]


def version_of(document: Document) -> Version:
    """Return a document as a version that is compared, with what is known of it. A text that is cut into segments has no line."""
    from reports import Version

    line = None if document.segmented else document.line
    return Version(document.id, document.text, None, line, document.time, document.title, document.source, document.url)


def format_of(style: str | None, output: str | None, bare: str = "terminal") -> str:
    """Return the format to write: the one that was asked for, else what the name of the output says, ``bare`` for one without an ending."""
    if style is not None:
        return style
    if output is None or output == "-":
        return "terminal"
    from reports.renderers import formats

    suffix = os.path.splitext(output)[1]
    found = formats.format_by_suffix(suffix)
    if suffix and found is None:
        known = " ".join(suffix for each in formats.FORMATS.values() for suffix in each.suffixes)
        raise click.UsageError(f"{output}: say what to write with --format; known by their names are {known}")
    return found.name if found else bare


def write_out(subjects: Iterable[Subject], output: str | None, style: str, lang: str | None, color: str) -> None:
    """Write comparisons, timelines or reports in a format to a file, or to stdout."""
    from reports.renderers.formats import RenderOptions, find_format

    found = find_format(style)
    if found.is_binary and output in (None, "-"):
        raise click.UsageError("a Word file goes into a file: give --output")
    options = RenderOptions(lang, in_colour(color, output))
    write_parts((found.render(subject, options) for subject in subjects), output)


def write_parts(parts: Iterable[str | bytes], output: str | None) -> None:
    """Write text, or bytes, to a file; text to stdout where no file is named."""
    if output is None or output == "-":
        sys.stdout.writelines(part for part in parts if isinstance(part, str))
    elif not os.path.basename(output):
        raise click.UsageError(f"--output {output!r} names no file")
    else:
        from dedup.writers.files import write_file

        write_file(output, parts)


def close_stdout() -> None:
    """Let what is still to be written to stdout go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def open_index(url: str, config: Any = None, **options: Any) -> Any:
    """Open an index as `dedup.Index.open` does; what it says meanwhile, of a server that went away, goes to stderr."""
    import logging

    from ..index import Index

    shown = logging.StreamHandler(sys.stderr)
    shown.setFormatter(logging.Formatter("dedup: %(message)s"))
    logging.getLogger("dedup.index").addHandler(shown)
    logging.getLogger("psycopg").addHandler(logging.NullHandler())  # what it says there is raised as well
    return Index.open(url, config, **options)


def is_folder(path: str) -> bool:
    """Tell whether a path for pages means a folder: it does not end in .html, and is not standard output."""
    return path not in ("", "-") and not path.lower().endswith((".html", ".htm"))
