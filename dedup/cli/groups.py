"""Options of commands as values: a command takes a few groups of them, each by name, in the place of every option."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import ConfigError

if TYPE_CHECKING:
    from ..config import Config
    from ..evaluation.label_values import Form
    from ..evaluation.truth import Labels
    from ..readers.options import Reading, TextFormat
    from ..readers.sources import Documents

Command = TypeVar("Command", bound=Callable[..., Any])
# The names in `dedup.readers.formats`, which is not read to show a help text.
FORMAT_NAMES = (
    "pdf docx wacz parquet arrow sqlite rtf warc anpa newsml-g2 newsml nitf rss mediawiki nsml html mhtml mail telegram elasticsearch "
    "ninjs newsapi newsplease jsonl json csv nexis factiva text"
)


def names_in(text: str | None) -> tuple[str, ...]:
    """Return the names in a list with commas."""
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """What is searched, and how, as it was given: None for what was not."""

    level: str | None = None
    threshold: float | None = None
    background: str | None = None
    min_probability: float | None = None
    is_strict: bool = False
    is_loose: bool = False
    config_file: str | None = None
    settings: tuple[str, ...] = ()
    jobs: int = 1
    keep: str | None = None
    prefer: str | None = None
    within: float | None = None
    sources: str | None = None
    ignore_lines: str | None = None
    duplicates_include: str | None = None
    agencies: str | None = None

    def given(self, reading: ReadOptions, **others: Any) -> dict[str, Any]:
        """Return the settings that were given, by their names, with others in their place. Raises `ConfigError`.

        Those of a file come first: options and ``--set`` take their place. Two options that say different things of one setting are an
        error.
        """
        from ..config import read_settings
        from ..settings import parse_setting

        kept = "level", "threshold", "background", "duplicates_include", "keep", "within", "sources", "agencies"
        named: dict[str, Any] = {name: getattr(self, name) for name in kept}
        named |= {"prefer": None if self.prefer is None else names_in(self.prefer), "max_chars": reading.max_chars, **others}
        said = [(f"--{name.replace('_', '-')}", name, value) for name, value in named.items() if name not in others]
        said += [(option, "min_probability", value) for option, value in self._least_probabilities()]
        said += [("--ignore-lines", "ignore_lines", self._ignored())]
        said += [(f"--set {text}", *parse_setting(text)) for text in self.settings]
        values = {} if self.config_file is None else read_settings(self.config_file)
        values |= {name: value for name, value in others.items() if value is not None}
        options: dict[str, tuple[str, Any]] = {}
        for option, name, value in said:
            if value is not None:
                first, other = options.setdefault(name, (option, value))
                if other is not value and other != value:  # nan, which is refused later, differs from itself
                    raise ConfigError(f"{first} and {option} are two values of {name}: give one of them")
        return values | {name: value for name, (_, value) in options.items()}

    def _least_probabilities(self) -> Iterator[tuple[str, float | None]]:
        from ..config import LOOSE, STRICT

        yield "--min-probability", self.min_probability
        yield "--strict", STRICT if self.is_strict else None
        yield "--loose", LOOSE if self.is_loose else None

    def _ignored(self) -> tuple[str, ...] | None:
        from ..errors import ConfigError
        from ..text.ignored_lines import read_lines

        if self.ignore_lines == "auto":
            raise ConfigError("--ignore-lines auto is for dedup find, which reads all texts first; give a file with lines")
        return () if self.ignore_lines == "none" else None if self.ignore_lines is None else read_lines(self.ignore_lines)

    def config(self, reading: ReadOptions, usual: Mapping[str, Any] | None = None, **others: Any) -> Config:
        """Return the settings of a run; ``usual`` ones hold where none are given. Raises `ConfigError`."""
        from ..config import Config

        return Config(**{**(usual or {}), **self.given(reading, **others)})


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How sources are read, as it was given: None for what was not. The fields are those of `dedup.Reading`."""

    encoding: str | None = None
    input_format: str | None = None
    max_chars: int | None = None
    id_field: str | None = None
    text_field: str | None = None
    time_field: str | None = None
    cluster_field: str | None = None
    source_field: str | None = None
    title_field: str | None = None
    url_field: str | None = None
    language_field: str | None = None
    version_field: str | None = None
    status_field: str | None = None
    byline_field: str | None = None
    text_format: TextFormat | None = None
    records: str | None = None
    query: str | None = None
    strict: bool | None = None
    recursive: bool = False

    def reading(self, **others: Any) -> Reading:
        """Return how sources are read, with other values in the place of those that were given."""
        from ..readers.options import Reading

        given = {name: getattr(self, name) for name in ReadOptions.__dataclass_fields__} | others
        return Reading(**{name: value for name, value in given.items() if value is not None})

    def documents(self, paths: Iterable[str], **others: Any) -> Documents:
        """Return the documents of paths, which are read whenever they are asked for, with other values as `reading` takes them."""
        from ..readers.sources import Documents

        return Documents(tuple(paths), self.reading(**others))


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """What is written, where, and in which language, as it was given; None for the language of the text."""

    style: str | None = None
    output: str | None = None
    html: str | None = None
    lang: str | None = None
    color: str = "auto"


@dataclass(frozen=True, slots=True)
class TuningOutput:
    """What a tuning writes: settings, a page with curves, and in which style it is printed."""

    written: str | None
    html: str | None
    style: str


@dataclass(frozen=True, slots=True)
class EvaluationOptions:
    """What is measured beside the figures, what is written and what the exit status tells; ``fail_under`` are the least figures by name."""

    exact: bool
    against: str | None
    fail_under: tuple[tuple[str, float], ...]
    html: str | None
    style: str


@dataclass(frozen=True, slots=True)
class LabelOptions:
    """The file of labels, and what the names of labels mean."""

    truth: str
    duplicate_labels: str = ""
    ignore_labels: str = ""
    label_field: str | None = None
    pair_fields: str | None = None
    truth_threshold: float | None = None
    truth_form: Form | None = None

    def read(self, *, own_texts: bool) -> Labels:
        """Return the labels, with the texts of the pairs where these are wanted. Raises `InputError` and `ConfigError`."""
        from ..evaluation.labels import LabelReading, read_labels

        reading = LabelReading(
            names_in(self.duplicate_labels),
            names_in(self.ignore_labels),
            self.label_field,
            names_in(self.pair_fields),
            self.truth_threshold,
            own_texts,
            self.truth_form,
        )
        return read_labels(self.truth, reading)


def grouped(**groups: type[Any]) -> Callable[[Command], Command]:
    """Return what makes a command take some of its options as the fields of values, each under the name of its group.

    It stands below the options, right above the function.

    >>> @grouped(out=OutputOptions)
    ... def command(path, out):
    ...     return path, out.style, out.lang
    >>> command(path="a.txt", style="json", lang="en")
    ('a.txt', 'json', 'en')
    """

    def group(command: Command) -> Command:
        @wraps(command)
        def called(**options: Any) -> Any:
            for name, kind in groups.items():
                fields = [field for field in kind.__dataclass_fields__ if field in options]
                options[name] = kind(**{field: options.pop(field) for field in fields})
            return command(**options)

        return called  # type: ignore[return-value]

    return group
