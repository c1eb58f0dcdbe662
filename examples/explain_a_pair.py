"""Explain a pair: why two texts are duplicates or not, question by question, with the numbers and the limits.

It prints:

    new and old: revision
    proposed by lsh and fingerprint
    longest common run: people were killed when the old bridge of marsa fell on monday night during the flood the city council said
     no  same words in the same order: False
    yes  words of the shorter text: 21 (limit 6)
    yes  proposed by a channel: ('lsh', 'fingerprint')
    yes  Jaccard: alike as a whole: 0.90 (limit 0.5)
    yes  containment both ways: 0.95 (limit 0.5)
    yes  containment: one holds the other: 0.95 (limit 0.5)
    yes  words of its own, and twice what is swapped: 0.09 (limit 0.4)
    yes  share that does not recur: 1.00 (limit 0.1)
     no  one report in other words: 0.00
    yes  a passage: 0.95 (limit 0.2)
"""

from dedup import Document, explain

OLD = "Two people were killed when the old bridge of Marsa fell on Monday night during the flood, the city council said."
NEW = "Three people were killed when the old bridge of Marsa fell on Monday night during the flood, the city council said."

found = explain([Document("old", OLD), Document("new", NEW)], "old", "new")
print(f"{found.a.id} and {found.b.id}: {found.relation}")
print("proposed by", " and ".join(found.candidate.by))
print("longest common run:", found.measures.longest_run.text)
for step in found.steps:
    value = f"{step.value:.2f}" if isinstance(step.value, float) else step.value
    limit = "" if step.limit is None else f" (limit {step.limit:g})"
    print(f"{'yes' if step.holds else 'no':>3}  {step.question}: {value}{limit}")
