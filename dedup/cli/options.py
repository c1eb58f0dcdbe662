"""What several commands share: options, the settings made from them, a counter for long work."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..errors import ConfigError

if TYPE_CHECKING:
    from ..config import Config
    from ..sources import Reading

Command = TypeVar("Command", bound=Callable[..., Any])
DIFFERENT = 1  # exit status: yes, they differ; yes, there are duplicates


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
    """A counter on a terminal's stderr; silent elsewhere."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._done: dict[str, int] = {}

    def __call__(self, stage: str, amount: int) -> None:
        self._done[stage] = self._done.get(stage, 0) + amount
        if self._shown:
            click.echo("\r" + ", ".join(f"{name} {count:,}" for name, count in self._done.items()), nl=False, err=True)

    def close(self) -> None:
        """Clear the line."""
        if self._shown and self._done:
            click.echo("\r\x1b[K", nl=False, err=True)
