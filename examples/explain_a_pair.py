"""Explain a pair: why two texts are duplicates or not, the decisive evidence first, and which words differ.

It prints:

    new and old: revision, decided by the model
    proposed by lsh and fingerprint
    evidence: formula, lead, length, new, new_most, runs, substituted
    bias and points are the log-odds: True
    twelve -> nine
    Three -> Two
    only in new: tuesday, twelve, three, mayor, visit, place, will
"""

import math

from dedup import Document, explain

OLD = """The old bridge of Marsa fell on Monday night during the flood, the city council said. Two people were killed and nine were hurt.
Engineers had warned of cracks in its pillars since the spring, and the road to the harbour stays closed until the end of the week."""
NEW = OLD.replace("Two people", "Three people").replace("nine", "twelve") + " The mayor will visit the place on Tuesday."

found = explain([Document("new", NEW), Document("old", OLD)], "old", "new")
print(f"{found.a.id} and {found.b.id}: {found.relation}, decided by the {found.decided_by}")
print("proposed by", " and ".join(found.candidate.by))
if found.evidence is not None:  # else copies, too few words, or the checks of short texts decide: found.decided_by
    points = {group.name: group.points for group in found.evidence.groups}  # the decisive group first; below 0 speaks against
    print("evidence:", ", ".join(sorted(points)))
    print("bias and points are the log-odds:", math.isclose(found.evidence.bias + sum(points.values()), found.evidence.log_odds))
for exchange in found.words.exchanged:
    print(exchange.a, "->", exchange.b)
print("only in new:", ", ".join(own.word for own in found.words.only_a))
