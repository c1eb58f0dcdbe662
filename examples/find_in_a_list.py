"""Find near-duplicates in a list of texts: how two texts relate, and which one to keep.

It prints:

    0 and 1: revision
    0 and 2: contained-in
    1 and 2: contained-in
    keep 2 of 0, 1, 2
"""

from dedup import find_duplicates

TEXTS = [
    "Two people were killed when the old bridge of Marsa fell on Monday night, the police said.",
    "Three people were killed when the old bridge of Marsa fell on Monday night, the police said.",
    "Three people were killed when the old bridge of Marsa fell on Monday night, the police said. Two cars are still in the river. "
    "Divers look for a driver of whom nobody has heard since.",
    "The harbour of Tilda stays closed for large ships until the end of March, its owner announced.",
]

result = find_duplicates(TEXTS)  # strings are named by their places
for match in result.matches:
    print(f"{match.a.id} and {match.b.id}: {match.relation}")
for cluster in result.clusters:
    print(f"keep {cluster.canonical} of {', '.join(cluster.members)}")
