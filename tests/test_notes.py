"""What callers keep in an index beside its documents: notes, and names under which one process works."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from command_support import run_python

from dedup import Document, Index
from dedup.errors import StoreError
from dedup.index.rebuild import rebuild

TEXT = "Voting has opened in the Lodren council election and long lines formed outside schools in the harbour district."


def test_notes_are_kept_with_what_was_delivered_or_not_at_all(place: str) -> None:
    with closing(Index.open(place)) as index:
        assert index.notes() == {}
        index.deliver({"feed": "1", "_/%": "ä"})
        index.add([Document("1", TEXT)])
    with closing(Index.open(place)) as index:
        assert index.notes() == {"_/%": "ä", "feed": "1"}
        assert index.add([Document("1", TEXT)])[0].action == "index"  # that was never delivered
        index.deliver({"feed": "2"})
    with Index.open(place) as index:
        assert index.notes() == {"_/%": "ä", "feed": "2"}
        assert index.add([Document("1", TEXT)])[0].why == "seen"
        assert index.verify() == []


def fail(*_: object) -> None:
    raise RuntimeError


def test_notes_of_a_transaction_that_fails_are_not_kept(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Index.open(place)) as index:
        index.add([Document("1", TEXT)])
        with monkeypatch.context() as patch:
            patch.setattr("dedup.index.index.write_notes", fail)
            with pytest.raises(RuntimeError):
                index.deliver({"feed": "1"})
    with closing(Index.open(place)) as index:
        assert index.notes() == {}
        assert index.add([Document("1", TEXT)])[0].action == "index"


def test_one_at_a_time_works_under_a_name(place: str) -> None:
    with closing(Index.open(place)) as index:
        index.claim("feed")
        with closing(Index.open(place)) as other:
            other.claim("another feed")
            with pytest.raises(StoreError, match="another process works as 'feed'; end that one first"):
                other.claim("feed")
    code = f"import os\nfrom dedup import Index\nIndex.open({place!r}).claim('feed')\nos.kill(os.getpid(), 9)"
    assert run_python(code).returncode == -9
    with closing(Index.open(place)) as index:
        index.claim("feed")
        assert index.notes() == {}
        assert index.verify() == []


def test_an_index_that_is_rebuilt_has_its_notes(tmp_path: Path) -> None:
    place = str(tmp_path / "index.db")
    with Index.open(place) as index:
        index.add([Document("1", TEXT)])
        index.deliver({"feed": "1"})
    rebuild(place, {})
    with Index.open(place) as index:
        assert index.notes() == {"feed": "1"}
