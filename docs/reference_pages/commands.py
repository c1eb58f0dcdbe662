"""The page of commands, from the objects of click."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click

from dedup.cli import cli
from dedup.config import Config

from .markdown import NOTICE, code, prose, table

ENVIRONMENT = {
    "BULLETIN_DEDUP_ENGINE": "`c` or `numpy`: which engine the innermost loops have. An engine that is not there is an error.",
    "BULLETIN_DEDUP_TRACEBACK": "Anything: an error is shown with its traceback, for a bug report.",
    "NO_COLOR": "Anything: no colour in the terminal, unless `--color always` is given.",
}
"""The variables that the command looks at, and what they do."""
_DEFAULT = re.compile(r"\s*\[default: (.*)\]$")
_EPILOG = re.compile(r"Exit status: 0 (.*?)(?:, 1 (.*))?, 2 an error, 130 or 143 stopped by a signal\.")


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its full name, in the order of the help text; groups before their commands."""
    waiting: list[tuple[str, click.Command]] = [("dedup", cli)]
    while waiting:
        name, command = waiting.pop(0)
        yield name, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            found = [(each, command.get_command(context, each)) for each in sorted(command.list_commands(context))]
            waiting[:0] = [(f"{name} {each}", one) for each, one in found if one is not None]


def argument_of(parameter: click.Parameter) -> str:
    """Return how an argument is written in the line of usage."""
    if parameter.metavar:
        return parameter.metavar
    return "{" + "|".join(parameter.type.choices) + "}" if isinstance(parameter.type, click.Choice) else str(parameter.name).upper()


def value_of(option: click.Option) -> str:
    """Return what an option takes, nothing for a switch."""
    kind = option.type
    if option.is_flag:
        return ""
    if isinstance(kind, click.Choice):
        return code(kind.choices)
    named = {"integer": "a whole number", "float": "a number", "integer range": "a whole number", "float range": "a number"}
    words = f"`{option.metavar}`" if option.metavar else named.get(kind.name, "a text")
    if isinstance(kind, click.IntRange | click.FloatRange):
        bounds = [f"{word} {bound:,}" for word, bound in (("from", kind.min), ("to", kind.max)) if bound is not None]
        words += f" {' '.join(bounds)}"
    return words


def default_of(option: click.Option) -> str:
    """Return what holds where an option is not given: what its help or the settings say, nothing where it has no default."""
    said = _DEFAULT.search(option.help or "")
    if option.required:
        return "required"
    if said:
        return f"`{said[1]}`"
    if isinstance(option.show_default, str):
        return option.show_default
    if option.show_default:
        return f"`{option.default}`"
    setting = getattr(Config(), str(option.name), None)
    return f"`{setting}`" if setting and not option.multiple else ""


def parts_of(command: click.Command) -> tuple[list[str], list[str]]:
    """Return the paragraphs of a command's help, and the lines of its examples."""
    paragraphs, examples = [], []
    for part in inspect.cleandoc(command.help or "").split("\n\n"):
        lines = part.lstrip("\b\n").split("\n")
        if lines[0].startswith("Example"):
            examples += [line.strip() for line in lines[1:]]
        else:
            paragraphs.append(prose(part))
    return paragraphs, examples


def command_section(name: str, command: click.Command) -> Iterator[str]:
    """Yield what is said about one command."""
    paragraphs, examples = parts_of(command)
    arguments = [argument_of(each) for each in command.params if isinstance(each, click.Argument)]
    options = [each for each in command.params if isinstance(each, click.Option)]
    yield from (f"## {name}", "")
    for paragraph in paragraphs:
        yield from (paragraph, "")
    usage = [name, *(["[OPTIONS]"] if options else []), *arguments, *(["COMMAND"] if isinstance(command, click.Group) else [])]
    yield from ("```text", " ".join(usage), "```", "")
    if options:
        rows = (
            (code([*each.opts, *each.secondary_opts]), value_of(each), default_of(each), prose(_DEFAULT.sub("", each.help or "")))
            for each in options
        )
        yield from table(("option", "value", "default", "what it does"), rows)
    if examples:
        yield from ("Examples:" if len(examples) > 1 else "Example:", "", "```text", *examples, "```", "")
    done, one = statuses(command)
    yield from (f"Exit status: 0: {done}.{f' 1: {one}.' if one else ''} 2: an error. 130 or 143: stopped by a signal.", "")


def statuses(command: click.Command) -> tuple[str, str]:
    """Return what the exit statuses 0 and 1 of a command mean, nothing where it has no 1."""
    found = _EPILOG.fullmatch(command.epilog or "")
    assert found, command.name
    return prose(found[1]), prose(found[2] or "")


def commands_page() -> Iterator[str]:
    """Yield the lines of the page of commands."""
    yield from ("# Commands", "", NOTICE, "")
    yield "Results go to standard output, all other words to standard error. Every command has `--help` (`-h`)."
    yield "An option that takes no value is a switch. Settings that have no option of their own are given by `--set NAME=VALUE`; see"
    yield from ("[settings](settings.md). What exit statuses mean stands also under [errors](errors.md).", "")
    yield from table(("variable", "what it does"), ((f"`{name}`", words) for name, words in ENVIRONMENT.items()))
    for name, command in commands():
        yield from command_section(name, command)
