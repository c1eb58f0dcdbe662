"""A transformer of documents for LangChain: each text once, before it is embedded and stored."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.documents import BaseDocumentTransformer
from langchain_core.documents import Document as LangChainDocument

from ..index.gate import Gate
from ..model import Document
from ..text.ids import text_digest
from .fields import known_fields


class DuplicateTransformer(BaseDocumentTransformer):
    """Leaves out documents that are duplicates of others that its gate has seen; with ``mark`` none, it only marks them.

    Those that are returned have the known ones of `news_fields` in their metadata. The id of a document is its ``id``; without one it is a
    digest of its text. ``fields`` says which keys of the metadata are the ``id``, ``source`` and ``time`` of a document, for example
    ``{"source": "publisher"}``.
    """

    def __init__(self, gate: Gate, *, mark: bool = False, fields: Mapping[str, str] | None = None):
        self._gate, self._mark, self._fields = gate, mark, dict(fields or {})

    def transform_documents(self, documents: Sequence[LangChainDocument], **kwargs: Any) -> Sequence[LangChainDocument]:
        """Return the documents that are worth storing, in their order, with more metadata; what was given is unchanged."""
        decisions = self._gate.decide_all(self._document(each) for each in documents)
        return [
            document.model_copy(update={"metadata": {**document.metadata, **known_fields(decision)}})
            for document, decision in zip(documents, decisions, strict=True)
            if self._mark or decision.action in ("index", "update")
        ]

    async def atransform_documents(self, documents: Sequence[LangChainDocument], **kwargs: Any) -> Sequence[LangChainDocument]:
        """Do the same without holding up other coroutines."""
        return await asyncio.to_thread(self.transform_documents, documents)

    def _document(self, document: LangChainDocument) -> Document:
        named = {name: str(document.metadata[key]) for name, key in self._fields.items() if document.metadata.get(key) is not None}
        return Document(**{"id": document.id or text_digest(document.page_content).hex(), "text": document.page_content, **named})
