"""The text of a Word file: its elements become paragraphs, table rows and list numbers, in reading order."""

from __future__ import annotations

from dataclasses import dataclass, field

from .blocks import Block, joined, row_of
from .docx_lists import LEVELS, List, attribute, whole_number, written

# The namespaces of words, in the transitional and the strict form, that of alternate content, and that of mathematics.
_WORD = ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
_COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_MATHS = ("http://schemas.openxmlformats.org/officeDocument/2006/math", "http://purl.oclc.org/ooxml/officeDocument/math")
# Elements whose content is no text that Word shows: deleted text, what was moved away, codes of fields, and the form before a change.
_NOT_SHOWN = {
    "del", "moveFrom", "delText", "delInstrText", "instrText", "fldData", "rt", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange",
    "tblGridChange", "trPrChange", "tcPrChange", "tblPrExChange", "numberingChange",
}  # fmt: skip
_LEFT_OUT = {"footnoteReference": "footnote", "endnoteReference": "endnote", "commentReference": "comment", "altChunk": "embedded document"}
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\N{NON-BREAKING HYPHEN}"}
_OFF = ("0", "false", "off")


@dataclass(slots=True)
class _Paragraph:
    parts: list[str] = field(default_factory=list)
    boxes: list[Block] = field(default_factory=list)
    level: int = 0
    number: str = ""
    goes_on: bool = False
    """True if the end of the paragraph was deleted: the next one goes on with it."""


@dataclass(slots=True)
class _Block:
    """The paragraphs of the body, of a cell or of a text box. The second value of each is True for a row or an item of a list."""

    paragraphs: list[Block] = field(default_factory=list)
    begun: str = ""


@dataclass(slots=True)
class _Row:
    cells: list[_Block] = field(default_factory=list)
    gone: bool = False
    cell_gone: bool = False


