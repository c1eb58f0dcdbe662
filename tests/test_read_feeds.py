"""Feeds: RSS, Atom and exports of WordPress, also with the faults that feeds have."""

from __future__ import annotations

import pytest
from reading_support import documents_of, said

from dedup import find_duplicates
from dedup.errors import InputError
from dedup.model import Document
from dedup.readers.options import Reading

RAIN = "\u0645\u0637\u0631 \u063a\u0632\u064a\u0631"


def rss(items: str, channel: str = "<title>A paper</title><language>ar</language>", spaces: str = "") -> str:
    return f'<?xml version="1.0"?>\n<rss version="2.0" {spaces}><channel>{channel}{items}</channel></rss>'


def one(data: str | bytes, reading: Reading | None = None) -> Document:
    (found,) = documents_of("rss", data, reading, "feed.xml")
    return found


def test_an_item_of_rss_has_its_fields() -> None:
    found = one(
        rss(
            f"<item><title>{RAIN}</title><link>http://a.example/1</link><guid isPermaLink='false'>g1</guid>"
            "<description>Roads are cut.</description><pubDate>Tue, 02 Jan 2024 10:00:00 EST</pubDate></item>"
        )
    )
    assert (found.id, found.title, found.text, found.url) == ("g1", RAIN, "Roads are cut.", "http://a.example/1")
    assert (found.time, found.source, found.language, found.line) == ("2024-01-02T10:00:00-05:00", "A paper", "ar", 2)


