"""The persistent index: documents that were seen, and what is decided about new ones."""

from .browse.model import StoredVersion, StoryCard, StoryPage, StoryQuery, StoryTexts, TextNews
from .datasketch import minhash_lsh
from .decision import Decision, Policy
from .gate import Gate
from .index import Index

__all__ = [
    "Decision",
    "Gate",
    "Index",
    "Policy",
    "StoredVersion",
    "StoryCard",
    "StoryPage",
    "StoryQuery",
    "StoryTexts",
    "TextNews",
    "minhash_lsh",
]


def __dir__() -> list[str]:
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
