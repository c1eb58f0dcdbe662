"""Colour in the terminal: the option, and whether it is wanted."""

from __future__ import annotations

import os
import sys

import click

colour_option = click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True, help="Colour in the terminal."
)


def in_colour(color: str, output: str | None = None) -> bool:
    """Tell whether to write in colour: where it is asked for, else to a terminal where ``NO_COLOR`` is not set."""
    return color == "always" or (color == "auto" and output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ)
