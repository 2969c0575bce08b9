"""What came along is named safely, typed by its content, limited, and made harmless before it is stored."""

# ruff: noqa: E501  lines of mails stand as mails have them

import struct
import zipfile
from io import BytesIO
from zlib import crc32

import pikepdf
import pytest
from PIL import Image

from intake.email.attachments import FILE_AT_MOST, FILES_AT_MOST, safe_name
from intake.email.harmless import made_harmless
from intake.email.mail import File
from intake.email.parsing import parse
from tests.intake.email.mails import attached, many, mixed, text


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **more: object) -> bytes:
    """An image file."""
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **more)
    return out.getvalue()


def archive(**files: bytes) -> bytes:
    """A zip file."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        for name, content in files.items():
            opened.writestr(name.replace("__", "/"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../../etc/passwd", "passwd"),
        ("C:\\Users\\Kari\\søknad.pdf", "søknad.pdf"),
        ("C:skjema.pdf", "skjema.pdf"),
        ("..", ""),
        (".bashrc", "bashrc"),
        ("a\r\nb\x00.pdf", "a b .pdf"),
        ("faktura\u202efdp.exe", "faktura fdp.exe"),
        ("con.pdf", "_con.pdf"),
        ("AUX", "_AUX"),
        ("a<b>|c?.txt", "a_b__c_.txt"),
        ("x.pdf. . ", "x.pdf"),
        ("=?utf-8?q?s=C3=B8knad=2Epdf?=", "søknad.pdf"),
        ("so\u0308knad.pdf", "söknad.pdf"),
    ],
)
def test_names_are_safe(given: str, safe: str) -> None:
    """Folders, drives, control and direction characters and device names go; letters stay."""
    assert safe_name(given) == safe


def test_long_names_keep_their_ending() -> None:
    """A file system takes the name, and the ending still tells the kind."""
    for name in ("a" * 500 + ".pdf", "ø" * 500 + ".pdf", "漢" * 500 + ".pdf", "." + "a" * 500):
        assert len(safe_name(name).encode()) <= 240
    assert safe_name("a" * 500 + ".pdf").endswith("aa.pdf")


def test_names_are_read_in_every_writing() -> None:
    """RFC 2231 in pieces, encoded words, raw letters, paths with and without escapes."""
    heads = [
        "attachment;\r\n filename*0*=UTF-8''s%C3%B8k;\r\n filename*1*=nad%20;\r\n filename*2=en.pdf",
        'attachment; filename="=?utf-8?b?c8O4a25hZA==?= en.pdf"',
        'attachment; filename="søknad en.pdf"',
        'attachment; filename="C:\\Mine filer\\søknad en.pdf"',
        'attachment; filename="C:\\\\Mine filer\\\\søknad en.pdf"',
        "attachment; filename=søknad en.pdf",
        "attachment; filename=\"x.pdf\"; filename*=utf-8'no's%C3%B8knad%20en.pdf",
    ]
    parts = [
        f"Content-Type: application/pdf\r\nContent-Disposition: {one}\r\n\r\n%PDF-1.4".encode()
        for one in heads
    ]
    assert {one.name for one in parse(mixed("Hei", *parts)).attachments} == {"søknad en.pdf"}


def test_the_type_is_the_contents() -> None:
    """Whatever the label says."""
    files = {
        "a": (b"%PDF-1.7 x", "application/pdf"),
        "b": (picture("PNG"), "image/png"),
        "c": ("Hei på deg".encode("latin-1"), "text/plain"),
        "d": (b"<!DOCTYPE html><p>x", "text/html"),
        "e": (
            archive(word__document_xml=b"x"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        "f": (archive(a=b"x"), "application/zip"),
        "g": (b"\x00\x01\x02\x03", "application/octet-stream"),
        "h": (b"<svg onload=x>", "image/svg+xml"),
    }
    raw = mixed("Hei", *(attached(content, name, "image/gif") for name, (content, _) in files.items()))
    assert {one.name: one.media_type for one in parse(raw).attachments} == {
        name: kind for name, (_, kind) in files.items()
    }


def test_archives_are_listed_and_not_opened() -> None:
    """The names within are told; a bomb stays folded."""
    found = parse(mixed("Hei", attached(archive(a_txt=b"0" * 5_000_000, b__c=b"x"), "x.zip"))).attachments[0]
    assert found.listing == ("a_txt", "b/c")
    broken = parse(mixed("Hei", attached(b"PK\x03\x04 PK\x05\x06" + b"\xff" * 30, "x.zip"))).attachments[0]
    assert (broken.listing, broken.refused) == ((), "")


def test_over_a_limit_it_is_listed_without_its_content() -> None:
    """Too large, too many, or a program: the name stays, the content does not."""
    large = attached(b"", "stor.bin").rstrip() + b"\r\n\r\n" + b"A" * (FILE_AT_MOST * 4 // 3 + 1_000_000)
    found = parse(
        mixed("Hei", large, attached(b"MZ\x90\x00", "bilde.jpg"), attached(b"x", "start.bat"))
    ).attachments
    assert [(one.name, one.refused, one.content) for one in found] == [
        ("stor.bin", "too_large", b""),
        ("bilde.jpg", "executable", b""),
        ("start.bat", "executable", b""),
    ]
    many_files = parse(
        mixed("Hei", *[attached(b"x", f"{n}.txt") for n in range(FILES_AT_MOST + 5)])
    ).attachments
    assert [one.refused for one in many_files].count("too_many") == 5
    assert len(many_files) == FILES_AT_MOST + 5


def test_pictures_within_the_text_are_not_files() -> None:
    """An image the HTML refers to is layout; one it does not refer to came along."""
    image = b"Content-Type: image/png; name=logo.png\r\nContent-ID: <%s>\r\nContent-Disposition: inline\r\n\r\n\x89PNG\r\n\x1a\n"
    body = many("related", text('<img src="cid:vist@x"> Hei', "html"), image % b"vist@x", image % b"annen@x")
    assert [one.name for one in parse(mixed(body)).attachments] == ["logo.png"]


def test_a_file_without_a_name_gets_one_of_ours() -> None:
    """It is kept and marked, so that nobody takes the name for the sender's."""
    found = parse(mixed("Hei", attached(b"%PDF-1.4", "", "application/pdf"))).attachments
    assert [(one.name, one.unnamed) for one in found] == [("1.pdf", True)]


