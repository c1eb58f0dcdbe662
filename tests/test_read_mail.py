"""Mail: each message is one document with its own words, its title, its sender and its time."""

from __future__ import annotations

import pytest
from office_support import records

from dedup.model import Document


def mail(body: str | bytes, *headers: str, charset: str = "utf-8", encoding: str = "8bit") -> bytes:
    content = body if isinstance(body, bytes) else body.encode(charset)
    lines = (f"Content-Type: text/plain; charset={charset}", f"Content-Transfer-Encoding: {encoding}", *headers)
    return "\n".join(lines).encode() + b"\n\n" + content


def only(data: bytes, **options: str) -> Document:
    (record,) = records("mail", data, **options)
    assert record.error is None, record.error
    assert record.document is not None
    return record.document


def test_a_message_has_the_fields_of_its_headers() -> None:
    found = only(
        mail(
            "انهار جسر.", "From: =?utf-8?b?2YXZhtmJ?= <mona@example.com>", "Message-ID: <1@example.com>", "Content-Language: ar",
            "Date: Wed, 3 Jan 2024 10:15:00 +0300 (AST)", "Subject: =?windows-1256?q?=CE=C8=D1?= =?utf-8?q?_2?=",
        )
    )  # fmt: skip
    assert found == Document(
        "1@example.com", "انهار جسر.", "f", 1, time="2024-01-03T10:15:00+03:00", source="منى", title="خبر 2", language="ar"
    )


# What it is, the message, and its text.
BODIES = {
    "windows-1256": (mail("انهار جسر.", charset="windows-1256"), "انهار جسر."),
    "base64": (mail(b"2K7YqNix", encoding="base64"), "خبر"),
    "quoted-printable": (mail(b"caf=C3=A9 =\nnoir", encoding="quoted-printable"), "café noir"),
    "a charset that is not known": (mail("é", charset="utf-8").replace(b"=utf-8", b"=x-none"), "é"),
    "a charset that is wrong": (mail("é", charset="utf-8").replace(b"=utf-8", b"=us-ascii"), "é"),
    "bytes that no charset has": (mail(b"caf\xe9"), "café"),
    "Arabic without a charset": (
        b"Subject: S\n\n" + "انهار الجسر في بلدة مرسى وقتل أربعة أشخاص يوم الاثنين".encode("cp1256"),
        "انهار الجسر في بلدة مرسى وقتل أربعة أشخاص يوم الاثنين",
    ),
    "a quoted reply": (mail("Yes.\n\nOn Wed, 3 Jan 2024, Ali <a@b.c>\nwrote:\n> Rain?\n> Sun?\n"), "Yes."),
    "an answer below what it quotes": (mail("Ali wrote 2024:\n> Rain?\nYes, rain."), "Yes, rain."),
    "a signature": (mail("Rain tomorrow.\n-- \nMona\nThe Daily"), "Rain tomorrow."),
    "nothing but a quotation": (mail("> Rain tomorrow."), "> Rain tomorrow."),
    "flowed text": (
        mail("Rain is \nexpected.\nSun.\n", "X: y").replace(b"charset=utf-8", b"charset=utf-8; format=flowed"),
        "Rain is expected.\nSun.",
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_the_text_of_a_message_is_its_own_words(name: str) -> None:
    data, text = BODIES[name]
    assert only(data).text == text


def test_the_encoding_of_the_options_is_that_of_messages_which_name_none() -> None:
    data = b"Subject: \xce\xc8\xd1\nMIME-Version: 1.0\n\n\xce\xc8\xd1"
    found = only(data, encoding="windows-1256")
    assert (found.title, found.text) == ("خبر", "خبر")


def multipart(kind: str, *parts: str) -> bytes:
    inside = "".join(f"--b\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="b"\nSubject: S\n\n{inside}--b--\n'.encode()


PLAIN, HTML = "Content-Type: text/plain\n\nPlain text.", "Content-Type: text/html\n\n<p>HTML <b>text</b>.</p>"
ATTACHED = "Content-Type: text/plain; name=a.txt\nContent-Disposition: attachment; filename=a.txt\n\nAttached."


def test_the_plain_text_is_preferred_and_attachments_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    assert only(multipart("alternative", HTML, PLAIN)).text == "Plain text."
    assert only(multipart("mixed", PLAIN, ATTACHED, ATTACHED)).text == "Plain text."
    assert "f: left out: 2 attachments" in caplog.text
    assert only(multipart("alternative", HTML)).text == "HTML text."


def test_the_messages_of_an_mbox_are_documents_of_their_own() -> None:
    first = mail(">From here on it rains.\n\nFrom the north.", "Subject: One", "Message-ID: <1@x>")
    second = mail("Sun.", "Subject: Two", "Date: yesterday")
    data = b"From a@b Wed Jan  3 10:15:00 2024\n" + first + b"\n\nFrom - Wed Jan  3 10:16:00 2024\n" + second
    one, two = (record.document for record in records("mail", data))
    assert one is not None
    assert two is not None
    assert (one.id, one.text, one.line) == ("1@x", "From here on it rains.\n\nFrom the north.", 2)
    assert (two.id, two.title, two.time, two.text) == ("f:12", "Two", None, "Sun.")


def test_a_message_that_was_kept_twice_has_another_id() -> None:
    one = b"From a@b Wed Jan  3 10:15:00 2024\n" + mail("Sun.", "Message-ID: <1@x>") + b"\n\n"
    assert [record.document and record.document.id for record in records("mail", one + one)] == ["1@x", "1@x#2"]


def test_a_message_without_headers_or_with_endless_parts_is_an_error() -> None:
    (record,) = records("mail", b"\njust text")
    assert "without headers" in str(record.error)
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(3000))
    assert len(records("mail", b"Subject: S\n" + nested)) <= 1


def test_broken_headers_do_not_fail() -> None:
    found = only(b"Subject: =?utf-8?b?!!!?= =?none?q?x?=\nFrom: <<<\nDate: 32 Foo 2024\nContent-Type: ;;;\n\nText.")
    assert (found.text, found.time) == ("Text.", None)
