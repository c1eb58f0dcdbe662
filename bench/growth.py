"""Draw how the time and the memory of ``dedup find`` grow: python bench/growth.py PICTURE.svg FEED.jsonl [MORE.jsonl ...]

Each feed is searched by a process of its own, three times in turn with the others; medians are drawn, on scales of which every step is
ten times the last one, so that growth in proportion is a straight line as steep as the grey one. POSIX only (``os.wait4``).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from speed import OURS, count, run

_ROUNDS = 3
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM, _GAP = 720, 300, 56, 28, 40, 64
_STYLE = """
text{font:13px system-ui,sans-serif;fill:#333}.axis{stroke:#999}.even{stroke:#bbb;stroke-dasharray:4}
.line{fill:none;stroke:#0b6e4f;stroke-width:2}
circle{fill:#0b6e4f}@media(prefers-color-scheme:dark){text{fill:#ddd}.line{stroke:#5fd0a8}circle{fill:#5fd0a8}.even{stroke:#666}}
"""


def measured(files: Sequence[str]) -> list[tuple[int, float, float]]:
    """Return for each feed its records, and the median seconds and MB of a search."""
    runs: dict[str, list[tuple[float, float, int]]] = {file: [] for file in files}
    for _ in range(_ROUNDS):
        for file in files:
            runs[file].append(run(OURS, file))
    return sorted((count(file), median(each[0] for each in found), median(each[1] for each in found)) for file, found in runs.items())


def _panel(left: float, width: float, title: str, points: Sequence[tuple[float, float]]) -> list[str]:
    """Return the elements of one plot."""
    logs = [(math.log10(x), math.log10(y)) for x, y in points]
    low_x, high_x, low_y, high_y = (pick(each[axis] for each in logs) for axis in (0, 1) for pick in (min, max))
    low_y, high_y = math.floor(low_y), max(math.ceil(high_y), math.floor(low_y) + 1)
    height = _HEIGHT - _TOP - _BOTTOM

    def at(x: float, y: float) -> tuple[float, float]:
        return left + (x - low_x) / (high_x - low_x) * width, _TOP + (high_y - y) / (high_y - low_y) * height

    bottom = _TOP + height
    found = [f'<text x="{left}" y="16">{title}</text>', f'<path class="axis" d="M{left} {_TOP}V{bottom}H{left + width}" fill="none"/>']
    for power in range(low_y, high_y + 1):
        _, y = at(low_x, power)
        found.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:,g}</text>')
    for (x, _), (logarithm, _) in zip(points, logs, strict=True):
        place, _ = at(logarithm, low_y)
        found.append(f'<text x="{place:.1f}" y="{bottom + 20}" text-anchor="middle">{x / 1000:,.0f}k</text>')
    (first_x, first_y), (last_x, _) = logs[0], logs[-1]
    even = [at(first_x, first_y), at(min(last_x, first_x + high_y - first_y), min(high_y, first_y + last_x - first_x))]
    found.append('<path class="even" d="M{:.1f} {:.1f}L{:.1f} {:.1f}"/>'.format(*even[0], *even[1]))
    places = [at(*each) for each in logs]
    found.append(f'<path class="line" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in places)}"/>')
    found += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in places]
    return found


def picture(rows: Sequence[tuple[int, float, float]]) -> str:
    """Return the picture of both plots as SVG."""
    width = (_WIDTH - _LEFT - _GAP) / 2 - 16
    parts = _panel(_LEFT, width, "seconds, by documents", [(size, seconds) for size, seconds, _ in rows])
    parts += _panel(_LEFT + width + _GAP, width, "MB of memory, by documents", [(size, memory) for size, _, memory in rows])
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="time and memory by documents">'
    return f"{head}<style>{_STYLE}</style>{''.join(parts)}</svg>\n"


def main() -> None:
    out, *files = sys.argv[1:]
    rows = measured(files)
    print("| documents | seconds | documents a second | peak memory | KB a document |\n|---:|---:|---:|---:|---:|")
    for size, seconds, memory in rows:
        print(f"| {size:,} | {seconds:.2f} | {size / seconds:,.0f} | {memory:,.0f} MB | {memory * 1024 / size:.1f} |")
    exponent = math.log(rows[-1][1] / rows[0][1]) / math.log(rows[-1][0] / rows[0][0])
    print(f"\ntime grows as the {exponent:.2f}th power")
    Path(out).write_text(picture(rows), "utf-8")


if __name__ == "__main__":
    main()
