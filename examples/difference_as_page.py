"""Show what changed between two versions of a text, as a list, as a digest, and as a page that opens from disk without a network.

It prints:

    number: 15 -> 17
    time: الاثنين -> الثلاثاء
    killed: 15 → 17 (+2)
    time: الاثنين → الثلاثاء — “قتل 17 شخصا في انهيار مبنى سكني مساء الثلاثاء”
    changes.html is written
"""

from pathlib import Path

from reports import compare, news, render

OLD = "قتل 15 شخصا في انهيار مبنى سكني مساء الاثنين. وقال الدفاع المدني إن البحث مستمر."
NEW = "قتل 17 شخصا في انهيار مبنى سكني مساء الثلاثاء. وقال الدفاع المدني إن البحث مستمر."

comparison = compare(OLD, NEW)
for change in comparison.changes:
    old, new = (side.of(text) if side else "" for side, text in ((change.a, OLD), (change.b, NEW)))
    print(f"{change.kind}: {old} -> {new}")
print(*(news(OLD, NEW, lang="en") or ()), sep="\n")
Path("changes.html").write_text(render(comparison, "html"), encoding="utf-8")
print("changes.html is written")
