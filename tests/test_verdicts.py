"""Answers of people: what was joined stays together and what was parted never meets, in an index and in a search alike."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from command_support import run_command
from hypothesis import given, settings
from hypothesis import strategies as st
from postgres_support import postgres
from test_index import feed, partition

from dedup import Config, Document, Gate, Index, Policy, find_duplicates, find_origins
from dedup.clusters.verdicts import Judged
from dedup.errors import ConfigError, InputError, StoreError
from dedup.evaluation import read_truth
from dedup.index.rebuild import rebuild

NORTH, TOLD, SHOWERS, COAST = (
    "Rain is expected in the north on Monday, they said.",
    "Rain is expected in the north on Monday, they told.",
    "Showers will reach the hills.",
    "Rain is expected in the north on Monday, they wrote.",
)
NEWS = [Document("1", NORTH), Document("2", SHOWERS), Document("3", TOLD)]


@pytest.fixture(scope="module", params=["file", "server"])
def anywhere(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return what makes the URL of an empty index: of a file, and of a server."""
    if request.param == "file":
        yield lambda: str(tmp_path_factory.mktemp("index") / "seen.db")
        return
    with postgres() as server:
        made = count()
        yield lambda: f"{server.url}&schema=seen{next(made)}"


def members(index: Index) -> list[tuple[str, ...]]:
    return sorted(cluster.members for cluster in index.clusters())


def same_as_searched(index: Index) -> bool:
    """Tell whether the clusters of an index are those of a search with its answers, and nothing is wrong with it."""
    found = find_duplicates(index.named_documents(), index.config, verdicts=index.verdicts())
    return index.verify() == [] and partition(index.clusters()) == partition(found.clusters)


def test_what_people_join_and_part_shows_in_clusters(anywhere: Any) -> None:
    with Index.open(anywhere()) as index:
        index.add(NEWS)
        assert members(index) == [("1", "3")]
        assert index.judge("2", "1", "same", who="ed", moment=5.0).to_dict() == {
            "a": "1", "b": "2", "verdict": "same", "moment": 5.0, "who": "ed",
        }  # fmt: skip
        assert members(index) == [("1", "2", "3")]
        index.judge("1", "3", "different")
        assert members(index) == [("1", "2")]
        assert same_as_searched(index)
        with pytest.raises(InputError, match=r"'2' and '3' cannot be the same: '1' and '3' were said to be different"):
            index.judge("3", "2", "same")
        index.judge("3", "1", None)
        assert members(index) == [("1", "2", "3")]
        index.judge("1", "3", "same")
        with pytest.raises(InputError, match=r"'2' and '3' cannot be parted: they are joined by answers about '1' and '2', '1' and '3'"):
            index.judge("2", "3", "template")
        assert [(label["a"], label["b"], label["duplicate"]) for label in index.labels()] == [("1", "2", True), ("1", "3", True)]
        index.judge("1", "3", "different")  # a new answer takes the place of the old one
        assert [(each.a, each.b, each.verdict) for each in index.verdicts()] == [("1", "2", "same"), ("1", "3", "different")]
        assert same_as_searched(index)


WRONG = [
    ("1", "1", "same", "'1' and '1' are one text"),
    ("1", "nobody", "same", "no text is called 'nobody'"),
    ("nobody", "1", None, "no text is called 'nobody'"),
    ("1", "1#3", "same", "no text is called '1#3'"),
    ("1", "1@2", "same", "no text is called '1@2'"),
    ("1", "a\0b", "same", "no text is called"),
    ("1", "\ud800", "same", "no text is called"),
    ("1", "9" * 40 + "#" + "9" * 40, "same", "no text is called"),
    ("1", "copy", "different", "have the same words, so that they cannot be parted"),
]


