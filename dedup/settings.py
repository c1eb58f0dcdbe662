"""Settings as text: NAME=VALUE, and durations such as ``36h``."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from .config import NUMBERS, Config
from .errors import ConfigError

_SECONDS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}


def parse_duration(text: str) -> float:
    """Return the seconds of a duration such as ``36h``. Raises `ConfigError`.

    >>> parse_duration("36h")
    129600.0
    """
    try:
        seconds = float(text[:-1]) * _SECONDS[text[-1:]]
    except (KeyError, ValueError):
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise ConfigError(f"{text!r} is not a duration; write for example 14d, 36h, 90m or 30s")
    return seconds


def parse_setting(setting: str) -> tuple[str, Any]:
    """Return the name and the value of a setting from NAME=VALUE: a number, a choice, names between commas, or a duration such as ``36h``.

    Raises `ConfigError` for an unknown name or a wrong value.

    >>> parse_setting("threshold=0.7"), parse_setting("prefer=agency,paper"), parse_setting("within=1h")
    (('threshold', 0.7), ('prefer', ('agency', 'paper')), ('within', 3600.0))
    """
    name, sign, text = setting.partition("=")
    value: Any = text
    known = [field.name for field in fields(Config)]
    if name not in known or not sign:
        raise ConfigError(f"--set {setting}: no setting {name!r}; write NAME=VALUE with one of {', '.join(known)}")
    try:
        if name in NUMBERS:
            value = int(text) if isinstance(getattr(Config(), name), int) else float(text)
        elif name == "within":
            value = parse_duration(text)
        elif name == "ignore_lines":
            value = tuple(filter(None, map(str.strip, text.split("|"))))
        elif name == "prefer":
            value = tuple(filter(None, map(str.strip, text.split(","))))
        elif name == "weights":
            value = tuple(map(float, filter(None, text.split(","))))
        Config(**{name: value})
    except ConfigError as error:
        raise ConfigError(f"--set {setting}: {error}") from error
    except ValueError as error:
        raise ConfigError(f"--set {setting}: {text!r} is not a number") from error
    return name, value