class Body:
    """The text of a document, from the elements of its XML in their order.

    ``left_out`` counts what is no part of the text; ``beyond`` is True if the text is longer than the limit, in characters.
    """

    def __init__(self, lists: dict[str, List], limit: int):
        self.left_out: dict[str, int] = {}
        self.is_word = self.beyond = False
        self._lists, self._rest = lists, limit
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()
        self._names: list[str] = []  # of the elements that are open
        self._hidden = 0  # elements that are open from the one on whose content is not shown
        self._hidden_run = self._in_text = False
        self._taken: list[bool] = []  # for each open alternate content, whether one of its forms was taken
        self._placeholders: list[bool] = []  # for each open content control, whether it shows only what to write there
        self._blocks = [_Block()]
        self._paragraphs: list[_Paragraph] = []
        self._rows: list[_Row] = []

    def text(self) -> str:
        """Return the paragraphs, with a blank line between two of them; rows and items of lists have lines of their own."""
        block = self._blocks[0]
        return joined(each for each in (*block.paragraphs, (block.begun, False)) if each[0].strip())

    def start(self, tag: str, values: dict[str, str]) -> None:
        """Take the start of an element."""
        space, _, name = tag.rpartition("}")
        parent = self._names[-1] if self._names else ""
        self._names.append(name)
        if self._hidden:
            self._hidden += 1
        elif space == _COMPATIBLE:
            self._alternate(name)
        elif space in _MATHS:
            self._in_text = name == "t"
        elif space in _WORD:
            self.is_word = True
            self._start_word(name, parent, values)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        space, _, name = tag.rpartition("}")
        self._names.pop()
        if self._hidden:
            self._hidden -= 1
        elif space == _COMPATIBLE and name == "AlternateContent" and self._taken:
            self._taken.pop()
        elif space in _WORD or space in _MATHS:
            self._in_text = False
            if (close := _CLOSE.get(name)) is not None and space in _WORD:
                close(self)

    def chars(self, text: str) -> None:
        """Take characters."""
        if self._in_text and not self._hidden and not self._hidden_run:
            self._add(text)

    def _add(self, text: str) -> None:
        self._rest -= len(text)
        self.beyond |= self._rest < 0
        if self._paragraphs and not self.beyond:
            self._paragraphs[-1].parts.append(text)

    def _alternate(self, name: str) -> None:
        """Take only the first of the forms in which a shape is there: the others hold the same text."""
        if name == "AlternateContent":
            self._taken.append(False)
        elif name in ("Choice", "Fallback") and self._taken:
            self._hidden = int(self._taken[-1])
            self._taken[-1] = True

    def _start_word(self, name: str, parent: str, values: dict[str, str]) -> None:
        if name in _LEFT_OUT:
            self.left_out[_LEFT_OUT[name]] = self.left_out.get(_LEFT_OUT[name], 0) + 1
        if name in _CHARACTERS:
            if parent == "r" and not self._hidden_run:
                self._add(_CHARACTERS[name])
        elif name in ("del", "moveFrom", "cellDel") and parent in ("rPr", "trPr", "tcPr"):
            self._deleted(parent)
        elif name in _NOT_SHOWN:
            self._hidden = 1
        elif name == "t":
            self._in_text = True
        elif name in ("vanish", "specVanish") and parent == "rPr":
            self._hidden_run |= self._names[-3:-2] == ["r"] and attribute(values) not in _OFF
        elif name in ("numId", "ilvl") and parent == "numPr" and self._paragraphs:
            paragraph = self._paragraphs[-1]
            if name == "numId":
                paragraph.number = attribute(values)
            else:
                paragraph.level = min(whole_number(attribute(values), 0), LEVELS - 1)
        elif name == "showingPlcHdr" and self._placeholders:
            self._placeholders[-1] = attribute(values) not in _OFF
        elif name == "sdtContent" and self._placeholders and self._placeholders[-1]:
            self._hidden = 1
        elif (opened := _OPEN.get(name)) is not None:
            opened(self)

    def _deleted(self, parent: str) -> None:
        """Take the mark of a deleted end of a paragraph, of a deleted row or of a deleted cell."""
        if parent == "rPr" and self._paragraphs and self._names[-3:-2] == ["pPr"]:
            self._paragraphs[-1].goes_on = True
        elif parent == "trPr" and self._rows:
            self._rows[-1].gone = True
        elif parent == "tcPr" and self._rows:
            self._rows[-1].cell_gone = True

    def _open_run(self) -> None:
        self._hidden_run = False

    def _open_paragraph(self) -> None:
        self._paragraphs.append(_Paragraph())

    def _close_paragraph(self) -> None:
        paragraph, block = self._paragraphs.pop(), self._blocks[-1]
        text = block.begun + "".join(paragraph.parts)
        if paragraph.goes_on:
            block.begun = text
            return
        label = self._label(paragraph) if text.strip() else None
        block.paragraphs.append((f"{label} {text}" if label else text, label is not None))
        block.paragraphs += paragraph.boxes
        block.begun = ""

    def _label(self, paragraph: _Paragraph) -> str | None:
        """Return the number that Word writes before an item of a list, '' before one with a bullet; None if it is no item."""
        found = self._lists.get(paragraph.number)
        if found is None or paragraph.level >= len(found.levels):
            return None
        if paragraph.number not in self._begun and found.restarts:
            self._counts.pop(found.definition, None)
        self._begun.add(paragraph.number)
        counts = self._counts.setdefault(found.definition, [None] * LEVELS)
        place, before = paragraph.level, counts[paragraph.level]
        counts[place:] = [found.levels[place].start if before is None else before + 1, *[None] * (LEVELS - place - 1)]
        level = found.levels[place]
        if level.format in ("bullet", "none"):
            return ""
        label = level.text
        for above in range(place + 1):
            count, form = counts[above], found.levels[above].format
            label = label.replace(f"%{above + 1}", written(found.levels[above].start if count is None else count, form))
        return label.strip()

    def _open_row(self) -> None:
        self._rows.append(_Row())

    def _close_row(self) -> None:
        row = self._rows.pop()
        if not row.gone:
            self._blocks[-1].paragraphs += row_of([[text for text, _ in cell.paragraphs] for cell in row.cells])

    def _open_cell(self) -> None:
        self._blocks.append(_Block())

    def _close_cell(self) -> None:
        if len(self._blocks) > 1:
            block = self._blocks.pop()
            if self._rows and not self._rows[-1].cell_gone:
                self._rows[-1].cells.append(block)
        if self._rows:
            self._rows[-1].cell_gone = False

    def _close_box(self) -> None:
        if len(self._blocks) > 1:
            block = self._blocks.pop()
            (self._paragraphs[-1].boxes if self._paragraphs else self._blocks[-1].paragraphs).extend(block.paragraphs)

    def _open_control(self) -> None:
        self._placeholders.append(False)

    def _close_control(self) -> None:
        if self._placeholders:
            self._placeholders.pop()


_OPEN = {
    "p": Body._open_paragraph, "r": Body._open_run, "tr": Body._open_row, "tc": Body._open_cell, "txbxContent": Body._open_cell,
    "sdt": Body._open_control,
}  # fmt: skip
_CLOSE = {
    "p": Body._close_paragraph, "r": Body._open_run, "tr": Body._close_row, "tc": Body._close_cell, "txbxContent": Body._close_box,
    "sdt": Body._close_control,
}  # fmt: skip
