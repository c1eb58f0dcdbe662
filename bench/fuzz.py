"""Fuzz readers, the segmenter or the gate: python bench/fuzz.py readers|formats|segmenter|gate [-max_total_time=SECONDS] (needs atheris).

``formats FOLDER`` begins with the files of a folder, each read as the format that it is, and changes them. What breaks a promise below ends
the run with the input that did it. The other options are those of libFuzzer.
"""

from __future__ import annotations

import gzip
import io
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["dedup"]):
    from dedup import Config, Document, find_duplicates
    from dedup.errors import InputError
    from dedup.index import Index
    from dedup.readers.detection import detect_format
    from dedup.readers.formats import FORMATS
    from dedup.readers.options import Reading
    from dedup.readers.sources import read_records
    from dedup.text.segment import split_document

with atheris.instrument_imports(include=["dedup"]):
    for each in FORMATS:
        import_module(f"dedup.readers.{each.module}")
FOLDER = tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
KINDS = ("a.jsonl", "a.csv", "a.tsv", "a.jsonl.gz", "a.jsonl.zst", "a.txt", "a.parquet", "a")
ENCODINGS = ("utf-8", "utf-16", "windows-1256")
SEEDS = {
    "readers": [
        b'0a{"id": "1", "text": "\\u00e9 one", "n": [1, {"a": null}]}\r\n\n{"id": 2, "text": "two"}',
        b'1aid,text,more\r\n1,"a ""word"", and\nmore",x\n2,two,\n\n3,three',
        b"2bid\ttext\n1\tone\n",
        b'3\xff{"id": "1", "text": "one"}\n',
        b"5aA::\nOne.\nB:: Two.\n",
        b'7a{"id": "1", "text": "one"}\n',
    ],
    "segmenter": ["مقدمة.\n\nحلب::\nنص أول.\nحماة:: نص ثان.\r\nA:\ntext\nB:\n\nmore text\n".encode()],
    "gate": [bytes(range(256)) * 2],
}
WORDS = [f"word{number}" for number in range(64)]


def _read(name: str, data: bytes, reading: Reading) -> tuple[list[tuple[str, str]], bytes]:
    """Return the ids and texts of a file, and the bytes of its good records as `dedup filter` writes them."""
    path = Path(FOLDER.name, name)
    path.write_bytes(data)
    found, kept = [], b""
    for record in read_records([str(path)], reading):
        assert record.error is None or "\n" not in str(record.error)
        if record.error is None:
            kept += record.raw if record.raw.endswith(b"\n") else record.raw + b"\n"
        if record.document is not None:
            found.append((record.document.id, record.document.text))
    return found, kept


def readers(data: bytes) -> None:
    """Whatever comes, an error is one line that says where, and the good records read again are the same."""
    if len(data) < 2:
        return
    name, reading, rest = KINDS[data[0] % 8], Reading(encoding=ENCODINGS[data[1] % 3], max_chars=200), data[2:]
    says = ""
    try:
        found, kept = _read(name, gzip.compress(rest, 1) if data[1] > 127 and name.endswith(".gz") else rest, reading)
    except InputError as error:
        says = str(error)
    assert "\n" not in says
    if not says and name in ("a.jsonl", "a.csv", "a.tsv") and reading.encoding != "utf-16":
        assert _read(name, kept, reading)[0] == found


def formats(data: bytes) -> None:
    """Whatever comes in a format, each wrong record has one line that says where, and so has the error that ends the file."""
    if not data or data[0] >= len(FORMATS):
        return
    found, path = FORMATS[data[0]], str(Path(FOLDER.name, "a"))
    if found.name == "sqlite":
        Path(path).write_bytes(data[1:])
    stream = io.BufferedReader(io.BytesIO(data[1:]), 1 << 18)
    says = ""
    try:
        for record in found.read(stream, path, Reading(max_chars=20_000, input_format=found.name)):
            assert (record.document is None) or (record.error is None and record.document.text.encode("utf-8", "surrogatepass") is not None)
            says = says if record.error is None else str(record.error)
            assert "\n" not in says
    except InputError as error:
        says = str(error)
    assert "\n" not in says


def samples(folder: str) -> Iterator[bytes]:
    """Yield the files of a folder, each with the number of its format before it."""
    for path in sorted(Path(folder).iterdir()):
        data = path.read_bytes()
        if data.startswith(b"\x1f\x8b"):
            data = gzip.decompress(data)
        try:
            found = detect_format(io.BufferedReader(io.BytesIO(data), 1 << 18), path.name.removesuffix(".gz"), Reading())
        except InputError:
            continue
        yield bytes([FORMATS.index(found)]) + data


def segmenter(data: bytes) -> None:
    """Segments are spans in order that leave out headings alone."""
    text = atheris.FuzzedDataProvider(data).ConsumeUnicodeNoSurrogates(1 << 12)
    segments = split_document(Document("d", text))
    for one, other in pairwise(segments):
        assert one.end <= other.start
    left, at = "", 0
    for segment in segments:
        assert at <= segment.start <= segment.end <= len(text)
        assert text[segment.start : segment.end] == text[segment.start : segment.end].strip()
        left, at = left + text[at : segment.start] + "\n", segment.end
    for line in (left + text[at:]).split("\n"):
        assert not line.strip() or line.rstrip().endswith((":", "\N{FULLWIDTH COLON}")), line


def gate(data: bytes) -> None:
    """Documents in parts are decided as in one go, and make the clusters of a batch; a removal leaves nothing loose."""
    provider = atheris.FuzzedDataProvider(data)
    config = Config(recurrence=provider.ConsumeIntInRange(1, 3), seed=7, bucket_limit=1000, min_words=provider.ConsumeIntInRange(1, 4))
    documents: list[Document] = []
    cuts = {0}
    while provider.remaining_bytes() and len(documents) < 60:
        if documents and provider.ConsumeBool():  # the same words again, a few of them changed
            words = documents[provider.ConsumeIntInRange(0, len(documents) - 1)].text.split()
            for _ in range(provider.ConsumeIntInRange(0, 3)):
                words[provider.ConsumeIntInRange(0, len(words) - 1)] = WORDS[provider.ConsumeIntInRange(0, 63)]
        else:
            words = [WORDS[byte & 63] for byte in provider.ConsumeBytes(provider.ConsumeIntInRange(1, 40))] or ["word"]
        if provider.ConsumeBool():
            cuts.add(len(documents))
        documents.append(Document(f"d{provider.ConsumeIntInRange(0, 99):02}{len(documents):02}", " ".join(words)))
    wanted = sorted((cluster.canonical, cluster.members) for cluster in find_duplicates(documents, config).clusters)
    answers = []
    for parts in ([0, len(documents)], sorted({*cuts, len(documents)})):
        with Index.open(":memory:", config) as index:
            answers.append([decision for start, end in pairwise(parts) for decision in index.add(documents[start:end])])
            assert sorted((cluster.canonical, cluster.members) for cluster in index.clusters()) == wanted
            index.remove([document.id for document in documents[::3]])
            assert not index.verify()
    assert answers[0] == answers[1]


if __name__ == "__main__":
    name = sys.argv.pop(1)
    corpus = Path(FOLDER.name, "corpus")
    corpus.mkdir()
    for number, seed in enumerate(samples(sys.argv.pop(1)) if name == "formats" else SEEDS[name]):
        (corpus / str(number)).write_bytes(seed)
    atheris.Setup([*sys.argv, str(corpus)], {"readers": readers, "formats": formats, "segmenter": segmenter, "gate": gate}[name])
    atheris.Fuzz()
