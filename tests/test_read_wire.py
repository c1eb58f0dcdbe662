"""Wire formats: NewsML-G2, NewsML 1, NITF and NSML give the right id, version, title, source, time, status and text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from reading_support import documents_of, records_of, said

from dedup.errors import InputError
from dedup.readers.options import Reading
from dedup.readers.records import Record
from dedup.readers.sources import read, read_records

NAR = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'
XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'
RAIN = "\u0647\u0637\u0648\u0644 \u0627\u0644\u0645\u0637\u0631 \u0641\u064a \u062d\u0645\u0635"
FLOOD = "\u0627\u0644\u0633\u064a\u0648\u0644 \u062a\u0642\u0637\u0639 \u0637\u0631\u064a\u0642\u064a\u0646."


def g2_item(
    content: str, status: str = "usable", version: int = 1, meta: str = "", kind: str = "text", guid: str = "urn:newsml:a:1"
) -> str:
    return f"""<newsItem {NAR} guid="{guid}" version="{version}" standard="NewsML-G2" xml:lang="en">
<itemMeta><itemClass qcode="ninat:{kind}"/><provider qcode="nprov:AGENCY"/><versionCreated>2024-01-02T10:00:00+03:00</versionCreated>
<pubStatus qcode="stat:{status}"/>{meta}</itemMeta>
<contentMeta><contentCreated>2024-01-01T09:00:00Z</contentCreated><language tag="ar"/><headline>
 {RAIN}</headline></contentMeta>{content and f"<contentSet>{content}</contentSet>"}</newsItem>"""


def message(*items: str) -> str:
    return f"<newsMessage {NAR}><header><sender>agency.example</sender></header><itemSet>{''.join(items)}</itemSet></newsMessage>"


def test_an_item_of_newsml_g2_has_its_fields() -> None:
    (found,) = documents_of(
        "newsml-g2", g2_item(f"<inlineXML><html {XHTML}><head><title>x</title></head><body><p>{FLOOD}</p></body></html></inlineXML>")
    )
    assert (found.id, found.version, found.title, found.text) == ("urn:newsml:a:1", "1", RAIN, FLOOD)
    assert (found.source, found.language, found.status, found.time) == ("AGENCY", "ar", "usable", "2024-01-02T10:00:00+03:00")
    assert (found.path, found.line, found.segmented) == ("a.xml", 1, False)


CONTENTS = {
    f"<inlineXML><nitf><body><body.content><p>{FLOOD}</p><p>b</p></body.content></body></nitf></inlineXML>": f"{FLOOD}\n\nb",
    f"<inlineXML><body {XHTML}><header><p>Tags</p></header><p>a</p><ul><li>b</li><li>c</li></ul></body></inlineXML>": "a\n\nb\nc",
    f"<inlineXML><p {XHTML}>a</p><p {XHTML}>b</p></inlineXML>": "a\n\nb",
    "<inlineXML><STORY><HEAD>x</HEAD><BODY><P>a</P><QUOTE>b</QUOTE></BODY></STORY></inlineXML>": "a\n\nb",
    '<inlineData contenttype="text/plain">\n  One line.\n\n  Another.\n</inlineData>': "One line.\n\nAnother.",
    '<remoteContent href="a.jpg" contenttype="image/jpeg"/><inlineData>a</inlineData>': "a",
    "<inlineXML><p>a</p></inlineXML><inlineData contenttype='text/plain'>a, as plain text</inlineData>": "a",
    "<inlineXML></inlineXML>": RAIN,  # a flash: the first version of an item has a headline alone
}


@pytest.mark.parametrize("content", CONTENTS)
def test_the_content_of_an_item_is_read_once(content: str) -> None:
    (found,) = documents_of("newsml-g2", g2_item(content))
    assert found.text == CONTENTS[content]


def test_several_items_of_a_message_are_read_and_those_without_a_text_counted() -> None:
    picture = g2_item('<remoteContent href="a.jpg"/>', kind="picture", guid="p")
    package = f'<packageItem {NAR} guid="k"><itemMeta/><groupSet/></packageItem>'
    with said() as lines:
        found = documents_of(
            "newsml-g2",
            message(g2_item("<inlineData>a</inlineData>"), picture, picture, package, g2_item("<inlineData>b</inlineData>", guid="2")),
        )
    assert [(each.id, each.text) for each in found] == [("urn:newsml:a:1", "a"), ("2", "b")]
    assert lines == ["a.xml: 3 items without a text (1 packageItem, 2 picture) left out"]


def test_what_is_canceled_withheld_or_embargoed_says_so_also_without_content() -> None:
    held = g2_item("<inlineData>a</inlineData>", "withheld", meta="<embargoed>2024-01-03T06:00:00Z</embargoed>", guid="held")
    found = documents_of("newsml-g2", message(g2_item("", "canceled", 3), held, g2_item("<inlineData>b</inlineData>", "usable", 2)))
    assert [(each.id, each.version, each.status, each.text, each.embargo) for each in found] == [
        ("urn:newsml:a:1", "3", "canceled", "", None),
        ("held", "1", "withheld", "a", "2024-01-03T06:00:00+00:00"),
        ("urn:newsml:a:1", "2", "usable", "b", None),
    ]


def test_a_package_alone_holds_no_text_which_is_said() -> None:
    with said() as lines:
        assert documents_of("newsml-g2", f"<packageItem {NAR}><itemMeta/></packageItem>") == []
    assert lines == ["a.xml: 1 item without a text (1 packageItem) left out"]


def test_a_source_is_the_name_of_the_provider_else_the_credit() -> None:
    for provider, source in (
        ('<provider qcode="p:1"><name>Agency</name></provider>', "Agency"),
        ('<provider literal="AG"/>', "AG"),
        ('<provider uri="http://a.example/"/>', "Credit"),
    ):
        meta = "<contentMeta><creditline>Credit</creditline></contentMeta><contentSet><inlineData>a</inlineData></contentSet>"
        (found,) = documents_of("newsml-g2", f'<newsItem {NAR} guid="1"><itemMeta>{provider}</itemMeta>{meta}</newsItem>')
        assert found.source == source


def newsml(components: str, status: str = "Usable", lang: str = "ar", management: str = "") -> str:
    return f"""<?xml version="1.0"?><NewsML Version="1.2"><NewsEnvelope><DateAndTime>20240102T100001Z</DateAndTime></NewsEnvelope>
