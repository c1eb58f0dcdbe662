"""Find news passages that nearly repeat each other.

>>> from dedup import Config, Document, find_duplicates
>>> text = "The port of Marsa reopened on Sunday after a two-week strike by dock workers over pay."
>>> result = find_duplicates([Document("1", text), Document("2", text.upper())], Config(min_words=5))
>>> [(match.a.id, match.b.id, match.relation.value) for match in result.matches]
[('1', '2', 'identical')]

Nothing is printed. What may be of interest is logged, by `logging`, under the name of the module, and is silent unless somebody listens:

- ``dedup.kernels``, info, once in a process: which engine runs, ``c`` or ``numpy``, and where the compiled loops are not there, why;
- ``dedup.index.index``, warning: the server of an index went away, why, and in how many seconds it is asked again;
- ``dedup.spark.stages``, info: a stage whose work is skipped, as its folder has it.

``reports`` logs nothing. Programs that the library starts have loggers of their own: ``py4j``, ``psycopg``.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from .version import VERSION

__version__ = VERSION
for _name in ("dedup", "reports"):  # silent, unless somebody listens
    logging.getLogger(_name).addHandler(logging.NullHandler())

if TYPE_CHECKING:
    from .about import About as About
    from .config import Config as Config
    from .errors import ConfigError as ConfigError
    from .errors import DedupError as DedupError
    from .errors import EngineError as EngineError
    from .errors import InputError as InputError
    from .errors import OutputError as OutputError
    from .errors import StoreError as StoreError
    from .evaluation.explanation import explain as explain
    from .evaluation.labels import Truth as Truth
    from .evaluation.labels import read_truth as read_truth
    from .evaluation.scoring import evaluate as evaluate
    from .evaluation.tuning import tune as tune
    from .frequencies import build_frequencies as build_frequencies
    from .index import Decision as Decision
    from .index import Gate as Gate
    from .index import Index as Index
    from .index import Policy as Policy
    from .index import StoredVersion as StoredVersion
    from .index import StoryCard as StoryCard
    from .index import StoryPage as StoryPage
    from .index import StoryQuery as StoryQuery
    from .index import StoryTexts as StoryTexts
    from .index import TextNews as TextNews
    from .index import minhash_lsh as minhash_lsh
    from .model import Bulletin as Bulletin
    from .model import BulletinMatch as BulletinMatch
    from .model import Cluster as Cluster
    from .model import Document as Document
    from .model import Match as Match
    from .model import Relation as Relation
    from .model import Result as Result
    from .model import Segment as Segment
    from .origins.model import Carried as Carried
    from .origins.model import Contradiction as Contradiction
    from .origins.model import OriginGroup as OriginGroup
    from .origins.model import Origins as Origins
    from .origins.model import OriginText as OriginText
    from .origins.model import SharedPassage as SharedPassage
    from .origins.model import Story as Story
    from .pipeline import find_duplicates as find_duplicates
    from .pipeline import relate_texts as relate_texts
    from .readers.options import Reading as Reading
    from .readers.sources import read as read
    from .sketch.minhash import from_minhash as from_minhash
    from .sketch.minhash import to_minhash as to_minhash
    from .stories import find_origins as find_origins
    from .stories import origins_of as origins_of
    from .text.credits import Credit as Credit
    from .text.learned_lines import learn_lines as learn_lines

# Where each public name lives: it is imported when first asked for, so that a command that needs no arrays starts without them.
_HOMES = {
    "About": "about",
    "Bulletin": "model",
    "BulletinMatch": "model",
    "Carried": "origins.model",
    "Cluster": "model",
    "Config": "config",
    "ConfigError": "errors",
    "Contradiction": "origins.model",
    "Credit": "text.credits",
    "Decision": "index",
    "DedupError": "errors",
    "Document": "model",
    "EngineError": "errors",
    "Gate": "index",
    "Index": "index",
    "InputError": "errors",
    "Match": "model",
    "OriginGroup": "origins.model",
    "OriginText": "origins.model",
    "Origins": "origins.model",
    "OutputError": "errors",
    "Policy": "index",
    "SharedPassage": "origins.model",
    "Reading": "readers.options",
    "Relation": "model",
    "Result": "model",
    "Segment": "model",
    "StoreError": "errors",
    "StoredVersion": "index",
    "Story": "origins.model",
    "StoryCard": "index",
    "StoryPage": "index",
    "StoryQuery": "index",
    "StoryTexts": "index",
    "TextNews": "index",
    "Truth": "evaluation",
    "build_frequencies": "frequencies",
    "evaluate": "evaluation",
    "explain": "evaluation",
    "find_duplicates": "pipeline",
    "find_origins": "stories",
    "from_minhash": "sketch.minhash",
    "learn_lines": "text.learned_lines",
    "minhash_lsh": "index",
    "origins_of": "stories",
    "read": "readers.sources",
    "read_truth": "evaluation",
    "relate_texts": "pipeline",
    "to_minhash": "sketch.minhash",
    "tune": "evaluation",
}
__all__ = [
    "About",
    "Bulletin",
    "BulletinMatch",
    "Carried",
    "Cluster",
    "Config",
    "ConfigError",
    "Contradiction",
    "Credit",
    "Decision",
    "DedupError",
    "Document",
    "EngineError",
    "Gate",
    "Index",
    "InputError",
    "Match",
    "OriginGroup",
    "OriginText",
    "Origins",
    "OutputError",
    "Policy",
    "Reading",
    "Relation",
    "Result",
    "Segment",
    "SharedPassage",
    "StoreError",
    "StoredVersion",
    "Story",
    "StoryCard",
    "StoryPage",
    "StoryQuery",
    "StoryTexts",
    "TextNews",
    "Truth",
    "build_frequencies",
    "evaluate",
    "explain",
    "find_duplicates",
    "find_origins",
    "from_minhash",
    "learn_lines",
    "minhash_lsh",
    "origins_of",
    "read",
    "read_truth",
    "relate_texts",
    "to_minhash",
    "tune",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