@pytest.mark.parametrize(("a", "b", "verdict", "message"), WRONG, ids=[each[3] for each in WRONG])
def test_what_cannot_be_answered_is_told(a: str, b: str, verdict: Any, message: str) -> None:
    with Index.open(":memory:") as index:
        index.add([*NEWS, Document("copy", NORTH.upper())])
        with pytest.raises(InputError, match=message):
            index.judge(a, b, verdict)
        with pytest.raises(ConfigError, match="verdict is 'maybe'"):
            index.judge("1", "2", "maybe")  # type: ignore[arg-type]
        with pytest.raises(InputError, match="who"):
            index.judge("1", "2", "same", who="a\0b")
        assert index.verdicts() == []


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(2, 60), st.integers(1, 8), st.booleans(), st.booleans(), st.sampled_from(["earliest", "latest"]))
def test_clusters_are_those_of_a_search_with_the_same_answers(
    seed: int, count: int, shapes: int, removes: bool, restricted: bool, keep: Any
) -> None:
    rng, documents = random.Random(seed), feed(seed, count, shapes)
    limits: dict[str, Any] = {"within": 20.0} if restricted else {}
    # What is known to recur stays known where texts are removed, so that then nothing is to recur.
    config = Config(recurrence=1000 if removes else rng.randrange(1, 4), seed=7, bucket_limit=1000, keep=keep, **limits)
    with Index.open(":memory:", config) as index:
        waiting, live = [*documents], dict[str, Document]()
        while waiting:
            size = rng.randrange(1, 12)
            part, waiting = waiting[:size], waiting[size:]
            index.add(part)
            live.update((document.id, document) for document in part)
            answer_some(index, [*live], rng)
            if removes and rng.random() < 0.5:
                gone = rng.sample([*live], rng.randrange(1, len(live) + 1))
                index.remove(gone)
                assert index.verify() == []
                waiting += [live.pop(name) for name in gone if rng.random() < 0.7]
        assert same_as_searched(index)


def answer_some(index: Index, names: Sequence[str], rng: random.Random) -> None:
    """Answer about some pairs, half of them of one cluster, whatever comes to mind."""
    for _ in range(rng.randrange(6) if len(names) > 1 else 0):
        found = rng.choice(index.clusters() or [None])
        pair = rng.sample(found.members if found is not None and rng.random() < 0.6 else names, 2)
        try:
            index.judge(*pair, rng.choice(["same", "same", "different", "different", "template", None]))
        except InputError:
            assert index.verify() == []


def test_answers_change_the_same_whenever_they_are_given() -> None:
    documents, config = feed(11, 50, 4), Config(seed=7, recurrence=1000)
    for seed in range(6):
        with Index.open(":memory:", config) as late, Index.open(":memory:", config) as early:
            late.add(documents)
            answer_some(late, [document.id for document in documents], random.Random(seed))
            early.add(documents)
            for judged in late.verdicts():
                early.judge(judged.a, judged.b, judged.verdict)
            early.remove(document.id for document in documents)
            assert early.clusters() == []
            assert early.verify() == []
            random.Random(seed).shuffle(documents)
            for document in documents:  # the answers are there before the texts
                early.add([document])
            assert partition(early.clusters()) == partition(find_duplicates(documents, config, verdicts=early.verdicts()).clusters)
            assert early.verify() == []


def test_a_text_that_comes_back_is_decided_about_with_the_answers(anywhere: Any) -> None:
    with Index.open(anywhere()) as index:
        gate = Gate(index)
        index.add(NEWS)
        index.judge("1", "3", "different")
        index.judge("1", "2", "same")
        index.remove(["3", "2"])
        assert members(index) == []
        assert len(index.verdicts()) == 2
        decision = gate.decide(Document("2", SHOWERS))
        assert (decision.action, decision.of, decision.relation, decision.jaccard) == ("skip", "1", "revision", 0.0)
        assert gate.decide(Document("3", TOLD)).action == "index"
        assert members(index) == [("1", "2")]
        assert index.verify() == []
        assert gate.decide(Document("4", COAST)).of in ("1", "3")  # like both, and in the cluster of one
        assert gate.decide(Document("3", "Rain is expected in the north on Monday, they noted.")).of in ("1", "4")  # other words


