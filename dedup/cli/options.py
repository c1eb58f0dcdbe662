"""What several commands share: options, the settings made from them, a counter for long work."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from ..errors import ConfigError

if TYPE_CHECKING:
    from ..config import Config
    from ..sources import Reading

Command = TypeVar("Command", bound=Callable[..., Any])
_BAR = 30  # cells
_QUIET = 1000  # texts or pairs that take no time worth a bar
DIFFERENT = 1  # exit status: yes, they differ; yes, there are duplicates


# The catalogues of `reports.catalog`, which are not read to show a help text.
lang_option = click.option(
    "--lang", type=click.Choice(["ar", "en", "fr"]), default="ar", show_default=True, help="Language of the page's own words."
)


def reading_options(command: Command) -> Command:
    """Add the options that say how sources are read."""
    options = [
        click.option("--encoding", default="utf-8", show_default=True, help="Encoding of text and CSV files."),
        click.option("--input-format", type=click.Choice(["text", "jsonl", "csv"]), help="What the input is, whatever its name."),
        click.option("--max-chars", type=click.IntRange(1, 2**31), help="Longest line or text that is accepted, in characters."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def make_reading(options: dict[str, Any]) -> Reading:
    """Return how sources are read, from the options that were given."""
    from ..sources import Reading

    return Reading(**{name: value for name, value in options.items() if value is not None})


def make_config(level: str, threshold: float | None, max_chars: int | None, settings: tuple[str, ...]) -> Config:
    """Return the settings of a run, from the options that were given. Raises `ConfigError`."""
    from ..config import FIELDS, Config

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


class Progress:
    """A bar on a terminal's stderr, or a count where the end is not known; silent elsewhere. Short work shows nothing."""

    def __init__(self, stream: TextIO | None = None):
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()
        self._begun = False

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if not self._shown or done < _QUIET:
            return
        filled = _BAR * done // total if total else 0
        bar = f" [{'#' * filled}{'.' * (_BAR - filled)}] of {total:,}" if total else ""
        self._begun = True
        self._stream.write(f"\r\x1b[K{stage} {done:,}{bar}")
        self._stream.flush()

    def close(self) -> None:
        """Clear the line."""
        if self._begun:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
