"""Decoding: what the bytes prove comes before what anybody declares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.reading.parse.decode import decode, xml_bytes

CHINESE = "网络营销：客户关系管理，软文与流量。" * 5
TRADITIONAL = "網路行銷：顧客關係管理，軟文與流量。" * 5


def xml(text: str, declared: str = "") -> str:
    encoding = f' encoding="{declared}"' if declared else ""
    return f'<?xml version="1.0"{encoding}?><rss><channel><title>{text}</title></channel></rss>'


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("utf-8", "utf-8"),
        ("gb2312", "utf-8"),
        ("iso-8859-1", "utf-8"),
        ("utf-8", "gbk"),
        ("", "gbk"),
        ("", "gb18030"),
        ("gb2312", "gbk"),
        ("GBK", "gb18030"),
        ("utf-16", "gbk"),
        ("no-such-thing", "gbk"),
        ("punycode", "gbk"),
        ("hex", "gbk"),
    ],
)
def test_valid_bytes_win_over_what_is_declared(declared: str, real: str) -> None:
    assert decode(xml(CHINESE, declared).encode(real)) == xml(CHINESE, declared)


@pytest.mark.parametrize("real", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_marks_and_wide_text(real: str) -> None:
    assert decode(xml(CHINESE).encode(real)) == xml(CHINESE)


def test_declared_big5_and_the_http_charset_when_nothing_is_declared() -> None:
    assert decode(xml(TRADITIONAL, "big5").encode("cp950")) == xml(TRADITIONAL, "big5")
    assert decode(xml(TRADITIONAL).encode("cp950"), "Big5") == xml(TRADITIONAL)
    assert decode(xml("naïve café").encode("latin-1"), "iso-8859-1") == xml("naïve café")


def test_undeclared_big5_is_guessed() -> None:
    assert TRADITIONAL[:20] in decode(xml(TRADITIONAL * 3).encode("cp950"))


def test_one_bad_byte_in_utf8_costs_one_character() -> None:
    good = xml(CHINESE).encode()
    at = good.index("管".encode())
    text = decode(good[:at] + b"\xff" + good[at:])
    assert text.replace("\ufffd", "") == xml(CHINESE)


@pytest.mark.parametrize("declared", ["", "gbk", "utf-8"])
def test_a_gbk_character_cut_in_two_costs_little(declared: str) -> None:
    body = xml(CHINESE, declared).encode("gbk").replace("软文".encode("gbk"), "软文".encode("gbk")[:3], 1)
    assert "客户关系管理" in decode(body)


def test_latin_text_is_not_taken_for_chinese() -> None:
    text = xml("Élève français: où est passé l'été à la plage? Déjà vu, garçon! " * 5)
    assert "Élève français" in decode(text.encode("latin-1"))


def test_windows_quotes_in_declared_latin() -> None:
    assert "“quoted”" in decode(xml("“quoted”", "iso-8859-1").encode("cp1252"))


@given(st.binary(max_size=300), st.text(max_size=12))
def test_never_raises(body: bytes, charset: str) -> None:
    xml_bytes(decode(body, charset)).decode()


def test_the_declaration_goes_and_illegal_characters_with_it() -> None:
    assert xml_bytes('\ufeff\n <?xml version="1.0" encoding="gb2312"?>\n<rss/>') == b"<rss/>"
    assert xml_bytes("<rss>a\x00\x0bb</rss>") == b"<rss>ab</rss>"
    assert xml_bytes("<t>x\x1b]2;P\x07y</t>") == b"<t>xy</t>"
    assert xml_bytes("<t>\ud800</t>") == b"<t>?</t>"
