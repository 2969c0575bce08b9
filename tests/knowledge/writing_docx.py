"""Write small DOCX files by hand, as a Norwegian Word saves them: translated style ids, counted headings."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Tittel"><w:name w:val="Title"/><w:basedOn w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Overskrift1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>
 <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Overskrift2"><w:name w:val="heading 2"/><w:basedOn w:val="Overskrift1"/>
 <w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Vedlegg"><w:name w:val="Vedlegg overskrift"/>
 <w:basedOn w:val="Overskrift1"/><w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Ledd"><w:name w:val="Ledd"/><w:basedOn w:val="Normal"/>
 <w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Punktliste"><w:name w:val="List Bullet"/><w:basedOn w:val="Normal"/>
 <w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="INNH1"><w:name w:val="toc 1"/><w:basedOn w:val="Normal"/></w:style>
"""


def _level(n: int, written: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{written}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


NUMBERING = (
    '<w:abstractNum w:abstractNumId="10"><w:multiLevelType w:val="multilevel"/>'
    + _level(0, "decimal", "%1.", '<w:pStyle w:val="Overskrift1"/>')
    + _level(1, "decimal", "%1.%2", '<w:pStyle w:val="Overskrift2"/>')
    + _level(2, "lowerLetter", "%3)")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="11">'
    + _level(0, "bullet", "\uf0b7")
    + _level(1, "bullet", "o")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="12">'
    + _level(0, "lowerLetter", "%1)")
    + _level(1, "lowerRoman", "%2.")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="13">'
    + _level(0, "upperLetter", "Vedlegg %1:")
    + "</w:abstractNum>"
    + '<w:num w:numId="1"><w:abstractNumId w:val="10"/></w:num>'
    + '<w:num w:numId="2"><w:abstractNumId w:val="11"/></w:num>'
    + '<w:num w:numId="3"><w:abstractNumId w:val="12"/></w:num>'
    + '<w:num w:numId="4"><w:abstractNumId w:val="13"/></w:num>'
    + '<w:num w:numId="5"><w:abstractNumId w:val="12"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
    + "</w:lvlOverride></w:num>"
)


def run(text: str, properties: str = "") -> str:
    """Words of one look."""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def deleted(text: str) -> str:
    """Words that a tracked change took out."""
    inside = f'<w:r><w:delText xml:space="preserve">{escape(text)}</w:delText></w:r>'
    return f'<w:del w:id="1" w:author="A" w:date="2031-01-01T00:00:00Z">{inside}</w:del>'


def inserted(text: str) -> str:
    """Words that a tracked change put in."""
    return f'<w:ins w:id="2" w:author="A" w:date="2031-01-01T00:00:00Z">{run(text)}</w:ins>'


def paragraph(words: str, style: str = "", *, num: int | None = None, level: int = 0, mark: str = "") -> str:
    """A paragraph of plain text or of runs; `num` is its own numbering, `mark` what befell its end."""
    inside = words if words.startswith("<") else run(words)
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if num is not None:
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>'
    if mark:
        properties += f"<w:rPr>{mark}</w:rPr>"
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def table(rows: Sequence[Sequence[str]], *, headed: bool = True) -> str:
    """A table of plain text; the first row is marked as its head. «^» goes on with the cell above."""
    out = ""
    for i, row in enumerate(rows):
        head = "<w:trPr><w:tblHeader/></w:trPr>" if headed and i == 0 else ""
        cells = ""
        for j, text in enumerate(row):
            starts = i + 1 < len(rows) and rows[i + 1][j] == "^"
            merge = "<w:vMerge/>" if text == "^" else '<w:vMerge w:val="restart"/>' if starts else ""
            cells += f"<w:tc><w:tcPr>{merge}</w:tcPr>{paragraph('' if text == '^' else text)}</w:tc>"
        out += f"<w:tr>{head}{cells}</w:tr>"
    return f"<w:tbl><w:tblPr/>{out}</w:tbl>"


def written(body: str, **more: str) -> bytes:
    """The bytes of a DOCX file; `more` are further parts by name («footnotes»), without their root."""
    parts = {
        "document": f"<w:document {SPACE}><w:body>{body}<w:sectPr/></w:body></w:document>",
        "styles": f"<w:styles {SPACE}>{STYLES}</w:styles>",
        "numbering": f"<w:numbering {SPACE}>{NUMBERING}</w:numbering>",
        **{name: f"<w:{name} {SPACE}>{content}</w:{name}>" for name, content in more.items()},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return out.getvalue()
