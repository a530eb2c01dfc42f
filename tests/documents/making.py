"""Files to try things on, built byte by byte: nothing here is an office program's output, so that each can be bent."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HYPERLINK = f"{R}/hyperlink"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def upload(data: bytes, name: str = "file.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


# -- pictures ---------------------------------------------------------------------------------------------


def png(width: int = 8, height: int = 6, grey: int = 128) -> bytes:
    """A whole PNG, in one shade of grey."""
    rows = zlib.compress((b"\0" + bytes([grey]) * width) * height)
    return png_header(width, height) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def png_header(width: int, height: int) -> bytes:
    """What a PNG begins with, whatever size it claims to have."""
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def jpeg(width: int = 8, height: int = 6) -> bytes:
    """As much of a JPEG as tells its size."""
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\1\1\0\0\1\0\1\0\0"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    return b"\xff\xd8" + app + frame + b"\xff\xd9"


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


# -- archives ---------------------------------------------------------------------------------------------


def archive(entries: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return out.getvalue()


def types(main: str = MAIN, **more: str) -> str:
    others = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in more.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="jpeg" ContentType="image/jpeg"/><Default Extension="emf" ContentType="image/x-emf"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>{others}</Types>'
    )


def relations(*lines: tuple[str, str, str, str]) -> str:
    """Relationships: id, kind, target, and "External" or nothing."""
    told = "".join(
        f'<Relationship Id="{id_}" Type="{kind}" Target="{target}"' + (f' TargetMode="{mode}"' if mode else "") + "/>"
        for id_, kind, target, mode in lines
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{told}</Relationships>'


def docx(body: str = "", more: Mapping[str, Any] | None = None, **parts: Any) -> bytes:
    """A Word document with this body. `more`: further entries; an entry of None is left out."""
    entries: dict[str, Any] = {
        "[Content_Types].xml": types(),
        "_rels/.rels": relations(("rId1", f"{R}/officeDocument", "word/document.xml", "")),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        **(more or {}),
        **parts,
    }
    return archive({name: data for name, data in entries.items() if data is not None})


def xlsx(more: Mapping[str, bytes | str] | None = None) -> bytes:
    kind = types().replace(
        f'PartName="/word/document.xml" ContentType="{MAIN}"', f'PartName="/xl/workbook.xml" ContentType="{SHEET}"'
    )
    return archive({"[Content_Types].xml": kind, "xl/workbook.xml": "<workbook/>", **(more or {})})


# -- pieces of a Word document ----------------------------------------------------------------------------


def t(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*content: str, style: str = "", properties: str = "") -> str:
    """A paragraph."""
    told = (f'<w:pStyle w:val="{style}"/>' if style else "") + properties
    return f"<w:p><w:pPr>{told}</w:pPr>{''.join(c if c.startswith('<') else t(c) for c in content)}</w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text if text.startswith('<') else p(text)}</w:tc>"


def table(*rows: list[str]) -> str:
    told = "".join(f"<w:tr>{''.join(c if c.startswith('<w:tc>') else cell(c) for c in row)}</w:tr>" for row in rows)
    return f"<w:tbl>{told}</w:tbl>"


def style(style_id: str, name: str, more: str = "") -> str:
    return f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/>{more}</w:style>'


def styles(*lines: str) -> dict[str, str]:
    return {"word/styles.xml": f"<w:styles {NAMESPACES}>{''.join(lines)}</w:styles>"}


def picture(relation: str, alt: str = "") -> str:
    """A run with a drawing."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{alt}"/><a:graphic><a:graphicData><pic:pic>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r>"
    )


def with_pictures(body: str, *pictures: tuple[str, bytes], more: Mapping[str, Any] | None = None) -> bytes:
    """A document whose relations rId1, rId2 … are these pictures: name and content."""
    lines = [(f"rId{n}", f"{R}/image", f"media/{name}", "") for n, (name, _data) in enumerate(pictures, start=1)]
    media = {f"word/media/{name}": data for name, data in pictures if data}
    return docx(body, {"word/_rels/document.xml.rels": relations(*lines), **media, **(more or {})})
