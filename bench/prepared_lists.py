"""Make the word lists that a run reads from those that people edit: python bench/prepared_lists.py

Run it from the root after a change of ``dedup/text/data``, of ``dedup/verification/formulas``, of folding, of spellings or of stems. It
writes ``dedup/text/data/prepared`` and ``dedup/verification/formulas.json``, and prints which files have changed. A test compares them
with the lists.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dedup.text.preparing import made_files
from dedup.verification.formula_hashes import made_formulas

PACKAGE = Path(__file__).parents[1] / "dedup"


def write(path: Path, made: Any) -> None:
    """Write what was made as a line of JSON, and say so where the file has changed."""
    content = (json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)
        print(path.relative_to(PACKAGE.parent))


def main() -> None:
    """Write all files."""
    folder = PACKAGE / "text/data/prepared"
    folder.mkdir(exist_ok=True)
    for name, made in made_files():
        write(folder / name, made)
    for left in {*folder.iterdir()} - {folder / name for name, _ in made_files()}:
        left.unlink()
        print(f"{left.relative_to(PACKAGE.parent)}: gone")
    write(PACKAGE / "verification/formulas.json", made_formulas())


if __name__ == "__main__":
    main()
