"""Measure what is found against your own labels: precision, recall, and the pairs that were decided wrongly.

It prints:

    3 labelled pairs: precision 1.00, recall 0.50
    missed: a and d, which are none
"""

from dedup import Document, Truth, evaluate

TEXTS = {
    "a": "Four people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed.",
    "b": "Seven people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed.",
    "c": "Four people were hurt when a train left its rails near Onda on Friday, a speaker of the railway told reporters.",
    "d": "A fallen bridge has cost four lives in the port of Marsa.",
}
# Smaller id first. `dedup.read_truth` reads labels from files.
TRUTH = Truth({("a", "b"): True, ("a", "c"): False, ("a", "d"): True}, labels={("a", "b"): "yes", ("a", "c"): "no", ("a", "d"): "yes"})

scored = evaluate((Document(name, text) for name, text in TEXTS.items()), TRUTH)
print(f"{scored.labelled} labelled pairs: precision {scored.pairs.precision:.2f}, recall {scored.pairs.recall:.2f}")
for pair in scored.missed:
    print(f"missed: {pair.a} and {pair.b}, which are {pair.match.relation if pair.match else 'none'}")
