"""The word lists that a run reads are those that people edit, folded and with their stems: `bench/prepared_lists.py` writes them."""

from __future__ import annotations

from typing import Any

import pytest

import dedup.text as texts
import dedup.verification as verification
from dedup.text import preparing
from dedup.text.package_data import package_json
from dedup.text.preparing import made_files
from dedup.text.word_lists import LANGUAGES, language_hints, word_lists
from dedup.verification.formula_hashes import made_formulas
from dedup.verification.formulas import formula_words

MADE = dict(made_files())
RUN = "is not what the word lists say: run python bench/prepared_lists.py"


@pytest.mark.parametrize("name", MADE)
def test_a_prepared_file_is_made_of_the_lists(name: str) -> None:
    assert package_json(texts.__spec__, "data", "prepared", name) == MADE[name], f"dedup/text/data/prepared/{name} {RUN}"


def test_the_hashes_of_formulas_are_made_of_the_lists() -> None:
    assert package_json(verification.__spec__, "formulas.json") == made_formulas(), f"dedup/verification/formulas.json {RUN}"


def test_a_word_that_is_added_to_a_list_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_another(*names: Any) -> Any:
        data = package_json(*names)
        return {**data, "persons": [*data["persons"], "lighthouse keeper"]} if names[-1] == "en.json" else data

    monkeypatch.setattr(preparing, "package_json", with_another)
    made = preparing.made_words("en")
    assert {*made["persons"].split()} - {*MADE["words_en.json"]["persons"].split()} >= {"lighthouse"}
    assert preparing.made_words("fr") == MADE["words_fr.json"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lists_of_a_language_are_read_as_they_are_made(language: str) -> None:
    made, lists = MADE[f"words_{language}.json"], word_lists(language)
    assert lists.function == {*made["function"].split()}
    assert {" ".join(words): name for words, name in lists.phrases.items()} == {
        phrase: name for name, phrases in made["phrases"].items() for phrase in phrases
    }
    assert lists.first_words == {words[0] for words in lists.phrases}
    assert all((other, one) in lists.opposed for one, other in lists.opposed)


def test_the_languages_of_hints_have_their_order() -> None:
    assert MADE["hints.json"]["languages"] == [*LANGUAGES]
    assert language_hints(["said"]) == tuple(int(language == "en") for language in LANGUAGES)


def test_hashes_of_formulas_are_sorted_and_each_is_of_a_kind() -> None:
    table = formula_words()
    words, bits = table.words.tolist(), table.bits.tolist()
    assert words == sorted({*words})
    assert all(0 < bit < 1 << len(table.kinds) for bit in bits)
