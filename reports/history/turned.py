"""Turn a timeline round: the newest version is taken as the oldest."""

from __future__ import annotations

from dataclasses import replace

from ..comparison import compare
from ..model import Timeline
from .versions import build_timeline


def turned_timeline(timeline: Timeline) -> Timeline:
    """Return the timeline of the same versions in the other direction, each two neighbours compared the other way.

    >>> from .versions import compare_versions
    >>> turned = turned_timeline(compare_versions(["Police held 9 men.", "Police held 12 men."]))
    >>> [cell.text for cell in turned.ledger[0].cells], turned.ledger[0].falls
    (['12', '9'], (1,))
    """
    last = len(timeline.versions) - 1
    versions = timeline.versions[::-1]
    states = tuple(tuple(last - place for place in reversed(state)) for state in reversed(timeline.states))
    steps = tuple(
        compare(versions[one[0]], versions[other[0]], relation=step.relation and step.relation.mirrored)
        for one, other, step in zip(states, states[1:], reversed(timeline.steps), strict=False)
    )
    return replace(build_timeline(versions, states, steps), left_out=timeline.left_out, ordered_by=timeline.ordered_by)
