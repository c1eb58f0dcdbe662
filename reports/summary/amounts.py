"""Quantities in the words of a page: digits with their magnitude, and what is known of them."""

from __future__ import annotations

from ..exact_values import to_decimal
from ..messages.catalog import Catalog
from ..model import Amount
from .clauses import clean

_MAGNITUDES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
_DECIMALS = 3  # digits behind the point of a number with a magnitude; with more it is written in full
_GROUPED = 10_000  # from here on digits stand in groups of three


def value_text(value: float, catalog: Catalog, *, signed: bool = False) -> str:
    """Return a value in digits, from a million on with a word for its magnitude.

    >>> from ..messages.catalog import load_catalog
    >>> [value_text(value, load_catalog("en")) for value in (15, 2.5, 12500, 40e6, 1.2e9, 1234567)]
    ['15', '2.5', '12,500', '40 million', '1.2 billion', '1,234,567']
    >>> value_text(-5e6, load_catalog("en"), signed=True)
    '-5 million'
    """
    size = abs(to_decimal(value)).normalize()
    sign = "-" if value < 0 else "+" if signed else ""
    if sign and catalog.is_right_to_left:
        sign = f"\N{LEFT-TO-RIGHT MARK}{sign}"  # which else stands behind the digits; CLDR has it there as well
    for scale, name in _MAGNITUDES:
        part = size / scale
        if part >= 1 and part == round(part, _DECIMALS):
            whole = int(part) if part == int(part) else None
            # A fraction takes the form of a hundred, which every language has for "other".
            return sign + catalog.say(name, 100 if whole is None else whole, value=f"{part.normalize():f}")
    return sign + (f"{size:,f}" if size >= _GROUPED else f"{size:f}")


def amount_text(amount: Amount, written: str, catalog: Catalog, *, sign: str = "") -> str:
    """Return a quantity as a line shows it: "at least 12".

    A quantity with a unit or a magnitude is shown as its text has it, and so is one without a value, for which ``written`` stands in.
    ``sign`` is that of a currency or percent.
    """
    if amount.value is None:
        return clean(amount.written or written)
    fraction = amount.value != round(amount.value, _DECIMALS)
    if amount.written and (amount.unit or amount.magnitude or fraction):
        minus = amount.written[0] if amount.value < 0 and not amount.written[0].isalnum() else ""
        shown = minus + clean(amount.written)
    else:
        shown = value_text(amount.value, catalog)
        shown = f"{shown}{sign}" if sign == "%" else f"{sign}{shown}"
    if amount.qualifier in (None, "exact", "vague"):
        return shown
    return f"{catalog.messages['qualifier'][amount.qualifier]} {shown}"
