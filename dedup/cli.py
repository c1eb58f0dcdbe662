"""The command line: each command is options and one call of the Python API."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from . import __version__
from .errors import ConfigError, DedupError, InputError

if TYPE_CHECKING:
    from reports import Comparison

    from .config import Config
    from .model import Result
    from .sources import Reading

Command = TypeVar("Command", bound=Callable[..., Any])
_PAIRS_ON_PAGE = 300
DIFFERENT = 1


def _reading_options(command: Command) -> Command:
    options = [
        click.option("--encoding", default="utf-8", show_default=True, help="Encoding of text and CSV files."),
        click.option("--input-format", type=click.Choice(["text", "jsonl", "csv"]), help="What the input is, whatever its name."),
        click.option("--max-chars", type=click.IntRange(1), help="Longest line or text that is accepted, in characters."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _reading(options: dict[str, Any]) -> Reading:
    from .sources import Reading

    return Reading(**{name: value for name, value in options.items() if value is not None})


def _config(level: str, threshold: float | None, max_chars: int | None, settings: tuple[str, ...]) -> Config:
    from .config import FIELDS, Config

    values: dict[str, Any] = {"level": level, "threshold": threshold, "max_chars": max_chars}
    for setting in settings:
        name, _, text = setting.partition("=")
        if name not in FIELDS or name == "level":
            raise ConfigError(f"--set {setting}: no setting {name!r}; there are {', '.join(FIELDS)}")
        try:
            values[name] = int(text) if isinstance(getattr(Config(), name), int) else float(text)
        except ValueError as error:
            raise ConfigError(f"--set {setting}: {text!r} is not a number") from error
    return Config(**{name: value for name, value in values.items() if value is not None})


class _Progress:
    """A counter on a terminal's stderr; silent elsewhere."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._done: dict[str, int] = {}

    def __call__(self, stage: str, amount: int) -> None:
        self._done[stage] = self._done.get(stage, 0) + amount
        if self._shown:
            click.echo("\r" + ", ".join(f"{name} {count:,}" for name, count in self._done.items()), nl=False, err=True)

    def close(self) -> None:
        if self._shown and self._done:
            click.echo("\r\x1b[K", nl=False, err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="dedup")
def cli() -> None:
    """Find news passages that nearly repeat each other, and show exactly what changed.

    \b
    Example:
      dedup find seeds --html report.html
    """


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--level", type=click.Choice(["auto", "segment", "document"]), default="auto", show_default=True, help="What is matched.")
@click.option("--format", "style", type=click.Choice(["table", "pairs", "clusters", "json"]), default="table", show_default=True)
@click.option("--html", metavar="PATH", help="Also write the editor's page: every duplicate pair, change by change.")
@click.option("--lang", type=click.Choice(["ar", "en", "fr"]), default="ar", show_default=True, help="Language of the page's own words.")
@click.option("--threshold", type=float, help="Jaccard of word shingles from which a pair is a revision.  [default: 0.5]")
@click.option("--relations", metavar="NAMES", help="Only matches with these relations, separated by commas.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Any other setting of dedup.Config; may be repeated.")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="processors", help="Threads.")
@click.option("--recursive", "-r", is_flag=True, help="Enter subfolders.")
@click.option("--id-field", default="id", show_default=True, help="Field with the id, in JSONL and CSV.")
@click.option("--text-field", default="text", show_default=True, help="Field with the text, in JSONL and CSV.")
@click.option("--check", is_flag=True, help="Exit with status 1 when there are duplicates.")
@click.option("--verbose", "-v", is_flag=True, help="Print to stderr what was proposed, compared and left out.")
@_reading_options
def find(
    paths: tuple[str, ...],
    level: str,
    style: str,
    html: str | None,
    lang: str,
    threshold: float | None,
    relations: str | None,
    settings: tuple[str, ...],
    jobs: int,
    check: bool,
    verbose: bool,
    **reading: Any,
) -> int:
    """Find near-duplicate segments or documents.

    PATH is a file, a folder, a glob or - for standard input. A text file is split into segments (headed sections and paragraphs); a
    record of JSONL or CSV is one document.

    \b
    Examples:
      dedup find seeds --html report.html
      dedup find articles.jsonl --format pairs > pairs.jsonl
      zcat feed.jsonl.gz | dedup find - --threshold 0.6 --format clusters
    """
    from .pipeline import find_duplicates
    from .sources import read

    config = _config(level, threshold, reading["max_chars"], settings)
    wanted = _relations(relations)
    # A page shows texts, so they are kept; without one each is let go when it has been hashed.
    documents = list(read(paths, _reading(reading))) if html else read(paths, _reading(reading))
    progress = _Progress()
    try:
        result = find_duplicates(documents, config, jobs=jobs, progress=progress)
    finally:
        progress.close()
    if wanted:
        result = result.only(wanted)
    if html:
        _write_page(result, documents, html, lang, ", ".join(paths))
    _print_result(result, style)
    if verbose:
        _print_stats(result)
    return DIFFERENT if check and result.duplicates else 0


def _relations(names: str | None) -> frozenset[Any]:
    from .model import Relation

    try:
        return frozenset(Relation(name.strip()) for name in names.split(",")) if names else frozenset()
    except ValueError as error:
        raise ConfigError(f"--relations {names}: {error}; there are {', '.join(Relation)}") from error


