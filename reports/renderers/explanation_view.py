"""The view of an explanation, for a page and for a terminal: the verdict, what speaks for it and against it, the texts in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..messages.catalog import Catalog, plural_category
from .direction import html_language, text_direction

_ARROWS = {"rtl": "←", "ltr": "→"}
_JOINED = {"ar": "، "}
_LEAST = 0.01  # probability of what is told
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A row of the evidence: its name, what was found, its points as words, and its bar: where it begins and its width, of 100."""

    name: str
    found: str
    points: str
    start: float
    width: float
    speaks_for: bool


@dataclass(frozen=True, slots=True)
class MarkedPiece:
    """A stretch of a text, and the kind of its mark, None for one without."""

    text: str
    kind: str | None


@dataclass(frozen=True, slots=True)
class SideView:
    """One of the two texts: ``key`` is ``a`` or ``b``; ``about`` is what is known of it beside its id."""

    key: str
    name: str
    id: str
    words: int
    title: str | None
    source: str | None
    time: str | None
    dir: str
    lang: str
    text: str
    pieces: tuple[MarkedPiece, ...]


@dataclass(frozen=True, slots=True)
class ExplanationView:
    """An explanation as it is shown. ``told`` are the sentences below the verdict; ``lists`` are lists of words, each with its heading."""

    relation: str
    verdict: str
    told: tuple[str, ...]
    rows: tuple[EvidenceRow, ...]
    note: str
    checks: tuple[tuple[str, str], ...]
    exchanges: tuple[tuple[str, str], ...]
    dir: str
    arrow: str
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    longest: tuple[str, str]
    candidate: tuple[tuple[str, str], ...]
    measures: tuple[tuple[str, str], ...]
    sides: tuple[SideView, SideView]


def make_explanation_view(found: Mapping[str, Any], catalog: Catalog) -> ExplanationView:
    """Return the view of an explanation, an object as `dedup.explain` describes it, in the words of a catalogue."""
    say = catalog.messages["explanation"]
    sides = side_view(found["a"], "a", catalog), side_view(found["b"], "b", catalog)
    words, formula = found["words"], found["formula"]
    joined = _JOINED.get(catalog.language, ", ")
    lists = [(say["only"].format(side=say["side"][key]), tuple(own["word"] for own in words[f"only_{key}"])) for key in "ab"]
    run, direction = words["longest_run"], text_direction(found["a"]["text"] + found["b"]["text"])
    return ExplanationView(
        found["relation"] or "none",
        say["verdict"][found["relation"] or "none"],
        tuple(_told(found, say, joined)),
        tuple(_rows(found, say)),
        say["counted_from" if found["evidence"] else "counted_short"],
        tuple(_checks(found, say)),
        tuple((each["a"], each["b"]) for each in words["exchanged"]),
        direction,
        _ARROWS[direction],
        (*lists, (say["formula_words"], (*formula["words"], *formula["other_words"]))),
        (_counted(say["longest_words"], run["words"], catalog), run["text"]),
        tuple(_candidate(found, say, joined)),
        tuple((name, f"{value:g}") for name, value in found["measures"].items()),
        sides,
    )


def side_view(side: Mapping[str, Any], key: str, catalog: Catalog) -> SideView:
    """Return the view of one text of an explanation; ``key`` is ``a`` or ``b``."""
    say = catalog.messages["explanation"]
    text = side["text"]
    return SideView(
        key,
        say["text"].format(side=say["side"][key]),
        side["id"],
        side["words"],
        side["title"],
        side["source"],
        side["time"],
        text_direction(text),
        html_language(text),
        text,
        tuple(_pieces(text, side["marks"])),
    )


def _pieces(text: str, marks: list[Mapping[str, Any]]) -> Iterator[MarkedPiece]:
    at = 0
    for mark in marks:
        if mark["start"] > at:
            yield MarkedPiece(text[at : mark["start"]], None)
        yield MarkedPiece(text[mark["start"] : mark["end"]], mark["kind"])
        at = mark["end"]
    if at < len(text):
        yield MarkedPiece(text[at:], None)


def _counted(forms: Mapping[str, str], n: int, catalog: Catalog) -> str:
    return forms[plural_category(catalog.language, n)].format(n=n)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def probability_text(probability: float) -> str:
    """Return a probability with two digits, with four where it is nearly 0 or 1; one that is nearly that is not said to be it.

    >>> probability_text(0.823), probability_text(0.99999), probability_text(1.0), probability_text(0.0012)
    ('0.82', '0.9999', '1', '0.0012')
    """
    if probability in (0.0, 1.0):
        return f"{probability:.0f}"
    return f"{probability:.2f}" if 0.01 <= probability <= 0.99 else f"{min(max(probability, 0.0001), 0.9999):.4f}"


def _told(found: Mapping[str, Any], say: Mapping[str, Any], joined: str) -> Iterator[str]:
    limits, measures, decided = found["limits"], found["measures"], found["decided_by"]
    if found["probability"] is not None and decided != "copies":
        yield say["probability"].format(p=probability_text(found["probability"]), limit=f"{limits['min_probability']:g}")
    if decided != "model":
        most = max(measures["containment_a"], measures["containment_b"])
        values = {"least": _percent(limits["least_share"]), "most": _percent(most), "threshold": f"{limits['threshold']:g}"}
        yield say[decided].format(n=limits["min_words"], **values)
    told = _otherwise(found, say)
    if told:
        yield say["otherwise"].format(told=joined.join(told))
    if told and found["relation_if_proposed"] is None:
        yield say["no_passage"].format(words=limits["passage_words"], reuse=_percent(limits["reuse"]))
        others = found["evidence"]["others"]
        if others["rewrite"] == max(others.values()):
            yield say["too_unlike"]
    yield from _withheld(found, say)


