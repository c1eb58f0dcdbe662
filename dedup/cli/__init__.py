"""The command line: each command is options and one call of the Python API."""

from __future__ import annotations

import atexit
import gc
import io
import logging
import os
import signal
import sys
import threading
import traceback
import warnings
from contextlib import suppress
from importlib import import_module

import click

from .. import kernels
from ..errors import DedupError
from ..version import VERSION
from .options import close_stdout, exit_statuses, tell
from .output_files import OutputFile
from .signals import SIGNALS


def _print_version(context: click.Context, option: click.Parameter, is_asked: bool) -> None:
    if is_asked:
        click.echo(f"dedup, version {VERSION} (engine: {kernels.engine_name()})")
        context.exit()


_MOST_LINES = 1000  # that readers tell: more nobody reads


class _Commands(click.Group):
    """Commands that are read when they are asked for: each takes time to load."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted({*_MODULES, *self.commands})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.commands and name in _MODULES:
            module = import_module(f".{_MODULES[name]}", __package__)
            self.add_command(vars(module)[f"{name}_" if name in ("filter", "index") else name])
        return self.commands.get(name)


_MODULES = {
    name: module
    for module, names in {
        "diff": ("diff",),
        "evaluation": ("evaluate", "tune"),
        "explain": ("explain", "show"),
        "filter": ("filter",),
        "find": ("find",),
        "frequencies": ("frequencies",),
        "index": ("index",),
        "origins": ("origins",),
        "report": ("report",),
        "serve": ("serve",),
    }.items()
    for name in names
}
"""The module of each command."""


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    epilog=exit_statuses("the answer is yes: diff, --check, index verify"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
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


@cli.command(epilog=exit_statuses())
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the completion script for a shell.

    \b
    Examples:
      dedup completion bash > ~/.local/share/bash-completion/completions/dedup
      dedup completion fish > ~/.config/fish/completions/dedup.fish
      dedup completion zsh > ~/.dedup-complete.zsh   # and in ~/.zshrc: source ~/.dedup-complete.zsh
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
    SIGNALS.listen()
    status = 2
    try:
        _tune_interpreter()
        _open_streams()
        _listen_to_readers()
        status = cli.main(prog_name="dedup", standalone_mode=False) or 0
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # the reader has seen enough, which click ends in its own way
        close_stdout()
        status = 0
    except BaseException as error:
        status = _told(error)
    SIGNALS.leave(status)
    try:
        sys.stdout.flush()
    except (OSError, DedupError):
        close_stdout()
    with suppress(OSError):
        sys.stderr.flush()
    if threading.active_count() == 1:  # or one waits for input, for which nothing waits
        atexit._run_exitfuncs()
    os._exit(status)  # all is written; to take apart what was loaded would take a tenth of a second


class _Told(logging.Handler):
    """Says on standard error what readers tell, each line once: a source may be read twice."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        if line not in self._lines and len(self._lines) < _MOST_LINES:
            self._lines.add(line)
            tell(line)


def _listen_to_readers() -> None:
    """Say on standard error what readers tell of files that they leave out, and of what they take for something."""
    logger = logging.getLogger("dedup.readers")
    logger.handlers = [_Told()]
    logger.propagate = False


def _told(error: BaseException) -> int:
    """Say in one line why the command ends, and return its exit status."""
    if SIGNALS.came or isinstance(error, click.Abort | KeyboardInterrupt):  # which a library may have made another error of
        with suppress(OSError):
            click.echo("dedup: stopped", err=True)
        close_stdout()  # nobody may read it any more
        return 128 + (SIGNALS.came or signal.SIGINT)
    if os.environ.get("BULLETIN_DEDUP_TRACEBACK"):
        traceback.print_exception(error)
    if isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        said = f"{' '.join(error.format_message().split())}{f' (try {context.command_path} --help)' if context else ''}"
    elif isinstance(error, DedupError):
        said = str(error)
    elif isinstance(error, MemoryError):
        said = "out of memory"
    elif isinstance(error, OSError):
        said = f"{error.filename}: {error.strerror}" if error.filename else f"the system refuses something ({error.strerror or error})"
    else:
        said = f"internal error ({type(error).__name__}: {error}); please report it, with what BULLETIN_DEDUP_TRACEBACK=1 says"
    _say(said)
    return 2


def _say(text: str) -> None:
    from reports.language.invisible import spelled_out

    with suppress(OSError):  # standard error may be full, or nobody's
        click.echo("dedup: " + spelled_out(text.replace("\n", " ")), err=True)


def _open_streams() -> None:
    """Make standard output and error UTF-8; where whoever called has closed one, nothing else may get its number."""
    warnings.simplefilter("ignore")  # of libraries, to their programmers
    if sys.stdout is not None and sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    else:
        raw = io.FileIO(os.devnull, "wb") if sys.stdout is None else OutputFile(sys.stdout.fileno(), "standard output")
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", "backslashreplace", newline="\n")
    if sys.stderr is None:
        sys.stderr = io.TextIOWrapper(io.BufferedWriter(io.FileIO(os.devnull, "wb")))
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
