"""Ownership: whether a text is an agency's own, names nobody as where it comes from, or carries somebody else's, by its credits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..config import Config
from ..model import Document

if TYPE_CHECKING:
    from .sources import NewsSources

AGENCYS_OWN, CREDITS_NOBODY, CREDITS_OTHERS = range(3)


def ownership(text: str, source: str | None, byline: str | None, names: NewsSources | None = None) -> int:
    """Return whose a text is: ``AGENCYS_OWN``, where its source is an agency, or no source is told and its byline is one; or
    ``CREDITS_OTHERS``, where a credit says that the text as a whole comes from an agency or a paper other than its source; or else
    ``CREDITS_NOBODY``. People of the source itself are nobody else. ``names`` are the known sources.

    >>> [ownership("(AFP) Rain fell.", source, None) for source in ("AFP", "The Port Herald", None)], ownership("Rain.", None, None)
    ([0, 2, 2], 1)
    """
    from .credits import credits_of, source_name  # which takes time to load, and few runs need it

    credits = [
        credit for credit in credits_of(text, source=source, byline=byline, names=names) if credit.carries and credit.kind != "staff"
    ]
    fields = [credit for credit in credits if credit.place == "field"]
    own = {source_name(source, names)} if source is not None else {credit.name for credit in fields}
    if any(credit.name not in own for credit in credits):
        return CREDITS_OTHERS
    return AGENCYS_OWN if any(credit.kind == "agency" for credit in fields) else CREDITS_NOBODY


def needs_credits(config: Config) -> bool:
    """Tell whether settings need the credits of texts."""
    return config.keep in ("origin", "independent")


def ownership_of(document: Document, text: str, config: Config) -> int | None:
    """Return whose a text of a document is, as the policy asks for it: `ownership` for ``origin``; for ``independent`` 1 where it credits
    others and 0 where not; None where no setting needs it."""
    if not needs_credits(config):
        return None
    from .sources import known_sources

    found = ownership(text, document.source, document.byline, known_sources(config.agencies))
    return found if config.keep == "origin" else int(found == CREDITS_OTHERS)
