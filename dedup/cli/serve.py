"""``dedup serve``."""

from __future__ import annotations

import logging
import sys

import click

from ..errors import ConfigError
from .options import exit_statuses, lang_option


@click.command(epilog=exit_statuses())
@click.option("--index", metavar="INDEX", help="The index: a file, or the address of a server. Without one, it is gone at the end.")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="The port; 0 for any that is free.")
@click.option("--allow-host", "hosts", multiple=True, metavar="NAME", help="A further name by which browsers may ask; may be repeated.")
@click.option("--token-file", metavar="FILE", help="Tokens, a line each: read TOKEN or write TOKEN. Needed where others can reach it.")
@click.option("--proxy", metavar="ADDRESS=HEADER", help="Trust a proxy at that address, which says in that header who asks.")
@click.option("--watch", multiple=True, metavar="FOLDER|FEED", help="Take in files as they appear, or a feed; may be repeated.")
@click.option("--every", type=float, default=300, show_default=True, metavar="SECONDS", help="Seconds between two looks at a feed.")
@lang_option
@click.option("--quiet", is_flag=True, help="No line of JSON on standard error for each request.")
def serve(
    index: str | None,
    host: str,
    port: int,
    hosts: tuple[str, ...],
    token_file: str | None,
    proxy: str | None,
    watch: tuple[str, ...],
    every: float,
    lang: str | None,
    quiet: bool,
) -> int:
    """Open the desk for editors, and a service for pipelines, on an index; print the address to open.

    It listens to this machine alone, unless --host says otherwise, and looks at nothing but what --watch names. The service is described
    at /v1/openapi.json. A signal ends it, after what is under way.

    \b
    Examples:
      dedup serve
      dedup serve --index seen.db --watch incoming --watch https://example.org/feed.xml
      dedup serve --index postgresql://user@host/database --host 0.0.0.0 --token-file tokens.txt
    """
    try:
        from ..serve import ServeSettings
        from ..serve import serve as run
        from ..serve.access import host_names
    except ImportError as error:
        raise ConfigError(f"dedup serve needs {error.name}: pip install 'bulletin-dedup[serve]'") from error

    settings = ServeSettings(index, host, port, host_names(hosts), token_file, proxy, lang, watch, every)
    shown = logging.StreamHandler(sys.stderr)
    shown.setFormatter(logging.Formatter("%(message)s"))
    access, own = logging.getLogger("dedup.serve.access"), logging.getLogger("dedup.serve")
    own.addHandler(shown)
    own.setLevel(logging.INFO)
    access.setLevel(logging.WARNING if quiet else logging.INFO)

    def told(address: str) -> None:
        click.echo(address)
        sys.stdout.flush()

    run(settings, told)
    return 0
