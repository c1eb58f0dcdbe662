"""Kernels: the innermost loops, behind one protocol, with two engines whose results are equal bit for bit.

The engine ``c`` is compiled when the package is built on a machine with a C compiler. The engine ``numpy`` is always there. The environment
variable ``BULLETIN_DEDUP_ENGINE`` chooses one; without it, ``c`` runs if it was built. This module does not import numpy before a loop is
needed, so that a command can tell quickly which engine runs.
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
    """Return the compiled module, or None and why it is missing. ``folder`` is the folder where it should be."""
    try:
        return import_module(_MODULE), ""
    except ModuleNotFoundError:
        others = sorted(path.name for path in folder.glob("_kernels.*") if path.suffix in (".so", ".pyd"))
        if others:
            return None, f"they were built for another version of Python ({', '.join(others)})"
        return None, "the package was built without a C compiler or without the headers of Python"
    except ImportError as error:
        return None, f"they cannot be loaded ({error})"


compiled, _why_not = _load(Path(__file__).parent.parent)


def engine_name() -> str:
    """Return the name of the engine that runs, ``c`` or ``numpy``.

    Raises `ConfigError` if the environment variable names another one, `EngineError` if it names ``c`` and that was not built.
    """
    wanted = os.environ.get(ENVIRONMENT, "")
    if wanted and wanted not in _ENGINES:
        raise ConfigError(f"{ENVIRONMENT}={wanted}: no such engine; choose {' or '.join(_ENGINES)}")
    if wanted == "c" and compiled is None:
        raise EngineError(f"{ENVIRONMENT}=c: the compiled loops are missing: {_why_not}; install a C compiler and build the package again")
    return wanted or ("c" if compiled is not None else "numpy")


def explanation() -> str:
    """Return the name of the engine that runs and, if the compiled loops are missing, why. Raises the same errors as `engine_name`."""
    name = engine_name()
    return f"{name}; slower, because the compiled loops are missing: {_why_not}" if compiled is None else name


def engine() -> Kernels:
    """Return the engine that runs. Raises the same errors as `engine_name`."""
    return _engine(engine_name())


@cache
def _engine(name: str) -> Kernels:
    _log.info("engine: %s", explanation())  # once in a process
    if name == "c":
        from . import c_engine

        return c_engine
    from . import numpy_engine

    return numpy_engine
