"""Filter a feed before a search index: what is new goes in, a copy does not, a report with new facts takes the place of the old one.

It prints:

    index 1
    index 2
    skip 3, which repeats 1
    update 1 with 4: killed, Marsa: 4 → 7 (+3)
    the search index holds 2, 4
"""

from dedup import Document, Gate, Index
from reports import news

MORNING = "Four people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed."
FEED = {
    "1": MORNING,
    "2": "Rain is expected in the northern provinces from Tuesday on, the weather service of the capital said in its bulletin.",
    "3": MORNING.upper(),
    "4": MORNING.replace("Four", "Seven"),
}


def english_news(old: str, new: str) -> tuple[str, ...] | None:
    """Say in English what is new; None means nothing, and the text is skipped."""
    return news(old, new, lang="en")


search_index: dict[str, str] = {}
with Index.open(":memory:") as index:
    gate = Gate(index, news=english_news)
    for document, decision in gate.stream(Document(name, text) for name, text in FEED.items()):
        if decision.action == "index":
            search_index[document.id] = document.text
            print("index", document.id)
        elif decision.action == "update":
            del search_index[str(decision.of)]
            search_index[document.id] = document.text
            print(f"update {decision.of} with {document.id}: {'; '.join(decision.digest or ())}")
        else:
            print(f"skip {document.id}, which repeats {decision.of}")
print("the search index holds", ", ".join(search_index))
