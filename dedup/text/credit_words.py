"""Words with which newsrooms name their sources, in six languages: ``data/credits.json``, and what a place in a text names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from .package_data import package_json
from .sources import plain_words

CreditKind = Literal["agency", "outlet", "staff"]
"""A news agency; a paper, broadcaster or site; people of the source itself: its correspondent, its staff."""
_LAM, _ARTICLE = "ل", "ال"
_VARIANTS = str.maketrans("أإآ", "ااا")


@dataclass(frozen=True, slots=True)
class Naming:
    """What names a source in a text, and where: half open, in code points."""

    name: str
    kind: CreditKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class CreditWords:
    """The lists, folded, of which each is a phrase of one or more words; ``triggers`` are words as they are written."""

    called: frozenset[str]
    """An agency, a paper: what stands before a name."""
    citing: frozenset[str]
    """What stands before a source that is cited: according to."""
    between: frozenset[str]
    """What may stand between the two: the, state."""
    after: frozenset[str]
    """What stands behind a source that is cited: reported."""
    after_last: frozenset[str]
    """The last words of these."""
    claiming: frozenset[str]
    """Verbs with which a source is cited where a statement follows its name: announced that."""
    speech: frozenset[str]
    """Verbs of what is told to a source."""
    desks: frozenset[str]
    """Own people without a name: our correspondent."""
    own: frozenset[str]
    """Those of them that are cited inside of a text."""
    by: frozenset[str]
    """What stands before the name in a byline."""
    sources_are: frozenset[str]
    """What stands before the sources at the end of a text."""
    unknown: frozenset[str]
    """What fields have where nobody is known: admin."""
    titles: frozenset[str]
    """What people of a source are called beside its name: Reuters Staff."""
    places: frozenset[str]
    """Places of several words, which are no persons."""
    given: frozenset[str]
    """Given names."""
    alone: frozenset[str]
    """What cites in one word, behind which a source must stand at once or what introduces one."""
    introducing: frozenset[str]
    """The words that may stand there."""
    triggers: frozenset[str]
    """The first words of what cites, and Arabic words for agency and paper behind "to", in the usual spellings."""


@cache
def credit_words() -> CreditWords:
    """Return the lists of all languages.

    >>> "according to" in credit_words().citing, "according" in credit_words().triggers
    (True, True)
    """
    data = package_json(__spec__, "data", "credits.json")
    lists = {name: frozenset(map(plain_words, phrases)) for name, phrases in data.items() if name != "source"}
    first = {phrase.split()[0] for name in ("citing", "claiming", "own") for phrase in data[name]}
    last = {phrase.split()[-1] for phrase in data["after"]}
    told = {_LAM + phrase for phrase in data["called"] if " " not in phrase and "\u0621" <= phrase[0] <= "\u064a"}
    triggers = frozenset(form for word in first | last | told for form in _spellings(word))
    after_last = frozenset(phrase.split()[-1] for phrase in lists["after"])
    verbs = lists["citing"] | lists["claiming"]
    longer = {phrase.split()[0] for phrase in (*verbs, *lists["own"], *lists["after"]) if " " in phrase} | lists["own"] | after_last
    introducing = frozenset(word for name in ("called", "between", "citing") for phrase in lists[name] for word in phrase.split()[:1])
    return CreditWords(**lists, after_last=after_last, alone=verbs - longer, introducing=introducing, triggers=triggers)


def _spellings(word: str) -> Iterator[str]:
    """Yield how a word is written: with a capital, without hamza, with the sign of an adverb on either letter, behind "and"."""
    if word[0] < "\u0600":
        for form in {word, word.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")}:
            yield from (form, form.capitalize(), f"{form},", f"{form}.")
        return
    for form in {word, word.translate(_VARIANTS)}:
        forms = [form, f"{form}،"]
        if form.endswith("ا"):
            forms += [f"{form}\u064b", f"{form[:-1]}\u064b\u0627"]
        yield from forms
        yield from (f"و{each}" for each in forms)


def bare_forms(word: str) -> tuple[str, ...]:
    """Return a folded word, and what is left of it without an Arabic particle that is written on to it.

    >>> bare_forms("لوكاله"), bare_forms("للاناضول")
    (('لوكاله', 'وكاله'), ('للاناضول', 'الاناضول'))
    """
    if len(word) > 3 and word.startswith(_LAM * 2):
        return word, _ARTICLE + word[2:]
    return (word, word[1:]) if len(word) > 3 and word[0] in "لوبفك" else (word,)
