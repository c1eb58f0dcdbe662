"""The origins of stories as graphs for other programs: GraphML (graphml.graphdrawing.org) and the DOT language of Graphviz.

A node is a text. An edge leads from a text to the one that it carries, or joins two texts of different groups that quote the same. Texts
are hostile: nodes are numbered, and what a source wrote stands in attributes only, escaped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any
from xml.sax.saxutils import escape

from ..origins.model import OriginGroup, Origins, OriginText, Story

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 allows in no document, section 2.2."""
_TURNS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
"""Controls, and what changes the order of a line."""
_GRAPHML = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
_NODE_KEYS = {
    "id": "string",
    "source": "string",
    "time": "string",
    "title": "string",
    "story": "string",
    "group": "int",
    "own": "double",
    "first": "boolean",
}
_EDGE_KEYS = {"kind": "string", "probability": "double", "share": "double", "evidence": "string", "evolved": "boolean", "words": "int"}
_LONGEST = 60  # characters of a title in a drawing
_COLOURS = "#0b6e99", "#a34a00", "#3d7a2a", "#7a3e9d", "#a02c4a", "#5b6470"


def _node_values(story: Story, text: OriginText) -> dict[str, Any]:
    about = {"source": text.about.source, "time": text.about.time, "title": text.about.title}
    first = text.id in story.firsts
    return {"id": text.id, **about, "story": story.id, "group": text.group, "own": round(text.own, 4), "first": first}


def _edges(story: Story) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the two texts of each edge, the one that carries the other first, and what is told of it."""
    for each in story.carries:
        told = {"probability": round(each.probability, 4), "share": round(each.share, 4), "evidence": " ".join(each.evidence)}
        yield each.b, each.a, {"kind": "carries", **told, "evolved": each.evolved}
    for found in story.quoted:
        yield found.a, found.b, {"kind": "quoted", "words": found.words}


def graphml(origins: Origins) -> Iterator[str]:
    """Yield all stories as one graph in GraphML.

    Nodes have the data ``id``, ``source``, ``time``, ``title``, ``story``, ``group``, ``own`` and ``first``. Edges have a ``kind``:
    ``carries``, with ``probability``, ``share``, ``evidence`` and ``evolved``, from a text to the one whose wording it has; or ``quoted``,
    with ``words``, which has no direction, though GraphML gives it one: many programs refuse a graph that has edges of both sorts.
    """
    yield _GRAPHML
    for kind, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        yield from (f'  <key id="{kind}_{name}" for="{kind}" attr.name="{name}" attr.type="{of}"/>\n' for name, of in keys.items())
    yield '  <graph id="origins" edgedefault="directed">\n'
    numbers = count()
    for story in origins.stories:
        names = {text.id: f"n{next(numbers)}" for text in story.texts}
        for text in story.texts:
            yield f'    <node id="{names[text.id]}">{_data("node", _node_values(story, text))}</node>\n'
        for source, target, told in _edges(story):
            yield f'    <edge source="{names[source]}" target="{names[target]}">{_data("edge", told)}</edge>\n'
    yield "  </graph>\n</graphml>\n"


def _data(kind: str, values: dict[str, Any]) -> str:
    """Return the data elements of what is known."""
    return "".join(f'<data key="{kind}_{name}">{_xml(value)}</data>' for name, value in values.items() if value is not None)


def _xml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return escape(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", str(value)), {"\r": "&#13;"})


def dot(origins: Origins) -> Iterator[str]:
    """Yield all stories as one graph in the DOT language, with a box for each group; from right to left where most of the text is.

    An arrow leads from a text to the one that it carries. Texts that quote the same are joined by a dotted line.
    """
    yield f"digraph origins {{\n  rankdir={'RL' if _is_right_to_left(origins) else 'LR'};\n"
    yield '  node [shape=box, style=rounded, fontname="sans-serif"];\n  edge [fontname="sans-serif", fontsize=10];\n'
    numbers = count()
    for number, story in enumerate(origins.stories):
        names = {text.id: f"n{next(numbers)}" for text in story.texts}
        for group in story.groups:
            yield from _cluster(story, group, names, f"cluster_{number}_{group.number}")
        for each in story.carries:  # turned round, with an arrow at its start, so that the model is drawn before who carries it
            style = ", style=dashed" if each.evolved else ""
            yield f"  {names[each.a]} -> {names[each.b]} [dir=back, label={_quoted(f'{each.probability:.2f}')}{style}];\n"
        for found in story.quoted:
            yield f"  {names[found.a]} -> {names[found.b]} [dir=none, style=dotted, constraint=false];\n"
    yield "}\n"


def _cluster(story: Story, group: OriginGroup, names: dict[str, str], name: str) -> Iterator[str]:
    colour = _COLOURS[group.number % len(_COLOURS)]
    label = _quoted(", ".join((f"origin {group.number + 1}", *group.credited)))
    yield f"  subgraph {name} {{\n    label={label}; color={_quoted(colour)};\n"
    for member in group.members:
        about = story.by_id[member].about
        shown = [_cut(about.title or member), *(_cut(each) for each in (about.source, about.time) if each)]
        bold = ", penwidth=2" if member == group.first else ""
        yield f"    {names[member]} [label={_quoted(*shown)}, tooltip={_quoted(member)}{bold}];\n"
    yield "  }\n"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _quoted(*lines: str) -> str:
    r"""Return a label of lines as a string of DOT. A backslash would begin an escape, and an ampersand an entity.

    >>> print(_quoted('say "<b>&lt;"', "C:\\N"))
    "say \"<b>&amp;lt;\"\nC:\\N"
    """
    shown = (_TURNS.sub(" ", _NO_XML.sub("\N{REPLACEMENT CHARACTER}", line)) for line in lines)
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for line in shown)
    return '"' + "\\n".join(escaped) + '"'


def _is_right_to_left(origins: Origins) -> bool:
    """Tell whether most letters of titles and sources, or of ids where there are none, are of a script from right to left."""
    turned = 0
    for text in (text for story in origins.stories for text in story.texts):
        for char in _letters([text.about.title, text.about.source], text.id):
            kind = unicodedata.bidirectional(char)
            turned += (kind in ("R", "AL")) - (kind == "L")
    return turned > 0


def _letters(texts: Iterable[str | None], otherwise: str) -> str:
    return "".join(filter(None, texts)) or otherwise
