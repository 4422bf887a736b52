"""What a file is, by its first bytes; what a browser says of it is not believed. Pure."""

import re
import unicodedata

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
WEBP, HEIC = "image/webp", "image/heic"

ENDINGS = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg", WEBP: ".webp", HEIC: ".heic"}
_USUAL_ENDING = re.compile(r"\.(pdf|png|jpe?g|webp|heic|heif)$", re.IGNORECASE)
_HEIC_BRANDS = {b"heic", b"heix", b"mif1", b"heim", b"heis", b"hevc"}
LONGEST_NAME = 120


def media_type_of(content: bytes) -> str:
    """The media type of a file that we keep; blank for any other."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return HEIC
    return ""


def clean_name(name: str, media_type: str) -> str:
    """A name that is harmless on any computer: no folders, no control signs, the right ending."""
    last = re.split(r"[/\\]", name)[-1]
    # C: control and format signs, such as those that turn the direction of writing.
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    plain = re.sub(r'[<>:"|?*]', "", plain)
    stem = " ".join(_USUAL_ENDING.sub("", plain).split()).strip(". ")
    ending = ENDINGS[media_type]
    return f"{stem[: LONGEST_NAME - len(ending)] or 'file'}{ending}"
