"""Settings: what each may be, and how they are written on a command line."""

from __future__ import annotations

from typing import Any

import pytest

from dedup import Config, ConfigError
from dedup.config import parse_setting

OTHER_THAN_DEFAULT: dict[str, tuple[str, Any]] = {
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
