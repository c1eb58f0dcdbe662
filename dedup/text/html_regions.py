"""Regions of a page that may be left out, as their elements, roles and classes tell: menus, share boxes, captions and the like."""

from __future__ import annotations

import re
from functools import lru_cache

# Why a region is left out, and the share of the whole text from which on it is none of these after all, but holds the text.
HIDDEN, MENU, FORM, ASIDE, SHARE, RELATED, CAPTION, BYLINE, COMMENTS, ADVERT, FOOTER = range(11)
KINDS = (
    "hidden parts",
    "menus",
    "forms",
    "sidebars",
    "share boxes",
    "links to other articles",
    "captions",
    "bylines",
    "comments",
    "advertisements",
    "headers and footers",
)
LIMITS = (1.1, 0.3, 0.2, 0.35, 0.3, 0.4, 0.3, 0.3, 0.8, 0.3, 0.4)
_HIDDEN = (
    *("template", "svg", "math", "canvas", "object", "audio", "video", "map", "select", "datalist", "button", "textarea", "iframe"),
    *("script", "style"),
)
_ELEMENTS = {
    **dict.fromkeys(_HIDDEN, HIDDEN),
    "nav": MENU,
    "menu": MENU,
    "form": FORM,
    "aside": ASIDE,
    "footer": FOOTER,
    "figcaption": CAPTION,
    "noscript": HIDDEN,
}
_ROLES = {
    "navigation": MENU,
    "menu": MENU,
    "menubar": MENU,
    "toolbar": SHARE,
    "search": FORM,
    "complementary": ASIDE,
    "contentinfo": FOOTER,
    "banner": FOOTER,
    "dialog": ADVERT,
    "alertdialog": ADVERT,
    "author": BYLINE,
    "tablist": MENU,
}
_CLASSES = {  # the order decides where a class has words of several
    SHARE: """
        share shares sharing sharebar sharebox sharebuttons sharebutton social socials sharedaddy addthis addtoany a2a
        sns follow sharethis tools toolbar print
    """,
    RELATED: """
        related relateds readalso recommend recommended recommendations outbrain taboola trending popular
        mostread seealso relatedposts suggested suggestions teaser teasers mustread morenews read-more read-also
        read-next more-news more-stories more-from most-read most-viewed see-also
    """,
    CAPTION: """
        caption captions legend credit credits wp-caption-text figcaption photographer copyright
    """,
    BYLINE: """
        byline bylines author authors dateline timestamp entry-meta post-meta article-meta postmeta pubdate post-date
        entry-date meta-info
    """,
    COMMENTS: """
        comment comments disqus respond commentlist replies
    """,
    ADVERT: """
        ad ads adv advert adverts advertisement advertising sponsor sponsored promo promos promotion newsletter
        newsletters subscribe subscription cookie cookies consent gdpr popup modal overlay banner banners
        donate signup
    """,
    MENU: """
        nav navbar navigation menu menus breadcrumb breadcrumbs pagination pager toc tags taglist tagcloud keywords
        categories skip-link screen-reader-text sr-only visually-hidden topbar lang langs mw-editsection jump-link
        catlinks interlanguage printfooter sitesub
    """,
    ASIDE: """
        sidebar widget widgets rail aside
    """,
    FOOTER: """
        footer foot masthead colophon
    """,
}
_HINT = re.compile("|".join(f"(?P<k{kind}>(?<![a-z])(?:{'|'.join(words.split())})(?![a-z]))" for kind, words in _CLASSES.items()))
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
HINTED = re.compile(r"class|id\s*=|role|rel\s*=|itemprop|hidden|style|href", re.IGNORECASE)
_NEVER = frozenset(("html", "body", "main", "article", "h1", "title"))  # elements that no class makes furniture
LONGEST_HINT = 500  # characters of a class that are looked at
_PROPERTIES = {"author": BYLINE, "datepublished": BYLINE, "datemodified": BYLINE, "caption": CAPTION, "copyrightholder": CAPTION}


@lru_cache(1 << 12)
def _reason_of_class(words: str) -> int | None:
    found = _HINT.search(_CAMEL.sub("-", words).lower().replace("_", "-")) if len(words) > 1 else None
    return int(str(found.lastgroup)[1:]) if found else None


def reason_of(name: str, attributes: dict[str, str]) -> int | None:
    """Return why an element may be left out, from its name and its attributes."""
    if name in _NEVER:
        return None
    if name in _ELEMENTS:
        return _ELEMENTS[name]
    if attributes.get("rel", "").lower() == "author":
        return BYLINE
    if (prop := attributes.get("itemprop", "").lower()) in _PROPERTIES:
        return _PROPERTIES[prop]
    style = attributes.get("style", "").replace(" ", "").lower() if "style" in attributes else ""
    if "display:none" in style or "visibility:hidden" in style:
        return HIDDEN
    if (role := attributes.get("role", "").lower()) in _ROLES:
        return _ROLES[role]
    return _reason_of_class(f"{attributes.get('class', '')} {attributes.get('id', '')}"[:LONGEST_HINT])
