"""Settings: what each may be, and how they are written on a command line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command_support import run_command

from dedup import Config, ConfigError, Index, InputError, find_duplicates
from dedup.cli.groups import ReadOptions, SearchOptions
from dedup.config import EVIDENCE, LOOSE, STRICT
from dedup.settings import parse_setting
from dedup.verification.model import model

WEIGHTS = tuple(place / 4 for place in range(1 + len(EVIDENCE)))

OTHER_THAN_DEFAULT: dict[str, tuple[str, Any]] = {
    "weights": (",".join(map(str, WEIGHTS)), WEIGHTS),
    "level": ("document", "document"),
    "keep": ("most-complete", "most-complete"),
    "sources": ("cross", "cross"),
    "prefer": ("agency, paper", ("agency", "paper")),
    "within": ("1.5h", 5400.0),
    "ignore_lines": ("Follow us | Reporting by …", ("Follow us", "Reporting by …")),
}


def test_every_field_can_be_set() -> None:
    for name in Config.__dataclass_fields__:
        text, value = OTHER_THAN_DEFAULT.get(name, (str(getattr(Config(), name)), getattr(Config(), name)))
        assert parse_setting(f"{name}={text}") == (name, value)
        assert type(parse_setting(f"{name}={text}")[1]) is type(value)


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("keep=newest", "must be one of longest, earliest, latest, most-complete"),
        ("level=words", "must be one of auto, segment, document"),
        ("sources=", "must be one of any, same, cross"),
        ("within=3", "'3' is not a duration; write for example 14d, 36h, 90m or 30s"),
        ("within=-3h", "is not a duration"),
        ("within=nand", "is not a duration"),
        ("within=1e999d", "is not a duration"),
        ("within=", "is not a duration"),
        ("threshold=60", "must be between 0.0 and 1.0"),
        ("threshold=nan", "must be between"),
        ("seed=" + "9" * 5000, "is not a number"),
        ("seed=1.5", "is not a number"),
        ("speed=1", "no setting 'speed'; write NAME=VALUE with one of level, threshold"),
        ("keep", "write NAME=VALUE"),
        ("", "write NAME=VALUE"),
    ],
)
def test_a_setting_that_is_none_says_what_there_is(setting: str, says: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse_setting(setting)
    assert says in str(raised.value)


@pytest.mark.parametrize(
    "values",
    [
        {"prefer": "agency"},
        {"prefer": ["agency"]},
        {"prefer": (1,)},
        {"prefer": ("",)},
        {"prefer": None},
        {"ignore_lines": "Follow us"},
        {"ignore_lines": (" ",)},
        {"within": "3h"},
        {"within": True},
        {"within": float("nan")},
        {"keep": ["latest"]},
        {"level": None},
        {"seed": "7"},
        {"seed": True},
        {"threshold": "0.5"},
    ],
)
def test_values_of_other_types_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=next(iter(values))):
        Config(**values)


def written(path: Path, found: Any) -> str:
    path.write_text(found if isinstance(found, str) else json.dumps(found), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "config",
    [
        Config(),
        Config(threshold=0.3, min_probability=0.7),
        Config(prefer=("agency", "paper"), within=3600.0, sources="cross", keep="latest"),
        Config(weights=WEIGHTS),
    ],
)
def test_settings_in_a_file_are_the_settings(tmp_path: Path, config: Config) -> None:
    found = Config.load(written(tmp_path / "settings.json", config.to_dict()))
    assert found == config
    assert found.key() == config.key()
    assert {found, config} == {config}


def test_weights_are_written_by_name(tmp_path: Path) -> None:
    found = Config(weights=WEIGHTS).to_dict()
    turned = {**found, "model": {"bias": WEIGHTS[0], "weights": dict(reversed(found["model"]["weights"].items()))}}
    assert Config.load(written(tmp_path / "turned.json", turned)).weights == WEIGHTS
    assert Config(weights=WEIGHTS).key() != Config().key()


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ("{", "no JSON"),
        ("[]", "no settings of the schema dedup/config/1"),
        ({"schema": "dedup/tuning/2", "settings": {}}, "no settings of the schema"),
        ({"schema": "dedup/config/1", "settings": []}, "no settings of the schema"),
        ({"schema": "dedup/config/1", "settings": {"speed": 1}}, "no setting 'speed'; known are level"),
        ({"schema": "dedup/config/1", "settings": {"threshold": 7}}, "threshold is 7; it must be between"),
        ({"schema": "dedup/config/1", "settings": {"within": {}}}, "within is {}"),
        ({"schema": "dedup/config/1", "settings": {}, "model": []}, "model must have a bias"),
        ({"schema": "dedup/config/1", "settings": {}, "model": {"bias": 1, "weights": {"age": 1}}}, "its weights are of age; this version"),
        (
            {"schema": "dedup/config/1", "settings": {}, "model": {"bias": "1", "weights": dict.fromkeys(EVIDENCE, 1)}},
            "it must be a tuple of",
        ),
        ('{"schema": "dedup/config/1", "settings": {"weights": [NaN]}}', "it must be a tuple of"),
    ],
)
def test_a_file_that_holds_no_settings_says_why(tmp_path: Path, found: Any, says: str) -> None:
    path = written(tmp_path / "settings.json", found)
    with pytest.raises((ConfigError, InputError)) as raised:
        Config.load(path)
    assert says in str(raised.value)
    assert path in str(raised.value)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match=r"nowhere\.json: No such file"):
        Config.load("nowhere.json")


@pytest.mark.parametrize(
    "weights", [(1.0,), [*WEIGHTS], (*WEIGHTS, 1.0), (*WEIGHTS[:-1], "1"), (*WEIGHTS[:-1], float("nan")), (True, *WEIGHTS[1:])]
)
def test_weights_that_fit_no_model_are_refused(weights: Any) -> None:
    with pytest.raises(ConfigError, match="the bias and a weight for each of new, new_squared"):
        Config(weights=weights)


def test_weights_of_settings_decide() -> None:
    ours = model()
    plain = ours.duplicate.bias - sum(weight * mean for weight, mean in zip(ours.duplicate.weights, ours.means, strict=True))
    texts = ["The port of Marsa reopened on Sunday after a strike of two weeks by workers over their pay and their hours.", ""]
    texts[1] = texts[0].replace("over their pay and their hours", "over pay, and the first ships came in at noon")
    said = []
    for more in (-50.0, 0.0, 50.0):
        config = Config(weights=(plain + more, *ours.duplicate.weights))
        said.append(find_duplicates(texts, config).matches[0].probability)
    (match,) = find_duplicates(texts).matches
    assert said == [pytest.approx(0, abs=1e-6), pytest.approx(match.probability), pytest.approx(1)]


def test_an_index_keeps_the_weights(tmp_path: Path) -> None:
    path = str(tmp_path / "seen.db")
    with Index.open(path, Config(weights=WEIGHTS)) as index:
        assert index.config.weights == WEIGHTS
    with Index.open(path, {"weights": WEIGHTS}) as index:
        assert index.config.weights == WEIGHTS
    with pytest.raises(ConfigError, match=r"was made with other weights of the model; leave the setting out"):
        Index.open(path, Config())


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"is_strict": True, "is_loose": True}, "--strict and --loose are two values of min_probability: give one of them"),
        ({"is_strict": True, "min_probability": 0.5}, "--min-probability and --strict are two values of min_probability"),
        ({"is_loose": True, "settings": ("min_probability=0.9",)}, "--loose and --set min_probability=0.9 are two values of min_probab"),
        ({"threshold": 0.5, "settings": ("threshold=0.6",)}, "--threshold and --set threshold=0.6 are two values of threshold"),
        ({"settings": ("recall=0.9", "recall=0.8")}, "--set recall=0.9 and --set recall=0.8 are two values of recall"),
    ],
)
def test_options_that_say_two_things_are_an_error(options: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=f"^{says}"):
        SearchOptions(**options).config(ReadOptions())


def test_the_command_says_that_two_options_disagree(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rain in the north.", encoding="utf-8")
    done = run_command("find", "a.txt", "--strict", "--loose", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"dedup: --strict and --loose are two values of min_probability: give one of them\n"


def test_options_go_before_a_file(tmp_path: Path) -> None:
    path = written(tmp_path / "settings.json", Config(min_probability=0.9, level="document", weights=WEIGHTS).to_dict())
    given = SearchOptions(config_file=path).config(ReadOptions())
    assert given == Config(min_probability=0.9, level="document", weights=WEIGHTS)
    assert SearchOptions(config_file=path, is_loose=True).config(ReadOptions()) == replace(given, min_probability=LOOSE)
    assert SearchOptions(config_file=path, settings=("level=segment",)).config(ReadOptions()).level == "segment"
    assert SearchOptions(is_strict=True).config(ReadOptions()) == Config(min_probability=STRICT)
    assert SearchOptions(is_strict=True, min_probability=STRICT).config(ReadOptions()) == Config(min_probability=STRICT)
