"""MinHash: signatures of sets of shingles, bit for bit those of datasketch's ``affine32`` scheme.

Broder, "On the resemblance and containment of documents", 1997; the permutations are those of datasketch 2.0
(``MinHash(num_perm, seed=seed, scheme="affine32")``), so signatures can be exchanged with it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import kernels
from ..arrays.ragged import Array, Ragged
from ..errors import ConfigError

if TYPE_CHECKING:
    from datasketch import MinHash


EMPTY = 0xFFFFFFFF
"""Every value of the signature of a text without shingles."""


@lru_cache(maxsize=8)
def permutations(num_perm: int, seed: int) -> tuple[Array, Array]:
    """Return the odd factors ``a`` and the summands ``b`` of the permutations ``h -> a * h + b`` modulo 2**32, uint32 each."""
    drawn = np.array(_mersenne(seed, 2 * num_perm), np.uint32)
    return drawn[:num_perm] * np.uint32(2) + np.uint32(1), drawn[num_perm:]


def _mersenne(seed: int, count: int) -> list[int]:
    """Return the first 32-bit numbers of ``numpy.random.RandomState(seed)``. This saves the time that numpy takes to load its generators.

    Matsumoto, Nishimura, "Mersenne Twister", 1998.
    """
    state = [seed]
    for place in range(1, 624):
        state.append((1812433253 * (state[-1] ^ state[-1] >> 30) + place) & 0xFFFFFFFF)
    found = []
    for number in range(count):
        place = number % 624
        joined = (state[place] & 0x80000000) | (state[(place + 1) % 624] & 0x7FFFFFFF)
        state[place] = state[(place + 397) % 624] ^ joined >> 1 ^ (0x9908B0DF if joined & 1 else 0)
        value = state[place] ^ state[place] >> 11
        value ^= value << 7 & 0x9D2C5680
        value ^= value << 15 & 0xEFC60000
        found.append(value ^ value >> 18)
    return found


def signatures(shingles: Ragged, num_perm: int, seed: int) -> Array:
    """Return the signatures of all rows, uint32 of shape ``(rows, num_perm)``.

    All values of an empty row are `EMPTY`.
    """
    return kernels.engine().sign(shingles, *permutations(num_perm, seed))


def to_datasketch(signature: Array, seed: int) -> MinHash:
    """Return one signature, shape ``(num_perm,)``, as a datasketch ``MinHash`` with the hash function of this project."""
    from datasketch import MinHash

    from .shingle import sketch_hash

    options: dict[str, Any] = {"scheme": "affine32", "hashfunc": lambda shingle: sketch_hash(shingle.decode())}
    return MinHash(num_perm=len(signature), seed=seed, hashvalues=signature.copy(), **options)


def from_datasketch(sketch: MinHash, seed: int) -> Array:
    """Return the signature, uint32 of shape ``(num_perm,)``, of a datasketch ``MinHash`` that was made with `sketch_hash` and this seed.

    Raises `ConfigError` if it was made with other permutations.
    """
    scheme = getattr(sketch, "scheme", None)
    if scheme != "affine32" or sketch.seed != seed:
        what = f"a MinHash of scheme {scheme} and seed {sketch.seed} cannot be compared"
        raise ConfigError(f"{what}; make it with scheme affine32 and seed {seed}")
    return np.array(sketch.hashvalues, np.uint32)