def file(content: bytes, media_type: str) -> File:
    """A file as `parse` gives it."""
    return File("x", media_type, content, len(content))


def test_an_image_is_painted_anew() -> None:
    """Metadata and whatever hides behind the image are gone; it stands upright."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "hemmelig sted"
    raw = picture(exif=exif) + b"<script>hidden</script>"
    found = made_harmless(file(raw, "image/jpeg"))
    assert b"hemmelig" not in found.content
    assert b"script" not in found.content
    with Image.open(BytesIO(found.content)) as image:
        assert (image.size, dict(image.getexif())) == ((20, 40), {})
    for kind in ("PNG", "GIF", "WEBP", "TIFF", "BMP"):
        again = made_harmless(file(picture(kind), f"image/{kind.lower()}"))
        assert (again.media_type, again.refused) == ("image/png", "")


def test_an_image_that_would_fill_the_memory_is_refused() -> None:
    """A small file may unfold to gigabytes (a decompression bomb); a broken one is refused too."""
    small = picture("PNG")
    header = b"IHDR" + struct.pack("!LL", 30_000, 30_000) + small[24:29]
    bomb = small[:12] + header + struct.pack("!L", crc32(header)) + small[33:]
    found = made_harmless(file(bomb, "image/png"))
    assert (found.refused, found.content) == ("too_large", b"")
    header = b"IHDR" + struct.pack("!LL", 5_000, 5_000) + small[24:29]
    wide = small[:12] + header + struct.pack("!L", crc32(header)) + small[33:]
    assert made_harmless(file(wide, "image/png")).refused == "too_large"
    assert made_harmless(file(b"\x89PNG\r\n\x1a\nxxxx", "image/png")).refused == "unreadable"
    assert made_harmless(file(picture()[:-200], "image/jpeg")).refused == "unreadable"


def acting_pdf() -> bytes:
    """A PDF that does everything a PDF should not do."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    pdf.Root.OpenAction = script
    pdf.Root.AA = pikepdf.Dictionary(WC=script)
    pdf.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("a"), script]))
    )
    pdf.attachments["ond.exe"] = b"MZ ond"
    page.obj.AA = pikepdf.Dictionary(O=pdf.make_indirect(script))
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=pikepdf.Array([0, 0, 9, 9]), A=launch
    )
    form = pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F=pikepdf.String("http://evil.example"))
    field = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=pikepdf.Array([0, 0, 9, 9]), A=form
    )
    told = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("http://evil.example/seen"))
    along = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=pikepdf.Array([0, 0, 9, 9]),
        FS=pikepdf.Dictionary(F=pikepdf.String("verre.exe")), A=told,
    )  # fmt: skip
    page.obj.Annots = pikepdf.Array([pdf.make_indirect(note), field, pdf.make_indirect(along)])
    pdf.Root.AcroForm = pikepdf.Dictionary(XFA=pikepdf.String("<xfa-skjema/>"), Fields=pikepdf.Array([]))
    clicked = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("http://evil.example/clicked"))
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=pikepdf.Array([0, 0, 9, 9]), A=clicked
    )
    page.obj.Annots.append(pdf.make_indirect(link))
    out = BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    return out.getvalue()


