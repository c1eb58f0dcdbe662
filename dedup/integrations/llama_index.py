"""A transformation for pipelines of LlamaIndex: each text once, before it is embedded and stored."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import BaseNode, MetadataMode, TransformComponent

from ..index.gate import Gate
from ..model import Document
from .fields import known_fields


class DuplicateFilter(TransformComponent):
    """Leaves out nodes that are duplicates of others that its gate has seen; with ``mark`` none, it only marks them.

    Those that are returned have the known ones of `news_fields` in their metadata, which neither embeddings nor models see. ``fields`` says
    which keys of the metadata are the ``id``, ``source`` and ``time`` of a node, for example ``{"source": "publisher"}``. A pipeline with a
    cache does not ask again about nodes that it had before: put this first, and set ``disable_cache`` where they may come again.
    """

    _gate: Gate = PrivateAttr()
    _mark: bool = PrivateAttr()
    _fields: dict[str, str] = PrivateAttr()

    def __init__(self, gate: Gate, *, mark: bool = False, fields: Mapping[str, str] | None = None):
        super().__init__()
        self._gate, self._mark, self._fields = gate, mark, dict(fields or {})

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> Sequence[BaseNode]:
        """Return the nodes that are worth storing, in their order."""
        decisions = self._gate.decide_all(self._document(node) for node in nodes)
        found = []
        for node, decision in zip(nodes, decisions, strict=True):
            if not self._mark and decision.action not in ("index", "update"):
                continue
            fields = known_fields(decision)
            node.metadata = {**node.metadata, **fields}
            node.excluded_embed_metadata_keys = [*node.excluded_embed_metadata_keys, *fields]
            node.excluded_llm_metadata_keys = [*node.excluded_llm_metadata_keys, *fields]
            found.append(node)
        return found

    async def acall(self, nodes: Sequence[BaseNode], **kwargs: Any) -> Sequence[BaseNode]:
        """Do the same without holding up other coroutines."""
        return await asyncio.to_thread(self.__call__, nodes)

    def _document(self, node: BaseNode) -> Document:
        named = {name: str(node.metadata[key]) for name, key in self._fields.items() if node.metadata.get(key) is not None}
        return Document(**{"id": node.node_id, "text": node.get_content(metadata_mode=MetadataMode.NONE), **named})
