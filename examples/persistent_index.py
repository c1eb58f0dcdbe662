"""Keep an index on disk: the second run knows what the first one has delivered, and can be asked about any text.

It prints:

    first run: index, index
    second run: skip (seen), skip
    nearest to the question: a, revision, containment 0.81
    cluster of a and c, kept is c
    wrong with the index: nothing
"""

import tempfile
from pathlib import Path

from dedup import Document, Index

BRIDGE = "Four people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed."
RAIN = "Rain is expected in the northern provinces from Tuesday on, the weather service of the capital said in its bulletin."

with tempfile.TemporaryDirectory() as folder:
    path = str(Path(folder) / "seen.db")

    with Index.open(path) as index:
        decisions = index.add([Document("a", BRIDGE), Document("b", RAIN)])
        print("first run:", ", ".join(decision.action for decision in decisions))
    # The with statement ended without an error: what was let through counts as delivered.

    with Index.open(path) as index:
        decisions = index.add([Document("a", BRIDGE), Document("c", BRIDGE.replace("Monday", "Monday night"))])
        shown = [f"{decision.action} ({decision.why})" if decision.why else decision.action for decision in decisions]
        print("second run:", ", ".join(shown))

        best = index.query(BRIDGE.replace("Four", "Nine").replace("bridge", "dam"))[0]
        print(f"nearest to the question: {best.of}, {best.relation}, containment {best.containment_a:.2f}")

        for cluster in index.clusters():
            print(f"cluster of {' and '.join(cluster.members)}, kept is {cluster.canonical}")
        print("wrong with the index:", ", ".join(index.verify()) or "nothing")
