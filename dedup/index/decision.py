"""What is decided about a document, by which rules, and how it is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from ..config import SAME_ID, SameId
from ..errors import ConfigError
from ..model import Document, Relation
from .rows import CODES, RELATION_OF

Action = Literal["index", "skip", "update", "withdraw", "refuse"]
News = Callable[[str, str], Sequence[str] | None]
"""Returns what a text has that is new against an older one, in a few lines; None where that is nothing."""

NO_TEXT = "no text"
"""Why a document with an empty text is refused, under an id that was never seen."""
_ORIGINS = "story", "first", "carries", "independent_origins", "texts"
_EDITION = "edition"  # beside a decision that is kept
_LEAST = 2  # of what every decision tells: its id and its action
_SHARES = "jaccard", "containment_a", "containment_b", "similarity", "probability"
_LISTED = "of", "relation", *_SHARES, "cluster"  # of a decision that is kept as a list
_DIGITS = 10_000  # what shares are multiplied by there
_NAMED = "segment", "matched", "relation", *_SHARES, "cluster", "why", "version", "embargo", "of_version", "same_source"


@dataclass(frozen=True, slots=True)
class Policy:
    """How it is decided what to let through. Raises `ConfigError`."""

    news: News | None = None
    """Tells duplicates that bring something, which are updates; None for no updates."""
    first: bool = True
    """False: a document that the settings prefer to what was let through before is an update too."""
    same_id: SameId = "version"
    """What a second text under one id is: another ``version`` of the record, beside the one before; one that is to ``replace`` what the
    index has of it; or a mistake, to ``refuse``."""
    redeliver: bool = False
    """True: what earlier runs have delivered is answered as it was then, and not as seen."""
    origins: bool = False
    """True: each decision tells the origins of the story of a document so far. The index must keep texts."""
    repeat: bool = False
    """True: a record that comes again is told again what was decided about it, so that who has lost an answer may ask once more; what was
    withdrawn since stays so, and inside of one call it is a repetition."""

    def __post_init__(self) -> None:
        if self.same_id not in SAME_ID:
            raise ConfigError(f"same_id is {self.same_id!r}; it must be one of {', '.join(SAME_ID)}")


@dataclass(frozen=True, slots=True)
class OriginsSoFar:
    """What is known of the story of a document when it is decided about: the texts of its cluster so far, and of the clusters that it is a
    ``rewrite`` of or has a passage of (``reuse``).

    ``first`` is the text that was likely the first of those with the same origin, the document itself where that is one, and ``carries``
    the text that it carries; None where that cannot be told. Both are named as the members of clusters. ``texts`` counts the texts of the
    story and ``independent_origins`` their origins, the document among them; of more than 64 texts the origins are those of 64.
    """

    story: str
    first: str | None
    carries: str | None
    independent_origins: int
    texts: int

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return {name: getattr(self, name) for name in _ORIGINS}


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a document: ``index`` it, ``skip`` it as a duplicate ``of`` another, ``update`` that one with it, ``withdraw`` that
    one because of it, or ``refuse`` it.

    The rest is evidence: the document and segment that it matches, seen from the new one, and what changed. ``why`` is ``seen`` for one
    that another run has let through, ``older`` for a version older than one that is known, ``withdrawn`` for one that was withdrawn; of a
    withdrawal it is ``canceled``, ``withheld``, ``empty`` or ``notice``; else it says why a document is refused. A withdrawal of nothing
    that was let through has no ``of``. ``version`` counts the texts under its id, None for the first. ``embargo`` is that of the document.
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
    probability: float | None = None
    cluster: str | None = None
    digest: tuple[str, ...] | None = None
    why: str | None = None
    version: int | None = None
    embargo: str | None = None
    of_version: int | None = None
    """Which text under the id ``of`` it is about, None for the first; of a withdrawal, which is about all of them, the last."""
    same_source: bool | None = None
    """Whether both are from one source; None where one of them has none."""
    origins: OriginsSoFar | None = None
    """What is known of its story, where the policy asks for that and it has one."""

    def to_dict(self) -> dict[str, Any]:
        """Return the decision as plain values, without what it does not have."""
        found: dict[str, Any] = {"id": self.id, "decision": self.action}
        if self.of is not None:
            found["replaces" if self.action == "update" else "of"] = self.of
        for name in _NAMED:
            if (value := getattr(self, name)) is not None:
                found[name] = value
        if self.digest is not None:
            found["digest"] = list(self.digest)
        return found | (self.origins.to_dict() if self.origins is not None else {})

    def stored(self, edition: int | None = None) -> str:
        """Return the decision as text, to be kept, with the number that its source gives the version of the document; a decision to index
        with nothing to tell is empty, one to skip a duplicate is a short list."""
        told = self.to_dict() | ({} if edition is None else {_EDITION: edition})
        if self.action == "index" and len(told) == _LEAST:
            return ""
        if (values := _listed(told)) is not None:
            return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        return json.dumps(told, ensure_ascii=False)


def _listed(told: Mapping[str, Any]) -> list[Any] | None:
    """Return a decision to skip a duplicate as the values of `_LISTED`, and what else is told; None for any other one."""
    if told["decision"] != "skip" or "digest" in told or any(name not in told for name in _LISTED):
        return None
    shares = [round(_DIGITS * told[name]) for name in _SHARES]
    if any(share / _DIGITS != told[name] for share, name in zip(shares, _SHARES, strict=True)):
        return None
    rest = {name: value for name, value in told.items() if name not in ("id", "decision", *_LISTED)}
    return [told["of"], CODES[Relation(told["relation"])], *shares, told["cluster"], *([rest] if rest else [])]


def _named(document: str, listed: Sequence[Any]) -> dict[str, Any]:
    """Return what `_listed` has listed."""
    of, code, *shares = listed[: len(_LISTED) - 1]
    cluster, *rest = listed[len(_LISTED) - 1 :]
    told = {"id": document, "decision": "skip", "of": of, "relation": RELATION_OF[code].value, "cluster": cluster}
    return told | {name: share / _DIGITS for name, share in zip(_SHARES, shares, strict=True)} | (rest[0] if rest else {})


def restored(document: str, text: str) -> Decision:
    """Return a decision from the text that was kept of it."""
    return restored_with_edition(document, text)[0]


def restored_with_edition(document: str, text: str) -> tuple[Decision, int | None]:
    """Return a decision from the text that was kept of it, and the number that its source gives the version of the document."""
    if not text:
        return Decision(document, "index"), None
    found = json.loads(text)
    if isinstance(found, list):
        found = _named(document, found)
    action, edition = found.pop("decision"), found.pop(_EDITION, None)
    of = found.pop("replaces" if action == "update" else "of", None)
    digest = found.pop("digest", None)
    told = [found.pop(name, None) for name in _ORIGINS]
    origins = OriginsSoFar(*told) if told[0] is not None else None
    return Decision(action=action, of=of, digest=None if digest is None else tuple(digest), origins=origins, **found), edition


def answered(decision: Decision, document: Document, policy: Policy) -> Decision:
    """Return a decision as it is answered: with the embargo of the document, and without what is not asked for."""
    found = decision if document.embargo is None else replace(decision, embargo=document.embargo)
    return found if policy.origins or found.origins is None else replace(found, origins=None)


def again(decision: Decision) -> Decision:
    """Return the decision about a document that came before in the same run, and was let through."""
    same = Relation.IDENTICAL.value
    version = decision.version
    shares = 1.0, 1.0, 1.0, 1.0, 1.0
    told = Decision(decision.id, "skip", decision.id, None, None, same, *shares, decision.cluster, version=version, of_version=version)
    return replace(told, origins=decision.origins)


def seen(decision: Decision) -> Decision:
    """Return the decision about a document that another run has let through."""
    return replace(again(decision), why="seen")


def withdrawn(decision: Decision) -> Decision:
    """Return the decision about a document that comes again after it was withdrawn."""
    return Decision(decision.id, "skip", decision.id, why="withdrawn", version=decision.version)
