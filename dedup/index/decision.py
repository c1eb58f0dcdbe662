"""What is decided about a document, and how it is written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from ..model import Relation

Action = Literal["index", "skip", "update"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a document: ``index`` it, ``skip`` it as a duplicate ``of`` another, or ``update`` that one with it.

    The rest is evidence: the document and segment that it matches, seen from the new one, and what changed.
    """

    id: str
    action: Action
    of: str | None = None
    segment: str | None = None
    matched: str | None = None
    relation: str | None = None
    jaccard: float | None = None
    containment_a: float | None = None
    containment_b: float | None = None
    similarity: float | None = None
    cluster: str | None = None
    digest: tuple[str, ...] | None = None

    def as_object(self) -> dict[str, Any]:
        """Return the decision as plain values, without what it does not have."""
        found: dict[str, Any] = {"id": self.id, "decision": self.action}
        if self.of is not None:
            found["replaces" if self.action == "update" else "of"] = self.of
        for name in ("segment", "matched", "relation", "jaccard", "containment_a", "containment_b", "similarity", "cluster"):
            if (value := getattr(self, name)) is not None:
                found[name] = value
        if self.digest is not None:
            found["digest"] = list(self.digest)
        return found

    def stored(self) -> str:
        """Return the decision as text, to be kept; that to index is empty."""
        return "" if self.action == "index" else json.dumps(self.as_object(), ensure_ascii=False)


def restored(document: str, text: str) -> Decision:
    """Return a decision from the text that was kept of it."""
    if not text:
        return Decision(document, "index")
    found = json.loads(text)
    action = found.pop("decision")
    of = found.pop("replaces" if action == "update" else "of", None)
    digest = found.pop("digest", None)
    return Decision(action=action, of=of, digest=None if digest is None else tuple(digest), **found)


def again(decision: Decision) -> Decision:
    """Return the decision about a document that came before in the same run, and was let through."""
    same = Relation.IDENTICAL.value
    return Decision(decision.id, "skip", decision.id, None, None, same, 1.0, 1.0, 1.0, 1.0, decision.cluster)
