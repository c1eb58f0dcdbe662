"""The option that gives an index a window."""

from __future__ import annotations

from math import inf

import click

from ..errors import ConfigError
from ..settings import parse_duration


def _window(context: click.Context, parameter: click.Parameter, text: str | None) -> float | None:
    if text is None or text == "forever":
        return None if text is None else inf
    try:
        if seconds := parse_duration(text):
            return seconds
    except ConfigError as error:
        raise click.BadParameter(str(error)) from error
    raise click.BadParameter(f"{text!r} is no time in which anything could come; write for example 30d, or forever")


keep_for_option = click.option(
    "--keep-for",
    metavar="TIME",
    callback=_window,
    help="Forget what was last seen longer ago, from now on: 30d, 36h, 90m, 30s, or forever.  [default: what the index has, or forever]",
)
