"""An evaluation for a person at a terminal: its figures, the confusion matrix, wrong pairs, and what else was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..model import Relation
from ..writers.counts import counted
from ..writers.table import number_rows

_NAMES = ("precision", "recall", "f1")
_CHANGED = 10  # pairs that changed sides, of those that are shown


def _figures(found: dict[str, Any]) -> str:
    return ", ".join(f"{key.replace('_', ' ')} {value:.3f}" for key, value in found.items() if value is not None)


def _intervals(found: dict[str, Any]) -> str:
    ends = ", ".join(f"{name} {found[name][0]:.3f} to {found[name][1]:.3f}" for name in _NAMES if found[name] is not None)
    return f"{found['level']:.0%}".replace("%", " %") + f" intervals: {ends or 'none'}; {counted(found['events'], 'event')}"


def _without_value(found: dict[str, Any]) -> str | None:
    """Return which figures have no value, and why; None where all have one."""
    missing = [key.replace("_", " ") for key, value in found.items() if value is None]
    if not missing:
        return None
    why = "no pair that is labelled was matched as a duplicate"
    if found["recall"] is None:
        why = "the labelled duplicates weigh nothing"
    elif found["f1"] is None:
        why = "these labels are of duplicates alone, and say nothing of other pairs"
    return f"no value for {' and '.join(missing)}: {why}"


def evaluation_lines(found: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of an evaluation, an object as `Evaluation.to_dict` returns it, with invisible characters spelled out."""
    from reports.language.invisible import spelled_out

    yield from map(spelled_out, _figure_lines(found))
    yield from number_rows(_confusion(found))
    yield from map(spelled_out, _other_lines(found))


def _figure_lines(found: dict[str, Any]) -> Iterator[str]:
    yield counted(found["labelled"], "labelled pair")
    for name in ("pairs", "clusters"):
        if name in found:
            yield f"{name}: {_figures(found[name]) or 'no figures'}"
            if (why := _without_value(found[name])) is not None:
                yield f"{name}: {why}"
    yield _intervals(found["intervals"])


def _other_lines(found: dict[str, Any]) -> Iterator[str]:
    for name in ("wrongly_matched", "missed"):
        for match in found[name]:
            yield f"{name.replace('_', ' ')}: {match['a']}, {match['b']} ({_reason(match)})"
    if "calibration" in found:
        yield from _calibration(found["calibration"])
    if "candidates" in found:
        held = found["candidates"]
        yield f"candidates hold {held['held']:,} of {counted(held['exact_pairs'], 'pair')} of an exact search"
    if "against" in found:
        yield from _difference(found["against"])


def _reason(match: dict[str, Any]) -> str:
    if "relation" not in match:
        return "no candidate, or nothing shared"
    given = match.get("probability")
    return f"{match['relation']}, {'' if given is None else f'probability {given:.2f}, '}Jaccard {match['jaccard']:.2f}"


def _confusion(found: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return the confusion matrix: labels down, the relations that were found across, and the share that was taken for duplicates."""
    across = [name for name in (*map(str, Relation), "none") if any(name in counts for counts in found["relations"].values())]
    shares = {label: each["share"] for label, each in found.get("labels", {}).items()}
    head = ("LABEL", *(("ACCEPTED",) if shares else ()), *(name.upper() for name in across))
    rows = [head]
    for label, counts in found["relations"].items():
        share = shares.get(label)
        said = ("-" if share is None else f"{share:.3f}",) if shares else ()
        rows.append((label, *said, *(f"{counts.get(name, 0):,}" for name in across)))
    return rows


def _calibration(found: dict[str, Any]) -> Iterator[str]:
    rows = [("PROBABILITY", "PAIRS", "MEAN", "DUPLICATES")]
    for each in found["bins"]:
        rows.append((f"{each['low']:.1f} to {each['high']:.1f}", f"{each['pairs']:,}", f"{each['mean']:.3f}", f"{each['duplicates']:.3f}"))
    yield from number_rows(rows)
    matched = "" if found["matched_ece"] is None else f"; {found['matched_ece']:.3f} of {found['matched']:,} that matched"
    yield f"calibration error (ECE): {found['ece']:.3f} of {counted(found['pairs'], 'pair')}{matched}"


def _difference(found: dict[str, Any]) -> Iterator[str]:
    right = sum(each["now_right"] for each in found["changed"])
    wrong = len(found["changed"]) - right
    yield f"against: {counted(found['pairs'], 'pair')} of both runs, {right:,} now right, {wrong:,} now wrong"
    for name, what in (
        ("only_before", "of the other run alone"),
        ("only_after", "of this run alone"),
        ("relabelled", "with another label"),
    ):
        if found[name]:
            yield f"against: {counted(found[name], 'pair')} {what}"
    for name in _NAMES:
        if found["difference"][name] is not None:
            ends = found["intervals"][name]
            between = "" if ends is None else f" ({ends[0]:+.3f} to {ends[1]:+.3f})"
            yield f"against: {name} {found['before'][name]:.3f}, now {found['after'][name]:.3f}: {found['difference'][name]:+.3f}{between}"
    events = found["events"]
    yield f"against: {counted(events['better'], 'event')} better, {events['worse']:,} worse: p {events['p_value']:.3f}"
    for each in sorted(found["changed"], key=lambda each: each["now_right"])[:_CHANGED]:
        then, now = (each[name] or "no match" for name in ("before", "after"))
        yield f"now {'right' if each['now_right'] else 'wrong'}: {each['a']}, {each['b']} ({then}, now {now})"
