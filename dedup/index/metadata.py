"""What an index was made with: settings and versions, which must be the same whenever it is used."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from ..config import Config
from ..errors import ConfigError, StoreError
from ..text.fold import FOLD_VERSION
from ..verification.background import digest_of, open_background
from .storage.interface import Store
from .storage.run_image import IDENTITY
from .storage.tables import DAMAGED, META, SCHEMA_VERSION

SCHEME = "affine32"
NO_NOTES = "substr(name, 1, 5) <> 'note/'"
"""What is true of the rows that are no notes of callers: those may be many, and each transaction reads the others."""
CLEAN = "clean"
"""In the metadata: 1 where the database has nothing left of what was deleted, as far as is known."""
SUPERSEDED = "superseded"  # in the metadata of an index that was rebuilt
_COUNTERS = "posted", "run", "number", "row", "removed", "loose"  # loose: removed, with postings that are still there
_CHECKED = {"schema": str(SCHEMA_VERSION), "fold_version": str(FOLD_VERSION), "scheme": SCHEME}


def read_metadata(store: Store) -> dict[str, str]:
    """Return what an index says about itself. Raises `StoreError` where it was made by another version."""
    # The checksums of another version are not these.
    written: dict[str, str] = dict(store.rows(f"select name, value from meta where {NO_NOTES}"))
    for name, wanted in _CHECKED.items():
        if written.get(name) != wanted:
            what = f"made with {name.replace('_', ' ')} {written.get(name)}, this version has {wanted}"
            raise StoreError(what, path=store.name, hint="rebuild it with dedup index rebuild")
    metadata: dict[str, str] = dict(META.read(store, f"where {NO_NOTES}"))
    if missing := [name for name in ("config", "texts", "identity", *_COUNTERS) if name not in metadata]:
        raise StoreError(f"damaged: its header has no {missing[0]}", path=store.name, hint=DAMAGED)
    return metadata


def new_identity() -> str:
    """Return what tells an index from all others."""
    return secrets.token_hex(IDENTITY)


def write_metadata(store: Store, config: Config, keep_texts: bool) -> None:
    """Note what an index is made with. To be called inside of a transaction."""
    metadata = {
        **_CHECKED,
        "config": json.dumps(asdict(config), sort_keys=True),
        "texts": str(int(keep_texts)),
        "background": digest_of(config),
        "identity": new_identity(),
        CLEAN: "1",
        **dict.fromkeys(_COUNTERS, "0"),
    }
    META.insert(store, sorted(metadata.items()))


def config_of(store: Store, metadata: Mapping[str, str]) -> Config:
    """Return the settings of an index. Raises `StoreError` where they cannot be read."""
    try:
        values = json.loads(metadata["config"]).items()
        given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values}
        config = Config(**given)
        if not all(metadata[name].isdigit() for name in ("texts", *_COUNTERS)):
            raise ValueError("a counter is no number")
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"its settings cannot be read ({error})", path=store.name, hint="feed a new index with the same documents"
        ) from error
    return config


def _refuse_other(store: Store, stored: Config, wanted: Mapping[str, Any]) -> None:
    """Raise `ConfigError` where settings are asked for that are not those of the index."""
    for name, value in wanted.items():
        if name == "background" and value and stored.background:  # it may have moved: see `with_wanted`
            continue
        if getattr(stored, name) != value:
            what = f"{store.name} was made with {name} {getattr(stored, name)}, not {value}"
            if name == "background":
                what = f"{store.name} was made with {f'the background {stored.background}' if stored.background else 'no background'}"
            if name in ("weights", "ignore_lines"):
                what = f"{store.name} was made with other {'weights of the model' if name == 'weights' else 'lines to ignore'}"
            raise ConfigError(f"{what}; leave the setting out, or rebuild the index with dedup index rebuild")


def with_wanted(store: Store, stored: Config, wanted: Mapping[str, Any], metadata: Mapping[str, str]) -> Config:
    """Return the settings of an index, with the path of its background that is asked for, if any: the file may have moved.

    Raises `ConfigError` where other settings are asked for, or the background is not the table that the index was made with, and
    `InputError` where that cannot be read.
    """
    _refuse_other(store, stored, wanted)
    config = replace(stored, background=wanted.get("background") or stored.background)
    open_background(config)
    if (found := digest_of(config)) != metadata.get("background", ""):
        what = f"{store.name} was made with the background {metadata.get('background')}, and {config.background} is {found}"
        raise ConfigError(f"{what}; give the old file with --background, or rebuild the index with dedup index rebuild")
    return config


def refuse_other_texts(store: Store, keeps_texts: bool, wanted: bool) -> None:
    """Raise `ConfigError` where an index is asked to keep texts that it does not keep, or the other way round."""
    if keeps_texts != wanted:
        what = f"{store.name} was made to keep {'texts' if keeps_texts else 'no texts'}"
        raise ConfigError(f"{what}; leave the option out, or feed a new index with the same documents")


def with_secret(config: Config) -> Config:
    """Return settings with a seed that nobody can know, so that no texts can be made beforehand that collide."""
    return replace(config, seed=secrets.randbits(32))


def settings_of(config: Config) -> dict[str, Any]:
    """Return the settings of a run by their names, without the usual seed, which no index has."""
    return {name: getattr(config, name) for name in Config.__dataclass_fields__ if name != "seed" or config.seed != Config().seed}
