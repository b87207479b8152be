"""OPML: what other readers export, mostly ill-formed, now and then hostile; and what we write ourselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.errors import StudyError
from studytui.reading.subscriptions.edit import add
from studytui.reading.subscriptions.feedsfile import Subscription, Subscriptions, load_subscriptions
from studytui.reading.subscriptions.opml import MAX_FEEDS, export_opml, import_opml, not_followed

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


def opml(body: str, head: str = '<?xml version="1.0"?>') -> bytes:
    return f"{head}<opml version='2.0'><head><title>x</title></head><body>{body}</body></opml>".encode()


def found(body: str) -> list[Subscription]:
    return list(import_opml(opml(body)).found)


def test_feeds_in_folders() -> None:
    assert found(
        """<outline text="Marketing"><outline text="SEO" title="SEO">
             <outline type="rss" text="Moz" title="Moz &amp; friends" xmlUrl="https://moz.com/feed?a=1&amp;b=2"/>
           </outline></outline>
           <outline text="客户" xmlURL=" http://a.cn/feed " category="/crm/sales,#zh"/>"""
    ) == [
        Subscription("Moz & friends", "url", "https://moz.com/feed?a=1&b=2", ("Marketing", "SEO")),
        Subscription("客户", "url", "http://a.cn/feed", ("crm/sales", "zh")),
    ]


@pytest.mark.parametrize(
    ("raw", "name", "address"),
    [
        (
            opml('<outline text="Q & A" xmlUrl="http://a.com/?x=1&y=2&copy=3"/>'),
            "Q & A",
            "http://a.com/?x=1&y=2&copy=3",
        ),
        (opml('<outline text="a &nbsp; b" xmlUrl="http://a.com"/>'), "a b", "http://a.com"),
        (opml('<outline text="a &lt; b & c" xmlUrl="http://a.com"/>'), "a < b & c", "http://a.com"),
        (opml('<outline text="a < b" xmlUrl="http://a.com"/>'), "a < b", "http://a.com"),
        (
            opml('<outline text="a &amp;amp; b" xmlUrl="http://a.com/?x&amp;amp;y"/>'),
            "a & b",
            "http://a.com/?x&y",
        ),
        (b"\xef\xbb\xbf\r\n  " + opml('<outline text="a" xmlUrl="http://a.com"/>'), "a", "http://a.com"),
        (opml('<outline text="a\x02b" xmlUrl="http://a.com"/>'), "ab", "http://a.com"),
        (
            opml('<outline text="营销" xmlUrl="http://a.com"/>', "<?xml version='1.0' encoding='gbk'?>")
            .decode()
            .encode("gbk"),
            "营销",
            "http://a.com",
        ),
        (opml('<outline text="a" xmlUrl="http://a.com"/>').decode().encode("utf-16"), "a", "http://a.com"),
        (opml('<outline xmlUrl="http://blog.a.com/feed"/>'), "blog.a.com", "http://blog.a.com/feed"),
        (opml('<outline text="a" xmlUrl="feed://a.com/x"/>'), "a", "http://a.com/x"),
        (opml('<outline text="a" xmlUrl="feed:https://a.com/x"/>'), "a", "https://a.com/x"),
        (
            opml('<outline text="a" xmlUrl="http://a.com"/>', '<!DOCTYPE opml SYSTEM "x.dtd">'),
            "a",
            "http://a.com",
        ),
        (
            b'<o:opml xmlns:o="urn:x"><o:outline text="a" xmlUrl="http://a.com"/></o:opml>',
            "a",
            "http://a.com",
        ),
    ],
)
def test_files_as_they_come(raw: bytes, name: str, address: str) -> None:
    assert [(item.name, item.address) for item in import_opml(raw).found] == [(name, address)]


@pytest.mark.parametrize(
    "address",
    [
        "exec:rm -rf ~",
        "filter:sh:http://a.com",
        "|curl http://a.com",
        '"|cmd"',
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ftp://a.com",
        "query:x:unread",
        "",
        "/etc/passwd",
        "http://a.com\x01/x y",
    ],
)
def test_nothing_is_ever_run_or_read_from_the_disk(address: str) -> None:
    quoted = address.replace('"', "&quot;")
    result = import_opml(opml(f'<outline text="bad" xmlUrl="{quoted}"/><outline xmlUrl="http://good.com"/>'))
    assert [item.address for item in result.found] == ["http://good.com"]
    assert len(result.skipped) == 1
    assert "“bad” was left out" in result.skipped[0]


def test_what_a_file_says_cannot_paint() -> None:
    result = import_opml(opml('<outline text="a&#x9b;31m&#x202e;b" xmlUrl="http://a.com"/>'))
    assert result.found[0].name == "ab"


def test_the_same_feed_in_two_folders_has_both_tags() -> None:
    assert found(
        '<outline text="A"><outline text="x" xmlUrl="http://a.com"/></outline>'
        '<outline text="B"><outline text="y" xmlUrl="http://a.com"/></outline>'
    ) == [Subscription("x", "url", "http://a.com", ("A", "B"))]


def test_names_become_unique() -> None:
    items = found("".join(f'<outline text="News" xmlUrl="http://{n}.com"/>' for n in range(3)))
    assert [item.name for item in items] == ["News", "News (2)", "News (3)"]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "not OPML"),
        (b"hello", "not OPML"),
        (opml("<outline"), "cannot be read at line 1"),
        (b"<rss><channel/></rss>", "no feeds in this file"),
        (opml(""), "no feeds in this file"),
        (b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><opml>&b;</opml>', "entities"),
        (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml>&a;</opml>', "entities"),
        (b" " * 10_000_001, "larger than 10 MB"),
    ],
)
def test_what_is_no_list_of_feeds(raw: bytes, says: str) -> None:
    with pytest.raises(StudyError, match=says) as caught:
        import_opml(raw)
    assert caught.value.hint.endswith(".")


def test_any_depth_and_a_bounded_number() -> None:
    deep = "<outline text='f'>" * 50_000 + "<outline xmlUrl='http://a.com'/>" + "</outline>" * 50_000
    assert [item.tags for item in found(deep)] == [("f",)]
    many = "".join(f'<outline xmlUrl="http://a.com/{n}"/>' for n in range(MAX_FEEDS + 5))
    result = import_opml(opml(many))
    assert len(result.found) == MAX_FEEDS
    assert len(result.skipped) == 1


@given(st.text(alphabet="<>&\"'=/ outlinexmUr#;!-[]\n名\x00", max_size=80))
def test_no_file_brings_anything_but_a_study_error(text: str) -> None:
    for raw in (text.encode(), opml(text)):
        try:
            import_opml(raw)
        except StudyError as error:
            assert error.hint


# --- into feeds.yaml and out again -------------------------------------------------------------


def test_what_is_followed_already_is_not_added_again(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds:\n  - name: Moz\n    url: https://moz.com/feed\n")
    candidates = found(
        '<outline text="Moz" xmlUrl="https://moz.com/feed"/><outline text="Moz" xmlUrl="http://x.com"/>'
    )
    fresh = not_followed(candidates, load_subscriptions(path))
    add(path, *fresh)
    assert [(item.name, item.address) for item in load_subscriptions(path)] == [
        ("Moz", "https://moz.com/feed"),
        ("Moz (2)", "http://x.com"),
    ]
    assert not_followed(candidates, load_subscriptions(path)) == []


def test_our_own_export_comes_back(tmp_path: Path) -> None:
    items = (
        Subscription("A & <B> \"C\" 'd'", "url", "https://a.com/?x=1&y=2", ("zh", "客户")),
        Subscription("知乎", "rsshub", "/zhihu/daily", ("zh",), enabled=False),
        Subscription("三节课", "site", "https://www.sanjieke.cn", every=timedelta(days=7)),
    )
    raw = export_opml(Subscriptions(Path("feeds.yaml"), "", items), NOW)
    assert import_opml(raw).found == items
    assert b"Sun, 22 Nov 2026 13:00:00 +0000" in raw


def test_other_readers_get_the_address_behind_a_route() -> None:
    item = Subscription("知乎", "rsshub", "/zhihu/daily")
    raw = export_opml(Subscriptions(Path("feeds.yaml"), "https://r.org/", (item,)), NOW)
    assert 'xmlUrl="https://r.org/zhihu/daily"' in raw.decode()


@given(
    st.lists(
        st.builds(
            Subscription,
            st.text(min_size=1, max_size=20),
            st.just("url"),
            st.integers(0, 99).map("http://{}.com".format),
            st.lists(st.text(max_size=8), max_size=2).map(tuple),
        ),
        max_size=4,
    )
)
def test_an_export_is_always_well_formed(items: list[Subscription]) -> None:
    raw = export_opml(Subscriptions(Path("feeds.yaml"), "", tuple(items)), NOW)
    root = ElementTree.fromstring(raw)
    assert root.get("version") == "2.0"
    assert sum("xmlUrl" in element.attrib for element in root.iter("outline")) == len(items)
