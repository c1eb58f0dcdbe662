"""Which options were given on the command line, and that those which do nothing without another one are refused."""

from __future__ import annotations

import click
from click.core import ParameterSource


def refuse_without(needed: str, *names: str) -> None:
    """Raise `UsageError` for the first of these parameters of the command that was given; ``needed`` is what it does nothing without."""
    context = click.get_current_context()
    for parameter in context.command.params:
        if parameter.name in names and context.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"{parameter.opts[0]} goes with {needed}")