def _otherwise(found: Mapping[str, Any], say: Mapping[str, Any]) -> list[str]:
    if found["decided_by"] != "model" or found["probability"] >= found["limits"]["min_probability"]:
        return []
    others = sorted(found["evidence"]["others"].items(), key=lambda each: -each[1])
    return [say[f"otherwise_{name}"].format(n=_percent(value)) for name, value in others if value >= _LEAST]


def _withheld(found: Mapping[str, Any], say: Mapping[str, Any]) -> Iterator[str]:
    """Yield why a relation that the pair would have is not found."""
    candidate, relation = found["candidate"], found["relation_if_proposed"]
    if relation is None or found["relation"] is not None:
        return
    reason = "not_allowed" if not candidate["allowed"] else "not_listed" if not candidate["listed"] else "not_proposed"
    yield say[reason].format(relation=say["verdict"][relation])
    if reason == "not_proposed" and candidate["overfull"]:
        yield say["overfull"]


def signed(points: float) -> str:
    """Return points with their sign.

    >>> signed(0.716), signed(-2.5), signed(-0.001)
    ('+0.72', '−2.50', '0.00')
    """
    text = f"{abs(points):.2f}"
    return text if text == "0.00" else f"{'+' if points > 0 else _MINUS}{text}"


def _rows(found: Mapping[str, Any], say: Mapping[str, Any]) -> Iterator[EvidenceRow]:
    evidence, short = found["evidence"], found["short"]
    if evidence is not None:
        told, names = _found(found, say), {group["name"]: group["points"] for group in evidence["groups"]}
        rows = [(say.get(name, name), told.get(name, ""), points) for name, points in names.items()]
        rows += [(say["bias"], "", evidence["bias"]), (say["sum"], "", evidence["log_odds"])]
    elif found["decided_by"] == "short-texts" and short["shares_most"]:
        rows = [(_check(name, say), "", points) for name, points in short["points"].items()]
        rows += [(say["bias_short"], "", short["bias"]), (say["sum"], "", short["log_odds"])]
    else:
        return
    most = max(abs(points) for *_, points in rows) or 1.0
    for name, text, points in rows:
        width = round(50 * abs(points) / most, 1)
        yield EvidenceRow(name, text, signed(points), 50.0 if points > 0 else round(50 - width, 1), width, points > 0)


def _check(name: str, say: Mapping[str, Any]) -> str:
    return str(say.get(f"check_{name}", name.replace("_", " ")))


def _found(found: Mapping[str, Any], say: Mapping[str, Any]) -> dict[str, str]:
    """Return what was found of each group of evidence, in words."""
    measures, kind = found["measures"], found["formula"]["kind"]
    fewer, more = ("a", "b") if measures["novelty_a"] <= measures["novelty_b"] else ("b", "a")
    new, most = (say["found_new"].format(share=_percent(measures[f"novelty_{side}"]), side=say["side"][side]) for side in (fewer, more))
    subject = say["subject"].get(kind, kind)
    of_formulas = {"n": _percent(measures["formula"]), "kind": _percent(measures["kind"]), "name": subject}
    return {
        "new": new,
        "new_most": most,
        "substituted": say["found_substituted"].format(n=_percent(measures["swapped"])),
        "runs": say["found_runs"].format(
            jaccard=_percent(measures["jaccard"]), a=_percent(measures["containment_a"]), b=_percent(measures["containment_b"])
        ),
        "lead": say["found_lead"].format(lead=_percent(measures["lead"]), opening=_percent(measures["opening"])),
        "length": say["found_length"].format(n=measures["words"]),
        "recurring": say["found_recurring"].format(n=_percent(measures["recurring"])),
        "formula": say["found_kind" if kind else "found_formula"].format(**of_formulas),
    }


def _checks(found: Mapping[str, Any], say: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if found["short"] is None:
        return
    for name, value in {"shares_most": found["short"]["shares_most"], **found["short"]["checks"]}.items():
        answer = (
            say["yes" if value else "no"] if isinstance(value, bool) else f"{value}" if isinstance(value, int) else f"{_percent(value)}%"
        )
        yield _check(name, say), answer


def _candidate(found: Mapping[str, Any], say: Mapping[str, Any], joined: str) -> Iterator[tuple[str, str]]:
    of = found["candidate"]
    yield say["by"], joined.join(of["by"]) or say["by_none"]
    yield (
        say["signatures"],
        say["estimate"].format(
            estimate=f"{of['estimate']:.2f}",
            jaccard=f"{found['measures']['jaccard']:.2f}",
            shared=of["bands_shared"],
            bands=of["bands"],
            p=probability_text(of["probability"]),
        ),
    )
    a, b = of["fingerprints"]
    yield say["fingerprints"], say["fingerprints_found"].format(n=of["fingerprints_shared"], a=a, b=b)
