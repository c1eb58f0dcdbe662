"""Furniture: the lines of a text that belong to the page around it, such as a share box, and not to the report."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate

from .fold import fold
from .furniture_words import ACTIONS, CONNECTORS, LEADS, NETWORKS, UNSPACED
from .ignored_lines import ignored_spans, without_ignored
from .slugs import slug_end, without_slugs
from .spans import without_spans

LONGEST = 4000
"""Characters: in a longer text the few words of a share box decide nothing, so it is compared whole."""
_LINE = 300  # characters of the longest line that may be a share box
_EDGE = 150  # characters at both ends in which a share box has the name of a network
# One of these stands in every share box. Looking for them is much faster than looking at lines, and costs
# nothing where a text has no letter of their script.
_NEAR_TEXT = """
acebook hats witter weet elegram ACEBOOK HATS فيس واتس تويتر غرام فایس فیس توییتر واتساپ تلگرام ٹوئٹر
ٹویٹر واٹس ейсбук елегра онтакте 微 シェア
"""
NEAR = tuple(_NEAR_TEXT.split())
_SENTENCE_END = re.compile(r"[.!?؟۔。…»”\"](?=[\s\N{RIGHT-TO-LEFT MARK}])|[。]")
_CLOSED = frozenset('.!?؟۔»”")。')
_SHARE = 0.1  # largest share of other words in a share box
_MANY, _SHARE_OF_MANY = 4, 0.25  # so many names and actions are a share box even with more words that the lexicon does not have
_LABEL = 5  # words of the longest button or heading of a share box that stands alone
_BUTTON = 4  # words of the longest button with such a word


@cache
def _lexicon() -> dict[str, int]:
    """Return the folded words of share boxes: 0 for a name of a network, 1 for an action, 2 for a small word."""
    found: dict[str, int] = {}
    for kind, words in ((2, CONNECTORS), (1, ACTIONS), (0, NETWORKS)):
        for word in words.split():
            parts = fold(word).split()
            found.update(dict.fromkeys(parts[:1], kind) | dict.fromkeys(parts[1:], 2))
    return found


@cache
def _unspaced() -> re.Pattern[str]:
    words = sorted({fold(word) for word in UNSPACED.split()}, key=len, reverse=True)
    return re.compile("(?:" + "|".join(map(re.escape, words)) + ")+")


@cache
def _leads() -> re.Pattern[str]:
    words = sorted({" ".join(fold(lead).split()) for lead in LEADS.split("|")}, key=len, reverse=True)
    return re.compile("(?:" + "|".join(map(re.escape, words)) + r")(?=\s|$)")


def _counts(line: str) -> tuple[int, int, int, int]:
    """Return the numbers of names, actions, small words and other words of a line. Numbers do not count."""
    counts = [0, 0, 0, 0]
    lexicon = _lexicon()
    for word in fold(line).split():
        if word.isdigit():
            continue
        kind = lexicon.get(word, 3)
        if kind == 3 and (found := _unspaced().fullmatch(word)):
            counts[0] += 1
            counts[1] += len(found[0]) > 3
        else:
            counts[kind] += 1
    return counts[0], counts[1], counts[2], counts[3]


def _is_box(counts: Sequence[int]) -> bool:
    """Tell whether the words of some lines are those of a share box: a name and an action, or three names; and nothing but such words."""
    names, actions, small, others = counts
    share = _SHARE_OF_MANY if names + actions >= _MANY else _SHARE
    if not small and not others and (names >= 2 or actions >= 3):
        return True  # a row of names, or of buttons
    return (names >= 3 or (names >= 1 and actions >= 1)) and small <= names + actions + 1 and others <= share * sum(counts)


def _fits(counts: Sequence[int]) -> bool:
    """Tell whether a line may be part of a share box."""
    return sum(counts[:2]) > 0 and counts[3] <= _SHARE * sum(counts)


def _joins(counts: Sequence[int]) -> bool:
    """Tell whether a line may stand between lines of a share box: a button with a word that the lexicon does not have."""
    return sum(counts[:2]) > 0 and counts[3] == 1 and sum(counts) <= _BUTTON


def share_boxes(lines: Sequence[str]) -> tuple[bool, ...]:
    """Tell of each line whether it is part of a share box: neighbouring lines whose words are nearly all those of share boxes.

    Blank lines between them do not part them.

    >>> share_boxes(["The bridge is closed.", "Share this:", "Facebook", "", "WhatsApp", "Police said so on Facebook."])
    (False, True, True, True, True, False)
    """
    box = [False] * len(lines)
    run: list[tuple[int, tuple[int, int, int, int]]] = []
    for place, line in enumerate([*lines, "."]):
        counts = _counts(line) if len(line) <= _LINE else (0, 0, 0, 1)
        if place < len(lines) and (_fits(counts) or (run and _joins(counts))):
            run.append((place, counts))
        elif line.strip() or place == len(lines):
            while run and not _fits(run[-1][1]):
                run.pop()
            if run and _is_box([sum(column) for column in zip(*(counts for _, counts in run), strict=True)]):
                box[run[0][0] : run[-1][0] + 1] = [True] * (run[-1][0] + 1 - run[0][0])
            run = []
    return tuple(box)


def is_share_label(line: str) -> bool:
    """Tell whether a line is a button to share, or the heading of such buttons, which a page may have drawn as pictures.

    >>> is_share_label("Share this article:"), is_share_label("شارك الخبر"), is_share_label("Share prices fell")
    (True, True, False)
    """
    if len(line) > _LINE or line.rstrip()[-1:] in (".", "!", "?", "؟", "۔", "。"):
        return False
    names, actions, small, others = _counts(line)
    return actions > 0 and not others and names + actions + small <= _LABEL


def leads_elsewhere(line: str) -> bool:
    """Tell whether a line begins with words that lead to other articles.

    >>> leads_elsewhere("اقرأ أيضاً: انقطاع الكهرباء"), leads_elsewhere("He read it.")
    (True, False)
    """
    return _leads().match(" ".join(fold(line[:_LINE]).split())) is not None


def _ends(text: str) -> str:
    """Return where a share box has the name of a network: near the beginning of several lines, or at an end that ends no sentence."""
    end = "" if text[-1:] in _CLOSED else text[-_EDGE:]
    return f"{text[:_EDGE]}\n{end}" if text.find("\n", 0, _LINE) >= 0 else end


def furniture_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of a plain text that are share boxes: whole lines, and what stands behind the last sentence of a line.

    One that ends neither a line nor the text is none, and so is one far from both ends. A text that has nothing else has none, and so has
    one of more than `LONGEST` characters.

    >>> furniture_spans("The bridge is closed.\\nShare on Facebook Tweet WhatsApp")
    ((22, 54),)
    """
    if len(text) > LONGEST or not any(name in _ends(text) for name in NEAR):
        return ()
    return box_spans(text)


