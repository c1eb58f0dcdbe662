"""A page says where its texts come from: in a sentence, in a drawing, and in a list that says the same."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from browser_support import FIVE, HOSTILE, Node, read
from click.testing import CliRunner
from origins_support import MIXED, STAFF, carried, hostile_story, report_of_story, story_of, text

from dedup import Document, find_duplicates
from dedup.about import About
from dedup.cli import cli
from dedup.origins.model import Origins, Story
from dedup.stories import origins_of
from dedup.text.credits import Credit
from reports.build_report import build_report, build_reports
from reports.messages.catalog import CATALOG_LANGUAGES
from reports.model import Report
from reports.renderers.folder import write_folder
from reports.renderers.html import render_html
from reports.renderers.origins_graph import BOX_WIDTH, Graph, draw
from reports.renderers.origins_tree import origin_trees
from reports.renderers.origins_view import OriginsView

RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200d-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def tree_of(story: Story, lang: str = "en", versions: int = 2) -> Node:
    return read(render_html(report_of_story(story, versions), lang=lang))


def with_class(tree: Node, name: str) -> list[Node]:
    return [node for node in tree.all() if name in node.classes]


def items(tree: Node) -> dict[str, Node]:
    """Return the lines of the list by their ids."""
    return {node.attrs["id"]: node for node in tree.all() if node.tag == "li" and re.fullmatch(r"o-\d+-\d+", node.attrs.get("id", ""))}


def line_of(story: Story, name: str, tree: Node) -> str:
    """Return what the list says of a text, without those below it."""
    place = [each.id for each in story.texts].index(name) + 1
    return " ".join(with_class(items(tree)[f"o-1-{place}"], "text-of")[0].text().split())


def drawing(story: Story, *, rtl: bool = False) -> Graph:
    return draw(story, origin_trees(story), rtl=rtl)


@pytest.mark.parametrize(
    ("groups", "lang", "says"),
    [
        ([["a", "b", "c"]], "en", "3 texts, likely from one origin."),
        ([["a", "b"], ["c"]], "en", "3 texts, likely from 2 independent origins."),
        ([["a", "b"], ["c"]], "fr", "3 textes, probablement de 2 origines indépendantes."),
        ([["a", "b"], ["c"]], "ar", "3 نصوص، من أصلين مستقلين على الأرجح."),
        ([[f"t{n}" for n in range(11)]], "ar", "11 نصًا، من أصل واحد على الأرجح."),
    ],
)
def test_a_sentence_tells_how_many_origins_there_likely_are(groups: list[list[str]], lang: str, says: str) -> None:
    assert with_class(tree_of(story_of(groups), lang), "sum")[0].text() == says


def test_each_line_of_the_list_says_what_is_known_of_a_text() -> None:
    tree = tree_of(MIXED)
    lines = {each.id: line_of(MIXED, each.id, tree) for each in MIXED.texts}
    assert "likely first (81%)" in lines["spa-1"]
    assert "own words 0%" in lines["spa-1"]
    assert "quotations 30%" in lines["spa-1"]
    assert "credits SPA" in lines["spa-1"]
    assert (
        "very likely carries واس 2026-03-01 08:00 (95%): it credits that source, it is later; 92% of its wording is there"
        in lines["okaz-1"]
    )
    assert "cites Reuters" in lines["okaz-1"]
    assert "says that it comes from Okaz staff, but has the wording of SPA" in lines["okaz-1"]
    assert "perhaps carries" in lines["long"]
    assert "(65%): it is a cut of it;" in lines["long"]
    assert "likely a later version of" in lines["later"]
    assert "shares this wording; what it carries cannot be told" in lines["untold"]
    assert "which text was first cannot be told" in lines["ministry"]
    assert "first" not in lines["alone"]
    headings = [" ".join(node.text().split()) for node in with_class(tree, "origin")]
    assert headings[0].startswith("Origin 1 5 texts · credits SPA")
    assert headings[1].startswith("Origin 2 2 texts · mostly a statement or release")
    assert headings[2].startswith("Origin 3 no other text has its wording")
    assert "42 words" in with_class(tree, "shared")[0].text()


@pytest.mark.parametrize(
    ("probability", "members", "says"),
    [
        (0.9, "ab", "very likely first (90%)"),
        (0.7, "ab", "likely first (70%)"),
        (0.6, "ab", "perhaps first (60%)"),
        (0.5, "ab", "cannot be told"),
        (0.3, "abcdefghij", "perhaps first (30%)"),
        (0.12, "abcdefghij", "cannot be told"),
        (1.0, "ab", "very likely first (99%)"),
    ],
)
def test_the_first_text_is_said_with_its_probability(probability: float, members: str, says: str) -> None:
    story = story_of([[*members]], probability=probability)
    assert says in line_of(story, "a", tree_of(story))


@pytest.mark.parametrize("lang", CATALOG_LANGUAGES)
def test_a_contradiction_stands_before_the_drawing_and_is_a_strong_line_of_its_text(lang: str) -> None:
    tree = tree_of(MIXED, lang)
    assert len(with_class(tree, "contradiction")) == 1
    (box,) = with_class(tree, "contradictions")
    order = [node.classes[0] for node in tree.all() if {"contradictions", "drawing", "lineage"} & set(node.classes)]
    assert order == ["contradictions", "drawing", "lineage"]
    assert {STAFF.about.source, "Okaz staff", "واس" if lang == "ar" else "SPA"} <= {node.text() for node in box.all() if node.tag == "bdi"}


@pytest.mark.parametrize(
    ("lang", "says"), [("ar", "منسوب إلى وكالات، رويترز"), ("en", "credits agencies, Reuters"), ("fr", "crédite des agences, Reuters")]
)
def test_credits_have_the_names_that_readers_know(lang: str, says: str) -> None:
    credits = (Credit("agencies", "agency", "signature"), Credit("reuters", "agency", "dateline"), Credit("own desk", "staff", "field"))
    story = story_of(["ab", "c"], known={"a": text("a", credits=credits)})
    line = line_of(story, "a", tree_of(story, lang))
    assert line.endswith(says)


def parents(story: Story, tree: Node) -> dict[str, str | None]:
    """Return for each text the one in whose line of the list it stands."""
    names = {f"o-1-{n}": each.id for n, each in enumerate(story.texts, 1)}
    found: dict[str, str | None] = {}

    def visit(node: Node, above: str | None) -> None:
        here = names.get(node.attrs.get("id", ""), above)
        if here != above:
            assert here is not None
            found[here] = above
        for child in node.children:
            if isinstance(child, Node):
                visit(child, here)

    visit(tree, None)
    return found


def test_the_list_is_nested_as_the_arrows_lead() -> None:
    carries = [carried("a", "b"), carried("b", "c"), carried("a", "d"), carried("d", "e", evolved=True), carried("d", "f")]
    story = story_of([["a", "b", "c", "d", "e", "f", "g"], ["h"]], carries)
    tree = tree_of(story)
    arrows = {(arrow.of, arrow.name) for arrow in drawing(story).arrows}
    assert arrows == {(each.a, each.b) for each in carries}
    nested = parents(story, tree)
    assert set(nested) == {each.id for each in story.texts}
    assert {(above, name) for name, above in nested.items() if above} == arrows - {("d", "e")} | {
        ("a", "e")
    }  # a version is beside its model
    said = [node.text() for node in tree.all() if node.tag == "title" and node.text() != "Bridge falls, says b"]
    assert Counter(each.split(" · ")[0] for each in said) == Counter(each.about.source for each in story.texts)


def test_versions_of_one_source_stand_in_a_row() -> None:
    names = ["v1", "v2", "v3", "v4", "v5"]
    about = About("Ferry runs aground", "Marsa Courier", "2026-03-03")
    known = {name: text(name, about=about) for name in names}
    story = story_of([names], [carried(a, b, evolved=True) for a, b in itertools.pairwise(names)], known=known)
    boxes = drawing(story).boxes
    assert [box.name for box in sorted(boxes, key=lambda box: box.x)] == names
    assert len({box.y for box in boxes}) == 1
    rows = items(tree_of(story))
    assert len(rows) == 5
    assert not any(other is not row and other in row.all() for row in rows.values() for other in rows.values())


def test_a_drawing_for_a_page_read_from_the_right_is_the_mirror_of_the_other() -> None:
    left, right = drawing(MIXED), drawing(MIXED, rtl=True)
    assert [(left.width - box.x - BOX_WIDTH, box.y, box.name) for box in left.boxes] == [(box.x, box.y, box.name) for box in right.boxes]
    places = {box.name: box.x for box in right.boxes}
    for arrow in right.arrows:
        assert places[arrow.of] > places[arrow.name]
        heads = [int(x) for x in re.findall(r"[ML](\d+)", arrow.head)]
        assert heads[1] < heads[0]  # it points to the left
    assert len(left.dashes) == len(right.dashes) == 1
    assert (left.width, left.height) == (right.width, right.height)


@pytest.mark.parametrize(("lang", "anchors"), [("ar", {"rtl": "start", "ltr": "end"}), ("en", {"rtl": "end", "ltr": "start"})])
def test_labels_begin_where_the_page_begins_and_have_the_direction_of_their_letters(lang: str, anchors: dict[str, str]) -> None:
    labels = {node.text(): node.attrs for node in with_class(tree_of(MIXED, lang), "name")}
    for label, direction in (("واس", "rtl"), ("LATER", "ltr")):
        assert (labels[label]["direction"], labels[label]["text-anchor"]) == (direction, anchors[direction])


def test_a_long_label_ends_with_an_ellipsis_and_its_title_has_it_whole() -> None:
    tree = tree_of(MIXED)
    (label,) = [node.text() for node in with_class(tree, "name") if node.text().startswith("صحيفة")]
    assert label.endswith("…")
    assert any(
        node.text().startswith("صحيفة المدينة المنورة اليومية الصادرة في كل المناطق · 2026") for node in tree.all() if node.tag == "title"
    )


def test_boxes_of_one_source_are_told_apart_by_their_titles() -> None:
    known = {name: text(name, about=About(f"Title {name}", "Marsa Courier", "noon")) for name in "abc"}
    story = story_of(["abc"], known=known)
    assert [node.text() for node in with_class(tree_of(story), "name")] == ["Title a", "Title b", "Title c"]
    assert [node.text() for node in with_class(tree_of(story_of(["abc"])), "name")] == ["A", "B", "C"]


def test_the_text_that_was_likely_first_stands_at_the_top_and_is_marked_where_it_can_be_told() -> None:
    story = story_of([["a", "b", "c", "d"]], [carried("b", "c")])
    for probability, marked in ((0.8, ["a"]), (0.3, [])):
        graph = drawing(replace(story, groups=(replace(story.groups[0], probability=probability),)))
        assert [box.name for box in graph.boxes if box.first] == marked
    top = min(drawing(story).boxes, key=lambda box: (box.y, box.x))
    assert top.name == "a"


def test_no_two_boxes_lie_on_each_other() -> None:
    for story in (MIXED, story_of([[*"abcdefgh"]], [carried("a", "b"), carried("a", "c"), carried("d", "e")])):
        places = [(box.x, box.y) for box in drawing(story).boxes]
        assert len(set(places)) == len(places) == len(story.texts)


def counted(graph: Graph) -> int:
    return sum(box.more or 1 for box in graph.boxes)


@pytest.mark.parametrize(
    "carries",
    [
        [carried("t0", f"t{n}") for n in range(1, 300)],
        [carried(f"t{n - 1}", f"t{n}") for n in range(1, 300)],
        [carried(f"t{(n - 1) // 3}", f"t{n}") for n in range(1, 300)],
        [],
    ],
    ids=["star", "chain", "tree", "untold"],
)
def test_a_large_origin_is_drawn_in_part_and_says_how_many_are_not(carries: list[object]) -> None:
    story = story_of([[f"t{n}" for n in range(300)]], carries)  # type: ignore[arg-type]
    graph = drawing(story)
    assert sum(box.name is not None for box in graph.boxes) <= 40
    assert counted(graph) == 300
    assert graph.width < 1400
    assert len(items(tree_of(story))) == 300


def test_many_origins_are_drawn_in_part() -> None:
    story = story_of([[f"g{n}a", f"g{n}b"] for n in range(30)] + [[f"s{n}"] for n in range(60)])
    graph = drawing(story)
    assert sum(box.name is not None for box in graph.boxes) <= 40
    assert graph.left_out == 20
    assert sum(box.more for box in graph.boxes if box.what == "alone") == 60 - 11
    assert "20 more origins are in the list only." in with_class(tree_of(story), "key")[0].text()


def test_a_list_of_a_thousand_texts_ends_and_says_so() -> None:
    story = story_of([[f"t{n}" for n in range(1000)]], [carried(f"t{n - 1}", f"t{n}", evolved=n % 2 == 0) for n in range(1, 1000)])
    tree = tree_of(story)
    assert len(items(tree)) == 300
    assert "700 more texts are not listed here." in with_class(tree, "origins")[0].text()


def test_texts_that_carry_each_other_in_a_ring_are_all_shown_once() -> None:
    story = story_of([["x", "a", "b", "c"]], [carried("a", "b"), carried("b", "c"), carried("c", "a")])
    assert len(items(tree_of(story))) == 4
    assert Counter(box.name for box in drawing(story).boxes) == Counter(["x", "a", "b", "c"])


def test_a_text_that_was_likely_first_is_not_said_to_carry_another() -> None:
    story = story_of([["a", "b"]], [carried("b", "a")])
    assert "carries" not in line_of(story, "a", tree_of(story))


@pytest.mark.parametrize("versions", [2, 3])
@pytest.mark.parametrize("lang", CATALOG_LANGUAGES)
def test_hostile_names_make_no_element_and_every_link_has_its_target(lang: str, versions: int) -> None:
    page = render_html(report_of_story(hostile_story(), versions), lang=lang)
    assert not RAW.search(page)
    nodes = list(read(page).all())
    assert not {"img", "iframe", "object", "foreignobject"} & {node.tag for node in nodes}
    names = {name for node in nodes for name in node.attrs}
    assert not [name for name in names if name in ("style", "src") or name.startswith("on")]
    ids = Counter(node.attrs["id"] for node in nodes if "id" in node.attrs)
    assert set(ids.values()) == {1}
    assert {node.attrs["href"][1:] for node in nodes if node.attrs.get("href", "").startswith("#")} <= set(ids)
    assert {name for node in nodes for name in node.attrs.get("aria-labelledby", "").split()} <= set(ids)
    assert any(node.text() == HOSTILE[:159] or node.text() == HOSTILE for node in nodes if node.tag == "bdi")


def test_the_page_turned_round_links_to_what_is_on_it() -> None:
    page = read(render_html(report_of_story(MIXED, 3)))
    turned = json.loads(next(node.attrs["data-turned"] for node in page.all() if "data-turned" in node.attrs))
    nodes = [*read(turned["main"]).all()]
    ids = {node.attrs.get("id") for node in nodes}
    assert {node.attrs["href"][1:] for node in nodes if node.attrs.get("href", "").startswith("#")} <= ids
    assert len(with_class(nodes[0], "text-of")) == len(MIXED.texts)


@pytest.mark.parametrize(("versions", "anchors"), [(2, ["p-1", "p-1"]), (3, ["v-1-1", "v-1-2", "v-1-3"])])
def test_a_text_that_is_on_the_page_leads_to_its_version(versions: int, anchors: list[str]) -> None:
    tree = tree_of(MIXED, versions=versions)
    links = [node.attrs["href"][1:] for box in with_class(tree, "text-of") for node in box.all() if node.tag == "a"]
    assert [link for link in links if not link.startswith("o-")] == anchors


@pytest.mark.parametrize(
    ("sources", "compact"), [(("Marsa", "Marsa"), True), ((None, None), True), (("Marsa", "Bosk"), False), (("Marsa", None), False)]
)
def test_two_texts_of_one_source_take_a_line(sources: tuple[str | None, str | None], compact: bool) -> None:
    known = {name: text(name, about=About(None, source)) for name, source in zip("ab", sources, strict=True)}
    tree = tree_of(story_of(["ab"], known=known))
    assert bool(with_class(tree, "origins-line")) is compact
    assert bool(with_class(tree, "graph")) is not compact


def test_texts_with_nothing_in_common_are_listed_and_not_drawn() -> None:
    tree = tree_of(story_of(["a", "b"]))
    assert not with_class(tree, "graph")
    assert len(items(tree)) == 2


def test_a_page_of_several_texts_tells_of_the_long_stories_and_counts_the_short_ones() -> None:
    short = [story_of([[f"x{n}", f"y{n}"]], known={name: text(name, about=About()) for name in (f"x{n}", f"y{n}")}) for n in range(3)]
    stories = (report_of_story(MIXED).timelines[0], FIVE.timelines[0])
    tree = read(render_html(Report("day", stories, origins=(MIXED, *short)), lang="en"))
    (box,) = with_class(tree, "origins")
    assert "3 stories with two texts each, each likely from one origin." in box.text()
    assert len(with_class(box, "graph")) == 1
    only_short = read(render_html(Report("day", stories, origins=tuple(short)), lang="en"))
    assert not with_class(only_short, "origins")
    assert "3 stories with two texts each" in with_class(only_short, "origins-line")[0].text()


def test_a_report_without_origins_says_nothing_of_them() -> None:
    assert "origin" not in render_html(FIVE, lang="en")


def test_the_drawing_has_a_name_and_the_list_is_real_text_beside_it() -> None:
    tree = tree_of(MIXED)
    (graph,) = with_class(tree, "graph")
    assert graph.attrs["role"] == "img"
    ids = {node.attrs["id"]: node.text() for node in tree.all() if "id" in node.attrs}
    assert [ids[name] for name in graph.attrs["aria-labelledby"].split()] == [
        "Where it comes from",
        "8 texts, likely from 3 independent origins.",
    ]
    assert not [node for node in graph.all() if node.tag == "a" or "tabindex" in node.attrs]


def test_percentages_never_say_what_is_certain() -> None:
    view = OriginsView(1, MIXED, rtl=False)
    assert [view.percent(share) for share in (0.0, 0.004, 0.5, 0.9999, 1.0)] == [1, 1, 50, 99, 99]


REPORT = (
    "A ferry ran aground off the harbour of Lodren on Tuesday and {} people were taken ashore by boats of the coast guard, the port said. "
)
MORE = "Divers are looking at the hull, and all other ferries wait until the fog has lifted from the islands."
DOCUMENTS = [
    Document("a", REPORT.format(40) + MORE, source="Coast Wire", time="2026-03-03T09:00:00Z", title="Ferry aground"),
    Document("b", REPORT.format(40) + MORE, source="Lodren Post", time="2026-03-03T12:00:00Z", title="Ferry on a bank"),
    Document(
        "c",
        "Teachers in Tarsk ended their strike after the ministry promised to pay the arrears from last winter.",
        source="Bosk",
        time="2026-03-03",
    ),
]


def test_reports_have_the_stories_of_their_texts() -> None:
    result = find_duplicates(DOCUMENTS)
    origins = origins_of(result, DOCUMENTS)
    report = build_report(result, DOCUMENTS, title="day", origins=origins)
    assert [[each.id for each in story.texts] for story in report.origins] == [["a", "b"]]
    (single,) = build_reports(result, DOCUMENTS, origins=origins)
    assert single.origins == report.origins
    assert build_report(result, DOCUMENTS, title="day").origins == ()
    assert build_report(result, DOCUMENTS, title="day", origins=Origins()).origins == ()
    other = Origins((story_of(["c", "d"]),))
    assert build_report(result, DOCUMENTS, title="day", origins=other).origins == ()


def feed(folder: Path, documents: list[Document]) -> str:
    path = folder / "feed.jsonl"
    rows = [{"id": each.id, "text": each.text, "source": each.source, "date": each.time} for each in documents]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("page", ["page.html", "pages"])
def test_the_pages_of_find_tell_of_origins(tmp_path: Path, page: str) -> None:
    done = CliRunner().invoke(
        cli, ["find", feed(tmp_path, DOCUMENTS), "--time-field", "date", "--lang", "en", "--html", str(tmp_path / page)]
    )
    assert done.exit_code == 0, done.output
    file = tmp_path / page if page.endswith("html") else tmp_path / page / "page-000001.html"
    assert "2 texts, likely from one origin." in file.read_text("utf-8")


def test_a_page_without_matches_reads_no_text_for_origins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Origins:
        raise AssertionError

    monkeypatch.setattr("dedup.stories.origins_of", refuse)
    done = CliRunner().invoke(cli, ["find", feed(tmp_path, DOCUMENTS[1:]), "--html", str(tmp_path / "page.html")], catch_exceptions=False)
    assert done.exit_code == 0


@pytest.mark.parametrize(("same", "told"), [(False, True), (True, False)])
@pytest.mark.parametrize("page", ["page.html", "pages"])
def test_a_report_of_versions_tells_of_origins_where_they_are_of_two_sources(tmp_path: Path, same: bool, told: bool, page: str) -> None:
    documents = [Document(each.id, each.text, source="Wire" if same else each.source, time=each.time) for each in DOCUMENTS[:2]]
    arguments = ["report", feed(tmp_path, documents), "--time-field", "date", "--lang", "en", "-o", str(tmp_path / page)]
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    file = tmp_path / page if page.endswith("html") else tmp_path / page / "page-000001.html"
    assert ("2 texts, likely from one origin." in file.read_text("utf-8")) is told


def test_the_index_of_a_folder_has_independent_origins_of_all_texts(tmp_path: Path) -> None:
    reports = [report_of_story(MIXED, id="mixed"), FIVE, report_of_story(story_of(["abc"]), id="one")]
    write_folder(str(tmp_path / "pages"), reports, title="day", lang="en")
    tree = read((tmp_path / "pages/index.html").read_text("utf-8"))
    heads = [node.text() for node in tree.all() if node.attrs.get("role") == "columnheader"]
    place = heads.index("Independent origins")
    rows = [[cell for cell in node.children if isinstance(cell, Node)] for node in tree.all() if node.tag == "tr"][1:]
    found = [" ".join(row[place].text("vh column").split()) for row in rows]
    assert sorted(found) == ["", "1 of 3", "3 of 8"]
    assert all(len(row) == len(heads) for row in rows)


def test_the_index_has_no_such_column_where_nothing_is_known(tmp_path: Path) -> None:
    write_folder(str(tmp_path / "pages"), [FIVE], title="day", lang="en")
    assert "Independent origins" not in (tmp_path / "pages/index.html").read_text("utf-8")
