"""Bytes of a feed to text: what the bytes themselves prove comes before what anybody declares."""

from __future__ import annotations

import codecs
import re

from studytui.text import clean_text

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""^[^>]{0,200}?<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,400}?\?>")
# A smaller name often stands for the larger set that its writers used (WHATWG Encoding Standard).
_LARGER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
}
# Codecs outside these families (punycode, utf-7, unicode_escape …) are never what a feed is written in.
# A declaration that can be read as ASCII proves that the bytes are not UTF-16 or UTF-32.
_FAMILIES = ("utf-8", "gb", "big5", "cp", "iso8859", "iso2022", "koi8", "shift", "euc", "mac")
# What is still met undeclared, likeliest first; the guess is left to these, because rarer ones fit anything.
_LIKELY = (
    "big5",
    "cp1252",
    "cp1251",
    "cp932",
    "euc_jp",
    "cp949",
    "koi8_r",
    "cp1250",
    "cp1253",
    "cp1254",
    "cp1255",
)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MOSTLY = 4  # a decoding is nearly valid when at most one in so many non-ASCII characters is broken


def decode(body: bytes, charset: str = "") -> str:
    """Return the text of ``body``; ``charset`` is what the HTTP answer claimed.  Never raises.

    Order: byte order mark, valid UTF-8, the XML declaration, ``charset``, nearly valid UTF-8, GB18030, a
    statistical guess.  One bad byte must not turn a whole feed into mojibake, and "declared utf-8, is GBK" is
    common, so a declaration only counts when the bytes agree with it.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    if codec := _wide(body):
        return body.decode(codec, "replace")
    claims = [codec for codec in (_codec(_declared(body)), _codec(charset)) if codec]
    for codec in ("utf-8", *claims):
        try:
            return body.decode(codec)
        except UnicodeError:
            continue
    for codec in ("utf-8", *claims):
        if (text := _nearly(body, codec)) is not None:
            return text
    text = _nearly(body, "gb18030")
    return text if text is not None and _is_common_chinese(text) else _guess(body)


def xml_bytes(text: str) -> bytes:
    """Return ``text`` as UTF-8 that an XML parser accepts: no declaration, no illegal characters.

    The declaration goes because it names the encoding the bytes no longer have.
    """
    if _ILLEGAL.search(text):
        text = _ILLEGAL.sub("", clean_text(text))
    return _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1).lstrip().encode("utf-8", "replace")


def _wide(body: bytes) -> str:
    """Recognise UTF-16 without a byte order mark by its first characters."""
    if body[:1] in (b"<", b"{") and body[1:2] == b"\0" and body[3:4] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if body[:1] == b"\0" and body[1:2] in (b"<", b"{") and body[2:3] == b"\0" else ""


def _declared(body: bytes) -> str:
    match = _DECLARED.match(body[:1024])
    return match[1].decode("ascii", "replace") if match else ""


def _codec(name: str) -> str:
    """Return Python's name of the codec to use for the label ``name``, "" when it is none for a feed."""
    try:
        found = codecs.lookup(name.strip("\"' ")).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    return _LARGER.get(found, found) if found.startswith(_FAMILIES) or found in _LARGER else ""


def _nearly(body: bytes, codec: str) -> str | None:
    text = body.decode(codec, "replace")
    foreign = sum(not piece.isascii() for piece in text) if not text.isascii() else 0
    return text if text.count("\ufffd") * _MOSTLY <= foreign else None


def _is_common_chinese(text: str) -> bool:
    """Say whether most characters are those of GB 2312; other encodings read as GB18030 give rare ones."""
    foreign = "".join(piece for piece in text[:200_000] if not piece.isascii())[:4000]
    return len(foreign.encode("gb2312", "ignore")) >= len(foreign) * 2 * 0.8


def _guess(body: bytes) -> str:
    from charset_normalizer import from_bytes

    found = from_bytes(body[:100_000], cp_isolation=list(_LIKELY))
    likely = [one for one in found if one.encoding in _LIKELY]
    likely.sort(key=lambda one: (one.chaos, -one.coherence, _LIKELY.index(one.encoding)))
    return body.decode(likely[0].encoding if likely else "utf-8", "replace")