def box_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of a text of any length that are share boxes, as `furniture_spans` does; none if nothing else would be left."""
    spans = [*_spans(text)] if any(name in text for name in NEAR) else []
    return tuple(spans) if without_spans(text, spans).strip() else ()


def _spans(text: str) -> Iterator[tuple[int, int]]:
    lines, start = text.split("\n"), 0
    for line, is_box in zip(lines, share_boxes(lines), strict=True):
        if is_box:
            yield start, start + len(line)
        else:
            ends = [match.end() for match in _SENTENCE_END.finditer(line)]
            if ends and len(line) - ends[-1] <= _LINE and _is_box(_counts(line[ends[-1] :])):
                yield start + ends[-1], start + len(line)
        start += len(line) + 1


def without_share_boxes(text: str) -> str:
    """Return a plain text without its share boxes; any other text as it is. It is what is compared, not what is shown.

    >>> without_share_boxes("The bridge is closed.\\nPartager sur Facebook")
    'The bridge is closed.\\n'
    >>> without_share_boxes("The minister wrote on Facebook and Twitter that the bridge is closed.")
    'The minister wrote on Facebook and Twitter that the bridge is closed.'
    """
    spans = furniture_spans(text)
    return without_spans(text, spans) if spans else text


def compared_texts(texts: list[str], ignored: tuple[str, ...] = ()) -> list[str]:
    """Return what is compared of many texts: each as `without_share_boxes` returns it, without the slugs at its start and the
    lines to leave out.

    >>> compared_texts(["URGENT: The bridge is closed.", "The bridge is closed.\\nShare on Facebook"])
    ['The bridge is closed.', 'The bridge is closed.\\n']
    """
    texts = without_slugs(without_ignored(texts, ignored) if ignored else texts)
    near = [_ends(text) for text in texts]
    starts = [0, *accumulate(len(end) + 1 for end in near)]
    joined, rows = "\n".join(near), set[int]()
    for name in NEAR:  # all texts at once: a text by itself takes longer to begin with than to search
        place = joined.find(name)
        while place >= 0:
            row = bisect_right(starts, place) - 1
            rows.add(row)
            place = joined.find(name, starts[row + 1])
    if not rows:
        return texts
    changed = [*texts]
    for row in rows:
        changed[row] = without_share_boxes(texts[row])
    return changed


def left_out_spans(text: str, ignored: tuple[str, ...] = ()) -> tuple[tuple[int, int], ...]:
    """Return the spans of a text that `compared_texts` leaves out.

    >>> left_out_spans("URGENT: The bridge is closed.\\nFollow us", ("Follow us",))
    ((0, 8), (30, 39))
    """
    places, left = [*range(len(text))], text
    for spans_of in (lambda text: ignored_spans(text, ignored), lambda text: ((0, slug_end(text)),), furniture_spans):
        dropped = {place for span in spans_of(left) for place in range(*span)}
        places = [place for number, place in enumerate(places) if number not in dropped]
        left = "".join(text[place] for place in places)
    edges = zip([-1, *places], [*places, len(text)], strict=True)
    return tuple((before + 1, after) for before, after in edges if after > before + 1)
