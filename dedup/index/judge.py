"""An answer of a person put into an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..clusters.stars import cluster_name
from ..clusters.verdicts import Judged, Verdict
from ..config import Config
from ..errors import InputError
from .judged_links import JudgedGraph
from .judged_rows import JudgedText, StoredAnswer, all_answers, has_answers, is_storable, text_named
from .news import forget_news
from .storage.interface import Store
from .storage.tables import NAMES, VERDICTS

_LONGEST = 200  # characters of the name of a person
_KNOWN = "a text is named as in clusters: dedup index export INDEX prints them"


def judge(store: Store, config: Config, judged: Judged) -> Judged:
    """Keep an answer, or take one back, as `dedup.Index.judge` describes it. To be called inside of a transaction."""
    if judged.a == judged.b:
        raise InputError(f"{judged.a!r} and {judged.b!r} are one text", hint="name two texts")
    if judged.who is not None and not (is_storable(judged.who) and len(judged.who) <= _LONGEST):
        raise InputError(f"who is {judged.who[:40]!r}, which cannot be kept", hint=f"give a name of up to {_LONGEST} characters")
    one, other = sorted((judged.a, judged.b))
    ends = [text_named(store, config, name) for name in (one, other)]
    before = _before(store, (one, other), ends)
    if judged.verdict is None and before:
        _change(store, config, before, None, [])
        return replace(judged, a=one, b=other)
    for name, end in zip((one, other), ends, strict=True):
        if end is None:
            raise InputError(f"no text is called {name!r}", hint=_KNOWN)
    if judged.verdict is None:
        return replace(judged, a=one, b=other)
    return _answered(store, config, replace(judged, a=one, b=other), [end for end in ends if end is not None], before)


def _before(store: Store, names: tuple[str, str], ends: Sequence[JudgedText | None]) -> list[StoredAnswer]:
    """Return the answers that one takes the place of: about the same names, or the same words."""
    nodes = {end.node for end in ends if end is not None}
    found = all_answers(store) if has_answers(store) else []
    return [each for each in found if (each.one, each.other) == names or (len(nodes) == 2 and {each.one_row, each.other_row} == nodes)]


def _answered(store: Store, config: Config, judged: Judged, ends: Sequence[JudgedText], before: Sequence[StoredAnswer]) -> Judged:
    one, other = ends
    verdict = judged.verdict
    assert verdict is not None
    if verdict != "same" and _words_of(store, one.row) == _words_of(store, other.row):
        what = f"{judged.a!r} and {judged.b!r} have the same words, so that they cannot be parted"
        raise InputError(what, hint="an answer is about words: what is said of one copy is said of all")
    graph = JudgedGraph(store, config)
    graph.judged.load((one.node, other.node))
    for answer in before:
        if answer.one_row is not None and answer.other_row is not None:
            graph.judged.groups.discard(answer.number, answer.one_row, answer.other_row)
    _refuse_contradiction(graph, judged, verdict, one.node, other.node)
    ((last,),) = store.rows("select coalesce(max(number), -1) from verdicts")
    digests = one.digest, other.digest
    row = last + 1, judged.a, judged.b, *digests, verdict, judged.moment, judged.who, one.node, other.node
    _change(store, config, before, row, [one, other])
    return StoredAnswer(*row).judged()


def _words_of(store: Store, row: int) -> int:
    """Return the row that stands for the words of another one, whatever settings say of copies."""
    found: int = store.rows("select coalesce(same, row) from segments where row = ?", (row,))[0][0]
    return found


def _refuse_contradiction(graph: JudgedGraph, judged: Judged, verdict: Verdict, one: int, other: int) -> None:
    groups = graph.judged.groups
    hint = "take that back first, with none in the place of an answer"
    if verdict == "same" and other in groups.parted(one):
        for member in groups.group(one):
            for number, (partner, said) in sorted(groups.answers(member).items()):
                if said != "same" and partner in groups.group(other):
                    what = f"{judged.a!r} and {judged.b!r} cannot be the same: {graph.told(number)} were said to be {said}"
                    raise InputError(what, hint=hint)
    if verdict != "same" and other in groups.group(one):
        path = [graph.told(number) for number in _path(graph, one, other)]
        what = f"{judged.a!r} and {judged.b!r} cannot be parted: they are joined by answers about {', '.join(path)}"
        raise InputError(what, hint=hint)


def _path(graph: JudgedGraph, one: int, other: int) -> list[int]:
    """Return the numbers of the fewest answers that join two rows."""
    groups = graph.judged.groups
    inside = {*groups.group(one)}
    before: dict[int, tuple[int, int]] = {one: (-1, one)}
    waiting = [one]
    while other not in before:
        reached = []
        for row in waiting:
            for number, (partner, verdict) in sorted(groups.answers(row).items()):
                if verdict == "same" and partner in inside and partner not in before:
                    before[partner] = number, row
                    reached.append(partner)
        waiting = reached
    path = []
    while other != one:
        number, other = before[other]
        path.append(number)
    return path[::-1]


def _change(
    store: Store, config: Config, before: Sequence[StoredAnswer], row: tuple[object, ...] | None, ends: Sequence[JudgedText]
) -> None:
    """Write an answer in the place of others, and bring the clusters in order."""
    graph = JudgedGraph(store, config)
    rows = {end.node for end in ends}
    rows |= {side for answer in before for side in (answer.one_row, answer.other_row) if side is not None}
    graph.load(rows)
    for each in sorted(rows):  # what clusters were called until now leads to them
        if graph.rows[each].star is not None:
            founder = graph.founder(each)
            graph.load((founder,))
            NAMES.insert(store, [(graph.rows[founder].called or cluster_name(graph.rows[founder].name), founder)], anew=False)
    concerned = graph.concerned(rows)
    store.run_many("delete from verdicts where number = ?", [(answer.number,) for answer in before])
    if row is not None:
        VERDICTS.insert(store, [row])
    graph.judged.read_anew()
    graph.settle(concerned | graph.concerned(rows))
    forget_news(store, (), rows | graph.moved())  # which were compared with a text of another story
    graph.flush()
