"""Versions of a text: the ledger follows facts, the merged text keeps every sentence, alarms ring for what an editor must not overlook."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise

import jsonschema
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.errors import InputError, RebuildError
from reports import Comparison, Timeline, compare, compare_versions, read_json, render
from reports.language.sentences import split_sentences
from reports.model import AlarmKind, Fact, Kind
from reports.renderers.json import comparison_object, timeline_object

MORNING = "Police held 9 men in Marsa on Monday, the ministry said. Schools were closed. About 40 families left the town."
NOON = "Police held 12 men in Marsa on Monday, the ministry said. About 40 families left the town."
EVENING = "Police held 11 men in Marsa on Monday, the ministry said. Schools were closed. Exactly 44 families left the town."


def values(fact: Fact) -> list[float | None]:
    return [cell.amount.value if cell and cell.amount else None for cell in fact.cells]


def fact_with(timeline: Timeline, role: str) -> Fact:
    return next(fact for fact in timeline.ledger if fact.role == role)


def schema(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((ROOT / f"reports/schemas/{name}-1.json").read_text("utf-8")))


def test_identical_readings_share_a_state() -> None:
    found = compare_versions([MORNING, NOON, NOON, NOON, EVENING, NOON])
    assert found.states == ((0,), (1, 2, 3), (4,), (5,))
    assert len(found.steps) == 3
    assert found.version(2).text == EVENING


@pytest.mark.parametrize(
    ("texts", "expected", "falls", "reversals"),
    [
        (["قتل 12 شخصا.", "قتل 12 شخصا أمس.", "قتل 15 شخصا أمس."], [12, 12, 15], (), ()),
        (["قتل 15 شخصا.", "قتل 17 شخصا.", "قتل 15 شخصا."], [15, 17, 15], (2,), (2,)),
        (["سقط شهيدان في البلدة.", "سقط 3 شهداء في البلدة.", "سقط خمسة شهداء في البلدة."], [2, 3, 5], (), ()),
        (["Some 20 people died.", "Some 20 people died there.", "At least 18 people died there."], [20, 20, 18], (2,), ()),
        (["The toll is 5.", "Nothing is known.", "The toll is 7."], [5, None, 7], (), ()),
    ],
)
def test_the_ledger_follows_a_number(
    texts: list[str], expected: list[float | None], falls: tuple[int, ...], reversals: tuple[int, ...]
) -> None:
    found = [fact for fact in compare_versions(texts).ledger if fact.kind is Kind.NUMBER]
    fact = next(fact for fact in found if fact.cells[0])
    assert (values(fact), fact.falls, fact.reversals) == (expected, falls, reversals)
    assert len(found) == 1


def test_a_number_written_another_way_is_the_same_fact_with_the_same_value() -> None:
    (fact,) = compare_versions(["Police held fifteen men.", "Police held 15 men."]).ledger
    assert values(fact) == [15, 15]
    assert not fact.changed


def test_approximate_and_exact_are_told_apart() -> None:
    families = fact_with(compare_versions([MORNING, NOON, EVENING]), "families")
    assert [cell.amount.qualifier for cell in families.cells if cell and cell.amount] == ["about", "about", "exact"]


def test_names_and_sources_that_change_are_facts_and_times_too() -> None:
    texts = [
        "قال ناشطون إن قوات النظام قصفت بلدة حاس يوم الأحد.",
        "قال الدفاع المدني إن قوات النظام قصفت بلدتي حاس وكفرنبل يوم الاثنين.",
    ]
    kinds = {fact.kind for fact in compare_versions(texts).ledger}
    assert {Kind.ATTRIBUTION, Kind.NAME, Kind.TIME} <= kinds


def test_a_fact_is_in_one_row_and_its_cells_are_its_words() -> None:
    found = compare_versions([MORNING, NOON, EVENING])
    for state in range(3):
        text, taken = found.version(state).text, []
        for fact in found.ledger:
            if cell := fact.cells[state]:
                assert cell.span.of(text) == cell.text
                taken.append(cell.span)
        taken.sort(key=lambda span: span.start)
        assert all(one.end <= other.start for one, other in pairwise(taken))


def test_the_merged_text_keeps_dropped_sentences_in_their_place() -> None:
    found = compare_versions(["One stays here. Two goes away. Three stays here.", "One stays here. Three stays here. Four is new now."])
    shown = [(found.version(passage.state).text[passage.span.start : passage.span.end], passage.dropped) for passage in found.merged]
    assert shown == [("One stays here.", False), ("Two goes away.", True), ("Three stays here.", False), ("Four is new now.", False)]
    assert [passage.states for passage in found.merged] == [(0, 1), (0,), (0, 1), (1,)]


def test_a_sentence_knows_the_versions_that_carry_it_and_its_wordings() -> None:
    found = compare_versions([MORNING, NOON, EVENING])
    held, schools, families = found.merged
    assert (held.states, held.wordings) == ((0, 1, 2), 3)
    assert (schools.states, schools.wordings) == ((0, 2), 1)
    assert (families.states, families.wordings) == ((0, 1, 2), 2)


def test_alarms_ring_for_falls_returns_and_negations_the_newest_first() -> None:
    last = EVENING.replace("were closed", "were not closed")
    found = compare_versions([MORNING, NOON, EVENING, last])
    assert [(alarm.kind, alarm.state) for alarm in found.alarms] == [
        (AlarmKind.NEGATION, 3),
        (AlarmKind.FELL, 2),
        (AlarmKind.RETURNED, 2),
    ]
    fell, returned = found.alarms[1:]
    assert (fell.a, fell.b, fell.fact) == ("12", "11", fact_with(found, "men").id)
    assert (returned.b, returned.since) == ("Schools were closed.", 0)


def test_a_sentence_that_goes_back_to_old_words_rings_too() -> None:
    old, new = "The bridge is open to all traffic.", "The bridge is open to light traffic."
    (alarm,) = [a for a in compare_versions([old, new, old]).alarms if a.kind is AlarmKind.RETURNED]
    assert (alarm.state, alarm.since) == (2, 0)


def test_quiet_versions_ring_nothing() -> None:
    assert compare_versions([NOON, NOON.replace("12", "14"), NOON.replace("12", "19")]).alarms == ()


def test_one_version_is_a_timeline_without_steps() -> None:
    found = compare_versions([MORNING])
    assert (found.steps, found.alarms, len(found.merged)) == ((), (), 3)
    with pytest.raises(ValueError, match="no version"):
        compare_versions([])


SENTENCES = [
    "قتل {} أشخاص في حلب.",
    "قال ناشطون إن {} غارات وقعت.",
    "Rain fell on {} towns.",
    "No one was hurt.",
    "وأغلقت المدارس أبوابها.",
]
VERSIONS = st.lists(
    st.lists(st.tuples(st.sampled_from(SENTENCES), st.integers(2, 9)), max_size=4).map(lambda rows: " ".join(t.format(n) for t, n in rows)),
    min_size=1,
    max_size=5,
)


def check(found: Timeline, texts: Sequence[str]) -> None:
    """Assert what holds for every timeline: nothing is lost, nothing is in two places, flags are what their rows say."""
    assert [found.versions[n].text for state in found.states for n in state] == list(texts)
    for state in range(len(found.states)):
        cells = sorted((cell.span.start, cell.span.end) for fact in found.ledger if (cell := fact.cells[state]))
        assert all(one[1] <= other[0] for one, other in pairwise(cells))
        spans = [(cell.span.of(found.version(state).text), cell.text) for fact in found.ledger if (cell := fact.cells[state])]
        assert all(text == shown for text, shown in spans)
    sentences = [[span.of(text) for span in split_sentences(text)] for text in (found.version(n).text for n in range(len(found.states)))]
    shown = [passage.span.of(found.version(passage.state).text) for passage in found.merged]
    assert [text for text, passage in zip(shown, found.merged, strict=True) if not passage.dropped] == sentences[-1]
    for state, there in enumerate(sentences):
        assert sum(state in passage.states for passage in found.merged) >= bool(there)
    for passage, text in zip(found.merged, shown, strict=True):
        assert text in sentences[passage.state]
        assert passage.dropped == (len(sentences) - 1 not in passage.states)
    for fact in found.ledger:
        known = [(n, value) for n, value in enumerate(values(fact)) if value is not None]
        assert fact.falls == tuple(n for (_, before), (n, value) in pairwise(known) if value < before)


@settings(max_examples=300)
@given(VERSIONS)
def test_every_timeline_keeps_its_texts_and_comes_back_from_json(texts: list[str]) -> None:
    found = compare_versions(texts)
    check(found, texts)
    assert read_json(render(found, "json")) == found
    schema("timeline").validate(timeline_object(found))


def cases() -> list[tuple[str, str]]:
    rows = map(json.loads, (ROOT / "seeds/cases/changes.jsonl").read_text("utf-8").splitlines())
    return [(row["a"], row["b"]) for row in rows]


def test_every_comparison_comes_back_from_json_and_keeps_the_schema() -> None:
    validator = schema("comparison")
    for a, b in cases():
        found = compare(a, b)
        validator.validate(comparison_object(found))
        assert read_json(render(found, "json")) == found


def test_the_schemas_are_schemas() -> None:
    for name in ("comparison", "timeline"):
        validator = schema(name)
        validator.check_schema(validator.schema)
        assert validator.schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "no comparison or timeline"),
        ("{", "no comparison or timeline"),
        ('{"schema": "dedup/comparison/9"}', "no schema 'dedup/comparison/9'"),
        ('{"schema": "dedup/timeline/1"}', "KeyError 'versions'"),
    ],
)
def test_other_json_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_json(text)


def altered(found: Comparison, **values: object) -> str:
    return json.dumps(comparison_object(found) | values)


@pytest.mark.parametrize(
    "change",
    [
        {"states": [[0], [1], [7]]},
        {"steps": []},
        {"ledger": "x"},
        {"merged": [{"state": 9, "start": 0, "end": 1, "states": [9], "wordings": 1, "dropped": False}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_timeline_that_was_tampered_with_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InputError):
        read_json(json.dumps(timeline_object(compare_versions([MORNING, NOON, EVENING])) | change))


def test_a_cell_that_is_not_in_its_text_is_refused() -> None:
    found = timeline_object(compare_versions([MORNING, NOON, EVENING]))
    found["ledger"][0]["cells"][0]["text"] = "forged"
    with pytest.raises(InputError, match="cells of f1 are not in the texts"):
        read_json(json.dumps(found))


def test_json_that_was_tampered_with_is_refused() -> None:
    found = compare("Two men died.", "Three men died.")
    whole = comparison_object(found)
    with pytest.raises(InputError, match="not the one that was compared"):
        read_json(altered(found, a=whole["a"] | {"text": "Two women died."}))
    with pytest.raises(RebuildError):
        read_json(altered(found, changes=[]))


@pytest.mark.parametrize(
    ("texts", "rows"),
    [
        (["قتل شخص وأصيب 4 في الرستن.", "قتل شخصان وأصيب 4 في الرستن.", "قتل 3 أشخاص وأصيب 4 في الرستن."], [[1, 2, 3], [4, 4, 4]]),
        (["قتل 3 أطفال في الرستن.", "قتل طفلان في الرستن.", "قتل طفلان في الرستن أمس."], [[3, 2, 2]]),
        (
            [
                "Losses: 20 soldiers and 5 tanks.",
                "Losses: 5 tanks and 20 soldiers.",
                "Losses: 4 tanks and 22 soldiers.",
            ],
            [[5, 5, 4], [20, 20, 22]],
        ),
        (["Several men died in the fire.", "Fifteen men died in the fire."], [[None, 15]]),
        (
            ["Police said 3 men and 12 women were hurt.", "Police said dozens were hurt.", "Police said 4 men and 15 women were hurt."],
            [[3, None, 4], [12, None, 15]],
        ),
    ],
)
def test_numbers_stay_in_their_rows(texts: list[str], rows: list[list[float | None]]) -> None:
    assert sorted(map(str, (values(fact) for fact in compare_versions(texts).ledger if fact.kind is Kind.NUMBER))) == sorted(map(str, [
        [None if value is None else float(value) for value in row] for row in rows
    ]))  # fmt: skip


def test_what_only_changes_places_does_not_fall() -> None:
    assert compare_versions(["20 killed in Idlib, 5 in Halab.", "5 killed in Halab, 20 in Idlib."]).alarms == ()


def test_a_range_that_changes_is_a_fact_that_changed() -> None:
    (fact,) = compare_versions(["Between 10 and 15 people died.", "Between 12 and 15 people died."]).ledger
    assert fact.changed


def test_a_step_of_spelling_alone_ends_no_row() -> None:
    found = compare_versions(["قال ناشطون إن القصف توقف.", "قال الدفاع المدني إن القصف توقف.", "قال الدفاع المدنى إن القصف توقف."])
    (fact,) = [fact for fact in found.ledger if fact.kind is Kind.ATTRIBUTION]
    assert [cell and cell.text for cell in fact.cells] == ["ناشطون", "الدفاع المدني", "الدفاع المدنى"]
    assert (fact.cells[1].comparison_key, fact.reversals) == (fact.cells[2].comparison_key, ())  # type: ignore[union-attr]


def test_every_town_of_a_list_has_its_row() -> None:
    found = compare_versions(["Shells hit Halab, Idlib and Homs.", "Shells hit Halab, Idlib, Hama and Homs.", "Shells hit Halab and Homs."])
    assert sorted([cell and cell.text for cell in fact.cells] for fact in found.ledger if fact.cells[0]) == [["Idlib", "Idlib", None]]
    assert [[cell and cell.text for cell in fact.cells] for fact in found.ledger if not fact.cells[0]] == [[None, "Hama", None]]


BRIDGE = "The bridge in Marsa collapsed on Monday morning"
SCHOOLS = "the governor ordered all schools in the city closed for a week."


def passages(*texts: str) -> list[tuple[tuple[int, ...], bool]]:
    return [(passage.states, passage.dropped) for passage in compare_versions(texts).merged]


def test_half_of_a_split_sentence_that_is_dropped_is_kept_in_the_merged_text() -> None:
    apart = f"{BRIDGE}. {SCHOOLS.capitalize()}"
    assert passages(f"{BRIDGE}, and {SCHOOLS}", apart, f"{BRIDGE}.") == [((0, 1, 2), False), ((0, 1), True)]


def test_a_sentence_that_was_merged_and_split_again_has_its_own_carriers() -> None:
    apart, joined = f"{BRIDGE}. {SCHOOLS.capitalize()} Rain fell.", f"{BRIDGE}, and {SCHOOLS} Rain fell."
    assert passages(f"{BRIDGE}. Rain fell.", apart, joined, apart) == [((0, 1, 2, 3), False), ((1, 2, 3), False), ((0, 1, 2, 3), False)]


def test_the_same_formula_about_another_event_is_no_return() -> None:
    old, new = "قصف الطيران بلدة حاس أمس بعدة غارات.", "قصف الطيران بلدة كفرنبل أمس بعدة غارات."
    assert [
        a.kind for a in compare_versions([f"{old} سقط المطر.", "سقط المطر.", "سقط المطر اليوم.", f"{new} سقط المطر اليوم."]).alarms
    ] == []


def test_a_sentence_returns_in_any_of_its_wordings() -> None:
    first, second = "The mayor will close schools tomorrow, he said.", "The mayor vowed he would not ever close any schools."
    texts = [f"Rain fell. {first}", f"Rain fell. {second}", "Rain fell.", "Rain fell on us.", f"Rain fell on us. {first}"]
    assert [(alarm.b, alarm.since) for alarm in compare_versions(texts).alarms if alarm.kind is AlarmKind.RETURNED] == [(first, 0)]


COUNCIL, RAIN = "The council approved the new budget for roads on Monday", "heavy rain flooded several streets near the harbour yesterday"
LESS_COUNCIL, LESS_RAIN = "The council approved the budget for roads", "rain flooded streets near the harbour"
ELSEWHERE = "Nothing else happened in the port."


@pytest.mark.parametrize(
    "texts",
    [
        [f"{COUNCIL}. {RAIN}.", f"{COUNCIL} and {LESS_RAIN}.", ELSEWHERE, f"{COUNCIL}. {RAIN}.", f"{LESS_COUNCIL} and {RAIN}."],
        [f"{RAIN}. {COUNCIL}.", f"{RAIN} and {LESS_COUNCIL}.", ELSEWHERE, f"{COUNCIL}. {RAIN}.", f"{LESS_RAIN} and {COUNCIL}."],
    ],
)
def test_two_sentences_may_merge_part_and_merge_the_other_way_round(texts: list[str]) -> None:
    found = compare_versions(texts)
    carried = [passage.states for passage in found.merged if not passage.dropped and passage.states[0] == 0]
    assert carried == [(0, 1, 3, 4)]


def test_a_sentence_that_left_a_merged_one_is_not_lost_with_it() -> None:
    merged = f"{COUNCIL} and {LESS_RAIN}."
    found = compare_versions([f"{COUNCIL}. {RAIN}.", merged, ELSEWHERE, f"{RAIN}. {ELSEWHERE}", f"{COUNCIL}. {ELSEWHERE}"])
    shown = {passage.span.of(found.version(passage.state).text): passage.dropped for passage in found.merged}
    assert shown == {f"{COUNCIL}.": False, ELSEWHERE: False, f"{RAIN}.": True}