def test_a_pdf_loses_what_acts() -> None:
    """No script, no program started, no file within; the page stays."""
    raw = acting_pdf()
    found = made_harmless(file(raw, "application/pdf"))
    for bad in (
        b"JavaScript",
        b"/JS",
        b"OpenAction",
        b"/AA",
        b"Launch",
        b"cmd.exe",
        b"EmbeddedFile",
        b"MZ ond",
        b"app.alert",
        b"SubmitForm",
        b"FileAttachment",
        b"verre.exe",
        b"xfa-skjema",
        b"evil.example",
    ):
        assert bad in raw
        assert bad not in found.content
    with pikepdf.open(BytesIO(found.content)) as pdf:
        assert len(pdf.pages) == 1


def test_a_pdf_whose_root_stands_in_its_trailer_loses_what_acts() -> None:
    """Readers take such a broken one all the same."""
    raw = (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Pages /Kids [2 0 R] /Count 1 >>\nendobj\n2 0 obj\n<< /Type /Page /Parent 1 0 R"
        b" /MediaBox [0 0 9 9] >>\nendobj\ntrailer\n<< /Root << /Type /Catalog /Pages 1 0 R /OpenAction << /S /JavaScript"
        b" /JS (app.alert) >> >> /Size 3 >>\nstartxref\n0\n%%EOF\n"
    )
    found = made_harmless(file(raw, "application/pdf"))
    assert found.refused == ""
    assert b"Catalog" in found.content
    assert b"app.alert" not in found.content


def test_a_pdf_of_very_many_objects_is_refused() -> None:
    """Walking them would hold the desk up; as many as may be are walked."""
    pdf = pikepdf.new()
    pdf.Root.Many = pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary()) for _ in range(30)])
    out = BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    raw = file(out.getvalue(), "application/pdf")
    assert made_harmless(raw, objects_at_most=30).refused == "too_large"
    assert made_harmless(raw, objects_at_most=40).refused == ""


def test_a_pdf_that_cannot_be_read_is_refused() -> None:
    """Broken or locked: listed without its content."""
    assert made_harmless(file(b"%PDF-1.4 tull", "application/pdf")).refused == "unreadable"
    out = BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(out, encryption=pikepdf.Encryption(user="x", owner="y"))
    assert made_harmless(file(out.getvalue(), "application/pdf")).refused == "locked"


def test_what_needs_nothing_is_left_as_it_is() -> None:
    """A text, and what was refused before."""
    plain = file(b"Hei", "text/plain")
    assert made_harmless(plain) is plain
    gone = File("x", "image/png", b"", 9, refused="too_large")
    assert made_harmless(gone) is gone
    infected = File("x", "image/png", picture("PNG"), 9, refused="infected")
    assert made_harmless(infected) is infected
