"""Find news passages that nearly repeat each other.

>>> from dedup import Config, Document, find_duplicates
>>> text = "The port of Marsa reopened on Sunday after a two-week strike by dock workers over pay."
>>> result = find_duplicates([Document("1", text), Document("2", text.upper())], Config(min_words=5))
>>> [(match.a.id, match.b.id, match.relation.value) for match in result.matches]
[('1', '2', 'identical')]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .version import VERSION

__version__ = VERSION

if TYPE_CHECKING:
    from .config import Config as Config
    from .errors import ConfigError as ConfigError
    from .errors import DedupError as DedupError
    from .errors import InputError as InputError
    from .index import Decision as Decision
    from .index import Gate as Gate
    from .index import Index as Index
    from .index import Policy as Policy
    from .model import Bulletin as Bulletin
    from .model import BulletinMatch as BulletinMatch
    from .model import Cluster as Cluster
    from .model import Document as Document
    from .model import Match as Match
    from .model import Relation as Relation
    from .model import Result as Result
    from .model import Segment as Segment
    from .pipeline import find_duplicates as find_duplicates
    from .pipeline import relate_texts as relate_texts
    from .readers.options import Reading as Reading
    from .readers.sources import read as read

# Where each public name lives: it is imported when first asked for, so that a command that needs no arrays starts without them.
_HOMES = {
    "Bulletin": "model",
    "BulletinMatch": "model",
    "Cluster": "model",
    "Config": "config",
    "ConfigError": "errors",
    "Decision": "index",
    "DedupError": "errors",
    "Document": "model",
    "Gate": "index",
    "Index": "index",
    "InputError": "errors",
    "Match": "model",
    "Policy": "index",
    "Reading": "readers.options",
    "Relation": "model",
    "Result": "model",
    "Segment": "model",
    "find_duplicates": "pipeline",
    "read": "readers.sources",
    "relate_texts": "pipeline",
}
__all__ = [
    "Bulletin",
    "BulletinMatch",
    "Cluster",
    "Config",
    "ConfigError",
    "Decision",
    "DedupError",
    "Document",
    "Gate",
    "Index",
    "InputError",
    "Match",
    "Policy",
    "Reading",
    "Relation",
    "Result",
    "Segment",
    "find_duplicates",
    "read",
    "relate_texts",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
