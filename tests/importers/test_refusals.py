"""Files that people try and that hold no records: each is refused with what it is and what to do instead."""

import io
import mailbox
import sqlite3
import tarfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from articles import importers
from articles.importers.record import ParseError

HISTORY = (
    "Search number,Query,Filters,Search Details,Results,Time\n"
    '2,#1 AND pain,,"""alpha""[MeSH Terms] AND ""pain""[All Fields]",12,10:02:11\n1,alpha,,alpha,345,10:01:02\n'
)
MAIL_HEADERS = "Return-Path: <a@example.org>\nReceived: from b\n\tby c\nFrom: A <a@example.org>\nSubject: Sample\n"


def refusal(data: bytes) -> str:
    with pytest.raises(ParseError) as caught:
        importers.read(data)
    return str(caught.value)


@pytest.mark.parametrize(
    ("data", "what", "advice"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF file", "Save its text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old office document", "Save its text"),
        (
            b"{\\rtf1\\ansi A sample of rich text, with more than eight words in it.\n\nMore}",
            "rich-text",
            "Save its text",
        ),
        (b"7z\xbc\xaf\x27\x1c" + bytes(40), r"archive (.7z)", "Unpack"),
        (b"Rar!\x1a\x07\x00" + bytes(40), "archive (.rar)", "Unpack"),
        (b"\xfd7zXZ\0" + bytes(40), "archive (.xz)", "Unpack"),
        (b"BZh91AY&SY" + bytes(40), "archive (.bz2)", "Unpack"),
        (b"bplist00" + bytes(40), "web archive of Safari", "Save the page as HTML"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "picture (PNG)", "Import the text"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "picture (JPEG)", "Import the text"),
        (b"\x7fELF" + bytes(40), "program", "another file"),
        (b"\0\0\0\x01\0\0" * 100, "control character 0", "not a text file"),
        (HISTORY.encode(), "search history", "publications"),
        ((MAIL_HEADERS + "\nA sample of more than eight words in one line.\n").encode(), "e-mail", "Save its text"),
        (b"<?xml version='1.0'?><xml><records><record/></records></xml>", "EndNote's XML", "RIS"),
        (b"<?xml version='1.0'?><rss><channel><title>Sample</title></channel></rss>", "no format", "<rss>"),
        (b"<eSearchResult><Count>1</Count><IdList><Id>1</Id></IdList></eSearchResult>", "no format", "<eSearchResult>"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value,
)
def test_file_is_refused_with_what_it_is_and_what_to_do(data: bytes, what: str, advice: str):
    message = refusal(data)
    assert what in message
    assert advice in message


def test_database_is_refused_as_the_library_it_may_be(tmp_path: Path):
    path = tmp_path / "Sample.enl"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE refs (title TEXT)")
    connection.commit()
    connection.close()
    assert "EndNote (.enl)" in refusal(path.read_bytes())


def test_mailbox_is_refused(tmp_path: Path):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "Sample"
    message.set_content("A sample of more than eight words in one line of an e-mail.\n\nAnd another line of it.\n")
    box = mailbox.mbox(tmp_path / "box.mbox")
    box.add(message)
    box.close()
    data = (tmp_path / "box.mbox").read_bytes()
    assert "mailbox (MBOX)" in refusal(data.replace(b"MAILER-DAEMON", b"a@example.org"))


def test_tar_is_refused():
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as made:
        info = tarfile.TarInfo("one.ris")
        info.size = 10
        made.addfile(info, io.BytesIO(b"TY  - JOUR"))
    assert "archive (.tar)" in refusal(packed.getvalue())


def test_page_saved_as_a_message_is_no_mail():
    message = MAIL_HEADERS + "MIME-Version: 1.0\nContent-Type: multipart/related;\n\tboundary=x\n\n--x\n"
    assert "e-mail" not in refusal(message.encode())


def test_page_that_begins_like_a_letter_is_a_page():
    page = b"From alpha to beta\n\nThis page says in one sentence what eight words can say.\n"
    assert importers.read(page)[0].title == "From alpha to beta"
