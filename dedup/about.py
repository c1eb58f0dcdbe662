"""What is told of a text beside its id: its title, its source, its time and its address."""

from __future__ import annotations

from dataclasses import dataclass

ABOUT = "title", "source", "time", "url"
"""The fields of `About`, in their order in tables."""


@dataclass(frozen=True, slots=True)
class About:
    """What a source says about a text, each where it is known and as it is written: the fields of `Document` of these names."""

    title: str | None = None
    source: str | None = None
    time: str | None = None
    url: str | None = None

    def to_dict(self, prefix: str = "") -> dict[str, str | None]:
        """Return the fields as plain values for JSON, None where one is not known, with ``prefix`` before each name.

        >>> About("Rain", time="2026-03-01").to_dict("a_")
        {'a_title': 'Rain', 'a_source': None, 'a_time': '2026-03-01', 'a_url': None}
        """
        return {f"{prefix}{name}": getattr(self, name) for name in ABOUT}


UNKNOWN = About()
"""Nothing is known."""
