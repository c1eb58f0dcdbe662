"""What papers do with a text that they take from another: the operations of `bench/lineages.py`."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

OWN, QUOTED = -1, -2
_HOUR = 3600.0
_PAPERS = tuple(f"paper {letter}" for letter in "abcdefghijklmnopqrst")
# Agencies, as they are named in texts of Arabic script and in others.
_AGENCIES = {True: ("واس", "رويترز", "أ ف ب", "د ب أ"), False: ("Reuters", "AFP", "AP", "dpa")}
_TOWNS = {True: ("الرياض", "القاهرة", "بيروت", "جنيف"), False: ("Geneva", "Cairo", "Beirut", "Riyadh")}
# Names and words that papers spell or say in two ways.
_SPELLINGS = (
    ("أمريكا", "أميركا"), ("الأمريكي", "الأميركي"), ("الأمريكية", "الأميركية"), ("أوباما", "اوباما"), ("إيران", "ايران"),
    ("بريطانيا", "المملكة المتحدة"), ("واشنطن", "واشنطون"), ("موسكو", "موسكو الروسية"),
    ("طهران", "العاصمة الإيرانية"), ("باريس", "العاصمة الفرنسية"),
    ("إسرائيل", "اسرائيل"), ("تركيا", "أنقرة"), ("الأمم المتحدة", "المنظمة الدولية"), ("داعش", "تنظيم الدولة"),
    ("محمد", "محمّد"), ("الملك", "العاهل"),
    ("الرئيس", "رئيس الدولة"), ("الإنترنت", "الشبكة العنكبوتية"), ("الولايات المتحدة", "أميركا"), ("كيلومتر", "كلم"), ("مليون", "مليونا"),
    ("Kiev", "Kyiv"), ("Gaza", "the Gaza Strip"), ("President", "the president"), ("United States", "US"), ("United Nations", "UN"),
)  # fmt: skip
_SYNONYMS = (
    ("قال", "ذكر"), ("وقال", "وأضاف"), ("أكد", "شدد على"), ("وأكد", "وشدد على"), ("أعلن", "كشف"), ("خلال", "أثناء"),
    ("كما", "وأيضا"), ("حيث", "إذ"),
    ("أمس", "يوم أمس"), ("اليوم", "هذا اليوم"), ("وأوضح", "وبين"), ("عدد", "مجموعة"), ("جميع", "كافة"), ("بعد", "عقب"),
    ("said", "told reporters"),
    ("also", "too"), ("after", "following"), ("many", "several"),
)  # fmt: skip


def words_of(text: str) -> list[str]:
    """Return the words of a text."""
    return re.findall(r"\w+", text.casefold())


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, and the number of the origin that it is from."""

    origin: int
    text: str

    @property
    def size(self) -> int:
        return len(self.text.split())


Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a story: the places of those that it is made from, its origin, who printed it and when, and what was done to make it."""

    models: tuple[int, ...]
    origin: int
    source: str
    seconds: float
    parts: Parts
    operations: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        return "\n\n".join(part.text for part in self.parts)


def parts_of(origin: int, text: str) -> Parts:
    """Return the paragraphs of an article. One without paragraphs is cut at the ends of sentences."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) < 3:
        lines = [sentence for line in lines for sentence in re.split(r"(?<=[.!?؟])\s+", line)]
    return tuple(Part(origin, line) for line in lines)


def origin_of(parts: Parts) -> int:
    """Return the origin that most of a text is from; `OWN` if that is none."""
    sizes: Counter[int] = Counter()
    for part in parts:
        if part.origin != QUOTED:
            sizes[part.origin] += part.size
    return max(sizes, key=lambda origin: (sizes[origin], -origin), default=OWN)


