"""``dedup serve``."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from ..errors import ConfigError
from .groups import grouped
from .options import exit_statuses, lang_option
from .window_option import keep_for_option

if TYPE_CHECKING:
    from ..serve import ServeSettings


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What a server is told. The fields are those of `dedup.serve.ServeSettings`, and ``quiet`` for no line for each request."""

    index: str | None
    host: str
    port: int
    allowed_hosts: tuple[str, ...]
    token_file: str | None
    proxy: str | None
    watch: tuple[str, ...]
    every: float
    lang: str | None
    quiet: bool
    keep_for: float | None

    def settings(self) -> ServeSettings:
        """Return them as settings. Raises `ConfigError`."""
        from ..serve import ServeSettings
        from ..serve.access import host_names

        told = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "quiet"}
        return ServeSettings(**{**told, "allowed_hosts": host_names(self.allowed_hosts)})


@click.command(epilog=exit_statuses())
@click.option("--index", metavar="INDEX", help="The index: a file, or the address of a server. Without one, it is gone at the end.")
@keep_for_option
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="The port; 0 for any that is free.")
@click.option(
    "--allow-host", "allowed_hosts", multiple=True, metavar="NAME", help="A further name for browsers to ask by; may be repeated."
)
@click.option("--token-file", metavar="FILE", help="Tokens, a line each: read TOKEN or write TOKEN. Needed where others can reach it.")
@click.option("--proxy", metavar="ADDRESS=HEADER", help="Trust a proxy at that address, which says in that header who asks.")
@click.option("--watch", multiple=True, metavar="PLACE", help="Take in a folder, as files appear, or a feed; may be repeated.")
@click.option("--every", type=float, default=300, show_default=True, metavar="SECONDS", help="Seconds between two looks at a feed.")
@lang_option
@click.option("--quiet", is_flag=True, help="No line of JSON on standard error for each request.")
@grouped(asked=ServeOptions)
def serve(asked: ServeOptions) -> int:
    """Open the desk for editors, and a service for pipelines, on an index; print the address to open.

    It listens to this machine alone, unless --host says otherwise, and looks at nothing but what --watch names. The service is described
    at /v1/openapi.json. A signal ends it, after what is under way.

    \b
    Examples:
      dedup serve --index seen.db
      dedup serve --index seen.db --watch incoming --watch https://example.org/feed.xml
      dedup serve --index postgresql://user@host/database --host 0.0.0.0 --token-file tokens.txt
    """
    try:
        from ..serve import serve as run
    except ImportError as error:
        raise ConfigError(f"dedup serve needs {error.name}: pip install 'bulletin-dedup[serve]'") from error

    settings = asked.settings()
    shown = logging.StreamHandler(sys.stderr)
    shown.setFormatter(logging.Formatter("%(message)s"))
    access, own = logging.getLogger("dedup.serve.access"), logging.getLogger("dedup.serve")
    own.addHandler(shown)
    own.setLevel(logging.INFO)
    access.setLevel(logging.WARNING if asked.quiet else logging.INFO)

    def told(address: str) -> None:
        click.echo(address)
        sys.stdout.flush()

    run(settings, told)
    return 0
