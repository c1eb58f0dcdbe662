"""What `reports` shows to others: its names, its formats, and the language that it answers in."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import reports
from dedup.cli.options import FORMATS as NAMES
from dedup.cli.options import format_of
from dedup.errors import ConfigError
from reports import Report, compare, compare_versions, news, render
from reports.renderers.folder import write_folder
from reports.renderers.formats import FORMATS, Subject, format_by_suffix

PUBLIC = {
    "Alarm", "Change", "Comparison", "Fact", "Kind", "Report", "Span", "Timeline", "Unit", "UnitRelation", "Version",
    "compare", "compare_versions", "news", "read_json", "render",
}  # fmt: skip
ARABIC = ("احتجزت الشرطة 4 رجال في مرسى.", "احتجزت الشرطة 7 رجال في مرسى.")
ENGLISH = ("Police held 4 men in Marsa.", "Police held 7 men in Marsa.")
FRENCH = ("La police a arrêté 4 hommes à Marsa.", "La police a arrêté 7 hommes à Marsa.")
TURKISH = ("Polis Marsa'da 4 kişiyi gözaltına aldı.", "Polis Marsa'da 7 kişiyi gözaltına aldı.")
NO_LETTERS = ("4 000", "7 000")


def test_what_is_public_is_named_and_shown_and_nothing_else() -> None:
    assert set(reports.__all__) == PUBLIC
    assert {name for name in dir(reports) if not name.startswith("__")} == PUBLIC
    assert all(getattr(reports, name).__module__.startswith("reports.") for name in PUBLIC)


def test_no_public_name_hides_a_module() -> None:
    modules = {module.name for module in iter_modules(reports.__path__)}
    assert not PUBLIC & modules
    assert all(getattr(reports, name) is import_module(f"reports.{name}") for name in modules if hasattr(reports, name))


def test_the_command_offers_every_format() -> None:
    assert tuple(FORMATS) == NAMES


def test_an_ending_of_a_file_is_of_one_format() -> None:
    suffixes = [suffix for each in FORMATS.values() for suffix in each.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    for name, found in FORMATS.items():
        assert found.name == name
        assert all(format_by_suffix(suffix.upper()) is found and format_of(None, f"out{suffix}") == name for suffix in found.suffixes)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_gives_text_or_bytes_of_all_that_it_renders(name: str) -> None:
    if name == "docx":
        pytest.importorskip("docx")
    subjects: tuple[Subject, ...] = (compare(*ENGLISH), compare_versions(ENGLISH), Report("t", (compare_versions(ENGLISH),)))
    for subject in subjects:
        if isinstance(subject, FORMATS[name].subjects):
            assert isinstance(render(subject, name), bytes if FORMATS[name].is_binary else str)
        else:
            with pytest.raises(ConfigError, match=f"the format {name} does not render a report"):
                render(subject, name)


def test_an_unknown_format_or_language_is_an_error() -> None:
    with pytest.raises(ConfigError, match=re.escape("no format 'pdf'; there are terminal, unified, json, html, csv, markdown, docx")):
        render(compare(*ENGLISH), "pdf")
    with pytest.raises(ConfigError, match="lang must be one of ar, en, fr, not 'tr'"):
        render(compare(*ENGLISH), "html", lang="tr")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("texts", "lang"),
    [
        (ARABIC, "ar"),
        (ENGLISH, "en"),
        (FRENCH, "fr"),
        (TURKISH, "ar"),  # a language without words of ours
        (NO_LETTERS, "ar"),
        ((ARABIC[0], ENGLISH[1]), "en"),
        ((ENGLISH[0], ""), "en"),
    ],
)
def test_the_language_follows_the_newer_text(texts: tuple[str, str], lang: str, name: str) -> None:
    if name == "docx":
        pytest.importorskip("docx")
    for subject in (compare(*texts), compare_versions(texts)):
        assert render(subject, name) == render(subject, name, lang=lang)
    assert news(*texts) == news(*texts, lang=lang)


def test_a_language_that_is_asked_for_goes_before_that_of_the_text() -> None:
    assert '<html lang="fr"' in render(compare(*ARABIC), "html", lang="fr")
    assert json.loads(render(compare(*ENGLISH), "json", lang="fr"))["digest"] != json.loads(render(compare(*ENGLISH), "json"))["digest"]


def test_a_report_speaks_the_language_of_most_of_its_texts() -> None:
    timelines = tuple(map(compare_versions, (ENGLISH, ARABIC, ENGLISH)))
    assert '<html lang="en"' in render(Report("t", timelines))
    assert '<html lang="ar"' in render(Report("t", timelines[:0]))
    assert '<html lang="fr"' in render(Report("t", (), only_texts=(("a", FRENCH[0]),)))


def test_a_folder_has_pages_in_the_languages_of_their_texts(tmp_path: Path) -> None:
    write_folder(str(tmp_path / "pages"), (Report("t", (compare_versions(texts),)) for texts in (ARABIC, FRENCH, FRENCH)), title="t")
    found = [re.findall('<html lang="(..)"', path.read_text("utf-8"))[0] for path in sorted((tmp_path / "pages").glob("*.html"))]
    assert found == ["fr", "ar", "fr", "fr"]  # the index first
