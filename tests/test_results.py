"""Clusters that were written to a file and are read again for the editor's pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dedup import Document, InputError
from dedup.cli import cli
from dedup.readers.saved_clusters import largest_clusters, texts_in_clusters


def line(name: str, *members: str) -> str:
    return json.dumps({"id": name, "canonical": members[0], "members": members}) + "\n"


def table(path: Path, ids: list[Any], clusters: list[Any]) -> None:
    write_parquet(path, id=ids, cluster=clusters)


def write_parquet(path: Path, **columns: list[Any]) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.table(columns), path)


def test_the_largest_come_first_from_lines_and_from_tables(tmp_path: Path) -> None:
    (tmp_path / "found.jsonl").write_text(line("c-two", "a", "b") + "\n" + line("c-three", "d", "e", "f") + line("b-two", "g", "h"))
    table(tmp_path / "found.parquet", [*"adgbehf"], ["c-two", "c-three", "b-two", "c-two", "c-three", "b-two", "c-three"])
    for name in ("found.jsonl", "found.parquet"):
        found = largest_clusters(str(tmp_path / name))
        assert list(dict.fromkeys(found.values())) == ["c-three", "b-two", "c-two"]
        assert {member for member, cluster in found.items() if cluster == "b-two"} == {"g", "h"}
        assert set(largest_clusters(str(tmp_path / name), 1)) == {"d", "e", "f"}


def test_ids_that_are_numbers_are_those_of_the_texts(tmp_path: Path) -> None:
    table(tmp_path / "found.parquet", [7, 8], ["c", "c"])
    found = texts_in_clusters([Document("7", "one"), Document("8", "two"), Document("9", "three")], largest_clusters(str(tmp_path)))
    assert [(each.id, each.cluster) for each in found] == [("7", "c"), ("8", "c")]


WRONG = {
    "a member without id": (([None, "a"], ["c", "c"]), "found.parquet: a row without an id or a cluster"),
    "a member without cluster": ((["a", "b"], ["c", None]), "found.parquet: a row without an id or a cluster"),
    "no names": (([{"x": 1}], ["c"]), "found.parquet: Parquet that cannot be read"),
    "no columns": (None, "found.parquet: the columns cluster and id are missing"),
    "members that are no names": ('\n\n{"id": "c", "canonical": "a", "members": ["a", 1]}\n', "found.jsonl:3: no list of members"),
    "no members": (line("c", "a") + '{"id": "c", "canonical": "a"}\n', "found.jsonl:2: no list of members"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_result_is_said(tmp_path: Path, case: str) -> None:
    content, said = WRONG[case]
    if isinstance(content, str):
        (tmp_path / "found.jsonl").write_text(content)
    elif content is None:
        write_parquet(tmp_path / "found.parquet", name=["a"])
    else:
        table(tmp_path / "found.parquet", *content)
    with pytest.raises(InputError) as error:
        largest_clusters(str(tmp_path))
    assert said in str(error.value)


def test_what_cannot_be_read_twice_is_refused(tmp_path: Path) -> None:
    texts = tmp_path / "texts.jsonl"
    texts.write_text('{"id": "a", "text": "x"}\n')
    done = CliRunner().invoke(cli, ["report", str(texts), "--clusters", "-", "-o", str(tmp_path / "pages")], input=line("c", "a", "a"))
    assert isinstance(done.exception, InputError)
    assert "-: clusters are read twice" in str(done.exception)
    assert not (tmp_path / "pages").exists()


def test_a_result_without_clusters_is_a_page_without_texts(tmp_path: Path) -> None:
    (tmp_path / "texts.jsonl").write_text('{"id": "a", "text": "x"}\n')
    table(tmp_path / "found.parquet", [], [])
    page = tmp_path / "page.html"
    done = CliRunner().invoke(
        cli,
        ["report", str(tmp_path / "texts.jsonl"), "--clusters", str(tmp_path / "found.parquet"), "-o", str(page)],
        standalone_mode=False,
    )
    assert done.exception is None
    assert "</html>" in page.read_text("utf-8")
