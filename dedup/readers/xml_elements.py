"""The elements of XML that readers get: plain values, made by `dedup.readers.xml`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..errors import InputError


@dataclass(frozen=True, slots=True)
class Element:
    """An element: its local name, its namespace (empty for none), its attributes by name as written, and the text and elements in it."""

    name: str
    namespace: str
    attributes: dict[str, str]
    line: int
    children: list[Element | str] = field(default_factory=list)

    def all(self, *path: str) -> Iterator[Element]:
        """Yield the elements at a path of local names below this one, in order."""
        name, *rest = path
        for child in self.children:
            if not isinstance(child, str) and child.name == name:
                if rest:
                    yield from child.all(*rest)
                else:
                    yield child

    def first(self, *path: str) -> Element | None:
        """Return the first element at a path."""
        return next(self.all(*path), None)

    def below(self, *names: str) -> Iterator[Element]:
        """Yield all elements with one of these local names inside this one, at any depth, in order."""
        stack = [iter(self.children)]
        while stack:
            for child in stack[-1]:
                if not isinstance(child, str):
                    if child.name in names:
                        yield child
                    stack.append(iter(child.children))
                    break
            else:
                stack.pop()

    def content(self) -> str:
        """Return all text in this element, as it is."""
        parts: list[str] = []
        stack = [iter(self.children)]
        while stack:
            for child in stack[-1]:
                if isinstance(child, str):
                    parts.append(child)
                else:
                    stack.append(iter(child.children))
                    break
            else:
                stack.pop()
        return "".join(parts)

    def value(self, *path: str) -> str | None:
        """Return the text at the first element of a path that has some, on one line; None if there is none. No path: of this element."""
        for element in self.all(*path) if path else (self,):
            if text := " ".join(element.content().split()):
                return text
        return None

    def get(self, name: str) -> str | None:
        """Return an attribute without white space around it, None if it is missing or empty."""
        return (self.attributes.get(name) or "").strip() or None


@dataclass(frozen=True, slots=True)
class Item:
    """An element that was looked for, the elements around it from the root on (as far as they were read), or what is wrong with it."""

    element: Element
    around: tuple[Element, ...]
    error: InputError | None = None