FEEDS = {
    "atom": f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="tr"><title>A paper</title><link rel="self" href="http://a.example/feed"/>
<entry><id>g1</id><title type="html">{RAIN}</title><link rel="self" href="x"/><link href="http://a.example/1"/>
<updated>2024-01-02T10:00:00Z</updated><published>2024-01-01T10:00:00Z</published><summary>Short.</summary>
<content type="text">Roads are cut.</content></entry></feed>""",
    "atom 0.3": f"""<feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="tr"><title>A paper</title>
<entry><id>g1</id><title>{RAIN}</title><link rel="alternate" href="http://a.example/1"/><modified>2024-01-02T10:00:00Z</modified>
<content>Roads are cut.</content></entry></feed>""",
    "rss 1.0": f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="c"><title>A paper</title><dc:language>tr</dc:language></channel>
<item rdf:about="g1"><title>{RAIN}</title><link>http://a.example/1</link><description>Roads are cut.</description>
<dc:date>2024-01-02T10:00:00Z</dc:date></item></rdf:RDF>""",
    "rss 0.9": f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"
xml:lang="tr"><channel><title>A paper</title></channel><item rdf:about="g1"><title>{RAIN}</title><link>http://a.example/1</link>
<description>Roads are cut.</description><pubDate>2024-01-02T10:00:00Z</pubDate></item></rdf:RDF>""",
}
MODULES = (
    f"<item><guid>g1</guid><title>{RAIN}</title><description>Short.</description><content:encoded>Roads are cut.</content:encoded>"
    "<dc:date>2024-01-02T10:00:00Z</dc:date><atom:link href='http://a.example/1'/></item>",
    "<title>A paper</title><language>tr</language>",
)
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:atom="http://www.w3.org/2005/Atom"'
)
FEEDS |= {"rss with modules": rss(*MODULES, SPACES), "undeclared prefixes": rss(*MODULES)}


@pytest.mark.parametrize("name", FEEDS)
def test_feeds_of_all_kinds_say_the_same(name: str) -> None:
    found = one(FEEDS[name])
    assert (found.id, found.title, found.text, found.url) == ("g1", RAIN, "Roads are cut.", "http://a.example/1")
    assert (found.time, found.source, found.language) == ("2024-01-02T10:00:00+00:00", "A paper", "tr")


MARKUP = {
    "<description>&lt;p&gt;One &amp;amp; two&lt;/p&gt;&lt;p&gt;three&lt;/p&gt;</description>": "One & two\n\nthree",
    "<description><![CDATA[<p>One &amp; two</p><p>three</p>]]></description>": "One & two\n\nthree",
    "<description>Plain &amp; simple</description>": "Plain & simple",
    "<description>1 &lt; 2</description>": "1 < 2",
    "<content:encoded></content:encoded><description>b</description>": "b",
    '<body xmlns="http://www.w3.org/1999/xhtml"><p>One</p><p>two</p></body>': "One\n\ntwo",
}


@pytest.mark.parametrize("data", MARKUP)
def test_html_in_a_feed_becomes_text(data: str) -> None:
    assert one(rss(f"<item><guid>1</guid>{data}</item>")).text == MARKUP[data]


def test_xhtml_in_atom_becomes_text_and_addresses_have_their_base() -> None:
    found = one(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://a.example/x/"><entry xml:base="y/"><id>1</id><link href="1.html"/>'
        '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>b</b></div></title>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One &lt; two</p><p>three</p></div></content></entry></feed>'
    )
    assert (found.title, found.text) == ("A b", "One < two\n\nthree")
    assert found.url == "http://a.example/x/y/1.html"


def test_content_elsewhere_and_content_that_is_no_text_are_not_read() -> None:
    for content in (
        '<content src="http://a.example/1"/>',
        '<content type="image/png">aGVsbG8=</content>',
        '<content mode="base64">aGVsbG8=</content>',
    ):
        found = one(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>{content}<summary>Short.</summary></entry></feed>')
        assert found.text == "Short."


def test_a_deleted_entry_withdraws() -> None:
    data = '<feed xmlns="http://www.w3.org/2005/Atom"><at:deleted-entry xmlns:at="urn:a" ref="g1" when="2024-01-02T10:00:00Z"/></feed>'
    found = one(data)
    assert (found.id, found.status, found.text, found.time) == ("g1", "canceled", "", "2024-01-02T10:00:00+00:00")


def test_an_item_that_was_taken_from_another_feed_has_that_source() -> None:
    assert one(rss('<item><guid>1</guid><title>a</title><source url="u">Agency</source></item>')).source == "Agency"
    entry = "<entry><id>1</id><title>a</title><source><title>Q</title></source></entry>"
    assert one(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title>{entry}</feed>').source == "Q"


MORE = "\u0627\u0642\u0631\u0623 \u0627\u0644\u0645\u0632\u064a\u062f"
ENDS = ("[\u2026]", "[...]", "\u2026", "Read more", "Continue reading A title \u2192", MORE)


@pytest.mark.parametrize("end", ENDS)
def test_a_text_that_the_feed_cut_stays_as_it_is_and_is_told_once(end: str) -> None:
    item = f"<item><guid>1</guid><description>Roads are cut {end}</description></item>"
    with said() as lines:
        found = documents_of("rss", rss(item * 2), path="feed.xml")
    assert [each.text for each in found] == [f"Roads are cut {end}"] * 2
    assert lines == ["feed.xml: 2 texts are cut off by the feed, which has summaries only"]


def test_items_without_text_or_id_are_told() -> None:
    with said() as lines:
        found = documents_of("rss", rss("<item><title>a</title></item>\n<item><title>b</title></item><item/>"), path="feed.xml")
    assert [(each.id, each.text) for each in found] == [("feed.xml:2", "a"), ("feed.xml:3", "b")]
    assert lines == [
        "feed.xml: 2 items have no text; the title was read as the text",
        "feed.xml: 2 items have no id and no link; the id is its line",
        "feed.xml: 1 item (1 empty) left out",
    ]


@pytest.mark.parametrize(
    ("title", "source", "text"),
    [
        ("Bridge falls in Marsa - Rain News", "Rain News", "Bridge falls in Marsa"),
        ("Bridge falls in Marsa | RAIN NEWS", "Rain News", "Bridge falls in Marsa"),
        ("Un pont tombe \N{EN DASH} Le Monde du Nord", "Le Monde du Nord", "Un pont tombe"),
        ("انهيار جسر في المرسى - أخبار المطر", "أخبار المطر", "انهيار جسر في المرسى"),
        ("Köprü çöktü - Yağmur - Haber", "Yağmur - Haber", "Köprü çöktü"),
        ("Bridge falls in Marsa - Snow News", "Rain News", None),
        ("Talks with Rain News", "Rain News", None),
        ("Ferry to Al-Rain News", "Rain News", None),
        ("Rain News", "Rain News", None),
        ("- Rain News", "Rain News", None),
    ],
)
def test_the_name_of_its_source_at_the_end_of_a_title_is_no_part_of_the_text(title: str, source: str, text: str | None) -> None:
    item = f"<item><guid>1</guid><title>{title}</title><source url='u'>{source}</source>MORE</item>"
    with said() as lines:
        found = one(rss(item.replace("MORE", "")))
    assert (found.title, found.text, found.source) == (title, text or title, source)
    assert len(lines) == 1 + (text is not None)
    again = f"<description>&lt;a href='u'&gt;{text}&lt;/a&gt;&amp;nbsp;&amp;nbsp;&lt;font&gt;{source}&lt;/font&gt;</description>"
    assert text is None or one(rss(item.replace("MORE", again))).text == text
    assert one(rss(item.replace("MORE", "<description>Rain fell. - Rain News</description>"))).text == "Rain fell. - Rain News"


def test_one_title_of_two_sources_is_found_twice() -> None:
    titles = [f"Four people killed as a bridge falls in Marsa on Monday - {name}" for name in ("Rain News", "The Marsa Times")]
    items = [
        f"<item><guid>{title[-4:]}</guid><title>{title}</title><source>{title.partition(' - ')[2]}</source></item>" for title in titles
    ]
    (match,) = find_duplicates(documents_of("rss", rss("".join(items)))).matches
    assert match.relation == "identical"


def test_faults_of_feeds_are_mended_and_a_feed_that_is_cut_off_is_an_error_behind_its_items() -> None:
    assert one(rss("<item><guid>1</guid><title>AT&T &nbsp;</title><description>a & b</description></item>")).text == "a & b"
    assert one(b"\n" + rss("<item><guid>1</guid><description>caf\u00e9</description></item>").encode("latin-1")).text == "caf\u00e9"
    with pytest.raises(InputError, match=r"feed\.xml:2: broken XML"):
        documents_of("rss", rss("<item><guid>1</guid></item><item><guid>2</guid>")[:-30], path="feed.xml")


WXR = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>A blog</title>
<language>fr-FR</language><wp:wxr_version>1.2</wp:wxr_version><wp:author><wp:author_id>1</wp:author_id></wp:author>
ITEMS</channel></rss>"""


def post(status: str, kind: str = "post", text: str = "Roads are cut.") -> str:
    return (
        f"<item><title>a</title><link>http://a.example/?p=1</link><pubDate>Tue, 30 Nov -0001 00:00:00 +0000</pubDate>"
        f"<guid>g-{status}</guid><description></description><content:encoded><![CDATA[{text}]]></content:encoded>"
        f"<excerpt:encoded><![CDATA[Short.]]></excerpt:encoded><wp:post_id>1</wp:post_id>"
        f"<wp:post_date_gmt>2024-01-02 10:00:00</wp:post_date_gmt><wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type></item>"
    )


def test_an_export_of_wordpress_has_the_statuses_of_its_posts_and_no_attachments() -> None:
    posts = "".join(map(post, ("publish", "draft", "trash", "future", "private")))
    with said() as lines:
        found = documents_of("rss", WXR.replace("ITEMS", posts + post("inherit", "attachment") + post("publish", "nav_menu_item")))
    assert [(each.status, each.text, each.embargo) for each in found] == [
        ("usable", "Roads are cut.", None),
        ("withheld", "Roads are cut.", None),
        ("canceled", "Roads are cut.", None),
        ("withheld", "Roads are cut.", "2024-01-02T10:00:00"),
        ("withheld", "Roads are cut.", None),
    ]
    assert {each.time for each in found} == {"2024-01-02T10:00:00"}
    assert lines == ["a.xml: 2 items (1 attachment, 1 nav_menu_item) left out"]


def test_a_post_that_was_emptied_has_an_empty_text() -> None:
    data = WXR.replace("ITEMS", post("publish", text="")).replace("Short.", "")
    assert documents_of("rss", data)[0].text == ""


def test_pictures_and_players_of_wordpress_are_no_text() -> None:
    text = (
        '<!-- wp:paragraph --><p>Roads are cut.</p><!-- /wp:paragraph -->[caption id="1"]<img src="a"> A road[/caption]\n[gallery ids="1"]'
    )
    assert documents_of("rss", WXR.replace("ITEMS", post("publish", text=text)))[0].text == "Roads are cut."
