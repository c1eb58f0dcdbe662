"""The command line: each command is options and one call of the Python API."""

from __future__ import annotations

import gc
import io
import os
import sys
import threading

import click

from .. import __version__, kernels
from ..errors import DedupError
from .diff import diff
from .evaluate import evaluate
from .explain import explain
from .filter import filter_
from .find import find
from .index import index_
from .options import close_stdout
from .report import report
from .tune import tune


def _print_version(context: click.Context, option: click.Parameter, is_asked: bool) -> None:
    if is_asked:
        click.echo(f"dedup {__version__} (engine: {kernels.engine_name()})")
        context.exit()


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version and the engine."
)
@click.pass_context
def cli(context: click.Context) -> None:
    """Find news passages that nearly repeat each other, and show exactly what changed.

    \b
    Example:
      dedup find seeds --html report.html
    """
    kernels.engine_name()  # one that is not there is refused before anything is read
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


cli.add_command(find)
cli.add_command(filter_)
cli.add_command(index_)
cli.add_command(diff)
cli.add_command(report)
cli.add_command(explain)
cli.add_command(evaluate)
cli.add_command(tune)


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


def _tune_interpreter() -> None:
    """Set what a short run over many texts in several threads needs, before anything large is imported."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads for linear algebra, of which there is none, wait in a loop
    sys.setswitchinterval(0.0005)  # compiled loops give way to the reader, and get their turn back soon
    gc.set_threshold(1_000_000, 50)  # texts come in by the thousand, and stay


def main() -> None:
    """Run the command line; every error becomes one line on stderr and exit status 2."""
    _tune_interpreter()
    if sys.stdout is None:  # closed by who called: nothing else may get its number
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(os.devnull, "wb")))
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        status = cli.main(prog_name="dedup", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        close_stdout()
        status = 0
    except (click.Abort, KeyboardInterrupt):
        click.echo("dedup: stopped", err=True)
        status = 130
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        hint = f" (try {context.command_path} --help)" if context else ""
        click.echo(f"dedup: {' '.join(error.format_message().split())}{hint}", err=True)
        status = 2
    except OSError as error:
        click.echo(f"dedup: standard output cannot be written ({error.strerror})", err=True)
        close_stdout()
        status = 2
    except (DedupError, MemoryError) as error:
        click.echo(f"dedup: {_one_line(str(error) or 'out of memory')}", err=True)
        status = 2
    if threading.active_count() > 1:  # one waits for input, which the interpreter would wait for to end
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def _one_line(text: str) -> str:
    from reports.hidden import spelled_out

    return spelled_out(text.replace("\n", " "))
