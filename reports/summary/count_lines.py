"""Lines about counts: the role of each number, its place, and its values before and after."""

from __future__ import annotations

from collections.abc import Sequence

from dedup.text.fold import fold

from ..history.counted import is_same_count, is_same_place
from ..language.lexicon import Lexicon
from ..language.role_words import FATES, OTHER_FATE, load_role_words
from ..language.roles import CountRole
from ..messages.catalog import Catalog
from ..model import Amount, Comparison
from .amounts import amount_text, value_text
from .clauses import clean, shorten
from .facts import ChangedFact
from .lines import fill_line

_ITEMS = 12  # counts in a line, at most
_WRITTEN = 24  # characters of a quantity without a value
_SIGNS = "$€£¥₺₽₹₪﷼"
_SHORT = 3  # letters of a word that may begin with the letter of an "and"
_PERCENT = "%"
_SMALL_WORDS = ("stopwords", "prepositions", "connectives", "time_units", "age_units")  # they are counted by no number
_TANWIN = ("اً", "ًا", "ا")


def count_line_key(fact: ChangedFact, lexicon: Lexicon) -> tuple[str, ...]:
    """Return what the counts of one line share: their role, whether they are new, gone or changed, and their alarm."""
    role = fact.counted.role
    noun = "" if role.known else fold(plain_noun(fact, lexicon))
    return role.fate or "", role.group or "", noun, _state(fact), fact.alarm.value if fact.alarm else ""


def _is_said(amount: Amount) -> bool:
    """Tell whether a text says a quantity, if only a vague one."""
    return amount.value is not None or amount.qualifier is not None or bool(amount.readings)


def _state(fact: ChangedFact) -> str:
    """Return whether a count is in both texts, was added, or dropped."""
    assert fact.quantity is not None
    old, new = _is_said(fact.quantity.a), _is_said(fact.quantity.b)
    if old == new:
        return "changed"
    return "added" if new else "dropped"


def plain_noun(fact: ChangedFact, lexicon: Lexicon) -> str:
    """Return the word for what a number counts, as written, without the ending that Arabic gives it after a number: دولارا, دولار."""
    noun = fact.quantity.role if fact.quantity and not (fact.quantity.a.unit or fact.quantity.b.unit) else None
    noun = clean((fact.counted.noun if fact.counted.role.counts_nobody else noun) or "")
    if (
        noun in _SIGNS
        or noun == _PERCENT
        or any(fold(noun) in lexicon.lists[name] for name in _SMALL_WORDS)
        or _begins_clause(noun, lexicon)
        or _is_fate(noun, lexicon)
    ):
        return ""
    if lexicon.article and noun.endswith("ا"):
        bare = noun[:-1].rstrip("\N{ARABIC FATHATAN}")
        known = any(fold(bare) in lexicon.lists[name] for name in ("count_nouns", "measures", "singulars"))
        return bare if known or noun.endswith(_TANWIN[:2]) else noun
    return noun


def _is_fate(noun: str, lexicon: Lexicon) -> bool:
    """Tell whether a word says what became of people; the number beside it is of others, for its role would be known."""
    words = load_role_words(lexicon.language)
    return any(words.classes.get(form) in (*FATES, OTHER_FATE) for form in lexicon.variants(fold(noun)))


def _begins_clause(noun: str, lexicon: Lexicon) -> bool:
    """Tell whether an "and" is written on to a word: it begins other words, and is not what the number before it counts."""
    word = fold(noun)
    joined = bool(lexicon.joiners) and word.startswith(lexicon.joiners) and len(word) > _SHORT
    return joined and word not in lexicon.common and lexicon.is_common(word[1:])


def role_label(role: CountRole, noun: str, catalog: Catalog) -> str:
    """Return the role of a count in its normal form: killed, wounded (children), homes; "" where it counts nothing known."""
    messages = catalog.messages
    if role.fate is not None and role.group is not None and role.fate != "people":
        return catalog.say("role_group", role=messages["role"][role.fate], group=messages["group"][role.group])
    if role.known:
        return str(messages["group"][role.group] if role.group else messages["role"][role.fate])
    return shorten(clean(noun), _WRITTEN)


def count_label(role: CountRole, noun: str, place: str | None, catalog: Catalog) -> str:
    """Return the role of a count with its place: killed, Marsa."""
    label = role_label(role, noun, catalog)
    return catalog.say("role_place", role=label, place=clean(place)) if place and label else label


def count_line(facts: Sequence[ChangedFact], comparison: Comparison, catalog: Catalog, lexicon: Lexicon) -> str:
    """Return a line for the counts of one role: "killed, Marsa: 9 → 12 (+3)", "wounded (count added): Andan 8, Haritan 15"."""
    noun, state = plain_noun(facts[0], lexicon), _state(facts[0])
    known = role_label(facts[0].counted.role, noun if is_same_count(*facts[0].sides) else "", catalog)
    label = known or str(catalog.messages["lead_label"]["number"])
    if state != "changed":
        label = catalog.say(f"count_{state}", len(facts), role=label) if known else catalog.say(f"number_{state}", len(facts))
    places = {fact.counted.place for fact in facts}
    shared = next(iter(places)) if len(places) == 1 else None
    sure = facts[0].counted.role.known or lexicon.has_capitals  # what is no count of people may be near a word that is no place
    shared_shown = shared is not None and bool(known) and sure and (state == "changed" or len(facts) > 1)
    if shared_shown:
        label = catalog.say("role_place", role=label, place=clean(shared or ""))
    joint = catalog.say("digest_joint") if state == "changed" else catalog.say("list_joint")
    items = []
    for fact in facts[:_ITEMS]:
        place = "" if fact.counted.place is None or shared_shown or not known or not sure else clean(fact.counted.place) + " "
        items.append(place + _item(fact, comparison, catalog))
    return fill_line(label, items, len(facts), joint, catalog)


def _item(fact: ChangedFact, comparison: Comparison, catalog: Catalog) -> str:
    quantity, state = fact.quantity, _state(fact)
    assert quantity is not None
    old = "" if state == "added" else _shown(quantity.a, fact.a.of(comparison.a.text), quantity.role, catalog)
    new = "" if state == "dropped" else _shown(quantity.b, fact.b.of(comparison.b.text), quantity.role, catalog)
    delta = quantity.delta
    if old and new and not is_same_count(*fact.sides):  # another place, or another thing is counted: there is no difference to tell
        moved = not is_same_place(*(side.place for side in fact.sides))
        old, new = (
            " ".join(filter(None, (side.place if moved else None, shown, None if amount.unit else side.noun)))
            for shown, side, amount in zip((old, new), fact.sides, (quantity.a, quantity.b), strict=True)
        )
        delta = None
    shown = catalog.say("digest_replaced", a=old, b=new) if old and new else old or new
    repeated = f" ×{len(fact.changes)}" if len(fact.changes) > 1 and not fact.counted.role.known else ""
    return shown + (f" ({value_text(delta, catalog, signed=True)})" if delta else "") + repeated


def _shown(amount: Amount, words: str, role: str | None, catalog: Catalog) -> str:
    sign = role if role and (role in _SIGNS or role == _PERCENT) else ""
    return amount_text(amount, shorten(clean(words), _WRITTEN), catalog, sign=sign)
