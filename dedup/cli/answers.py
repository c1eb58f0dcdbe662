"""What people say of pairs in an index: ``dedup index judge``, ``labels`` and ``doubts``, and their answers in a search."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from .groups import ReadOptions
from .options import exit_statuses, open_index, tell, write_parts
from .output_files import refuse_overwriting

if TYPE_CHECKING:
    from ..clusters.verdicts import Judged
    from ..config import SameId
    from ..model import Document, Order

_ANSWERS = "same", "different", "template", "none"
_INDEX = click.argument("url", metavar="INDEX")


@click.command(epilog=exit_statuses())
@_INDEX
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.argument("answer", type=click.Choice(_ANSWERS))
@click.option("--who", metavar="NAME", help="Who says so: it is kept with the answer.")
def judge(url: str, a: str, b: str, answer: str, who: str | None) -> int:
    """Keep an answer about two texts, A and B, named as in clusters: the same report, different ones, or one formula about two events (a
    template); none takes an answer back.

    What is the same stays in one cluster, and what is not never meets in one, whatever comes later.

    \b
    Example:
      dedup index judge seen.db 1204 1377 different --who nadia
    """
    verdict: Any = None if answer == "none" else answer
    with open_index(url, create=False) as index:
        kept = index.judge(a, b, verdict, who=who, moment=round(time.time(), 3))
    tell(f"{kept.a}, {kept.b}: {'no answer' if kept.verdict is None else kept.verdict}")
    return 0


@click.command(epilog=exit_statuses())
@_INDEX
@click.option("--output", "-o", metavar="FILE", help="Write there instead of to stdout.")
def labels(url: str, output: str | None) -> int:
    """Print the answers as labels, a line of JSON each, for dedup evaluate and dedup tune.

    \b
    Example:
      dedup index labels seen.db -o labels.jsonl
    """
    from ..writers.objects import json_lines

    refuse_overwriting(ReadOptions().reading(), [], inputs=[url], outputs={"--output": output}, stdout=output in (None, "-"))
    with open_index(url, create=False) as index:
        found = [*index.labels()]
    write_parts(json_lines(found), output)
    return 0


@click.command(epilog=exit_statuses())
@_INDEX
@click.option("--most", type=click.IntRange(1, 1 << 20), default=50, show_default=True, metavar="N", help="How many pairs to print.")
def doubts(url: str, most: int) -> int:
    """Print pairs that are nearly as likely to be duplicates as not, and that no answer has settled: a line of JSON each, those nearest to
    the limit first.

    \b
    Example:
      dedup index doubts seen.db --most 20
    """
    from ..writers.objects import json_lines

    refuse_overwriting(ReadOptions().reading(), [], inputs=[url], outputs={})
    with open_index(url, create=False) as index:
        found = index.doubts(most)
    sys.stdout.writelines(json_lines(doubt.to_dict() for doubt in found))
    return 0


@dataclass(frozen=True, slots=True)
class TextOptions:
    """What is said of the texts that are searched: an index with answers about them, what a second text under one id is, which is older."""

    url: str | None
    same_id: SameId
    order: Order

    def answers(self, paths: Sequence[str], *, local: bool) -> tuple[Sequence[Judged], list[Document], Mapping[str, Any]]:
        """Return the answers in the index, and its documents and settings where no paths are to be searched. Raises `UsageError`."""
        if not paths and self.url is None:
            raise click.MissingParameter(param_hint="'PATH...'", param_type="argument")
        if self.url is None:
            return (), [], {}
        if not local:
            raise click.UsageError("--index is not for --engine spark")
        with open_index(self.url, create=False) as index:
            verdicts = index.verdicts()
            if paths:
                return verdicts, [], {}
            settings = {name: getattr(index.config, name) for name in index.config.__dataclass_fields__}
            return verdicts, [*index.named_documents()], settings