<NewsItem xml:lang="{lang}"><Identification><NewsIdentifier><ProviderId>agency.example</ProviderId><DateId>20240102</DateId>
<NewsItemId>TX-1</NewsItemId><RevisionId PreviousRevision="1" Update="N">2</RevisionId>
<PublicIdentifier>urn:newsml:agency.example:20240102:TX-1:2</PublicIdentifier></NewsIdentifier></Identification>
<NewsManagement><NewsItemType FormalName="News"/><FirstCreated>20240102T090000Z</FirstCreated>
<ThisRevisionCreated>20240102T100000+0200</ThisRevisionCreated><Status FormalName="{status}"/>{management}</NewsManagement>
{components}</NewsItem></NewsML>"""


LINES = f"<NewsLines><HeadLine>{RAIN}</HeadLine><DateLine>HOMS, Jan 2 -</DateLine></NewsLines>"
PROVIDER = '<AdministrativeMetadata><Provider><Party FormalName="AGENCY"/></Provider></AdministrativeMetadata>'


def nitf_content(text: str, media: str = "Text") -> str:
    return f"""<ContentItem><MediaType FormalName="{media}"/><DataContent>
<nitf><body><body.head><dateline>HOMS</dateline></body.head><body.content><p>{text}</p></body.content></body></nitf></DataContent></ContentItem>"""


def test_an_item_of_newsml_has_its_fields_and_an_id_that_its_revisions_share() -> None:
    (found,) = documents_of("newsml", newsml(f"<NewsComponent>{LINES}{PROVIDER}{nitf_content(FLOOD)}</NewsComponent>"))
    assert (found.id, found.version, found.title, found.text) == ("urn:newsml:agency.example:20240102:TX-1", "2", RAIN, FLOOD)
    assert (found.source, found.language, found.status, found.time) == ("AGENCY", "ar", "usable", "2024-01-02T10:00:00+02:00")


# <C> stands for a component, with A and B for a content each.
COMPONENTS = {
    "parts of a story in order": ("<C><C>A</C><C>B</C></C>", "a\n\nb"),
    "alternatives once": ('<C EquivalentsList="yes">AB</C>', "a"),
    "alternative components once": ('<C><C EquivalentsList="yes"><C>A</C><C>B</C></C><C>B</C></C>', "a\n\nb"),
    "no captions": ('<C>A<C><Role FormalName="Caption"/>B</C></C>', "a"),
    "a main text without its abstract": ('<C><C><Role FormalName="Abstract"/>B</C><C><Role FormalName="Main"/>A</C></C>', "a"),
    "a lead and a body": (
        '<C><C><Role FormalName="Title"/>B</C><C><Role FormalName="Lead"/>A</C><C><Role FormalName="Body"/>B</C></C>',
        "a\n\nb",
    ),
}


@pytest.mark.parametrize("name", COMPONENTS)
def test_components_are_joined_and_alternatives_are_not_read_twice(name: str) -> None:
    components, text = COMPONENTS[name]
    data = re.sub("(?<=[>])[AB]+", lambda found: "".join(nitf_content(each.lower()) for each in found[0]), components)
    (found,) = documents_of("newsml", newsml(re.sub("<(/?)C(?=[ >])", r"<\1NewsComponent", data)))
    assert found.text == text


def test_translations_in_one_item_are_documents_of_their_own() -> None:
    parts = "".join(
        f'<NewsComponent xml:lang="{lang}"><NewsLines><HeadLine>{lang} title</HeadLine></NewsLines>{nitf_content(lang)}</NewsComponent>'
        for lang in ("nl", "fr")
    )
    found = documents_of("newsml", newsml(f"<NewsComponent>{parts}</NewsComponent>"))
    assert [(each.id[-5:], each.language, each.title, each.text) for each in found] == [
        (":TX-1", "nl", "nl title", "nl"),
        ("-1:fr", "fr", "fr title", "fr"),
    ]


def test_data_of_newsml_may_be_plain_text_or_xhtml_and_pictures_are_left_out() -> None:
    plain = "<ContentItem><DataContent>  One line.\n\n  Another.\n</DataContent></ContentItem>"
    assert documents_of("newsml", newsml(f"<NewsComponent>{plain}</NewsComponent>"))[0].text == "One line.\n\nAnother."
    xhtml = f"<ContentItem><DataContent><html {XHTML}><body><p>a</p><p>b</p></body></html></DataContent></ContentItem>"
    assert documents_of("newsml", newsml(f"<NewsComponent>{xhtml}</NewsComponent>"))[0].text == "a\n\nb"
    picture = '<ContentItem Href="a.jpg"><MediaType FormalName="Photo"/></ContentItem>'
    with said() as lines:
        assert documents_of("newsml", newsml(f"<NewsComponent>{picture}</NewsComponent>")) == []
    assert lines == ["a.xml: 1 item without a text (1 photo) left out"]


def test_statuses_of_newsml_are_those_of_documents() -> None:
    change = '<StatusWillChange><FutureStatus FormalName="Usable"/><DateAndTime>20240103T060000Z</DateAndTime></StatusWillChange>'
    body = f"<NewsComponent>{nitf_content('a')}</NewsComponent>"
    for word, status, embargo in (
        ("Embargoed", "withheld", "2024-01-03T06:00:00+00:00"),
        ("Withheld", "withheld", "2024-01-03T06:00:00+00:00"),
    ):
        (found,) = documents_of("newsml", newsml(body, word, management=change))
        assert (found.status, found.embargo) == (status, embargo)
    (found,) = documents_of("newsml", newsml("<NewsComponent/>", "Canceled"))
    assert (found.status, found.text) == ("canceled", "")


NITF = f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE nitf SYSTEM "nitf-3-4.dtd">
<nitf xml:lang="ar"><head><title>file name</title><docdata management-status="MANAGED">
<doc-id id-string="x.1" regsrc="AG"/><du-key key="rain" version="3"/><ed-msg info="Adds a quote"/>
<date.issue norm="20240102T100000Z"/><date.release norm="20240103T060000Z"/><doc.copyright holder="Agency" year="2024"/></docdata></head>
<body><body.head><hedline><hl1>{RAIN}</hl1><hl2>Roads are cut</hl2></hedline><byline>By A. Writer</byline>
<dateline><location>HOMS</location></dateline><abstract><p>In short.</p></abstract></body.head>
<body.content><media media-type="image"><media-caption><p>A road.</p></media-caption></media><p>{FLOOD} &eacute;</p>
<ol><li>one</li><li>two</li></ol><table><tr><td>a</td><td>b</td></tr></table><hl2>Then</hl2><p>Last.</p></body.content>
<body.end><tagline>End</tagline></body.end></body></nitf>"""


