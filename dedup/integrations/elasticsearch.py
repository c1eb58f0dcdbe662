"""What is decided about records, as actions for Elasticsearch and OpenSearch: for ``helpers.bulk`` of their clients, or as bodies of
``_bulk``. Neither client is needed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..index.decision import Decision
from ..text.ids import version_name

# Fields that no document may have, in any version of the two servers, and those that only answers have. `_doc_count` is none of them.
_METADATA = frozenset(
    (
        *("_id", "_index", "_type", "_source", "_routing", "_version", "_seq_no", "_primary_term", "_score", "_ignored", "_field_names"),
        *("_nested_path", "_size", "_tier", "_uid", "_all", "_parent", "_timestamp", "_ttl", "_tsid", "_ts_routing_hash", "_explanation"),
        *("_ignored_source", "_inference_fields", "_data_stream_timestamp"),
    )
)


def bulk_actions(decided: Iterable[tuple[Mapping[str, Any], Decision]], index: str, *, mark: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the actions that bring a search index up to date, for ``helpers.bulk`` of elasticsearch or opensearch-py.

    ``decided`` are records with what was decided about them, in their order; ``index`` is the name of the search index. What is let through
    is stored under its id, ``ID@2`` for a second text under it; of a hit its ``_source`` is, and metadata like ``_id`` are left out. An
    update deletes what it replaces, and a withdrawal what it withdraws. Of what is skipped nothing is written, or, with ``mark``,
    ``has_duplicates`` is set where it is a duplicate of something else. All of it may be sent again. To delete what is not there is
    answered with 404: let the helper ignore that (``ignore_status=404``).

    >>> decided = [({"id": "2", "text": "Rain."}, Decision("2", "update", of="1"))]
    >>> [(action["_op_type"], action["_id"]) for action in bulk_actions(decided, "news")]
    [('index', '2'), ('delete', '1')]
    """
    for record, decision in decided:
        name = version_name(decision.id, decision.version or 1)
        other = None if decision.of is None else version_name(decision.of, decision.of_version or 1)
        if decision.action in ("index", "update"):
            yield {"_op_type": "index", "_index": index, "_id": name, "_source": _source_of(record)}
        if decision.action == "update" and other not in (None, name):
            yield {"_op_type": "delete", "_index": index, "_id": other}
        if decision.action == "withdraw" and decision.of is not None:  # all texts under the id, also those that are no longer there
            for version in range(1, (decision.of_version or 1) + 1):
                yield {"_op_type": "delete", "_index": index, "_id": version_name(decision.of, version)}
        if mark and decision.action == "skip" and other not in (None, name):
            yield {"_op_type": "update", "_index": index, "_id": other, "doc": {"has_duplicates": True}}


def _source_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored of a record: of a document that was found in an index its ``_source``, and no metadata, which are refused.

    >>> _source_of({"_id": "7", "text": "Rain."}), _source_of({"_index": "news", "_id": "7", "_source": {"text": "Rain."}})
    ({'text': 'Rain.'}, {'text': 'Rain.'})
    """
    source = record.get("_source") if "_id" in record or "_index" in record else None
    fields = source if isinstance(source, Mapping) else record
    return {name: value for name, value in fields.items() if name not in _METADATA}


def bulk_lines(decided: Iterable[tuple[Mapping[str, Any], Decision]], index: str, *, mark: bool = False) -> Iterator[bytes]:
    r"""Yield the same actions as lines of a body of ``_bulk`` (NDJSON), those of one action together.

    >>> [*bulk_lines([({"id": "1"}, Decision("1", "index"))], "news")]
    [b'{"index": {"_index": "news", "_id": "1"}}\n{"id": "1"}\n']
    """
    for action in bulk_actions(decided, index, mark=mark):
        kind, source = action.pop("_op_type"), action.pop("_source", None)
        body = {"doc": action.pop("doc")} if kind == "update" else source
        lines = [{kind: action}] if body is None else [{kind: action}, body]
        yield b"".join(json.dumps(line, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n" for line in lines)
