"""What is decided about a document, in the words that news APIs have for it."""

from __future__ import annotations

from typing import TypedDict

from ..index.decision import Decision


class NewsFields(TypedDict):
    """Fields of a record, as news APIs name them; None where it is not known."""

    is_duplicate: bool
    duplicate_of: str | None
    has_duplicates: bool
    same_source: bool | None
    cluster: str | None


def news_fields(decision: Decision) -> NewsFields:
    """Return a decision as fields of a record.

    ``is_duplicate`` is true for what is skipped, and ``duplicate_of`` is the id of the document that stands for it. ``has_duplicates`` is
    true for a document that replaces another one (an update): of what comes later nothing is known when it is decided about.
    ``same_source`` says whether both are from one source. ``cluster`` is the id of the cluster that they are in.

    >>> news_fields(Decision("2", "skip", of="1", cluster="c1", same_source=False))
    {'is_duplicate': True, 'duplicate_of': '1', 'has_duplicates': False, 'same_source': False, 'cluster': 'c1'}
    """
    is_duplicate = decision.action == "skip"
    return {
        "is_duplicate": is_duplicate,
        "duplicate_of": decision.of if is_duplicate else None,
        "has_duplicates": decision.action == "update",
        "same_source": decision.same_source,
        "cluster": decision.cluster,
    }


def known_fields(decision: Decision) -> dict[str, str | bool]:
    """Return the fields of `news_fields` whose value is known, for what stores no nulls.

    >>> known_fields(Decision("1", "index"))
    {'is_duplicate': False, 'has_duplicates': False}
    """
    return {name: value for name, value in news_fields(decision).items() if isinstance(value, str | bool)}
