"""Write the reference, the pages of docs/reference, from the code.

    python docs/generate.py           writes the pages
    python docs/generate.py --check   fails where the pages are not what the code says

The modules of ``docs/reference_pages`` make one page each.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from reference_pages.commands import commands_page
from reference_pages.errors import errors_page
from reference_pages.formats import formats_page
from reference_pages.markdown import FOLDER
from reference_pages.modules import modules_page
from reference_pages.objects import objects_page
from reference_pages.settings import settings_page

PAGES = {
    "commands.md": commands_page,
    "settings.md": settings_page,
    "schemas.md": objects_page,
    "errors.md": errors_page,
    "formats.md": formats_page,
    "modules.md": modules_page,
}


def pages() -> dict[str, str]:
    """Return the text of each page, by the name of its file."""
    return {name: "\n".join(page()).rstrip("\n") + "\n" for name, page in PAGES.items()}


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` say which are old."""
    if arguments not in ([], ["--check"]):
        print("usage: python docs/generate.py [--check]", file=sys.stderr)
        return 2
    made = pages()
    old = [name for name, text in made.items() if not (FOLDER / name).exists() or (FOLDER / name).read_bytes() != text.encode()]
    for name in old:
        if arguments:
            print(f"docs/reference/{name} is not what the code says: run python docs/generate.py", file=sys.stderr)
        else:
            (FOLDER / name).write_bytes(made[name].encode())
    return 1 if arguments and old else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
