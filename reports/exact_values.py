"""Exact decimals in floats: which numbers a float holds as they are written, and their exact difference."""

from __future__ import annotations

from decimal import Decimal

DIGITS = 15
"""Significant digits that a float always keeps (IEEE 754 binary64, C's DBL_DIG)."""
LIMIT = 10**18
"""From here on a number is no quantity: none of our languages has a word for it."""
_ALL_EXACT = 10**DIGITS


def is_exact(value: float) -> bool:
    """Tell whether a number is a quantity: below 10^18, and with at most 15 significant digits from 10^15 on.

    >>> [is_exact(value) for value in (10**15 - 1, 149 * 10**15, 10**15 + 1, 10**18)]
    [True, True, False, False]
    """
    size = abs(value)
    if size < _ALL_EXACT:
        return True
    # A product of decimals such as 1.1 quadrillion may be wrong by one or two units in the last of its 53 bits.
    return size < LIMIT and abs(size - int(to_decimal(size))) <= (0 if type(value) is int else size * 2**-51)


def to_decimal(value: float) -> Decimal:
    """Return a quantity with the digits that were read, without the noise of a float behind them.

    >>> to_decimal(0.1 + 0.2), to_decimal(149e15)
    (Decimal('0.3'), Decimal('1.49E+17'))
    """
    return Decimal(f"{value:.{DIGITS}g}")


def exact_difference(old: float, new: float) -> float | None:
    """Return new minus old, None where no float holds it exactly.

    >>> exact_difference(5.1, 5.3), exact_difference(97151502.13, 97151502), exact_difference(1e17, 1e17 - 1e15), exact_difference(1e17, 1)
    (0.2, -0.13, -1000000000000000.0, None)
    """
    if max(abs(old), abs(new)) < _ALL_EXACT:
        return new - old if type(old) is type(new) is int else float(round(to_decimal(new) - to_decimal(old), 10))
    found = to_decimal(new) - to_decimal(old)
    return float(found) if to_decimal(float(found)) == found else None