def _write_page(result: Result, documents: Iterable[Any], path: str, lang: str, title: str) -> None:
    from reports.render.files import write_file
    from reports.render.html import render_html
    from reports.report import build_report, shown_matches

    report = build_report(result, documents, title=title, limit=_PAIRS_ON_PAGE)
    write_file(path, [render_html(report, lang=lang)])
    left_out = len(shown_matches(result)) - len(report.comparisons)
    if left_out > 0:
        click.echo(f"{path} shows the first {_PAIRS_ON_PAGE} pairs, {left_out:,} more are in --format pairs", err=True)


def _print_result(result: Result, style: str) -> None:
    from . import output

    if style == "table":
        lines: Iterable[str] = output.table(result)
    elif style == "pairs":
        lines = output.json_lines(map(output.match_object, result.matches))
    elif style == "clusters":
        lines = output.json_lines(map(output.cluster_object, result.clusters))
    else:
        lines = output.json_lines([output.result_object(result)])
    sys.stdout.writelines(lines)


def _print_stats(result: Result) -> None:
    for name, value in result.stats.items():
        text = ", ".join(f"{key} {count}" for key, count in value.items()) if isinstance(value, dict) else value
        click.echo(f"{name.replace('_', ' ')}: {text}", err=True)


@cli.command()
@click.argument("a", required=False, metavar="A")
@click.argument("b", required=False, metavar="B")
@click.option("--pairs", metavar="FILE", help='Compare many: JSONL of {"id", "a", "b"} with the texts; one JSON object a line comes out.')
@click.option("--format", "style", type=click.Choice(["terminal", "unified", "json", "html"]), default="terminal", show_default=True)
@click.option("--html", metavar="PATH", help="The same as --format html -o PATH.")
@click.option("--output", "-o", metavar="FILE", help="Write there instead of to stdout.")
@click.option("--lang", type=click.Choice(["ar", "en", "fr"]), default="ar", show_default=True, help="Language of the page's own words.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True, help="Colour in the terminal.")
@_reading_options
def diff(
    a: str | None,
    b: str | None,
    pairs: str | None,
    style: str,
    html: str | None,
    output: str | None,
    lang: str,
    color: str,
    **reading: Any,
) -> int:
    """Show exactly what changed from text A, the older, to text B.

    Exit status: 0 when the texts are equal, 1 when they differ, 2 for an error; 0 with --pairs.

    \b
    Examples:
      dedup diff morning.txt noon.txt
      dedup diff morning.txt noon.txt --html changes.html
      dedup diff morning.txt noon.txt --format unified | patch morning.txt
      dedup diff --pairs pairs.jsonl --format json > changes.jsonl
    """
    if pairs is not None:
        if a is not None or style != "json":
            raise click.UsageError("--pairs goes with --format json and without A and B")
        return _diff_pairs(pairs, output, reading)
    if a is None or b is None:
        raise click.UsageError("two texts are needed: dedup diff A B")
    from reports import render
    from reports.render import Look

    from .pipeline import relate_texts

    comparison = _compare(_one_text(a, reading), _one_text(b, reading), relate_texts)
    if html is not None:
        style, output = "html", html
    coloured = color == "always" or (color == "auto" and output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    _write([render(comparison, style, Look(lang, coloured))], output)
    return DIFFERENT if comparison.a.text != comparison.b.text else 0


def _one_text(path: str, options: dict[str, Any]) -> tuple[str, str]:
    from .sources import read

    documents = list(read([path], _reading({**options, "input_format": options["input_format"] or "text"})))
    if len(documents) != 1:
        raise InputError(f"{len(documents)} documents where one text is needed", path=path, hint="use dedup find, or --pairs")
    return documents[0].id, documents[0].text


def _compare(a: tuple[str, str], b: tuple[str, str], relate: Callable[[str, str], Any]) -> Comparison:
    from reports import Version, compare

    return compare(Version(*a), Version(*b), relation=relate(a[1], b[1]))


def _diff_pairs(path: str, output: str | None, options: dict[str, Any]) -> int:
    from reports.render.json import render_json

    from .pipeline import relate_texts
    from .sources import read_pairs

    lines = (
        render_json(_compare(("a", pair.a), ("b", pair.b), relate_texts), pair_id=pair.id) for pair in read_pairs(path, _reading(options))
    )
    _write(lines, output)
    return 0


def _write(parts: Iterable[str], output: str | None) -> None:
    if output is None:
        sys.stdout.writelines(parts)
    else:
        from reports.render.files import write_file

        write_file(output, parts)


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the completion script for a shell.

    \b
    Example:
      dedup completion bash > ~/.local/share/bash-completion/completions/dedup
    """
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    assert script is not None
    click.echo(script(cli, {}, "dedup", "_DEDUP_COMPLETE").source())
    return 0


def main() -> None:
    """Run the command line; every error becomes one line on stderr and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        status = cli.main(prog_name="dedup", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except (click.Abort, KeyboardInterrupt):
        click.echo("dedup: stopped", err=True)
        status = 130
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        hint = f" (try {context.command_path} --help)" if context else ""
        click.echo(f"dedup: {' '.join(error.format_message().split())}{hint}", err=True)
        status = 2
    except (DedupError, MemoryError) as error:
        click.echo(f"dedup: {_one_line(str(error) or 'out of memory')}", err=True)
        status = 2
    sys.exit(status)


def _one_line(text: str) -> str:
    from reports.hidden import spelled_out

    return spelled_out(text.replace("\n", " "))
