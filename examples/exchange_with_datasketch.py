"""Exchange sketches with datasketch: ours become its MinHash, its MinHash becomes ours, and both are equal bit for bit.

It prints:

    equal: True
    like a: a, b
    Jaccard of a and b by estimate: 0.88
"""

from datasketch import MinHash, MinHashLSH

from dedup import Config
from dedup.sketch.minhash import from_datasketch, signatures, to_datasketch
from dedup.sketch.shingle import hash_words, shingle, sketch_hash

CONFIG = Config()
TEXTS = {
    "a": "Four people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed.",
    "b": "Seven people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed.",
    "c": "Rain is expected in the northern provinces from Tuesday on, the weather service of the capital said in its bulletin.",
}

ours = signatures(shingle(hash_words(list(TEXTS.values())), CONFIG.shingle_words), CONFIG.num_perm, CONFIG.seed)
sketches = {name: to_datasketch(row, CONFIG.seed) for name, row in zip(TEXTS, ours, strict=True)}

# The same with datasketch alone, from shingles of three words.
words = TEXTS["a"].split()
theirs = MinHash(CONFIG.num_perm, seed=CONFIG.seed, scheme="affine32", hashfunc=lambda shingle: sketch_hash(shingle.decode()))
for place in range(len(words) - 2):
    theirs.update(" ".join(words[place : place + 3]).encode())
print("equal:", (from_datasketch(theirs, CONFIG.seed) == ours[0]).all())

lsh = MinHashLSH(threshold=CONFIG.threshold, num_perm=CONFIG.num_perm)
for name, sketch in sketches.items():
    lsh.insert(name, sketch)
print("like a:", ", ".join(sorted(lsh.query(sketches["a"]))))
print(f"Jaccard of a and b by estimate: {sketches['a'].jaccard(sketches['b']):.2f}")
