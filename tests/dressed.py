"""The labelled pairs of ``seeds/cases/pairs.jsonl`` as newsrooms hold them: as HTML, and with share boxes around the text.

``python tests/dressed.py html|boxes`` writes them as JSONL, each text a record.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

PAIRS: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent.parent / "seeds/cases/pairs.jsonl").read_text("utf-8").split("\n") if line
]
# A template is taken for a revision, and two revisions for templates, dressed or not, see test_find.py.
TAKEN, MISSED = "ar-template-10", ("fr-revision-01", "zh-revision-01")
SAME = "identical", "revision", "contains", "contained-in"
DUPLICATES = [pair for pair in PAIRS if pair["id"] == TAKEN or (pair["relation"] in SAME and pair["id"] not in MISSED)]
OTHERS = [pair for pair in PAIRS if pair not in DUPLICATES]


def _words(text: str, dress: Callable[[int, str], str], between: str) -> str:
    return between.join(dress(place, escape(word, quote=False)) for place, word in enumerate(text.split(" ")))


def _paragraphs(text: str, inside: Callable[[str], str]) -> str:
    return "".join(f'<p style="text-align: justify;" dir="auto">{inside(line)}</p>\n' for line in text.split("\n"))


def _link(place: int, word: str) -> str:
    if place % 9 == 4:
        return f'<a href="https://news.example/tag?id={place}&amp;lang=ar" class="tag" target="_blank">{word}</a>'
    return f'<span style="font-weight: bold">{word}</span>' if place % 7 == 3 else word


def _numeric(text: str) -> str:
    return "".join(f"&#{ord(letter)};" if ord(letter) > 127 or letter in "&<>" else letter for letter in text)


HTML: dict[str, Callable[[str], str]] = {
    "paragraphs": lambda text: _paragraphs(text, lambda line: escape(line, quote=False)),
    "links and styles": lambda text: _paragraphs(text, lambda line: _words(line, _link, " ")),
    "no-break spaces": lambda text: _paragraphs(text, lambda line: _words(line, lambda _, word: word, "&nbsp;")),
    "no-break spaces without tags": lambda text: _words(text, lambda _, word: word, "&nbsp;"),
    "numeric references": lambda text: _paragraphs(text, _numeric),
    "hexadecimal references without tags": lambda text: "".join(f"&#x{ord(letter):x};" if ord(letter) > 127 else letter for letter in text),
    "bold words": lambda text: _paragraphs(text, lambda line: _words(line, lambda _, word: f"<b>{word}</b>", " ")),
    "breaks": lambda text: "<div>" + "<br />".join(escape(line, quote=False) for line in text.split("\n")) + "<br></div>",
    "encoded once more": lambda text: escape(_paragraphs(text, lambda line: escape(line, quote=False))),
    "page": lambda text: (
        "<html><head><title>News</title><style>p { color: red }</style><script>var share = '<p>Facebook</p>';</script></head><body>"
        f"<!-- article --><article>{_paragraphs(text, lambda line: _words(line, _link, ' '))}</article></body></html>"
    ),
}
"""Ways to write a text as HTML, by name."""

BOXES: dict[str, list[str]] = {
    "ar": ["شارك على فيسبوك", "تويتر", "واتساب", "تيليغرام", "طباعة", "نسخ الرابط"],
    "en": ["Share on Facebook", "Tweet", "WhatsApp", "Email", "Print", "Copy link"],
    "fr": ["Partager sur Facebook", "Partager sur Twitter", "WhatsApp", "Envoyer par e-mail", "Imprimer", "Copier le lien"],
    "fa": ["اشتراک‌گذاری در تلگرام", "واتساپ", "توییتر", "ارسال به ایمیل", "چاپ", "کپی لینک"],
    "tr": ["Facebook'ta paylaş", "Twitter'da paylaş", "WhatsApp", "E-posta ile gönder", "Yazdır", "Bağlantıyı kopyala"],
    "ur": ["فیس بک پر شیئر کریں", "ٹوئٹر", "واٹس ایپ", "ای میل", "پرنٹ کریں", "لنک کاپی کریں"],
    "ru": ["Поделиться ВКонтакте", "Телеграм", "WhatsApp", "Отправить по почте", "Распечатать", "Скопировать ссылку"],
    "zh": ["分享到微信", "微博", "朋友圈", "打印", "复制链接", "收藏"],
    "es": ["Compartir en Facebook", "Compartir en Twitter", "WhatsApp", "Enviar por correo electrónico", "Imprimir", "Copiar enlace"],
    "de": ["Auf Facebook teilen", "Twittern", "WhatsApp", "Per E-Mail senden", "Drucken", "Link kopieren"],
}
"""Share boxes as lists of buttons, by language."""


def box_of(language: str) -> list[str]:
    """Return the share box of a language; of one without an own box the English one."""
    return BOXES.get(language, BOXES["en"])


def _around(text: str, box: str) -> str:
    return f"<article>{_paragraphs(text, lambda line: escape(line, quote=False))}{box}</article>"


def _list(box: list[str], attributes: str, link: bool) -> str:
    items = "".join(f'<li>{f"""<a href="#">{button}</a>""" if link else button}</li>' for button in box)
    return f"<ul{attributes}>{items}</ul>"


SHARED: dict[str, Callable[[str, list[str]], str]] = {
    "a box with a class": lambda text, box: _around(text, f'<div class="share-buttons clearfix">{" ".join(box)}</div>'),
    "a box with an id": lambda text, box: _around(text, _list(box, ' id="socialShare"', link=False)),
    "a list of links": lambda text, box: _around(text, _list(box, "", link=True)),
    "a list without links": lambda text, box: _around(text, _list(box, "", link=False)),
    "a paragraph": lambda text, box: _around(text, f"<p>{' '.join(box)}</p>"),
    "a box without a class": lambda text, box: _around(text, f"<div>{' | '.join(box)}</div>"),
    "spans before the text": lambda text, box: (
        "<div>" + "".join(f"<span>{button}</span> " for button in box) + f"</div><p>{escape(text, quote=False)}</p>"
    ),
    "buttons": lambda text, box: _around(text, "".join(f"<button>{button}</button>" for button in box)),
    "a plain line below": lambda text, box: f"{text}\n{' '.join(box)}",
    "a plain line above": lambda text, box: f"{' '.join(box)}\n{text}",
    "plain lines below": lambda text, box: f"{text}\n\n" + "\n".join(box) + "\n",
    "a plain line with bars": lambda text, box: f"{text}\n{' | '.join(box)}",
    "plain lines on both ends": lambda text, box: "\n".join(box) + f"\n\n{text}\n\n" + "\n".join(box),
}
"""Ways to put a share box, a list of buttons, beside a text, by name."""


def _records(kind: str) -> Iterator[dict[str, str]]:
    if kind == "html":
        for name, dress in HTML.items():
            for pair in DUPLICATES:
                yield {"id": f"{pair['id']}/{name}/a", "text": pair["a"]}
                yield {"id": f"{pair['id']}/{name}/b", "text": dress(pair["b"])}
    else:
        for name, share in SHARED.items():
            for pair in OTHERS:
                for side in "ab":
                    yield {"id": f"{pair['id']}/{name}/{side}", "text": share(pair[side], box_of(pair["lang"]))}


if __name__ == "__main__":
    for record in _records(sys.argv[1]):
        print(json.dumps(record, ensure_ascii=False))
