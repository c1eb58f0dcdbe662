"""Find what repeats in one long text: it is cut into headed sections and paragraphs, and two bulletins in it are matched.

It prints:

    day: 6 segments
    line 1 and line 7 (Marsa): revision
    line 3 and line 9 (Tilda): identical
    only in the later bulletin: Onda
"""

from dedup import Document, find_duplicates

TEXT = """Marsa:: Two people were killed when the old bridge fell on Monday night, the police said, and the road is closed.

Tilda:: The harbour stays closed for large ships until the end of March, its owner announced in the morning.

All news of the evening follows here, as far as it has reached us.

Marsa:: Three people were killed when the old bridge fell on Monday night, the police said, and the road is closed.

Tilda:: The harbour stays closed for large ships until the end of March, its owner announced in the morning.

Onda:: The power failed in four villages around noon, and came back two hours later.
"""

# Text files are documents that are segmented; here the text comes from somewhere else.
result = find_duplicates([Document("day", TEXT, segmented=True)])
print(f"day: {result.stats['segments']} segments")
for match in result.matches:
    print(f"line {match.a.line} and line {match.b.line} ({match.a.heading}): {match.relation}")
for pair in result.bulletins:
    print("only in the later bulletin:", ", ".join(segment.heading or "" for segment in pair.only_b))
