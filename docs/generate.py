"""Write the reference, the pages of docs/reference, from the code that is installed.

    python docs/generate.py           writes the pages
    python docs/generate.py --check   fails where the pages are not what the code says

Commands come from the objects of click, settings and errors from the source, JSON objects from ``reports/schemas`` and from
``docs/reference/objects.json``, which `tests/test_reference.py` compares with what is really written.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

import dedup.config
import dedup.errors
import reports
from dedup.cli import cli
from dedup.config import _CHOICES, _RANGES, Config

FOLDER = Path(__file__).parent / "reference"
NOTICE = "This page is made from the code: `python docs/generate.py` writes it. Change the code, not the page."
ENVIRONMENT = {
    "BULLETIN_DEDUP_ENGINE": "`c` or `numpy`: which engine the innermost loops have. An engine that is not there is an error.",
    "BULLETIN_DEDUP_TRACEBACK": "Anything: an error is shown with its traceback, for a bug report.",
    "NO_COLOR": "Anything: no colour in the terminal, unless `--color always` is given.",
}
"""The variables that the command looks at, and what they do."""
_DEFAULT = re.compile(r"\s*\[default: (.*)\]$")
_EPILOG = re.compile(r"Exit status: 0 (.*?)(?:, 1 (.*))?, 2 an error, 130 or 143 stopped by a signal\.")
_CODE = re.compile(r"(`[^`]*`|\{[^{}]*\})")
_VALUES = "json|html|pairs|clusters|spark|skip"  # of options, in the words of help texts
_OPTION = re.compile(rf"(?<![\w-])(--[a-z][a-z-]*[a-z](?: (?:{_VALUES})\b)?|-o PATH)")


def prose(text: str) -> str:
    """Return a sentence of a docstring or a help text as Markdown: names of options and JSON as code, one line."""
    text = " ".join(text.replace("``", "`").split())
    parts = _CODE.split(text)
    return "".join(f"`{part}`" if part[:1] == "{" else part if part[:1] == "`" else _OPTION.sub(r"`\1`", part) for part in parts)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield the lines of a table."""
    names = list(head)
    yield "| " + " | ".join(names) + " |"
    yield "|" + "---|" * len(names)
    for row in rows:
        cells = list(row)
        assert not any("|" in cell or "\n" in cell for cell in cells), cells
        yield "| " + " | ".join(cells) + " |"
    yield ""


def code(words: Iterable[Any]) -> str:
    """Return words as code, with commas between them."""
    return ", ".join(f"`{word}`" for word in words)


