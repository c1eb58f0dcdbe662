"""Follow one text through its versions: each fact in every version, alarms, and the ledger as a file for a spreadsheet.

It prints:

    4 versions, 3 different texts
    number (Police held  7  men in Marsa): 9, 12, 7
    negation (The port is  open ): open, closed, open
    alarm at 14:00: fell: 12 -> 7
    alarm at 14:00: outcome: closed -> open
    alarm at 14:00: returned: The port is open. -> The port is open.
    alarm at 09:30: outcome: open -> closed
    facts.csv is written
"""

from pathlib import Path

from reports import Version, compare_versions, render

VERSIONS = {
    "08:00": "Police held 9 men in Marsa. The port is open.",
    "09:30": "Police held 12 men in Marsa. The port is closed.",
    "11:00": "Police held 12 men in Marsa. The port is closed.",
    "14:00": "Police held 7 men in Marsa. The port is open.",
}

timeline = compare_versions([Version(time, text, time=time) for time, text in VERSIONS.items()])
print(f"{len(timeline.versions)} versions, {len(timeline.states)} different texts")
for fact in timeline.ledger:
    cells = [cell.text if cell else "-" for cell in fact.cells]
    print(f"{fact.kind} ({' '.join(fact.context)}): {', '.join(cells)}")
for alarm in timeline.alarms:
    print(f"alarm at {timeline.version(alarm.state).id}: {alarm.kind}: {alarm.a} -> {alarm.b}")
Path("facts.csv").write_text(render(timeline, "csv"), encoding="utf-8")
print("facts.csv is written")
