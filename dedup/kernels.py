"""The innermost loops in C, where the package was built with a compiler; ``compiled`` is None elsewhere, and numpy does the same."""

from __future__ import annotations

from types import ModuleType

compiled: ModuleType | None
try:
    from . import _kernels

    compiled = _kernels
except ImportError:
    compiled = None