# Commands


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its full name, in the order of the help text; groups before their commands."""
    waiting: list[tuple[str, click.Command]] = [("dedup", cli)]
    while waiting:
        name, command = waiting.pop(0)
        yield name, command
        if isinstance(command, click.Group):
            waiting[:0] = [(f"{name} {each}", command.commands[each]) for each in sorted(command.commands)]


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


# Settings


def attribute_docs(source: str, owner: str) -> dict[str, str]:
    """Return the text under each field of a class, as written."""
    body = next(node.body for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == owner)
    found = {}
    for field, words in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(words, ast.Expr):
            assert isinstance(words.value, ast.Constant)
            found[field.target.id] = inspect.cleandoc(words.value.value)
    return found


def range_of(name: str) -> tuple[str, str]:
    """Return the type of a setting and what it may be, in words."""
    if name in _CHOICES:
        return "a choice", code(_CHOICES[name])
    if name in _RANGES:
        low, high = _RANGES[name]
        whole = isinstance(low, int) and isinstance(high, int)
        return ("a whole number", f"{low:,} to {high:,}") if whole else ("a number", f"{low} to {high}")
    return {"prefer": ("names with commas", "names of sources"), "within": ("a duration", "`14d`, `36h`, `90m`, `30s`")}[name]


def own_option(name: str) -> str:
    """Return the option that gives a setting, ``--set`` where it has none of its own."""
    named = {each.opts[0] for _, command in commands() for each in command.params if each.name == name}
    return f"`{found[0]}`" if (found := sorted(option for option in named if option.startswith("--"))) else f"`--set {name}=VALUE`"


def settings_page() -> Iterator[str]:
    """Yield the lines of the page of settings."""
    words, standard = attribute_docs(inspect.getsource(dedup.config), "Config"), Config()
    yield from ("# Settings", "", NOTICE, "")
    yield "A setting is a field of `dedup.Config`, and on the command line an option. A value out of range is a `ConfigError`."
    yield from ("In Python, `prefer` is a tuple of names, and `within` a number of seconds.", "")
    rows = []
    for name in Config.__dataclass_fields__:
        kind, values = range_of(name)
        default = getattr(standard, name)
        rows.append((f"[`{name}`](#{name})", kind, "" if default in (None, ()) else f"`{default}`", values, own_option(name)))
    yield from table(("setting", "type", "default", "values", "option"), rows)
    for name in Config.__dataclass_fields__:
        yield from (f"## {name}", "", prose(words[name]), "")


# JSON objects


def type_of(schema: dict[str, Any]) -> str:
    """Return the type of a field in words, with a link to the object that it holds."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name})"
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return code("null" if each is None else each for each in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(type_of(each) for each in schema["anyOf"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join(_named(kind, schema) for kind in kinds)


def _named(kind: str, schema: dict[str, Any]) -> str:
    if kind == "array":
        inside = schema.get("items") or schema["prefixItems"][0]
        return f"list of {type_of(inside)}"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"object, each value {type_of(values)}" if isinstance(values, dict) else "object"
    return {"integer": "whole number", "string": "text", "boolean": "true or false"}.get(kind, kind)


def object_section(name: str, schema: dict[str, Any], words: dict[str, str]) -> Iterator[str]:
    """Yield what is said about one object, or one list of values."""
    yield from (f"### {name}", "")
    if "description" in schema:
        yield from (prose(schema["description"]), "")
    if "written" in schema:
        yield from (f"Written by {', '.join(f'`{each}`' for each in schema['written'])}.", "")
    if "properties" not in schema:
        yield from (f"One of {type_of(schema)}." if "enum" in schema else f"A {type_of(schema)}.", "")
        return
    required = schema.get("required", ())
    rows = (
        (f"`{field}`", type_of(each), "yes" if field in required else "no", prose(each.get("description") or words[field]))
        for field, each in schema["properties"].items()
    )
    yield from table(("field", "type", "always there", "what it is"), rows)


def schemas_page() -> Iterator[str]:
    """Yield the lines of the page of JSON objects."""
    yield from ("# JSON objects", "", NOTICE, "")
    yield "An object with a `schema` carries its name and version; a change of its fields gets a new number. Offsets and spans count code"
    yield from ("points and are half open; shares go from 0 to 1. JSON has no infinity and no NaN.", "")
    yield from ("## Search, index and labels", "", "As one JSON Schema: [objects.json](objects.json).", "")
    for name, schema in objects().items():
        yield from object_section(name, schema, {})
    words = json.loads((FOLDER / "fields.json").read_text("utf-8"))
    told = objects()  # what two schemas have in common is told once
    for name, schema in report_schemas().items():
        yield from (f"## {schema['title']}", "", f"The JSON Schema is `reports/schemas/{name}-1.json`.", "")
        for each, inside in {name: schema, **schema["$defs"]}.items():
            if told.setdefault(each, inside) is inside:
                yield from object_section(each, inside, words.get(each, {}))
            assert told[each] == inside, each


def report_schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas of `reports`, by name."""
    found = sorted((Path(reports.__file__).parent / "schemas").glob("*-1.json"))
    return {path.stem.removesuffix("-1"): json.loads(path.read_text("utf-8")) for path in found}


def objects() -> dict[str, Any]:
    """Return the objects that have no schema in `reports`, by name."""
    found: dict[str, Any] = json.loads((FOLDER / "objects.json").read_text("utf-8"))["$defs"]
    return found


# Errors


def errors_page() -> Iterator[str]:
    """Yield the lines of the page of errors."""
    yield from ("# Errors and exit statuses", "", NOTICE, "")
    yield "The library raises children of `DedupError`, all of them in `dedup.errors`. The command prints the message of one as one line on"
    yield from ("standard error: what is wrong, where as `path:line`, and what to do.", "")
    yield from ("## Exit statuses", "")
    yield from ("2 is an error of usage or of data. 130 and 143 are SIGINT and SIGTERM. For 0 and 1:", "")
    yield from table(("command", "0", "1"), ((f"`{name}`", *statuses(command)) for name, command in commands()))
    yield from ("## The tree of errors", "", "```text")
    doc = inspect.cleandoc(dedup.errors.__doc__ or "").split("::\n\n")[1].split("\n\n")[0]
    yield from (*inspect.cleandoc(doc).split("\n"), "```", "")
    found = [each for _, each in inspect.getmembers(dedup.errors, inspect.isclass) if issubclass(each, Exception)]
    for each in sorted(found, key=lambda error: (len(error.__mro__), error.__name__)):
        above = [base.__name__ for base in each.__bases__]
        yield from (f"### {each.__name__}", "", f"A child of {code(above)}.", "")
        for paragraph in inspect.cleandoc(each.__doc__ or "").split("\n\n"):
            yield from (prose(paragraph), "")


PAGES = {"commands.md": commands_page, "settings.md": settings_page, "schemas.md": schemas_page, "errors.md": errors_page}


def pages() -> dict[str, str]:
    """Return the text of each page, by the name of its file."""
    return {name: "\n".join(page()).rstrip("\n") + "\n" for name, page in PAGES.items()}


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` say which are old."""
    if arguments not in ([], ["--check"]):
        print("usage: python docs/generate.py [--check]", file=sys.stderr)
        return 2
    old = [name for name, text in pages().items() if not (FOLDER / name).exists() or (FOLDER / name).read_bytes() != text.encode()]
    for name in old:
        if arguments:
            print(f"docs/reference/{name} is not what the code says: run python docs/generate.py", file=sys.stderr)
        else:
            (FOLDER / name).write_bytes(pages()[name].encode())
    return 1 if arguments and old else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
