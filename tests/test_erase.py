"""A document that is erased stands nowhere in the files of the index any more."""

from __future__ import annotations

import random
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres_support import postgres

from dedup import Config, Document, Gate, Index, TextNews
from dedup.errors import StoreError
from dedup.index.browse.blocks import unwritten_block
from dedup.index.news import BLOCK
from dedup.index.storage.tables import META, TEXTS

SECRETS = ("Zanzibarov", "quillfeather", "محجوبستان", "Titularius")
SECRET = "Minister Zanzibarov met the quillfeather delegation in محجوبستان on Monday, and 12 of them signed the paper of the harbour."
OTHERS = [
    Document("n1", SECRET.replace("12", "15"), title="Harbour"),
    Document("n2", "Rain fell on the coast for three days, and the roads to the north were closed by the water."),
]


def tell(older: Document, newer: Document) -> TextNews:
    return TextNews(("number",), (), {"en": f"{older.text[:60]} → {newer.text[:60]}"})


def news(older: str, newer: str) -> tuple[str, ...]:
    return (f"was: {older[:70]}",)


def fill(index: Index, seed: int) -> None:
    """Put much into an index, before and after the secret one, with changes that move rows about in the file."""
    rng = random.Random(seed)
    gate = Gate(index, news=news)
    for part in range(4):
        made = []
        for number in range(60):
            words = " ".join(f"w{rng.randrange(3000)}" for _ in range(rng.choice((20, 200, 2000))))
            made.append(Document(f"{part}-{number}", words, title=f"title {number}"))
        gate.decide_all(made)
        if part == 1:
            gate.decide_all([Document("secret", SECRET, title="Titularius", source="wire")])
        index.remove([f"{part}-{rng.randrange(60)}" for _ in range(10)])
    gate.decide_all([Document(each.id, each.text, title=each.title) for each in OTHERS[1:]])
    while index.catch_up(tell, most=40):
        pass


def traces(index: Index) -> list[bytes]:
    """Return how the secret document stands in an index: its words in plain, and its packed text."""
    store = index._store
    ((number,),) = store.rows("select number from documents where id = 'secret'")
    packed = TEXTS.read(store, "where number = ?", (number,))[0][1]
    assert SECRET in zlib.decompress(packed).decode()
    return [*(secret.encode() for secret in SECRETS), packed[:24], packed[20:44], packed[-24:]]


def left_in(path: Path, wanted: list[bytes]) -> list[bytes]:
    data = b"".join(each.read_bytes() for each in path.parent.rglob("*") if each.is_file())
    return [each for each in wanted if each in data]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("secure", [True, False], ids=["made by this version", "made by an older one"])
def test_an_erased_document_is_nowhere_in_the_files(tmp_path: Path, seed: int, secure: bool) -> None:
    path = tmp_path / "index.db"
    with Index.open(str(path)) as index:
        if not secure:
            index._store.run("pragma secure_delete=off")
            with index._writing():
                META.change(index._store, {"clean": {"value": "0"}})
        with index._writing():
            META.change(index._store, {"row": {"value": str(BLOCK - 150)}})
        fill(index, seed)
        assert unwritten_block(index._store) is None
        wanted = traces(index)
        assert left_in(path, wanted) == wanted[len(SECRETS) - 1 :]  # texts are packed
        assert index.erase("secret") == 1
        assert left_in(path, wanted) == []
        assert index.verify() == []
        assert index.text("secret") is None
        assert index.stories().cards
        while index.catch_up(tell):
            pass
        assert index.erase("secret") == 0


def test_what_quotes_an_erased_document_is_erased_too(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    with Index.open(str(path)) as index:
        (first,) = Gate(index).decide_all([Document("secret", SECRET, title="Titularius")])
        (second,) = Gate(index, news=news).decide_all([Document("n1", "Amended: " + SECRET.replace("Zanzibarov", "X"))])
        assert (first.action, second.action) == ("index", "update")
        assert second.digest
        assert "Zanzibarov" in second.digest[0]
        index.judge("secret", "n1", "same")
        while index.catch_up(tell):
            pass
        assert left_in(path, [b"Zanzibarov"])
        assert index.erase("secret") == 1
        assert left_in(path, [b"Zanzibarov", b"Titularius"]) == []
        assert index.verdicts() == []
        assert [(document.id, decision.digest) for document, decision in index.documents()] == [("n1", ())]
        assert index.verify() == []
        while index.catch_up(tell):
            pass
        (card,) = index.stories().cards
        assert (card.texts, card.news) == (1, TextNews((), (), {}))


def test_who_reads_meanwhile_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "index.db"
    with Index.open(str(path)) as index:
        fill(index, 1)
        wanted = traces(index)
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("begin")
        reader.execute("select count(*) from documents").fetchall()
        monkeypatch.setattr(index._store, "patience", 0.25)
        with pytest.raises(StoreError, match="another process reads it"):
            index.erase("secret")
        assert index.text("secret") is None
        assert left_in(path, wanted)
        reader.close()
        assert index.erase("secret") == 0  # what it had left undone is done
        assert left_in(path, wanted) == []


def test_all_versions_are_erased() -> None:
    with Index.open(":memory:") as index:
        index.add([Document("a", f"{SECRET} Version {number}.") for number in range(3)] + OTHERS)
        assert index.text("a@2") is not None
        assert index.erase("a") == 3
        assert [document.id for document, _ in index.documents()] == ["n1", "n2"]
        assert index.verify() == []


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as found:
        yield found.url


def test_a_server_has_no_rows_of_an_erased_document(server: str) -> None:
    with Index.open(f"{server}&schema=erased", Config()) as index:
        gate = Gate(index, news=news)
        gate.decide_all([Document("secret", SECRET, title="Titularius"), *OTHERS])
        while index.catch_up(tell):
            pass
        assert index.erase("secret") == 1
        assert index.verify() == []
        for table in ("documents", "texts", "segments", "news"):
            for row in index._store.rows(f"select * from {table}"):
                assert not any(secret in str(row) for secret in SECRETS if secret not in OTHERS[0].text)
        assert [document.id for document, _ in index.documents()] == ["n1", "n2"]
