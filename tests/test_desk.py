"""The pages of the desk: the list of stories, each story, answers of people, the feed, and what comes while a page is open."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from xml.etree import ElementTree

import pytest

pytest.importorskip("starlette", reason="dedup serve needs bulletin-dedup[serve]")

from browser_support import HOSTILE
from command_support import PATIENCE
from desk_pages_support import DOUBTFUL, RECORDS, feed, following, listed, page, settle, titles
from serve_api_support import BASE, FERRY, HIGHER, KEY, OTHER, served
from starlette.testclient import TestClient

from dedup import Document, Index
from dedup.index.browse.catching_up import CatchingUp
from dedup.index.browse.model import StoryCard, TextNews
from dedup.serve import RequestLimits, ServeSettings
from dedup.serve.desk import following as following_module
from dedup.serve.desk import stories as stories_module
from dedup.serve.desk.addresses import name_in_path, story_path, way_back, with_parameters
from dedup.serve.desk.frame import fill
from dedup.serve.news import tell_news
from dedup.serve.problems import Problem
from dedup.serve.work import story_body

ATOM = "{http://www.w3.org/2005/Atom}"
SEVEN, SCHOOLS = "Seven missing off Marsa", "Nahr closes two schools"


@pytest.fixture(scope="module")
def desk() -> Iterator[TestClient]:
    """A desk with `RECORDS`, which is not changed."""
    with served() as client:
        feed(client, RECORDS)
        yield client


@pytest.fixture
def client() -> Iterator[TestClient]:
    with served() as client:
        yield client


def story_name(client: TestClient, text: str = "1") -> str:
    """Return the name of the story of a text."""
    found = client.get(f"/stories/{text}")
    return str(found.headers["location"]).partition("?")[0].removeprefix("/stories/")


def judged(client: TestClient, a: str, b: str, verdict: str, back: str = "/doubts", **headers: str) -> Any:
    form = {"a": a, "b": b, "verdict": verdict, "back": back}
    return client.post("/verdicts", data=form, headers={"accept": "text/html", **headers})


# The list


def test_stories_are_listed_with_what_is_new_in_each(desk: TestClient) -> None:
    shown = page(desk, "/stories")
    assert titles(shown.markup) == [SEVEN, SCHOOLS]
    first = shown.text[shown.text.index(SEVEN) : shown.text.index(SCHOOLS)]
    assert first.startswith(f"{SEVEN} 2026-03-04 08:00 UTC Nahr Radio, Coast Daily, Marsa Post 3 texts")
    assert "missing: 11 → 7 (-4)" in first
    assert "Alarm" in first


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("words=schools", [SCHOOLS]),
        ("words=ferry+guard", [SEVEN]),
        ("words=nothing", []),
        ("kind=number", [SEVEN]),
        ("kind=negation", []),
        ("kind=negation&kind=number", [SEVEN]),
        ("alarms=1", [SEVEN]),
        ("source=Coast+Daily", ["Eleven missing off Marsa", SCHOOLS]),
        ("source=Coast+Daily&words=schools", [SCHOOLS]),
        ("from=2026-03-03", [SEVEN]),
        ("from=2026-03-02&until=2026-03-02", [SCHOOLS]),
        ("until=2026-02-28", []),
        ("words=&alarms=&from=", [SEVEN, SCHOOLS]),
    ],
)
def test_the_list_has_what_is_asked_for(desk: TestClient, query: str, expected: list[str]) -> None:
    assert listed(desk, f"/stories?{query}") == expected


def test_today_is_a_link_away(desk: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories_module, "today", lambda: "2026-03-04")
    shown = page(desk, "/stories?words=guard&until=2026-03-02")
    assert "/stories?words=guard&from=2026-03-04" in shown.links
    assert listed(desk, "/stories?words=guard&from=2026-03-04") == [SEVEN]
    assert "Only today" not in page(desk, "/stories?from=2026-03-04").text


def test_what_is_asked_for_is_shown_and_can_be_taken_away(desk: TestClient) -> None:
    shown = page(desk, "/stories?words=guard&kind=number&alarms=1")
    assert {"/stories?kind=number&alarms=1", "/stories?words=guard&alarms=1", "/stories?words=guard&kind=number"} <= {*shown.links}
    assert '/feed.atom?words=guard&amp;kind=number&amp;alarms=1&amp;lang=en" title=' in shown.markup
    assert "No story has all of this" in page(desk, "/stories?words=nothing").text


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("kind=unknown", "kind"),
        ("alarms=yes", "alarms"),
        ("from=yesterday", "from"),
        ("until=2026-02-30", "until"),
        ("until=9999-12-31", "until"),
        ("before=x", "before"),
        ("before=99999999999999999999", "before"),
        (f"words={'a' * 201}", "words"),
        ("&".join(f"source={n}" for n in range(31)), "source"),
    ],
)
@pytest.mark.parametrize("path", ["/stories", "/feed.atom", "/live"])
def test_a_parameter_that_is_wrong_is_named(desk: TestClient, path: str, query: str, where: str) -> None:
    if where == "before" and path != "/stories":
        return
    found = desk.get(f"{path}?{query}", headers={"accept": "application/json"})
    assert (found.status_code, found.json()["where"]) == (422, where)


def test_pages_lead_through_all_stories(client: TestClient) -> None:
    places = ["Marsa", "Nahr", "Sahel", "Jabal", "Wadi"]
    feed(client, [{"id": f"n{n}", "title": f"t{n}", "text": f"{n} {places[n % 5]} {n * n} word{n} other{n} third{n}"} for n in range(60)])
    address, seen = "/stories", []
    for _ in range(60):
        shown = page(client, address)
        seen += titles(shown.markup)
        after = [link for link in shown.links if link.startswith("/stories?before=")]
        assert ("data-live" in shown.markup) == (address == "/stories")
        if not after:
            break
        address = after[0]
    assert seen == [f"t{n}" for n in reversed(range(60))]


def test_an_empty_desk_says_what_to_do(client: TestClient) -> None:
    shown = page(client, "/stories")
    assert "dedup filter news.jsonl --index INDEX" in shown.text
    assert "--watch FOLDER" in shown.text
    follows = re.search(r'data-live="/live\?([^"]*)"', shown.markup)
    assert follows is not None
    with following(client, follows[1].replace("&amp;", "&")) as live:
        feed(client, RECORDS[:1])
        assert titles(live.next().data) == ["Ferry sinks off Marsa"]
    assert "There are no doubtful pairs" in page(client, "/doubts").text
    ElementTree.fromstring(client.get("/feed.atom").content)


@pytest.mark.parametrize(
    ("language", "direction", "title"), [("ar", "rtl", "آخر الأخبار"), ("en", "ltr", "Latest"), ("fr", "ltr", "Derniers")]
)
def test_pages_are_in_the_language_of_the_reader(desk: TestClient, language: str, direction: str, title: str) -> None:
    name = story_name(desk)
    for address in ("/stories", f"/stories/{name}", f"/stories/{name}/compare?a=1&b=4", "/doubts"):
        markup = page(desk, f"{address}{'&' if '?' in address else '?'}lang={language}").markup
        assert f'<html lang="{language}" dir="{direction}">' in markup
    assert title in page(desk, f"/stories?lang={language}").text
    desk.cookies.clear()


def test_messages_are_the_same_in_all_languages() -> None:
    folder = files("dedup.serve.desk") / "messages"
    found = {language: json.loads((folder / f"stories.{language}.json").read_text("utf-8")) for language in ("ar", "en", "fr")}
    assert found["ar"].keys() == found["en"].keys() == found["fr"].keys()
    assert found["ar"]["problems"].keys() == found["en"]["problems"].keys() == found["fr"]["problems"].keys()
    plural = [name for name, text in found["en"].items() if isinstance(text, dict) and "other" in text]
    assert plural
    for name in plural:
        assert found["ar"][name].keys() == {"zero", "one", "two", "few", "many", "other"}
        assert found["fr"][name].keys() == {"one", "other"}
    fields = {language: {name: set(re.findall(r"{\w+}", json.dumps(text))) for name, text in found[language].items()} for language in found}
    assert fields["ar"] == fields["fr"] == fields["en"]


# A story


def test_a_story_is_told_with_its_texts(desk: TestClient) -> None:
    name = story_name(desk)
    shown = page(desk, f"/stories/{name}")
    for told in ("missing: 11 → 7 (-4)", "Texts of this story", "Canonical text", "Eleven missing off Marsa", "Ferry sinks off Marsa"):
        assert told in shown.text
    assert f"/stories/{name}/compare?a=3&amp;b=4" in shown.markup
    assert {f"/stories/{name}/{style}" for style in ("html", "csv", "json")} <= {*shown.links}


@pytest.mark.parametrize(
    ("query", "numbers"),
    [("", [("version 3", SEVEN), ("version 2", "Eleven missing off Marsa"), ("version 1", "Ferry sinks off Marsa")]),
     ("?since=2", [("version 2", SEVEN), ("version 1", "Eleven missing off Marsa"), ("", "Ferry sinks off Marsa")])],
)  # fmt: skip
def test_texts_have_the_numbers_by_which_the_page_calls_them(desk: TestClient, query: str, numbers: list[tuple[str, str]]) -> None:
    markup = page(desk, f"/stories/{story_name(desk)}{query}").markup
    heads = [re.sub("<[^>]*>", "", head) for head in re.findall(r'<p class="text-head">(.*?)<span class="from">', markup)]
    assert [head.replace("New ", "").strip() for head in heads] == [f"{number} {title}".strip() for number, title in numbers]
    called = f"{numbers[-1][0]} · " if numbers[-1][0] else ""
    assert f'<option value="1">{called}\u20662026-03-01 08:00 UTC · Marsa Post · 1\u2069</option>' in markup


@pytest.mark.parametrize(
    ("sources", "is_told"), [(("A", "A", "A"), True), (("A", "B", "A"), True), (("A", "B", "C"), False), ((None, None, None), True)]
)
def test_what_another_source_never_had_does_not_come_back(sources: tuple[str | None, ...], is_told: bool) -> None:
    back = "The harbour was closed by the navy until further notice."
    texts = f"{FERRY} {back}", f"{FERRY} The minister of transport promised a report.", f"{HIGHER} {back}"
    documents = [Document(str(place), text, source=source) for place, (text, source) in enumerate(zip(texts, sources, strict=True))]
    markup = story_body(documents, "Ferry", "en")["body"].decode()
    assert ("back from version 1" in markup) == is_told


def test_alarms_say_of_which_source_a_version_is(client: TestClient) -> None:
    feed(client, RECORDS)
    assert "version 3 (Nahr Radio) · a number fell" in page(client, f"/stories/{story_name(client)}").text


def test_the_page_of_a_story_is_made_once(client: TestClient) -> None:
    feed(client, RECORDS)
    name = story_name(client)

    def jobs() -> str:
        return next(line for line in client.get("/metrics").text.splitlines() if line.startswith('dedup_jobs_total{outcome="done"}'))

    page(client, f"/stories/{name}")
    before = jobs()
    page(client, f"/stories/{name}")
    assert jobs() == before
    feed(client, [{"id": "5", "text": FERRY.replace("Nine", "Six"), "source": "Marsa Post"}])
    assert "4 texts" in page(client, f"/stories/{name}").text
    assert jobs() != before


def test_a_story_of_one_text_shows_it(desk: TestClient) -> None:
    shown = page(desk, "/stories/2")
    assert OTHER in shown.text
    assert "Compare any two" not in shown.text


def test_only_what_is_new_since_a_row(desk: TestClient) -> None:
    name = story_name(desk)
    shown = page(desk, f"/stories/{name}?since=2")
    assert "One new text since you last looked Only what has changed since you last looked is shown here." in shown.text
    assert "11 → 7" in shown.text
    assert "9 → 11" not in shown.text
    assert f"/stories/{name}" in shown.links
    assert "No new" not in page(desk, f"/stories/{name}?since=3").text
    assert page(desk, f"/stories/{name}?since=x", 422)


def test_names_of_texts_and_old_names_lead_to_the_story(desk: TestClient) -> None:
    name = story_name(desk)
    for text in ("1", "3", "4"):
        found = desk.get(f"/stories/{text}?since=1")
        assert (found.status_code, found.headers["location"]) == (303, f"/stories/{name}?since=1")
    assert "There is no story or text of this name: unknown" in page(desk, "/stories/unknown", 404).text


def test_any_two_texts_are_compared_and_saved(desk: TestClient) -> None:
    name = story_name(desk)
    shown = page(desk, f"/stories/{name}/compare?a=1&b=2")
    assert "Ferry sinks off Marsa" in shown.text
    assert SCHOOLS in shown.text
    for address, kind in (
        (f"/stories/{name}/compare/json?a=1&b=4", "application/json"),
        (f"/stories/{name}/csv", "text/csv; charset=utf-8"),
    ):
        found = desk.get(address)
        assert found.headers["content-type"] == kind
        assert "attachment" in found.headers["content-disposition"]
    assert desk.get(f"/stories/{name}/exe").status_code == 404
    assert desk.get(f"/stories/{name}/compare?a=1&b=nothing").status_code == 404
    assert desk.get(f"/stories/{name}/compare").status_code == 404


def test_no_story_has_more_origins_than_texts(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CatchingUp, "_independent", lambda *_: 3)  # as it was told before texts have left the story
    feed(client, RECORDS)
    assert "3 texts of 3 independent origins" in page(client, "/stories").text
    judged(client, "1", "4", "different")
    settle(client)
    assert "3 independent origins" not in page(client, "/stories").text


def test_who_parts_two_texts_is_led_to_the_other_story(client: TestClient) -> None:
    feed(client, RECORDS)
    name = story_name(client)
    assert judged(client, "1", "4", "different", f"/stories/{name}").status_code == 303
    for here, other in (("1", "4"), ("4", "1")):
        address = client.get(f"/stories/{here}").headers.get("location", f"/stories/{here}")
        shown = page(client, f"{address}?said=different&one=1&other=4")
        assert "To the other story" in shown.text
        assert f"/stories/{other}" in shown.links
        assert "To the other story" not in page(client, address).text


def test_two_stories_are_compared_by_their_addresses_and_joined(client: TestClient) -> None:
    feed(client, RECORDS)
    name = story_name(client)
    form = {"a_id": f"{BASE}/stories/{name}?lang=en#texts", "b_id": "2"}
    found = client.post("/compare", data=form, files={"a_file": ("", b""), "b_file": ("", b"")})  # as browsers send it
    assert (found.status_code, found.headers["location"]) == (303, "/stories/2/compare?a=4&b=2")
    shown = page(client, "/stories/2/compare?a=4&b=2")
    assert "Same report" in shown.text
    judged(client, "4", "2", "same")
    assert story_name(client, "2") == story_name(client, "4")
    assert SEVEN in page(client, f"/?a=/stories/{story_name(client, '2')}&b=1").text


def test_related_stories_are_linked(client: TestClient) -> None:
    formula = (
        "{} weather on {}: sunny in the morning with a high of {} degrees and light winds from the {} at {} kilometres an hour; clouds are "
        "expected in the evening over the hills and in the east of the province, with a low of {} degrees in the evening. The sea is calm, "
        "the moon is full, and the roads to the mountains are open to all cars today."
    )
    days = [("Marsa", "Sunday", 21, "north", 21, 11), ("Nahr", "Tuesday", 17, "east", 17, 9)]
    feed(client, [{"id": place, "title": f"Weather of {place}", "text": formula.format(place, *more)} for place, *more in days])
    shown = page(client, "/stories/Nahr")
    assert "Related stories same formula Weather of Marsa" in shown.text
    assert "/stories/Marsa" in shown.links
    assert "/stories/Nahr/compare?a=Marsa&b=Nahr" in shown.links


def test_an_index_without_texts_has_a_desk_that_compares_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "seen.db")
    with Index.open(path, keep_texts=False) as index:
        index.add(Document(each["id"], each["text"], title=each["title"], source=each["source"], time=each["time"]) for each in RECORDS)
    with served(ServeSettings(index=path)) as client:
        assert listed(client) == ["Without a title 4", "Without a title 2"]
        name = story_name(client)
        assert "This index keeps no texts" in page(client, f"/stories/{name}").text
        assert page(client, f"/stories/{name}/compare?a=1&b=4", 404)
        assert client.get("/feed.atom").status_code == 200


# Addresses


@pytest.mark.parametrize(
    "name", ["c1", "a/b", "50%", "a%2Fb", "..", ".", "...", "a b?c#d", "é/ü", "x/compare", "a\\b", "a~2Fb", "~", "خبر/1"]
)
def test_a_story_of_any_name_has_an_address(client: TestClient, name: str) -> None:
    address = story_path(name)
    assert address.count("/") == 2
    assert name_in_path(unquote(address).removeprefix("/stories/")) == name
    feed(client, [{"id": name, "text": OTHER, "title": "Found"}])
    assert address in page(client, "/stories").links
    assert OTHER in page(client, address).text


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "stories", "", "/a\nb",
        "/" + "a" * 5000, "http:/x", "//[x",
    ],
)  # fmt: skip
def test_a_way_back_leads_to_this_server(address: str) -> None:
    with pytest.raises(Problem, match="this leads to no page of this server"):
        way_back(address)


def test_parameters_are_put_before_the_place_on_a_page() -> None:
    assert with_parameters("/a?b=1#c", d="é") == "/a?b=1&d=%C3%A9#c"
    assert with_parameters("/a", d="1") == "/a?d=1"


# Hostile text


def test_hostile_records_stay_text_on_every_page(client: TestClient) -> None:
    hostile = HOSTILE.replace("\ud800", "").replace("\x00", "")
    texts = [f"{hostile} {FERRY}", f"{hostile} {HIGHER}"]
    more = {"url": "javascript:alert(1)", "time": hostile}
    records = [
        {"id": f"x{n}<b>&\"'", "text": text, "title": f"{hostile}{n}", "source": f"{hostile}s{n}", **more} for n, text in enumerate(texts)
    ]
    feed(client, [*records, {"id": '"><script>', "text": OTHER, "title": hostile, "source": hostile}])
    addresses = ["/stories", f"/stories?words={quote(hostile)}&source={quote(hostile)}", "/doubts"]
    addresses += [link for link in page(client, "/stories").links if link.startswith("/stories/")]
    name = next(link for link in addresses[3:] if "?" not in link)
    a, b = (quote(each["id"]) for each in records)
    addresses += [f"{name}/compare?a={a}&b={b}", f"/doubts?a={a}&b={b}"]
    for address in addresses:
        markup = re.sub('value="[^"]*"', "", page(client, address).markup)  # of a form: sent back as it is
        for raw in ("<script>alert", "<img src=x", "</title>{{7*7}}", "\u202e"):
            assert raw not in markup, address
    found = ElementTree.fromstring(client.get("/feed.atom").content)
    assert len(found.findall(f"{ATOM}entry")) >= 2
    assert b"\xe2\x80\xae" not in client.get("/feed.atom").content


# Answers


def test_an_answer_is_kept_and_taken_back(client: TestClient) -> None:
    feed(client, RECORDS)
    name = story_name(client)
    said = judged(client, "4", "3", "different", f"/stories/{name}#text-3")
    assert said.status_code == 303
    assert said.headers["location"] == f"/stories/{name}?said=different&one=4&other=3#text-3"
    settle(client)
    assert client.get("/v1/verdicts").json()["verdicts"][0]["verdict"] == "different"
    assert len(listed(client)) == 3  # they are parted
    shown = page(client, said.headers["location"].partition("#")[0].replace(name, story_name(client, "1") or name))
    assert "Kept: different reports." in shown.text
    taken = judged(client, "4", "3", "none")
    assert "The answer is taken back." in page(client, taken.headers["location"]).text
    assert client.get("/v1/verdicts").json()["verdicts"] == []
    settle(client)
    assert len(listed(client)) == 2


def test_nobody_is_told_of_an_answer_that_is_not_kept(desk: TestClient) -> None:
    assert "Kept" not in page(desk, "/doubts?said=same&one=1&other=2").text
    assert "Kept" not in page(desk, "/doubts?said=unknown&one=1&other=2").text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"a": "1", "b": "3", "verdict": "unknown"}, 422),
        ({"a": "1", "b": "3"}, 422),
        ({"a": "1", "b": "nothing", "verdict": "same"}, 422),
        ({"a": "1", "b": "1", "verdict": "same"}, 422),
        ({"a": "1", "b": "3", "verdict": "same", "back": "https://evil.example/"}, 422),
        ({"a": "1" * 70_000, "b": "3", "verdict": "same"}, 413),
    ],
)
def test_an_answer_that_is_wrong_changes_nothing(desk: TestClient, form: dict[str, str], status: int) -> None:
    assert desk.post("/verdicts", data=form).status_code == status
    assert desk.get("/v1/verdicts").json()["verdicts"] == []


def test_answers_come_from_a_page_of_this_server_by_who_may_write(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text(f"read {'r' * 20}\nwrite {'w' * 20}\n")
    with served(ServeSettings(token_file=str(tokens)), key=None, token="w" * 20) as client:
        feed(client, RECORDS)
        reader = {"authorization": f"Bearer {'r' * 20}"}
        assert judged(client, "1", "3", "same", **reader).status_code == 403
        name = story_name(client)
        assert "/verdicts" not in page(client, f"/stories/{name}", headers=reader).markup
        assert "/verdicts" in page(client, f"/stories/{name}").markup
        del client.headers["authorization"]
        client.get(f"/stories?token={'w' * 20}")
        assert judged(client, "1", "3", "same", origin="https://evil.example").status_code == 403
        assert judged(client, "1", "3", "same").status_code == 403  # nothing says that a page of ours asks
        assert judged(client, "1", "3", "same", **{"sec-fetch-site": "same-origin"}).status_code == 303
        json_form = client.post("/verdicts", json={"a": "1"}, headers={"sec-fetch-site": "same-origin"})
        assert json_form.status_code == 415


# Doubtful pairs


def test_doubtful_pairs_are_asked_about_one_by_one(client: TestClient) -> None:
    feed(client, DOUBTFUL)
    doubts = client.get("/v1/doubts").json()["doubts"]
    assert doubts, "no pair is near the limit"
    shown = page(client, "/doubts")
    assert "Are they the same report?" in shown.text
    assert "probability" in shown.text
    assert {"Same report y", "Different reports n", "Template t"} <= {
        *re.findall(r"(?:Same report|Different reports|Template) [ynt]", shown.text)
    }
    assert "<ins" in shown.markup
    assert "page.js" not in shown.markup  # which has other uses for the keys
    a, b = doubts[0]["a"], doubts[0]["b"]
    said = judged(client, a, b, "same")
    after = page(client, said.headers["location"])
    assert "Kept: same report. Undo u" in after.text
    assert "One pair was answered" in after.text
    assert len(client.get("/v1/doubts").json()["doubts"]) == len(doubts) - 1
    undone = judged(client, a, b, "none", f"/doubts?a={a}&b={b}")
    again = page(client, undone.headers["location"])
    assert "The answer is taken back." in again.text
    assert f'name="a" value="{a}"' in again.markup


def test_pairs_are_passed_over_by_their_place(client: TestClient) -> None:
    feed(client, DOUBTFUL)
    address = "/doubts"
    for _ in range(len(client.get("/v1/doubts").json()["doubts"]) - 1):
        address = re.search(r'class="skip" href="([^"]*)"', page(client, address).markup)[1].replace("&amp;", "&")  # type: ignore[index]
    assert 'class="skip"' not in page(client, address).markup
    assert page(client, "/doubts?after=nonsense", 422)
    assert page(client, "/doubts?a=x1&b=unknown", 404)


# The feed


def entries(client: TestClient, query: str = "") -> list[tuple[str, str, str]]:
    found = ElementTree.fromstring(client.get(f"/feed.atom{query}").content)
    return [tuple(each.findtext(f"{ATOM}{name}") or "" for name in ("title", "id", "updated")) for each in found.findall(f"{ATOM}entry")]  # type: ignore[misc]


def test_the_feed_tells_what_changed(client: TestClient) -> None:
    feed(client, RECORDS)
    answer = client.get("/feed.atom?lang=en")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    found = ElementTree.fromstring(answer.content)
    assert [found.findtext(f"{ATOM}{name}") for name in ("title", "updated")] == ["Latest stories", "2026-03-04T08:00:00Z"]
    first = found.find(f"{ATOM}entry")
    assert first is not None
    assert first.findtext(f"{ATOM}title") == SEVEN
    assert "11 → 7" in "".join(first.find(f"{ATOM}summary").itertext()).replace("\u200e", "")  # type: ignore[union-attr]
    link = first.find(f"{ATOM}link")
    assert link is not None
    assert link.attrib["href"] == f"http://127.0.0.1:8765/stories/{story_name(client)}"
    assert client.get("/feed.atom?lang=en", headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    before = entries(client)
    assert [title for title, *_ in entries(client, "?words=schools")] == [SCHOOLS]
    feed(
        client,
        [{"id": "5", "text": FERRY.replace("Nine", "Six"), "title": "Six missing", "source": "Marsa Post", "time": "2026-03-05T08:00:00Z"}],
    )
    after = entries(client)
    assert after[0][0] == "Six missing"
    assert after[0][1] not in {id for _, id, _ in before}
    assert after[1:] == before[1:]
    assert client.get("/feed.atom", headers={"if-none-match": answer.headers["etag"]}).status_code == 200


@pytest.mark.parametrize(
    ("older", "newer", "kinds", "line"),
    [
        (FERRY, f"{FERRY} Reporting by Sami Haddad; editing by Rana Aziz.", (), None),
        (FERRY, f"{FERRY} The minister promised a report.", ("added",), "new sentence: “The minister promised a report”"),
        (
            f"{FERRY} Nobody was hurt, the navy said.",
            f"{HIGHER} Nobody was hurt.",
            ("attribution", "number"),
            "source: “the navy said” dropped — “Nobody was hurt, the navy said”",
        ),
    ],
)
def test_news_are_what_an_editor_reads(older: str, newer: str, kinds: tuple[str, ...], line: str | None) -> None:
    found = tell_news(Document("a", older), Document("b", newer))
    assert (found.kinds, found.lines.get("en")) == (kinds, line)


def test_the_feed_names_the_kinds_of_what_has_no_line() -> None:
    card = StoryCard("c1", 0, "1", "Ferry", None, None, None, (), 2, None, TextNews(("name", "wording"), (), {}))
    markup = fill("en", "feed.xml", entries=[("urn:1", "/", "", card)], updated="", id="", own="", page="")
    assert '<summary type="text">name, wording (2 texts)</summary>' in markup


def test_the_feed_is_read_with_the_token_or_the_cookie_alone(desk: TestClient) -> None:
    assert desk.get("/feed.atom", headers={"authorization": "Bearer wrong-token-of-nobody"}).status_code == 401
    assert desk.get("/feed.atom", headers={"authorization": f"Bearer {KEY}"}).status_code == 200


# What comes while a page is open


def test_stories_come_to_a_page_that_is_open(client: TestClient) -> None:
    feed(client, RECORDS[:2])
    with following(client, "lang=en") as live:
        assert live.status.get(timeout=PATIENCE) == 200
        feed(client, RECORDS[2:3])
        first = live.next()
        assert (titles(first.data), first.id) == (["Eleven missing off Marsa"], "2")
        assert "9 → 11" in re.sub("<[^>]*>", "", first.data)
        feed(client, RECORDS[3:])
        second = live.next()
        assert (titles(second.data), second.id) == ([SEVEN], "3")
        name = story_name(client)
        assert f'data-story="{name}"' in first.data
        assert f'data-story="{name}"' in second.data
    with following(client, last=first.id) as live:  # the page comes back, and goes on where it was
        assert live.next().id == "3"
    with following(client, "after=0&words=schools") as live:
        assert titles(live.next().data) == [SCHOOLS]
    with following(client, "after=1&words=schools") as live:
        feed(
            client, [{"id": "6", "text": "The schools of Sahel are open again, and all of their teachers have come back.", "title": "Open"}]
        )
        assert titles(live.next().data) == ["Open"]


def live_of(markup: str) -> str:
    """Return what a list asks for to be told of what comes."""
    return unescape(re.findall(r'data-live="/live\?([^"]*)"', markup)[0])


def test_the_first_stories_come_to_a_desk_that_was_empty(client: TestClient) -> None:
    with following(client, live_of(page(client, "/stories").markup)) as live:
        assert live.status.get(timeout=10) == 200
        feed(client, RECORDS[:1])
        assert titles(live.next().data) == ["Ferry sinks off Marsa"]


def test_a_story_that_was_shown_before_it_was_compared_is_told_again(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Index, "catch_up", lambda *_, **__: 0)
    assert client.post("/v1/decide", json=RECORDS).status_code == 200
    shown = page(client, "/stories")
    assert "Not compared yet" in shown.text
    monkeypatch.undo()
    with following(client, live_of(shown.markup)) as live:
        feed(client, [{"id": "5", "text": OTHER}])
        assert "11 → 7" in re.sub("<[^>]*>", "", live.next().data)


def test_a_page_that_follows_hears_of_its_server_and_of_its_end(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following_module, "_HEARTBEAT", 0.01)
    monkeypatch.setattr(following_module, "_PAUSE", 0.01)
    services: Any = client.app.state.services  # type: ignore[attr-defined]
    with following(client) as live:
        found = live.any()
        assert found is not None
        assert (found.name, found.data) == ("", "")
        client.portal.call(services.ending.set)  # type: ignore[union-attr]
        while live.any() is not None:
            pass


def test_pages_that_follow_the_same_are_all_told(client: TestClient) -> None:
    with ExitStack() as opened:
        pages = [opened.enter_context(following(client)) for _ in range(5)]
        for live in pages:
            assert live.status.get(timeout=PATIENCE) == 200
        for record in RECORDS[:2]:
            feed(client, [record])
        for live in pages:
            assert [titles(live.next().data) for _ in range(2)] == [["Ferry sinks off Marsa"], [SCHOOLS]]


def test_no_more_pages_follow_than_may() -> None:
    with served(ServeSettings(limits=RequestLimits(streams=1))) as client:
        with following(client) as live:
            assert live.status.get(timeout=PATIENCE) == 200
            answer = client.get("/live")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        with following(client) as live:  # a place is free again
            assert live.status.get(timeout=PATIENCE) == 200


def test_nobody_follows_without_a_token(client: TestClient) -> None:
    assert client.get("/live", headers={"authorization": ""}).status_code == 401


def test_a_watched_source_that_cannot_be_read_is_told_on_the_list(tmp_path: Path) -> None:
    folder = tmp_path / "in<coming>"
    folder.mkdir()
    (folder / "bad<b>.jsonl").write_text("{no json\n")
    with served(ServeSettings(watch=(str(folder),))) as client:
        shown = page(client, "/stories?lang=en")
        end = time.monotonic() + PATIENCE
        while "Sources that cannot be read" not in shown.text:
            assert time.monotonic() < end
            time.sleep(0.1)
            shown = page(client, "/stories?lang=en")
    assert "bad<b>.jsonl" in shown.text
    assert "broken JSON" in shown.text
