"""The text of an RTF file: its tokens become paragraphs, table rows and list numbers, in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from ..errors import InputError
from .blocks import Block, joined, row_of
from .rtf_codes import CHARACTERS, CODE_PAGES, LEFT_OUT, SHOWN, SKIPPED, SYMBOL, character, codec, has_utf8

_DEEPEST = 2000  # groups inside each other
_MOST_FONTS = 10_000
_FEW = 0.2  # the share of blank paragraphs from which on blank paragraphs, and not each end of a paragraph, part the paragraphs
# A control word with its number, a byte in hexadecimal, a control symbol, a brace, or bytes of text. Ends of lines are no text.
_TOKEN = re.compile(rb"\\([A-Za-z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\$", re.DOTALL)
_RUN = re.compile(rb"(?:\\u-?[0-9]{1,6} ?(?:\?|\\'[0-9A-Fa-f]{2})){2,1000}")
_NUMBER = re.compile(rb"u(-?[0-9]+)")
_FONT = ("f", "af", "rtlch", "ltrch", "plain")  # words that hold for all texts
_HEARD = ("text", "title", "label", "aside")
_MOMENT = ("yr", "mo", "dy", "hr", "min", "sec")


@dataclass(slots=True)
class _State:
    """What holds inside a group."""

    target: str = "text"  # where text goes: text, fonts, title, a moment, or nowhere
    font: str = ""
    other_font: str = ""  # of the other direction
    right_to_left: bool = False
    fallback: int = 1  # characters behind \\u for programs without Unicode
    gone: bool = False  # deleted or hidden
    in_table: bool = False
    before: str = "text"  # the target before it was ignored
    outer: str = "text"  # the target around \\upr
    aside: list[str] = field(default_factory=list)  # what is left out here, until it turns out to have a text


@dataclass(slots=True)
class Parser:
    """The reader of one file; after `run` it has the text, the title, the moments, and what was left out.

    ``limit`` is the most characters of the text. ``title`` and ``moments`` are what the file says about itself.
    """

    data: bytes
    path: str
    limit: int
    state: _State = field(default_factory=_State)
    stack: list[_State] = field(default_factory=list)
    page: str = "cp1252"
    fonts: dict[str, str] = field(default_factory=dict)
    waiting: bytearray = field(default_factory=bytearray)  # bytes that are not yet decoded
    waiting_page: str = ""
    skip: int = 0  # characters that \\u made superfluous
    line: list[str] = field(default_factory=list)
    paragraphs: list[Block] = field(default_factory=list)  # with True for rows of tables
    cell: list[str] = field(default_factory=list)
    row: list[list[str]] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    label: list[str] = field(default_factory=list)  # the number or the bullet of an item of a list
    moments: dict[str, dict[str, int]] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    default_font: str = ""
    size: int = 0
    raw_page: str = ""  # the encoding of bytes that are not written in hexadecimal, if it is not that of the font

    def run(self) -> None:
        """Read the file to its end. Raises `InputError`."""
        position, data, match = 0, self.data, _TOKEN.match
        self.raw_page = "utf-8" if has_utf8(data) else ""
        while (token := match(data, position)) is not None:
            position = token.end()
            kind = token.lastindex
            if kind == 6:
                self._raw(token[6])
            elif kind == 3:
                self._byte(bytes.fromhex(token[3].decode()))
            elif kind == 5:
                self._brace(token[5])
                if not self.stack and token[5] == b"}":
                    break
            elif kind == 4:
                self._symbol(token[4])
            elif kind is not None:
                if token[1] == b"u" and (run := self._unicode_run(token.start())):
                    position = run
                    continue
                word, number = token[1].decode(), int(token[2]) if token[2] else None
                position += max(0, number or 0) if word == "bin" else 0
                self._word(word, number)
            if self.size > self.limit:
                raise InputError(f"a text of more than {self.limit:,} characters", path=self.path, hint="split it, or raise --max-chars")
        self._flush()
        self._end_row()
        self._end_paragraph()

    def _unicode_run(self, position: int) -> int:
        """Take several letters in Unicode, each with one character for other programs, and return where they end; 0 if there are none."""
        run = _RUN.match(self.data, position) if self.state.fallback == 1 and not self.skip and self.state.target in _HEARD else None
        if run is None:
            return 0
        self._flush()
        self._text("".join(map(character, _NUMBER.findall(run[0]))))
        return run.end()

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self.skip = 0
        if brace == b"{":
            if len(self.stack) >= _DEEPEST:
                raise InputError(f"RTF with groups nested more than {_DEEPEST:,} deep", path=self.path, hint="save it again")
            self.stack.append(self.state)
            self.state = replace(self.state)
        elif self.stack:
            self.state = self.stack.pop()

    def _raw(self, data: bytes) -> None:
        if self.skip:
            left = max(0, self.skip - len(data))
            data, self.skip = data[self.skip :], left
        if self.raw_page and not data.isascii():
            self._flush()
            self._text(data.decode(self.raw_page, "replace"))
        else:
            self._bytes(data)

    def _byte(self, data: bytes) -> None:
        if self.skip:
            self.skip -= 1
        else:
            self._bytes(data)

    def _bytes(self, data: bytes) -> None:
        if self.state.target in _HEARD:
            page = self._code_page()
            if page != self.waiting_page:
                self._flush()
                self.waiting_page = page
            self.waiting += data

    def _code_page(self) -> str:
        state = self.state
        page = self.page if state.target == "title" else self.fonts.get(state.font, self.page)
        if state.right_to_left and page not in ("cp1256", "cp1255") and self.fonts.get(state.other_font) in ("cp1256", "cp1255"):
            return self.fonts[state.other_font]
        return page

    def _flush(self) -> None:
        if self.waiting:
            data, page = bytes(self.waiting), self.waiting_page
            self.waiting.clear()
            self._text(
                "" if page == SYMBOL and not data.strip().isalnum() else data.decode("latin-1" if page == SYMBOL else page, "replace")
            )

    def _text(self, text: str) -> None:
        if self.state.target == "title":
            self.title.append(text)
        elif self.state.target == "label":
            self.label.append(text)
        elif self.state.target == "aside":
            if self.state.aside and text.strip():
                noun = self.state.aside.pop()
                self.left_out[noun] = self.left_out.get(noun, 0) + 1
        elif self.state.target == "text" and not self.state.gone:
            if self.label:
                self._label()
            self.line.append(text)
        self.size += len(text)

    def _label(self) -> None:
        """Write the number of an item of a list; a bullet is no text."""
        label = "".join(self.label).strip()
        self.label.clear()
        if any(character.isalnum() for character in label):
            self.line.append(f"{label} ")

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            if self.state.target != "ignored":
                self.state.before = self.state.target
            self.state.target = "ignored"  # until a word says that it is known
        elif self.skip:
            self.skip -= 1
        elif symbol in b"\r\n":
            self._word("par", None)
        elif symbol in b"\\{}":
            self._bytes(symbol)
        elif symbol in b"~_":
            self._flush()
            self._text("\N{NO-BREAK SPACE}" if symbol == b"~" else "\N{NON-BREAKING HYPHEN}")
        elif symbol == b"\t":
            self._word("tab", None)

    def _word(self, word: str, number: int | None) -> None:
        if self.skip and word != "bin":
            self.skip -= 1
            return
        self._flush()
        state = self.state
        if word == "u" and number is not None:
            self._text(character(number))
            self.skip = state.fallback
        elif word == "uc":
            state.fallback = min(max(number or 0, 0), 100)
        elif word in LEFT_OUT:
            if state.target in ("text", "ignored"):
                state.target, state.aside = "aside", [LEFT_OUT[word]]
        elif word in SKIPPED:
            state.target = "nowhere"
        elif state.target == "ignored":
            state.target = state.outer if word == "ud" else state.before if word in SHOWN else "nowhere"
        elif word == "upr":
            state.target, state.outer = "nowhere", state.target
        elif word in ("listtext", "pntext") and state.target == "text":
            state.target = "label"
        elif word == "fonttbl":
            state.target = "fonts"
        elif word in ("info", "title", "creatim", "revtim"):
            state.target = "nowhere" if word == "info" else word if state.target == "nowhere" else state.target
        elif state.target in ("creatim", "revtim"):
            if word in _MOMENT:
                self.moments.setdefault(state.target, {})[word] = number or 0
        elif state.target == "fonts":
            self._font(word, number)
        elif state.target in _HEARD:
            self._format(word, number)

    def _font(self, word: str, number: int | None) -> None:
        if word == "f":
            self.state.font = str(number)
        elif word == "fcharset" and (number or 0) != 1 and self.state.font not in self.fonts and len(self.fonts) < _MOST_FONTS:
            self.fonts[self.state.font] = CODE_PAGES.get(number or 0, "cp1252") if number else self.page
        elif word == "cpg" and number and len(self.fonts) < _MOST_FONTS:
            self.fonts[self.state.font] = codec(number)

    def _format(self, word: str, number: int | None) -> None:
        state = self.state
        if word in CHARACTERS:
            self._text(CHARACTERS[word])
        elif state.target != "text" and word not in _FONT:
            return
        elif word in ("par", "sect", "page", "column"):
            if not state.gone:
                self._end_paragraph()
        elif word in ("cell", "nestcell"):
            self._end_cell()
        elif word in ("row", "nestrow"):
            self._end_row()
        elif word == "f":
            state.font = str(number)
        elif word == "af":
            state.other_font = str(number)
        elif word in ("rtlch", "ltrch"):
            state.right_to_left = word == "rtlch"
        elif word in ("deleted", "v", "mvf"):
            state.gone = number != 0
        elif word == "plain":
            state.gone, state.font = False, self.default_font
        elif word == "pard":
            state.in_table = False
        elif word == "intbl":
            state.in_table = True
        elif word == "deff":
            self.default_font = state.font = str(number)
        elif word == "ansicpg" and number:
            self.page = codec(number)
        elif word in ("mac", "pc", "pca"):
            self.page = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]

    def _end_paragraph(self) -> None:
        text = "".join(self.line)
        self.line.clear()
        self.size += 1  # a file may have nothing but ends of paragraphs
        if self.state.in_table or self.row:
            self.cell.append(text)
        else:
            self.paragraphs += [(each, False) for each in (*self.cell, text)]
            self.cell.clear()

    def _end_cell(self) -> None:
        self.size += 1
        self.row.append([*self.cell, "".join(self.line)])
        self.cell.clear()
        self.line.clear()

    def _end_row(self) -> None:
        self.paragraphs += row_of(self.row)
        self.row.clear()

    def text(self) -> str:
        """Return the text: paragraphs with a blank line between two of them, and rows of tables on lines of their own."""
        found = self.paragraphs
        while found and not found[-1][0].strip():
            found.pop()
        blank = sum(not text.strip() for text, _ in found)
        return joined(found, "\n" if blank > _FEW * (len(found) - blank) else "\n\n")