def test_answers_about_a_copy_are_about_all_of_them() -> None:
    documents = [Document("a", NORTH), Document("b", NORTH.upper()), Document("c", TOLD), Document("d", TOLD.upper())]
    with Index.open(":memory:") as index:
        index.add(documents)
        index.judge("b", "d", "different")
        assert members(index) == [("a", "b"), ("c", "d")]
        assert same_as_searched(index)
        index.remove(["d"])  # the answer names nothing that is there, until it comes back
        assert members(index) == [("a", "b", "c")]
        index.add([documents[3]])
        assert members(index) == [("a", "b"), ("c", "d")]
        index.remove(["a", "c"])  # each leaves its copy
        assert members(index) == []
        assert same_as_searched(index)
        index.add([documents[0], documents[2]])
        assert members(index) == [("a", "b"), ("c", "d")]
        assert same_as_searched(index)
        index.judge("a", "c", "same")  # the same words were parted
        assert [(each.a, each.b, each.verdict) for each in index.verdicts()] == [("a", "c", "same")]
        assert members(index) == [("a", "b", "c", "d")]
        assert same_as_searched(index)


def test_of_answers_that_contradict_each_other_parting_holds() -> None:
    answers = [Judged("1", "2", "same"), Judged("2", "3", "same"), Judged("1", "3", "different")]
    found = find_duplicates(NEWS, verdicts=answers)
    assert [cluster.members for cluster in found.clusters] == [("1", "2")]
    with Index.open(":memory:") as index:
        index.add(NEWS)
        index.judge("1", "2", "same")
        index.judge("2", "3", "same")
        index.remove(["2"])
        index.judge("1", "3", "different")
        index.add([NEWS[1]])
        assert members(index) == [("1", "2")]
        assert same_as_searched(index)


def test_answers_outlive_other_processes_rebuilding_and_pruning(tmp_path: Path) -> None:
    place = str(tmp_path / "seen.db")
    with Index.open(place) as index:
        index.add(NEWS)
        with Index.open(place) as other:
            other.judge("1", "3", "template", who="ed", moment=7.0)
        decision = index.query(Document("x", TOLD))
        assert [(each.of, each.relation, each.action) for each in decision] == [("3", "identical", "skip"), ("1", "template", "index")]
    rebuild(place, {"min_words": "2"})
    with Index.open(place) as index:
        assert [each.to_dict() for each in index.verdicts()] == [{"a": "1", "b": "3", "verdict": "template", "moment": 7.0, "who": "ed"}]
        assert members(index) == []
        assert index.verify() == []
        index.prune(newest=0)
        assert index.verify() == []
        index.add(reversed(NEWS))
        assert members(index) == []
        assert index.verify() == []
        index.judge("1", "3", None)
        assert members(index) == [("1", "3")]


def test_versions_and_segments_are_named_as_in_clusters() -> None:
    river = "The river rose over its banks in the night, and two streets of the old town were closed to all but the fire brigade."
    bridge = "The old bridge stays closed until Friday."
    report = f"Floods\n\n{river}\n\nRoads\n\n{bridge}"
    with Index.open(":memory:") as index:
        index.add([Document("r", report, segmented=True), Document("r", report.replace("night", "dark"), segmented=True)])
        before = members(index)
        assert ("r#1", "r@2#1") in before
        index.judge("r@2#1", "r#1", "different")
        assert members(index) == [each for each in before if "r#1" not in each]
        assert same_as_searched(index)
        index.remove(["r"])
        index.add([Document("r", report.replace("night", "dark"), segmented=True), Document("r", report, segmented=True)])  # turned round
        assert len(members(index)) == len(before) - 1
        assert index.verify() == []


