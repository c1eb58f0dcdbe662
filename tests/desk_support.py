"""A server of the desk as a process of its own, for the tests."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from browser_support import without_scripts
from command_support import PATIENCE, start_command

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Visit = Callable[..., "Page"]

NEEDED = "multipart", "prometheus_client", "starlette", "uvicorn"


@dataclass(frozen=True, slots=True)
class Desk:
    """A server that runs: its address without a path, and its token."""

    base: str
    token: str

    def at(self, path: str = "/") -> str:
        """Return the address that opens a page in a browser that was not here before."""
        return f"{self.base}{path}{'&' if '?' in path else '?'}token={self.token}"

    def send(self, path: str, value: Mapping[str, Any] | list[Mapping[str, Any]]) -> Any:
        """Send an object to the service, and return its answer."""
        return self._ask(path, json.dumps(value).encode())

    def read(self, path: str) -> Any:
        """Return what the service answers."""
        return self._ask(path, None)

    def _ask(self, path: str, body: bytes | None) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(f"{self.base}{path}", body, headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)


@contextmanager
def desk(folder: Path, *options: str) -> Iterator[Desk]:
    """Yield a server on an index in a folder, at a port that was free; skip where what it needs is not installed."""
    for name in NEEDED:
        pytest.importorskip(name.replace("multipart", "python_multipart"), reason=f"dedup serve needs {name}")
    with start_command("serve", "--index", str(folder / "index.db"), "--port", "0", "--quiet", *options) as process:
        assert process.stdout is not None
        address = process.stdout.readline().decode().strip()
        try:
            base, _, token = address.partition("/?token=")
            assert base.startswith("http://127.0.0.1:"), address
            yield Desk(base, token)
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


class visits:
    """Opens pages of a desk as new readers do, and closes them; fails on errors of scripts, and on requests for anything elsewhere."""

    def __init__(self, browser: Browser, served: Desk):
        self._browser, self._served = browser, served
        self._contexts: list[Any] = []
        self._trouble: list[str] = []

    def __enter__(self) -> Visit:
        return self._open

    def _open(self, path: str = "/", *, width: int = 1280, lang: str = "en", scripts: bool = True, known: bool = True, **more: Any) -> Page:
        context = self._browser.new_context(viewport={"width": width, "height": 720}, locale=lang, **more)
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        host = urlsplit(self._served.base).netloc
        page.on("console", lambda message: self._note(message.text))
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("dialog", lambda dialog: (self._note(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: urlsplit(request.url).netloc == host or self._note(request.url))
        if not scripts:
            without_scripts(page)
        page.goto(self._served.at(path) if known else self._served.base + path)
        return page

    def _note(self, text: str) -> None:
        if "Failed to load resource" not in text and "ERR_FAILED" not in text:  # an answer that says what is wrong
            self._trouble.append(text)

    def __exit__(self, kind: object, *rest: object) -> None:
        for context in self._contexts:
            context.close()
        assert kind is not None or self._trouble == []


def check_with_axe(page: Page) -> None:
    """Fail on what axe finds serious."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed").Axe()
    found = axe.run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found if each["impact"] in ("serious", "critical")] == []
