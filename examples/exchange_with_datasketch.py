"""Exchange sketches with datasketch: ours become its MinHash, its MinHash becomes ours, and both are equal bit for bit.

It prints:

    equal: True
    Jaccard of a and b by estimate: 0.88
    like a: a, b
"""

from datasketch import MinHash

from dedup import Config, Document, Index, from_minhash, minhash_lsh, to_minhash
from dedup.sketch.shingle import sketch_hash

TEXTS = {
    "a": "Four people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed.",
    "b": "Seven people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed.",
    "c": "Rain is expected in the northern provinces from Tuesday on, the weather service of the capital said in its bulletin.",
}

# The same sketch by us, and by datasketch alone from shingles of three words.
ours = to_minhash(TEXTS["a"])
theirs = MinHash(Config().num_perm, seed=Config().seed, scheme="affine32", hashfunc=lambda shingle: sketch_hash(shingle.decode()))
words = TEXTS["a"].split()
for place in range(len(words) - 2):
    theirs.update(" ".join(words[place : place + 3]).encode())
print("equal:", (from_minhash(theirs) == from_minhash(ours)).all())
print(f"Jaccard of a and b by estimate: {ours.jaccard(to_minhash(TEXTS['b'])):.2f}")

# Everything that an index holds, as a MinHashLSH of datasketch.
with Index.open(":memory:") as index:
    index.add(Document(name, text) for name, text in TEXTS.items())
    found = minhash_lsh(index).query(to_minhash(TEXTS["a"], index.config))
print("like a:", ", ".join(sorted(found)))