def test_names_of_clusters_lead_to_what_they_were_joined_with() -> None:
    with Index.open(":memory:") as index:
        port = "The port of Marsa reopened on Sunday after a strike."
        index.add([*NEWS, Document("4", port), Document("5", port.replace("a strike", "the strike"))])
        first, second = index.clusters()
        index.judge("4", "1", "same")
        (joined,) = index.clusters()
        assert joined.id == first.id == index.resolve(second.id)
        index.judge("4", "1", None)
        assert {cluster.id for cluster in index.clusters()} == {first.id, second.id}
        assert index.resolve(second.id) == second.id


def test_stories_do_not_tell_of_what_was_parted() -> None:
    with Index.open(":memory:") as index:
        index.add(NEWS)
        assert [len(story.texts) for story in index.origins().stories] == [2]
        index.judge("1", "3", "template")
        assert index.origins().stories == ()
        told = index.decide(index.prepare([Document("6", TOLD.upper())]), Policy(origins=True))[0].origins
        assert told is not None
        assert told.texts == 2
    assert find_origins(NEWS, verdicts=[Judged("1", "3", "different")]).stories == ()


def test_labels_are_read_by_evaluate(tmp_path: Path) -> None:
    with Index.open(str(tmp_path / "seen.db")) as index:
        index.add(NEWS)
        index.judge("1", "3", "same")
        index.judge("1", "2", "template", who="ed", moment=5.0)
    labels = run_command("index", "labels", "seen.db", cwd=tmp_path)
    assert [json.loads(line) for line in labels.stdout.splitlines()] == [
        {"a": "1", "b": "3", "duplicate": True, "label": "same"},
        {"a": "1", "b": "2", "duplicate": False, "label": "template", "who": "ed", "moment": 5.0},
    ]
    assert run_command("index", "labels", "seen.db", "-o", "labels.jsonl", cwd=tmp_path).returncode == 0
    truth = read_truth(str(tmp_path / "labels.jsonl"))
    assert dict(truth.pairs) == {("1", "3"): True, ("1", "2"): False}
    again = run_command("index", "labels", "seen.db", "-o", "seen.db", cwd=tmp_path)
    assert again.returncode == 2
    assert b"read as well" in again.stderr


def doubtful() -> list[Document]:
    return feed(5, 120, 5)


def test_doubts_are_told_nearest_to_the_limit_first(anywhere: Any) -> None:
    with Index.open(anywhere(), {"seed": 7}) as index:
        index.add(doubtful())
        found = index.doubts(1000)
        limit = index.config.min_probability
        distances = [abs(doubt.probability - limit) for doubt in found]
        assert found
        assert distances == sorted(distances)
        assert max(distances) <= 0.25
        assert {doubt.duplicate for doubt in found} == {True, False}
        paged = index.doubts(7)
        while more := index.doubts(7, after=paged[-1].cursor):
            paged += more
        assert paged == found
        first = found[0]
        index.judge(first.a, first.b, "different")
        assert index.doubts(1000) == found[1:]
        index.remove([found[1].a])
        left = index.doubts(1000)
        assert left == [doubt for doubt in found[1:] if found[1].a not in (doubt.a, doubt.b)]
        assert index.verify() == []
        for cursor in ("", "x", "nan:1:1", f"0.1:{9**40}:1", "1:1"):
            with pytest.raises(InputError, match="is no place among doubts"):
                index.doubts(after=cursor)


def test_doubts_are_the_same_however_texts_come() -> None:
    documents = doubtful()
    found = []
    for size in (1, 7, len(documents)):
        with Index.open(":memory:", {"seed": 7}) as index:
            for start in range(0, len(documents), size):
                index.add(documents[start : start + size])
            found.append(index.doubts(1000))
    assert found[0] == found[1] == found[2]


