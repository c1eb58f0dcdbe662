"""Options that say what the names of labels mean, and where labels stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from .options import adding

Command = TypeVar("Command", bound=Callable[..., Any])


def label_options(command: Command) -> Command:
    """Add the options that say what the names of labels mean."""
    options = [
        click.option(
            "--duplicate-labels", default="", metavar="NAMES", help="Labels of duplicates (comma-separated), where labels have names."
        ),
        click.option("--ignore-labels", default="", metavar="NAMES", help="Labels that count neither as duplicates nor as others."),
        click.option(
            "--label-field",
            metavar="FIELD",
            help="Field with the label; '' where all pairs that are listed are duplicates.  [default: told]",
        ),
        click.option(
            "--pair-fields",
            metavar="A,B",
            help="Fields with the two ids, or the two texts, of a pair; or with an id and its cluster.  [default: told from their names]",
        ),
        click.option("--truth-threshold", type=float, metavar="X", help="Labels are scores: a pair of X or more is a duplicate."),
        click.option(
            "--truth-form", type=click.Choice(["pairs", "clusters"]), help="What rows or lists of ids are, where that is not clear."
        ),
    ]
    return adding(options)(command)
