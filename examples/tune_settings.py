"""Choose settings by labels: thousands are tried on labelled pairs, and the best ones are scored on pairs that they were not chosen on.

It prints:

    12 duplicates and 12 others, 6,300 settings tried
    present: precision 0.86, recall 1.00
    recommended: precision 1.00, recall 1.00
    cross-validated: precision 1.00, recall 1.00
"""

from dedup import Document, Truth, tune

TOWNS = ["Marsa", "Tilda", "Onda", "Verin", "Kasab", "Lorna", "Petra", "Samar", "Duma", "Halim", "Rasta", "Yabra"]
CAUSES = ["a bridge", "a wall", "a roof", "a crane", "a tower", "a mast", "a tree", "a fence", "a stand", "a gate", "a balcony", "a sign"]


def report(number: int, killed: str) -> str:
    """Return the report of one accident."""
    town, cause = TOWNS[number], CAUSES[number]
    return (
        f"{killed} people were killed when {cause} fell in {town} on day {number} of the storm, and the mayor of {town} closed all schools."
    )


def forecast(number: int, town: str) -> str:
    """Return a forecast: a formula that is printed every day about another town."""
    return f"The weather service expects {number + 3} degrees, light wind from the west and some rain in {town} and its villages tomorrow."


documents, labels = [], {}
for number, town in enumerate(TOWNS):
    texts = {
        "old": report(number, "Two"),
        "new": report(number, "Three"),
        "sun": forecast(number, town),
        "rain": forecast(number + 20, town[::-1]),
    }
    documents += [Document(f"{number}-{name}", text) for name, text in texts.items()]
    labels[f"{number}-new", f"{number}-old"] = True
    labels[f"{number}-rain", f"{number}-sun"] = False

found = tune(documents, Truth(labels))
print(f"{found.duplicates} duplicates and {found.others} others, {found.tried:,} settings tried")
for name, fit in (("present", found.present), ("recommended", found.recommended), ("cross-validated", found.cross_validated)):
    print(f"{name}: precision {fit.precision:.2f}, recall {fit.recall:.2f}")
