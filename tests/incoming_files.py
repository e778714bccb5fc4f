"""Files as they come in: scans, documents and mails, right and wrong, made by the tests."""

from __future__ import annotations

import zipfile
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO
from pathlib import Path

import typst
from pypdf import PdfReader, PdfWriter

from starter.provision.fonts import font_folders

CONTENT_TYPES = '<?xml version="1.0"?><Types/>'
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def pdf(*lines: str) -> bytes:
    """A real PDF with these lines of text."""
    body = "\n\n".join(
        "".join(f"\\{sign}" if sign in "*_#$@<>[]" else sign for sign in line) for line in lines
    )
    source = f'#set text(font: ("Noto Serif CJK SC", "FandolSong"))\n{body}\n'
    fonts = [str(folder) for folder in font_folders()]
    made = typst.compile(source.encode(), font_paths=fonts)  # type: ignore[misc]  # its overloads
    assert isinstance(made, bytes)
    return made


def locked(content: bytes) -> bytes:
    """The same PDF behind a password."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(content)))
    writer.encrypt("secret", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def packed(parts: dict[str, str | bytes], *, encrypted: bool = False) -> bytes:
    """A zip of these parts; `encrypted` sets the flag that readers look at."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    content = out.getvalue()
    if encrypted:
        for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = content.index(magic) + at
            content = content[:place] + bytes([content[place] | 1]) + content[place + 1 :]
    return content


def docx(*paragraphs: str, **parts: str | bytes) -> bytes:
    """A Word document as far as it is read."""
    text = "".join(f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>" for each in paragraphs)
    return packed({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": f"<w:d>{text}</w:d>", **parts})


def ofd(*lines: str) -> bytes:
    """An OFD document as far as it is read."""
    text = "".join(f"<ofd:TextCode>{each}</ofd:TextCode>" for each in lines)
    return packed({"OFD.xml": "<ofd:OFD/>", "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page>{text}</ofd:Page>"})


def mail(
    *,
    sender: str = "陈九 <chenjiu@example.gov.cn>",
    subject: str = "关于检察建议的回复",
    body: str = "详见附件。",
    message_id: str = "<reply-1@example.gov.cn>",
    answers: str = "",
    attachments: dict[str, bytes] | None = None,
) -> bytes:
    """A mail as a mail program saves it."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = "mingjian@example.gov.cn"
    message["Subject"] = subject
    message["Date"] = "Mon, 20 Sep 2021 10:00:00 +0800"
    if message_id:
        message["Message-ID"] = message_id
    if answers:
        message["In-Reply-To"] = answers
        message["References"] = f"<older@example.gov.cn> {answers}"
    message.set_content(body)
    for name, content in (attachments or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def put(folder: Path, name: str, content: bytes) -> Path:
    """A file in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path
