"""What exports of WordPress hold besides texts: kinds of posts, and codes in texts."""

from __future__ import annotations

import re

NO_TEXT_TYPES = {
    "attachment",
    "nav_menu_item",
    "revision",
    "custom_css",
    "customize_changeset",
    "oembed_cache",
    "wp_global_styles",
    "wp_template",
    "wp_template_part",
    "wp_navigation",
    "wp_font_family",
    "wp_font_face",
    "user_request",
    "acf-field",
    "acf-field-group",
}
"""The kinds of posts that are no texts: pictures, menus, styles, settings."""
_SHORTCODE = re.compile(r"\[/?(?:caption|gallery|audio|video|playlist|embed)\b[^\[\]<>]{0,500}\]")


def without_shortcodes(text: str) -> str:
    """Return a text of WordPress without the codes that stand for pictures and players, in linear time.

    >>> without_shortcodes('[caption id="1"]<img> A road[/caption]Roads [gallery ids="1,2"]are cut [1].')
    'Roads are cut [1].'
    """
    parts: list[str] = []
    place = 0
    while (start := text.find("[caption", place)) >= 0 and (end := text.find("[/caption]", start)) >= 0:
        parts.append(text[place:start])
        place = end + len("[/caption]")
    return _SHORTCODE.sub("", "".join((*parts, text[place:])))
