"""What is decided about a document, in the words that news APIs have for it."""

from __future__ import annotations

from typing import TypedDict

from ..index.decision import Decision
from ..model import Document


class NewsFields(TypedDict):
    """Fields of a record, as news APIs name them; None where it is not known."""

    is_duplicate: bool
    duplicate_of: str | None
    has_duplicates: bool
    same_source: bool | None
    cluster: str | None


def news_fields(decision: Decision, document: Document | None = None, original: Document | None = None) -> NewsFields:
    """Return a decision as fields of a record.

    ``is_duplicate`` is true for what is skipped, and ``duplicate_of`` is the id of the document that stands for it. ``has_duplicates`` is
    true for a document that is let through and of which an older version was there (an update): of what comes later nothing is known yet.
    ``same_source`` says whether both documents are from one source; it is None where one of the two has none, or ``original`` is not given.
    ``cluster`` is the id of the cluster that both are in.

    >>> news_fields(Decision("2", "skip", of="1", cluster="c1"))["duplicate_of"]
    '1'
    >>> news_fields(Decision("1", "index"))["is_duplicate"]
    False
    """
    one, other = (None if each is None else each.source for each in (document, original))
    return {
        "is_duplicate": decision.action == "skip",
        "duplicate_of": decision.of if decision.action == "skip" else None,
        "has_duplicates": decision.action == "update",
        "same_source": None if one is None or other is None else one == other,
        "cluster": decision.cluster,
    }
