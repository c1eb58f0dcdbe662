"""The innermost loops: one protocol, and two engines that answer bit for bit alike.

``c`` is compiled when the package is built on a machine with a C compiler, ``numpy`` is always there. The environment variable
``BULLETIN_DEDUP_ENGINE`` chooses one; otherwise the compiled one runs where it is there. Nothing here imports numpy before a loop is asked
for, so that a command can tell which engine runs at no cost.
"""

from __future__ import annotations

import logging
import os
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from ..errors import ConfigError, EngineError

if TYPE_CHECKING:
    from .protocol import Kernels

ENVIRONMENT = "BULLETIN_DEDUP_ENGINE"
_ENGINES = ("c", "numpy")
_MODULE = f"{__package__.rpartition('.')[0]}._kernels"
_log = logging.getLogger(__name__)


def _load(folder: Path) -> tuple[ModuleType | None, str]:
    """Return the compiled module, or None and why it is not there. ``folder`` is the one that it would be in."""
    try:
        return import_module(_MODULE), ""
    except ModuleNotFoundError:
        others = sorted(path.name for path in folder.glob("_kernels.*") if path.suffix in (".so", ".pyd"))
        if others:
            return None, f"they are for another Python ({', '.join(others)})"
        return None, "the package was built without a C compiler or without the headers of Python"
    except ImportError as error:
        return None, f"they cannot be loaded ({error})"


compiled, _why_not = _load(Path(__file__).parent.parent)


def engine_name() -> str:
    """Return which engine runs, ``c`` or ``numpy``.

    Raises `ConfigError` where the environment asks for another one, `EngineError` where it asks for ``c`` and that is not there.
    """
    wanted = os.environ.get(ENVIRONMENT, "")
    if wanted and wanted not in _ENGINES:
        raise ConfigError(f"{ENVIRONMENT}={wanted}: no such engine; there are {' and '.join(_ENGINES)}")
    if wanted == "c" and compiled is None:
        raise EngineError(f"{ENVIRONMENT}=c: the compiled loops are not there: {_why_not}; install a C compiler and build it again")
    return wanted or ("c" if compiled is not None else "numpy")


def explanation() -> str:
    """Return which engine runs and, where the compiled loops are not there, why. Raises what `engine_name` does."""
    name = engine_name()
    return f"{name}; slower, the compiled loops are not there: {_why_not}" if compiled is None else name


def engine() -> Kernels:
    """Return the engine that runs. Raises what `engine_name` does."""
    return _engine(engine_name())


@cache
def _engine(name: str) -> Kernels:
    _log.info("engine: %s", explanation())  # once in a process, and only where somebody listens
    if name == "c":
        from . import c_engine

        return c_engine
    from . import numpy_engine

    return numpy_engine
