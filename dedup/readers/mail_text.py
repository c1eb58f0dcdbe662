"""The text of a message: its parts are chosen and decoded, and quoted replies and signatures are taken away."""

from __future__ import annotations

import codecs
import email.message
import re

from .guessing import guessed_encoding
from .lines import unify_newlines

_MOST_PARTS = 1000
_ATTRIBUTION = re.compile(r".*(?:\d{4}|\d:\d\d|<[^<>]*@).*[:\N{FULLWIDTH COLON}]|.*@\S+> ?[:\N{FULLWIDTH COLON}]?")
_ALIAS = re.compile(r"^(?:x-|cs)?(.*?)(?:-[ie])?$")
_LONGEST_SIGNATURE = 30  # lines
_RULE = re.compile(r"_{20,}")


def decoded(data: bytes, charset: str | None, encoding: str) -> str:
    """Return bytes as text: in their own charset, else in UTF-8, else in ``encoding``. What is wrong in all is replaced.

    >>> decoded("خبر".encode("windows-1256"), "x-windows-1256", "utf-8"), decoded("é".encode(), "us-ascii", "utf-8")
    ('خبر', 'é')
    """
    names = [name for name in (codec_of(charset), "utf-8", codec_of(encoding)) if name]
    for name in names:
        try:
            return data.decode(name)
        except (UnicodeError, ValueError):
            continue
    last = next((name for name in (names[0], names[-1]) if name not in ("ascii", "utf-8")), None) or guessed_encoding(data) or "cp1252"
    return data.decode(last, "replace")


def codec_of(name: str | None) -> str | None:
    """Return the codec of a charset, None if there is none."""
    name = (name or "").strip().strip("\"'").lower()
    for each in (name, _ALIAS.sub(r"\1", name)):
        try:
            found = codecs.lookup(each)
        except (LookupError, ValueError):
            continue
        if found._is_text_encoding and found.name not in ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"):
            return "gb18030" if found.name in ("gb2312", "gbk") else found.name
    return None


def text_of_message(message: email.message.Message, encoding: str) -> tuple[str, bool, int]:
    """Return the text of a message, whether it is HTML, and how many attachments it has. The plain text is preferred."""
    plain: list[str] = []
    html: list[str] = []
    attachments = 0
    waiting, parts = [(message, False)], 0
    while waiting and parts < _MOST_PARTS:
        part, alternative = waiting.pop()
        parts += 1
        kind = part.get_content_type()
        payload = part.get_payload()
        if kind.startswith("multipart/") and isinstance(payload, list):
            inside = alternative or kind == "multipart/alternative"
            waiting += [(each, inside) for each in reversed(payload) if isinstance(each, email.message.Message)]
        elif kind not in ("text/plain", "text/html") or _is_attachment(part):
            attachments += not kind.startswith(("multipart/", "message/delivery-status"))
        else:
            text = _decoded_part(part, encoding)
            if text.strip() and kind == "text/html":
                html.append(text)
            elif text.strip() and not (alternative and any(plain)):
                plain.append(_flowed(text, part) if "format=flowed" in str(part.get("content-type", "")).lower() else text)
    if plain:
        return "\n\n".join(plain), False, attachments
    return "\n".join(html), True, attachments


def _is_attachment(part: email.message.Message) -> bool:
    value = str(part.get("content-disposition", "")).strip().lower()
    return value.startswith("attachment") or "filename" in value or "name=" in str(part.get("content-type", "")).lower().partition(";")[2]


def _decoded_part(part: email.message.Message, encoding: str) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_param("charset")
    return unify_newlines(decoded(payload, charset if isinstance(charset, str) else None, encoding))


def _flowed(text: str, part: email.message.Message) -> str:
    """Return flowed text with its paragraphs on one line each (RFC 3676)."""
    glue = "delsp=yes" in str(part.get("content-type", "")).lower().replace(" ", "")
    out: list[str] = []
    going_on = False
    for line in text.split("\n"):
        flows = line.endswith(" ") and line != "-- "
        content = line.removeprefix(" ") if not line.startswith(">") else line
        content = content[:-1] if flows and glue else content
        if going_on and out and not content.startswith(">") and content != "-- ":
            out.append(content)
        else:
            out += ["\n", content]
        going_on = flows and not line.startswith(">")
    return "".join(out[1:])


def own_words(text: str) -> tuple[str, int]:
    """Return a text without quoted replies and without its signature, and how many lines were left out.

    >>> own_words("Rain tomorrow.\\n\\nOn 3 Jan 2024, Ali wrote:\\n> Sun?\\n> Rain?\\n-- \\nMona")
    ('Rain tomorrow.', 5)
    """
    lines = text.split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        ends = line.rstrip() == "--" or _RULE.fullmatch(line.strip())
        if ends and len(lines) - number < _LONGEST_SIGNATURE and any(each.strip() for each in kept):
            break
        if line.startswith(">"):
            if not (number and lines[number - 1].startswith(">")):
                _drop_attribution(kept)
            continue
        kept.append(line)
    own = "\n".join(kept).strip()
    if not own:
        return text, 0
    blank = sum(not line.strip() for line in lines)
    return own, len(lines) - blank - sum(bool(line.strip()) for line in own.split("\n"))


def _drop_attribution(kept: list[str]) -> None:
    """Take away the line that says whose words are quoted below, which may be broken in two."""
    while kept and not kept[-1].strip():
        kept.pop()
    if kept and _ATTRIBUTION.fullmatch(kept[-1].strip()[-300:]):
        kept.pop()
    elif len(kept) > 1 and kept[-2].strip() and _ATTRIBUTION.fullmatch(f"{kept[-2]} {kept[-1]}".strip()[-300:]) and len(kept[-1]) < 60:
        del kept[-2:]