def test_a_story_of_nitf_has_its_fields_and_its_text_without_byline_dateline_and_captions() -> None:
    (found,) = documents_of("nitf", NITF.replace("MANAGED", "usable"))
    assert (found.id, found.version, found.title, found.source, found.language) == ("x.1", "3", RAIN, "Agency", "ar")
    assert (found.time, found.status, found.embargo) == ("2024-01-02T10:00:00+00:00", "usable", None)
    assert found.text == f"{FLOOD} \u00e9\n\none\ntwo\n\na\tb\n\nThen\n\nLast."


@pytest.mark.parametrize(
    ("word", "status"), [("embargoed", "withheld"), ("withheld", "withheld"), ("canceled", "canceled"), ("other", None)]
)
def test_the_management_of_nitf_is_a_status(word: str, status: str | None) -> None:
    (found,) = documents_of("nitf", NITF.replace("MANAGED", word))
    assert found.status == status
    assert found.embargo == ("2024-01-03T06:00:00+00:00" if status == "withheld" else None)


def test_a_story_without_an_id_gets_one_which_is_said() -> None:
    with said() as lines:
        (found,) = documents_of("nitf", "<nitf><body><body.content><p>a</p></body.content></body></nitf>", path="x/a.xml")
    assert found.id == "x/a.xml:1"
    assert lines == ["x/a.xml: no <doc-id>: the id was made from the file and the line"]
    (found,) = documents_of("nitf", "<nitf><body><body.content><p>a</p></body.content></body></nitf>", Reading(unnamed="digest"))
    assert len(found.id) == 20