def test_what_is_settled_through_others_is_no_doubt() -> None:
    with Index.open(":memory:", {"seed": 7}) as index:
        index.add(doubtful())
        pair = index.doubts(1)[0]
        third = next(document.id for document in doubtful() if document.id not in (pair.a, pair.b))
        index.judge(pair.a, third, "same")
        index.judge(third, pair.b, "same")
        assert (pair.a, pair.b) not in {(doubt.a, doubt.b) for doubt in index.doubts(1000)}


def test_copies_that_stand_for_themselves_go_in_order() -> None:
    for seed in (5, 9, 228):
        rng = random.Random(seed)
        documents = feed(seed, rng.randrange(20, 90), rng.randrange(1, 6))
        limits: Any = {"within": rng.choice([5.0, 30.0]), "keep": rng.choice(["earliest", "latest"]), "recurrence": 2}
        with Index.open(":memory:", Config(seed=7, **limits)) as index:
            index.add(documents)
            gone = set(rng.sample([document.id for document in documents], len(documents) // 3))
            index.remove(gone)
            assert index.verify() == []
            index.add(document for document in documents if document.id in gone)
            assert index.verify() == []


def test_commands_take_answers_and_find_heeds_them(tmp_path: Path) -> None:
    lines = [json.dumps({"id": each.id, "text": each.text}) for each in NEWS]
    (tmp_path / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert run_command("filter", "news.jsonl", "--index", "seen.db", cwd=tmp_path).returncode == 0
    told = run_command("index", "judge", "seen.db", "3", "1", "different", "--who", "ed", cwd=tmp_path)
    assert (told.returncode, told.stdout, told.stderr) == (0, b"", b"1, 3: different\n")
    assert run_command("index", "judge", "seen.db", "1", "2", "same", cwd=tmp_path).returncode == 0

    def clusters(*arguments: str) -> list[list[str]]:
        found = run_command("find", *arguments, "--format", "clusters", cwd=tmp_path)
        assert found.returncode == 0, found.stderr
        return [json.loads(line)["members"] for line in found.stdout.splitlines()]

    assert clusters("news.jsonl") == [["1", "3"]]
    assert clusters("news.jsonl", "--index", "seen.db") == [["1", "2"]]
    assert clusters("--index", "seen.db") == [["1", "2"]]
    (tmp_path / "other.jsonl").write_text("\n".join(lines).replace("told", "wrote"), encoding="utf-8")
    assert clusters("other.jsonl", "--index", "seen.db") == [["1", "2", "3"]]  # these are not the words that were parted
    assert run_command("index", "judge", "seen.db", "1", "3", "none", cwd=tmp_path).stderr == b"1, 3: no answer\n"
    assert clusters("--index", "seen.db") == [["1", "2", "3"]]
    assert run_command("index", "doubts", "seen.db", cwd=tmp_path).returncode == 0
    for arguments, message in (
        (("find",), b"Missing argument 'PATH...'"),
        (("find", "--index", "none.db"), b"there is no index"),
        (("find", "--index", "seen.db", "-o", "seen.db"), b"read as well"),
        (("find", "news.jsonl", "--index", "seen.db", "--engine", "spark"), b"not for --engine spark"),
        (("index", "judge", "seen.db", "1", "4", "same"), b"no text is called '4'"),
        (("index", "judge", "seen.db", "1", "2", "maybe"), b"'maybe' is not one of"),
        (("index", "doubts", "seen.db", "--most", "0"), b"--most"),
    ):
        failed = run_command(*arguments, cwd=tmp_path)
        assert failed.returncode == 2
        assert message in failed.stderr
        assert b"Traceback" not in failed.stderr


def test_an_index_without_texts_takes_answers_as_well() -> None:
    with Index.open(":memory:", keep_texts=False) as index:
        index.add(NEWS)
        index.judge("1", "3", "different")
        assert members(index) == []
        with pytest.raises(StoreError, match="keeps no texts"):
            [*index.named_documents()]
