"""Make an attachment harmless before it is stored: images painted anew, PDFs without anything that acts.

Apart from `parse`, which stays fast: whoever stores a file calls `made_harmless` in a thread. Not a full sanitiser:
files are still served as downloads that a browser must not interpret.
"""

from dataclasses import replace
from io import BytesIO
from typing import Any, Final

import pikepdf
from PIL import Image, ImageOps

from intake.email.mail import File

PIXELS_AT_MOST: Final = 24_000_000
"""Pixels painted at once: 72 MB, so that the process stays under 300 MB; a larger JPEG is drawn smaller."""
EDGE_AT_MOST: Final = 4_000
"""Pixels of a JPEG's longer edge after drawing: an identity paper stays legible."""
OBJECTS_AT_MOST: Final = 100_000
"""Objects of a PDF that are walked; a scanned letter has a hundred."""

UNREADABLE, TOO_LARGE, LOCKED = "unreadable", "too_large", "locked"

_FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP",
    "image/tiff": "TIFF", "image/bmp": "BMP"}  # fmt: skip
_ACTING: Final = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/GoToR",
        "/Rendition",
        "/RichMediaExecute",
        "/Movie",
        "/Sound",
        "/ResetForm",
        "/SetOCGState",
        "/Hide",
        "/URI",
    }
)
_ACTIVE_KEYS: Final = (
    "/AA",
    "/OpenAction",
    "/JS",
    "/JavaScript",
    "/EmbeddedFiles",
    "/EF",
    "/XFA",
    "/RichMediaContent",
    "/AF",
)
_ACTIVE_NOTES: Final = frozenset(
    {
        "/FileAttachment",
        "/RichMedia",
        "/Screen",
        "/Movie",
        "/Sound",
        "/3D",
    }
)


def made_harmless(file: File, *, objects_at_most: int = OBJECTS_AT_MOST) -> File:
    """Return the file as it may be stored and opened: the same where its kind has nothing to take out.

    An image loses its metadata (the place where a photograph was taken too) and whatever is hidden behind it. A
    file that cannot be made harmless is listed without its content, `refused` says why; the raw mail is kept.
    """
    if file.refused or not file.content:
        return file
    if file.media_type in _FORMATS:
        return _painted(file)
    if file.media_type == "application/pdf":
        return _stripped(file, objects_at_most)
    return file


def _refused(file: File, why: str) -> File:
    return replace(file, content=b"", refused=why)


def _with(file: File, content: bytes, media_type: str) -> File:
    return replace(file, content=content, size=len(content), media_type=media_type)


def _painted(file: File) -> File:
    """Decode and encode anew; of a moving image the first picture."""
    out = BytesIO()
    try:
        with Image.open(BytesIO(file.content), formats=[_FORMATS[file.media_type]]) as image:
            jpeg = image.format == "JPEG"
            if jpeg:
                image.draft("RGB", (EDGE_AT_MOST, EDGE_AT_MOST))
            if image.size[0] * image.size[1] > PIXELS_AT_MOST:
                return _refused(file, TOO_LARGE)
            upright = ImageOps.exif_transpose(image)
            painted = Image.new(_mode(upright), upright.size)
            painted.paste(upright if upright.mode == painted.mode else upright.convert(painted.mode))
            painted.save(out, "JPEG" if jpeg else "PNG", **({"quality": 88} if jpeg else {}))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _refused(file, TOO_LARGE)
    except (
        OSError,
        ValueError,
        SyntaxError,
        TypeError,
        IndexError,
        KeyError,
        EOFError,
        OverflowError,
        ZeroDivisionError,
    ):
        return _refused(
            file, UNREADABLE
        )  # what the decoders raise over broken files is not documented closer
    return _with(file, out.getvalue(), "image/jpeg" if jpeg else "image/png")


def _mode(image: Image.Image) -> str:
    if image.mode in ("1", "L", "RGB", "RGBA"):
        return image.mode
    return "RGBA" if image.mode in ("LA", "PA") or "transparency" in image.info else "RGB"


def _stripped(file: File, objects_at_most: int) -> File:
    """Take out of a PDF everything that acts when it is opened, printed or clicked, and the files within it."""
    out = BytesIO()
    try:
        with pikepdf.open(BytesIO(file.content)) as pdf:
            if len(pdf.objects) > objects_at_most:
                return _refused(file, TOO_LARGE)
            for one in pdf.objects:
                _defuse(one)
            _defuse(pdf.trailer)
            pdf.save(out)
    except pikepdf.PasswordError:
        return _refused(file, LOCKED)
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, KeyError, OverflowError, RecursionError):
        return _refused(file, UNREADABLE)
    return _with(file, out.getvalue(), "application/pdf")


def _defuse(root: Any) -> None:
    """Walk one object and what lies directly in it; what it refers to is an object of its own."""
    waiting = [(root, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > 50:
            continue
        if isinstance(one, pikepdf.Array):
            waiting.extend((item, depth + 1) for item in one if _direct(item))
        elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            _take_out(one)
            waiting.extend((one[key], depth + 1) for key in list(one.keys()) if _direct(one[key]))


def _direct(item: Any) -> bool:
    return isinstance(item, pikepdf.Array | pikepdf.Dictionary) and not item.is_indirect


def _take_out(one: Any) -> None:
    for key in _ACTIVE_KEYS:
        if key in one:
            del one[key]
    kind = one.get("/S")
    if isinstance(kind, pikepdf.Name) and str(kind) in _ACTING and "/K" not in one:
        for key in list(one.keys()):
            del one[key]
    elif (
        isinstance(one.get("/Subtype"), pikepdf.Name)
        and str(one["/Subtype"]) in _ACTIVE_NOTES
        and "/Rect" in one
    ):
        one["/Subtype"] = pikepdf.Name("/Text")
        for key in ("/FS", "/A"):
            if key in one:
                del one[key]
