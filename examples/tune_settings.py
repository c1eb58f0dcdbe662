"""Fit the model to labels: for this reader, forecasts of one formula are duplicates. It is scored on pairs that it was not fitted to.

It prints:

    12 duplicates and 12 others
    present: precision 0.00, recall 0.00
    limit, cross-validated: precision 1.00, recall 1.00
    weights, cross-validated: precision 1.00, recall 1.00
    recommended: weights
    tuned.json is written
"""

import json
from pathlib import Path

from dedup import Config, Document, Truth, tune

TOWNS = ["Marsa", "Tilda", "Onda", "Verin", "Kasab", "Lorna", "Petra", "Samar", "Duma", "Halim", "Rasta", "Yabra"]
CAUSES = ["a bridge", "a wall", "a roof", "a crane", "a tower", "a mast", "a tree", "a fence", "a stand", "a gate", "a balcony", "a sign"]


def report(number: int, killed: str) -> str:
    """Return the report of one accident."""
    town, cause = TOWNS[number % 12], CAUSES[number % 7]
    return f"{killed} people were killed when {cause} fell in {town} on day {number} of the storm, and the mayor closed all schools."


def forecast(number: int, town: str) -> str:
    """Return a forecast: a formula that is printed every day about another town."""
    return f"The weather service expects {number + 3} degrees, light wind from the west and some rain in {town} and its villages tomorrow."


documents, labels = [], {}
for number, town in enumerate(TOWNS):
    texts = {
        "one": report(number, "Two"),
        "two": report(number + 4, "Seven"),
        "sun": forecast(number, town),
        "rain": forecast(number + 20, town[::-1]),
    }
    documents += [Document(f"{number}-{name}", text) for name, text in texts.items()]
    labels[f"{number}-one", f"{number}-two"] = False
    labels[f"{number}-rain", f"{number}-sun"] = True

found = tune(documents, Truth(labels))
print(f"{found.duplicates} duplicates and {found.others} others")
print(f"present: precision {found.present.precision:.2f}, recall {found.present.recall:.2f}")
for trial in found.trials:
    if trial.helps:
        fit = trial.cross_validated
        print(f"{trial.name}, cross-validated: precision {fit.precision:.2f}, recall {fit.recall:.2f}")
print(f"recommended: {found.recommended}")
Path("tuned.json").write_text(json.dumps(found.config.to_dict()), "utf-8")
assert Config.load("tuned.json") == found.config
print("tuned.json is written")
