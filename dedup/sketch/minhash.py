"""MinHash: signatures of sets of shingles, bit for bit those of datasketch's ``affine32`` scheme.

Broder, "On the resemblance and containment of documents", 1997; the permutations are those of datasketch 2.0
(``MinHash(num_perm, seed=seed, scheme="affine32")``), so signatures can be exchanged with it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import kernels
from ..arrays.hashing import shingle
from ..arrays.ragged import Array, Ragged
from ..config import Config
from ..errors import ConfigError
from .shingle import hash_words, sketch_hash

if TYPE_CHECKING:
    from datasketch import MinHash


_SCHEME = "affine32"
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


def to_minhash(of: str | Array, config: Config | None = None) -> MinHash:
    """Return a text, or a signature of shape ``(num_perm,)``, as a datasketch ``MinHash``.

    Its values are those that a search with this ``config`` compares: of the shingles of the whole text, with its ``seed`` and, for a text,
    its ``num_perm`` and ``shingle_words``. More shingles may be added with ``update``, each as its words in UTF-8. Only those with one seed
    and one number of values can be compared; those of an index have the secret seed of ``index.config``.

    >>> to_minhash("Rain is expected in the north.").jaccard(to_minhash("RAIN is expected in the north!"))
    1.0
    """
    from datasketch import MinHash

    config = config or Config()
    values = signatures(shingle(hash_words([of]), config.shingle_words), config.num_perm, config.seed)[0] if isinstance(of, str) else of
    options: dict[str, Any] = {"scheme": _SCHEME, "hashfunc": _hash_bytes}
    return MinHash(num_perm=len(values), seed=config.seed, hashvalues=values.copy(), **options)


def from_minhash(sketch: MinHash, config: Config | None = None) -> Array:
    """Return the signature, uint32 of shape ``(num_perm,)``, of a datasketch ``MinHash`` whose ``hashfunc`` is `sketch_hash`.

    Raises `ConfigError` where it cannot be compared with those of ``config``: its permutations, or their number, are others.

    >>> signature = from_minhash(to_minhash("Rain is expected in the north."))
    >>> signature.shape, signature.dtype.name
    ((128,), 'uint32')
    """
    config = config or Config()
    scheme = getattr(sketch, "scheme", None)
    if scheme != _SCHEME or sketch.seed != config.seed:
        what = f"a MinHash of scheme {scheme} and seed {sketch.seed} cannot be compared"
        raise ConfigError(f"{what}; make it with scheme {_SCHEME} and seed {config.seed}")
    if len(sketch) != config.num_perm:
        raise ConfigError(f"a MinHash of {len(sketch)} values cannot be compared; make it with num_perm={config.num_perm}")
    return np.array(sketch.hashvalues, np.uint32)


def _hash_bytes(text: bytes) -> int:
    """Return the hash of a shingle as datasketch hands it over; a function of a module, so that a ``MinHash`` can be pickled."""
    return sketch_hash(text.decode())
