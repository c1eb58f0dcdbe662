"""An index opened, or made: its store, its settings, and whether it keeps texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..clusters.canonical import HELD
from ..config import Config
from ..errors import ConfigError, StoreError
from .metadata import config_of, read_metadata, refuse_other_texts, settings_of, with_secret, with_wanted, write_metadata
from .storage.connect import open_store
from .storage.interface import Store
from .upgrade import upgrade
from .window_setting import check_window, set_window


def opened(
    url: str, config: Config | Mapping[str, Any] | None, keep_texts: bool | None, keep_for: float | None, *, create: bool
) -> tuple[Store, Config, bool]:
    """Return the store of an index, its settings, and whether it keeps texts, as `dedup.Index.open` describes them."""
    check_window(keep_for)
    wanted = {} if config is None else dict(config) if isinstance(config, Mapping) else settings_of(config)
    made = Config(**wanted)
    if made.keep in HELD:
        raise ConfigError(f"keep is {made.keep!r}, which needs all texts at once; an index takes longest, earliest, latest or origin")
    store = open_store(url, create=create)
    try:
        if not store.is_made():
            if not create:
                raise StoreError("there is no index", path=store.name, hint="make one with dedup index add")
            with store.making():
                if not store.is_made():
                    store.make()
                    write_metadata(store, made if "seed" in wanted else with_secret(made), keep_texts is not False)
        upgrade(store)
        with store.reading():
            metadata = read_metadata(store)
            stored = config_of(store, metadata)
        stored = with_wanted(store, stored, wanted, metadata)
        if keep_texts is not None:
            refuse_other_texts(store, metadata["texts"] == "1", keep_texts)
        if keep_for is not None:
            set_window(store, keep_for)
    except BaseException:
        store.close()
        raise
    return store, stored, metadata["texts"] == "1"