class Writer:
    """Papers that make texts of a story out of one another."""

    def __init__(self, rng: random.Random, corpus: Sequence[str], story: str):
        self._rng, self._corpus = rng, corpus
        self._arabic = len(re.findall("[\u0600-\u06ff]", story)) > len(story) / 4
        statement = self._strange(25, 60)
        self.quotation = Part(QUOTED, f"«{statement}»" if self._arabic else f'"{statement}"')
        self._texts: Sequence[Text] = ()

    def first(self, origin: int, article: str, seconds: float) -> Text:
        """Return an article as the first text of an origin: of an agency, or of a paper. It may have the quotation of the story."""
        source = self._rng.choice(_AGENCIES[self._arabic] if self._rng.random() < 0.5 else _PAPERS)
        parts = parts_of(origin, article)
        if self._rng.random() < 0.3:
            parts = self._quote(parts)
        return Text((), origin, source, seconds, parts)

    def next(self, model: Text, texts: Sequence[Text]) -> Text:
        """Return what a paper makes of a text, some time later."""
        self._texts = texts
        while True:
            names = tuple(sorted(self._rng.sample([*OPERATIONS], self._rng.choice((1, 1, 2, 3)))))
            parts, models, later = model.parts, [texts.index(model)], model.seconds
            for name in names:
                if name == "merge":
                    other = self._rng.choice(texts)
                    models.append(texts.index(other))
                    later = max(later, other.seconds)
                    parts = self._merge(parts, other.parts)
                elif name == "credit":
                    parts = self._credit(parts, model.source)
                else:
                    parts = OPERATIONS[name](self, parts)
            origin = origin_of(parts)
            if origin == OWN or sum(part.size for part in parts if part.origin != QUOTED) < 25:
                continue
            source = model.source if "version" in names else self._rng.choice([paper for paper in _PAPERS if paper != model.source])
            seconds = later + _HOUR * 12 ** self._rng.uniform(-1, 1)
            return Text(tuple(dict.fromkeys(models)), origin, source, seconds, parts, names)

    def edited(self, parts: Parts, share: float) -> Parts:
        """Return a text with others of the corpus in place of a share of its words."""
        made = []
        for part in parts:
            words = part.text.split(" ")
            for place, word in enumerate(words):
                if word and self._rng.random() < share:
                    words[place] = self._rng.choice(self._rng.choice(self._corpus).split())
            made.append(Part(part.origin, " ".join(words)))
        return tuple(made)

    def _strange(self, few: int, many: int) -> str:
        """Return a run of words of any article."""
        words = re.sub('[«»“”"]', "", self._rng.choice(self._corpus)).split()
        start = self._rng.randrange(max(1, len(words) - many))
        return " ".join(words[start : start + self._rng.randint(few, many)])

    def _copy(self, parts: Parts) -> Parts:
        return parts

    def _lead(self, parts: Parts) -> Parts:
        return parts[: max(1, round(len(parts) * self._rng.uniform(0.3, 0.8)))]

    def _tail(self, parts: Parts) -> Parts:
        return parts[min(len(parts) - 1, max(1, round(len(parts) * self._rng.uniform(0.1, 0.4)))) :]

    def _half(self, parts: Parts) -> Parts:
        kept = sorted(self._rng.sample(range(len(parts)), max(1, len(parts) // 2)))
        return tuple(parts[place] for place in kept)

    def _merge(self, parts: Parts, others: Parts) -> Parts:
        taken = self._rng.randint(1, max(1, len(others) // 2))
        return (*parts[: max(1, round(len(parts) * self._rng.uniform(0.5, 1)))], *others[:taken])

    def _number(self, parts: Parts) -> Parts:
        return tuple(
            Part(part.origin, re.sub(r"\d+", lambda found: str(int(found[0]) + self._rng.randint(1, 9)), part.text, count=1))
            for part in parts
        )

    def _slip(self, parts: Parts) -> Parts:
        """Exchange two letters of two words."""
        made = [*parts]
        for _ in range(2):
            place = self._rng.randrange(len(made))
            words = made[place].text.split(" ")
            long = [number for number, word in enumerate(words) if len(word) > 4]
            if long:
                number = self._rng.choice(long)
                word = words[number]
                cut = self._rng.randrange(1, len(word) - 2)
                words[number] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
                made[place] = Part(made[place].origin, " ".join(words))
        return tuple(made)

    def _replaced(self, parts: Parts, table: Sequence[tuple[str, str]]) -> Parts:
        made = []
        for part in parts:
            text = part.text
            for pair in table:
                if self._rng.random() < 0.6:
                    text = re.sub(rf"\b{pair[0]}\b", pair[1], text)
            made.append(Part(part.origin, text))
        return tuple(made)

    def _rename(self, parts: Parts) -> Parts:
        return self._replaced(parts, _SPELLINGS)

    def _synonyms(self, parts: Parts) -> Parts:
        return self._replaced(parts, _SYNONYMS)

    def _reorder(self, parts: Parts) -> Parts:
        rest = [*parts[1:]]
        self._rng.shuffle(rest)
        return (*parts[:1], *rest)

    def _own(self, parts: Parts) -> Parts:
        size = sum(part.size for part in parts)
        many = max(12, round(size * self._rng.uniform(0.1, 0.3)))
        return _with(parts, Part(OWN, self._strange(many, many) + "."), self._rng)

    def _quote(self, parts: Parts) -> Parts:
        return parts if self.quotation in parts else _with(parts, self.quotation, self._rng)

    def _credit(self, parts: Parts, source: str) -> Parts:
        """Put a dateline before a text, with the agency that it is from; where it is from none, with its own town alone."""
        town = self._rng.choice(_TOWNS[self._arabic])
        agency = source if source in _AGENCIES[self._arabic] else None
        if agency is None:
            return parts
        line = f"{town} - {agency}: " if self._arabic else f"{town.upper()} ({agency}) - "
        return (Part(parts[0].origin, line + parts[0].text), *parts[1:])

    def _version(self, parts: Parts) -> Parts:
        """Return what the same paper prints later: mostly with more sentences, and a number changed."""
        return self._number(self._own(parts) if self._rng.random() < 0.6 else self.edited(parts, 0.02))


def _with(parts: Parts, part: Part, rng: random.Random) -> Parts:
    place = rng.randint(1, len(parts))
    return (*parts[:place], part, *parts[place:])


OPERATIONS: dict[str, Callable[[Writer, Parts], Parts]] = {
    "copy": Writer._copy,
    "cut lead": Writer._lead,
    "cut tail": Writer._tail,
    "half": Writer._half,
    "merge": Writer._copy,  # with another text
    "edit 2 %": lambda writer, parts: writer.edited(parts, 0.02),
    "edit 5 %": lambda writer, parts: writer.edited(parts, 0.05),
    "edit 10 %": lambda writer, parts: writer.edited(parts, 0.10),
    "edit 20 %": lambda writer, parts: writer.edited(parts, 0.20),
    "number": Writer._number,
    "slip": Writer._slip,
    "synonyms": Writer._synonyms,
    "rename": Writer._rename,
    "reorder": Writer._reorder,
    "own": Writer._own,
    "quote": Writer._quote,
    "credit": Writer._copy,  # with the source of the model
    "version": Writer._version,
}
"""What may be done to a text, by name. ``edit`` is how many words in a hundred become others."""