def test_a_story_with_a_head_alone_is_its_summary() -> None:
    (found,) = documents_of("nitf", "<nitf><body><body.head><abstract><p>a</p></abstract></body.head><body.content/></body></nitf>")
    assert found.text == "a"


NSML = """<nsml version="-//AVID//DTD NSML 1.0//EN">
<head><meta rate=180 float><rgroup number=46></rgroup><formname>BULLETIN</formname><storyid>259847d2:00ce0ba3:605b6fc5</storyid></head>
<story><fields><f id=title>Regn i T&oslash;nsberg</f><f id=modify-date>1616605125</f><f uec id=x>y</f></fields>
<body><p><cc>For the desk only</cc></p><p><pi>CAMERA 1</pi></p><p>To veier er st&aring;lt &#38; stengt.<a idref=0></p>
<p>[[ ROLL VT 3 ]] Det <b>regner</b>
fortsatt.</p><p></p></body>
<aeset><ae id=0><ap>]] S3.0 M 0 [[</ap><mc><ap>pilot ]] 1 YNYAM 0 [[ graphic</ap></mc></ae></aeset></story>
<aeset-atts><attachment id=0><![CDATA[<mos><p>x</p></mos>]]></attachment></aeset-atts></nsml>
"""


def test_a_story_of_inews_is_what_is_spoken() -> None:
    (found,) = documents_of("nsml", NSML)
    assert (found.id, found.title, found.time) == ("259847d2:00ce0ba3:605b6fc5", "Regn i T\u00f8nsberg", "2021-03-24T16:58:45+00:00")
    assert found.text == "To veier er st\u00e5lt & stengt.\n\nDet regner fortsatt."


def test_several_stories_of_inews_may_follow_each_other_and_lines_count_on() -> None:
    found = documents_of("nsml", NSML + NSML)
    assert [each.line for each in found] == [1, NSML.count("\n") + 1]


@pytest.mark.parametrize("data", [NSML[:-9], NSML[:200], "<nsml><body><p>a", NSML + "<nsml>"])
def test_a_story_of_inews_that_is_cut_off_is_an_error(data: str) -> None:
    with pytest.raises(InputError, match=r"a\.xml:.* ends inside a story"):
        documents_of("nsml", data)


def test_an_item_that_is_too_large_does_not_stop_those_behind_it() -> None:
    large = g2_item(f"<inlineData>{'x' * 300_000}</inlineData>", guid="large")
    found: list[Record] = records_of("newsml-g2", message(large, g2_item("<inlineData>a</inlineData>")), Reading(max_chars=1000))
    assert [each.document and each.document.id for each in found] == [None, "urn:newsml:a:1"]
    assert "an item of more than" in str(found[0].error)
    middle = g2_item(f"<inlineData>{'x' * 2000}</inlineData>", guid="middle")
    assert "a text of more than 1,000 characters" in str(records_of("newsml-g2", middle, Reading(max_chars=1000))[0].error)


def test_a_folder_with_pictures_and_packages_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(g2_item('<remoteContent href="a.jpg"/>', kind="picture"), "utf-8")
    (tmp_path / "b.xml").write_text(f"<packageItem {NAR}><itemMeta/></packageItem>", "utf-8")
    (tmp_path / "c.xml").write_text(newsml("<NewsComponent/>"), "utf-8")
    (tmp_path / "d.xml").write_text(NITF, "utf-8")
    (tmp_path / "e.xml").write_text("<rss><channel><title>A paper</title></channel></rss>", "utf-8")
    with said() as lines:
        assert [each.id for each in read([str(tmp_path)])] == ["x.1"]
        assert [each.document.id for each in read_records([str(tmp_path)]) if each.document] == ["x.1"]
    assert len(lines) == 8
    (tmp_path / "f.xml").write_text(" \n", "utf-8")
    with pytest.raises(InputError, match="empty or blank"):
        list(read([str(tmp_path / "f.xml")], Reading(input_format="rss")))
