"""What was read or written last, kept in memory up to a size."""

from __future__ import annotations

from typing import Generic, TypeVar

_Kept = TypeVar("_Kept")


class Recent(Generic[_Kept]):
    """Values by numbers, of which the oldest go where there are too many: more than ``most`` by their sizes.

    >>> recent = Recent(10)
    >>> recent.put(1, "a", 6), recent.put(2, "b", 4), recent.put(3, "c", 1)
    (None, None, None)
    >>> recent.get(1), recent.get(2)
    (None, 'b')
    """

    def __init__(self, most: int):
        self._most, self._size = most, 0
        self._kept: dict[int, tuple[_Kept, int]] = {}

    def get(self, number: int) -> _Kept | None:
        """Return what is kept under a number, None for nothing."""
        found = self._kept.get(number)
        return None if found is None else found[0]

    def put(self, number: int, value: _Kept, size: int) -> None:
        """Keep a value, unless there is one under its number."""
        if number in self._kept:
            return
        self._kept[number] = value, size
        self._size += size
        while self._size > self._most and self._kept:
            self._size -= self._kept.pop(next(iter(self._kept)))[1]
