"""People in and out: CSV as spreadsheets write it, vCards as phones write them, nothing lost on the way."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui import i18n
from studytui.errors import StudyError
from studytui.people.contact_line import one_line
from studytui.people.contacts import Person, parse_person
from studytui.people.drafts import Draft
from studytui.people.exchange import Imported, import_vcards
from studytui.people.spreadsheet import export_csv, import_csv
from studytui.people.vcard import parse_vcards
from studytui.people.vocabulary import STAGES, TIES

TODAY = date(2026, 11, 22)


def read_back(draft: Draft) -> Person:
    return parse_person(f"people/{draft.title}.md", draft.title, draft.front, draft.body)


def imported(text: str) -> Imported:
    return import_csv(text.encode(), TODAY, lang="en")


# --- CSV ----------------------------------------------------------------------------------------------------


def test_imports_a_chinese_table() -> None:
    found = imported(
        "姓名,职位,公司,关系,阶段,标签,最长间隔,生日,联系记录\r\n"
        '张三,运营,某公司,弱,重复购买,"投放，招聘",60,5月1日,"2026-11-01 #微信群 聊了 (热情)\n  细节"\r\n'
    )
    assert not found.problems
    assert not found.rejected
    person = read_back(found.drafts[0])
    assert (person.name, person.role, person.company, person.tie) == ("张三", "运营", "某公司", "weak")
    assert (person.stage, person.max, person.tags) == ("repeat", 60, ("投放", "招聘"))
    assert [(c.text, c.outcome, c.details) for c in person.contacts] == [("聊了", "warm", "细节")]
    assert "- 生日: 5月1日\n" in found.drafts[0].body


def test_imports_what_address_books_export() -> None:
    found = imported(
        "First Name;Last Name;E-mail 1 - Value;Phone 1 - Value;Organization Name;Notes;\n"
        "Rosa;Chen;rosa@tea.co;'+86 139;TeaCo;likes tea;more;even more\n"
    )
    draft = found.drafts[0]
    assert (draft.title, draft.front["email"], draft.front["company"]) == (
        "Rosa Chen",
        "rosa@tea.co",
        "TeaCo",
    )
    assert draft.front["phone"] == "+86 139"
    assert draft.body.startswith(
        "\n- Notes: likes tea\n- more\n- even more\n\n## What I could ask them\n\n## Contacts\n"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_reads_every_encoding_a_spreadsheet_writes(encoding: str, delimiter: str) -> None:
    raw = delimiter.join(["姓名", "公司"]) + "\n" + delimiter.join(["李四", "茶铺"]) + "\n"
    found = import_csv(raw.encode(encoding), TODAY)
    assert [(draft.title, draft.front["company"]) for draft in found.drafts] == [("李四", "茶铺")]


def test_a_bad_row_is_told_with_its_line_and_its_text() -> None:
    found = imported(
        'name,role\n\nAnn,ads\n,seo\nBob,"runs\ntwo shops"\n"Cy,open quote\nDee,"x"y\n \x07,bell\nEve,"y ""z"""\n'
    )
    assert [draft.title for draft in found.drafts] == ["Ann", "Bob", "Eve"]
    assert [draft.front["role"] for draft in found.drafts] == ["ads", "runs two shops", 'y "z"']
    assert [(row.problem.line, row.text) for row in found.rejected] == [
        (4, ",seo"),
        (7, '"Cy,open quote'),
        (8, 'Dee,"x"y'),
        (9, " \x07,bell"),
    ]
    assert str(found.rejected[0].problem) == (
        "people.csv:4: There is no name, so nobody was made of it. Add a name and import it again."
    )


def test_a_value_that_does_not_fit_goes_into_the_text() -> None:
    found = imported("name,tie,ideal,stage\nAnn,best friend,soon,Mentor\nBob,强关系,never,\n")
    ann, bob = map(read_back, found.drafts)
    assert "- tie: best friend\n- ideal: soon\n" in found.drafts[0].body
    assert (ann.tie, ann.ideal, ann.stage, ann.problems) == ("", None, "Mentor", ())
    assert (bob.tie, bob.remind) == ("strong", False)
    assert [str(problem)[:44] for problem in found.problems] == [
        "people.csv:2: “best friend” does not fit “ti",
        "people.csv:2: “soon” does not fit “ideal” an",
    ]


def test_a_table_without_names_is_refused() -> None:
    with pytest.raises(StudyError, match=r"people\.csv:2: no column is called “name”"):
        imported("\ncolour,size\nred,4\n")
    with pytest.raises(StudyError, match="neither UTF-8"):
        import_csv(b"name\n\xff\xff", TODAY)
    assert imported("") == imported("\n\n") == Imported()


def test_the_export_shows_where_each_person_stands() -> None:
    front = {"tie": "weak", "email": ["a@x.org", "b@x.org"]}
    note = "- 2026-10-01 a (annoyed) ? why -> call"
    person = parse_person("people/Ann.md", "=Ann", front, note)
    rows = list(csv.DictReader(io.StringIO(export_csv([person], TODAY, lang="en"))))
    assert len(rows) == 1
    assert rows[0]["name"] == "'=Ann"
    assert rows[0]["email"] == "a@x.org, b@x.org"
    assert [
        rows[0][c] for c in ("last contact", "outcome", "due", "state", "last question", "next step")
    ] == [
        *("2026-10-01", "annoyed", "2026-11-02", "due"),
        *("why", "call"),
    ]
    i18n.set_language("zh")
    assert export_csv([], TODAY).startswith("姓名,职位,公司,关系,")


WORDS = st.text(st.characters(exclude_categories=("C",)), max_size=12).map(one_line)
NAMED = WORDS.filter(bool)
TAGS = st.lists(st.text("投放ab/", min_size=1, max_size=4), unique=True, max_size=3)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "name": NAMED,
                "role": WORDS,
                "company": WORDS,
                "source": WORDS,
                "tie": st.sampled_from(["", *TIES]),
                "stage": st.sampled_from(["", *STAGES]),
                "ideal": st.none() | st.integers(1, 3650),
                "tags": TAGS,
                "log": st.lists(st.tuples(st.integers(1, 28), WORDS), max_size=3),
            }
        ),
        max_size=4,
    ),
    st.sampled_from(["en", "zh"]),
)
def test_an_export_reads_back(people: list[dict[str, Any]], lang: str) -> None:
    before = [
        parse_person(
            "people/x.md",
            fields["name"],
            fields,
            "## Log\n" + "\n".join(f"- 2026-11-{day:02} {text}" for day, text in fields["log"]),
        )
        for fields in people
    ]
    raw = export_csv(before, TODAY, lang=lang).encode("utf-8-sig")
    found = import_csv(raw, TODAY, lang=lang)
    assert not found.rejected
    after = [read_back(draft) for draft in found.drafts]
    assert [_told(person) for person in after] == [_told(person) for person in before]


def _told(person: Person) -> tuple[object, ...]:
    fields = (person.name, person.role, person.company, person.source, person.tie, person.stage)
    contacts = [(contact.day, one_line(contact.text), contact.question) for contact in person.contacts]
    return (*map(one_line, fields), person.ideal, person.tags, contacts)


@given(st.text('ab,;"\n\r\t张 ', max_size=60))
def test_no_row_disappears(rows: str) -> None:
    found = imported("name,note\n" + rows)
    kept = "".join(str(draft.front) + draft.body for draft in found.drafts)
    kept += "".join(row.text for row in found.rejected)
    assert rows.count("张") <= kept.count("张")
    assert rows.count("a") <= kept.count("a")
    assert rows.count("b") <= kept.count("b")


# --- vCard --------------------------------------------------------------------------------------------------

PHONE = (
    b"BEGIN:VCARD\r\nVERSION:2.1\r\n"
    b"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0;=E4=B8=89;;;\r\n"
    b"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0=\r\n=E4=B8=89\r\n"
    b"TEL;CELL;PREF:13900000000\r\nTEL;WORK:010-1\r\n"
    b"NOTE;QUOTED-PRINTABLE;CHARSET=GBK:=C1=C4=C1=CB=CD=B6=B7=C5=0D=0Aline two\r\n"
    b"ORG;CHARSET=GB2312:\xc4\xb3\xb9\xab\xcb\xbe;\xd4\xcb\xd3\xaa\r\n"
    b"X-QQ:10001\r\n"
    b"PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQ\r\n /9j/4AAQ\r\n\r\nEND:VCARD\r\n"
)
MODERN = """BEGIN:VCARD
VERSION:4.0
FN:Rosa Chen
N:Chen;Rosa;;Ms;
ORG:TeaCo\\, Ltd;Ads
TITLE:ads man
 ager
item1.TEL;VALUE=uri;TYPE="voice,cell":tel:+44-20-1
item1.X-ABLabel:desk
EMAIL;TYPE=work:rosa@tea.co
CATEGORIES:投放,salon
NICKNAME:Ro,小陈
NOTE:Likes tea\\; not coffee\\nMet in 上
 海 \\\\o/
PHOTO:data:image/jpeg;base64,/9j/4AAQ
UID:urn:uuid:1
URL:https://tea.co
END:VCARD
"""


def test_reads_an_old_phones_card() -> None:
    found = import_vcards(PHONE, TODAY, lang="en")
    draft = found.drafts[0]
    assert (draft.title, draft.front["phone"], draft.front["company"]) == (
        "张三",
        "13900000000",
        "某公司 运营",
    )
    assert draft.body.startswith(
        "\n- TEL (work): 010-1\n- NOTE: 聊了投放 line two\n- X-QQ: 10001\n\n## What I could"
    )
    assert [str(problem) for problem in found.problems] == [
        "people.vcf:11: A picture, sound or key (PHOTO) was left out."
    ]


def test_reads_a_modern_card() -> None:
    found = import_vcards(MODERN.replace("\n", "\r\n").encode(), TODAY, source="Growth salon", lang="en")
    front = found.drafts[0].front
    assert (found.drafts[0].title, front["role"], front["company"]) == (
        "Rosa Chen",
        "ads manager",
        "TeaCo, Ltd Ads",
    )
    assert (front["phone"], front["email"], front["url"]) == ("+44-20-1", "rosa@tea.co", "https://tea.co")
    assert (front["tags"], front["aliases"]) == (["投放", "salon"], ["Ro", "小陈"])
    assert front["source"] == "Growth salon"
    assert found.drafts[0].body == (
        "\n- X-ABLABEL: desk\n- NOTE: Likes tea; not coffee Met in 上海 \\o/\n"
        "\n## What I could ask them\n\n## Contacts\n"
    )
    assert [problem.detail for problem in found.problems] == ["PHOTO"]


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ("N:张;三;;;", "张三"),
        ("N:Chen;Rosa;Maria;Dr;Jr", "Dr Rosa Maria Chen Jr"),
        ("FN:\nN:Chen;Rosa", "Rosa Chen"),
        ("FN;CHARSET=nonsense:张三", "张三"),
        ("fn:Ann", "Ann"),
        ("FN;LANGUAGE=en;TYPE=a:b\nFN:Ann", "b"),
        ('FN;X="a:b;c":Ann', "Ann"),
        ("FN\n :Ann", "Ann"),
    ],
)
def test_finds_the_name(lines: str, name: str) -> None:
    found = import_vcards(f"BEGIN:VCARD\nVERSION:3.0\n{lines}\nEND:VCARD".encode(), TODAY)
    assert [draft.title for draft in found.drafts] == [name]


def test_version_2_1_keeps_the_blank_at_which_it_folds() -> None:
    old = parse_vcards(b"BEGIN:VCARD\nVERSION:2.1\nFN:Ann\nNOTE:one\n two\nEND:VCARD")[0]
    new = parse_vcards(b"BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nNOTE:one\n two\nEND:VCARD")[0]
    assert (old.details, new.details) == (["NOTE: one two"], ["NOTE: onetwo"])


def test_a_fold_may_cut_a_character() -> None:
    raw = "FN:张三".encode()
    card = b"BEGIN:VCARD\r\nVERSION:3.0\r\n" + raw[:4] + b"\r\n " + raw[4:] + b"\r\nEND:VCARD\r\n"
    assert parse_vcards(card)[0].fields["name"] == "张三"


def test_what_is_no_card_is_handed_back() -> None:
    strays = b"hello\nBEGIN:VCARD\nFN:Ann\nBEGIN:VCARD\nTEL:1\nEND:VCARD\n\ntail\n"
    found = import_vcards(strays + b"BEGIN:VCARD\nFN:Bob\nEND:VCARD\nBEGIN:VCARD\nFN:Cy", TODAY)
    assert [draft.title for draft in found.drafts] == ["Bob"]
    assert [(row.problem.line, row.text) for row in found.rejected] == [
        (1, "hello"),
        (2, "BEGIN:VCARD\nFN:Ann"),
        (4, "BEGIN:VCARD\nTEL:1\nEND:VCARD"),
        (8, "tail"),
        (12, "BEGIN:VCARD\nFN:Cy"),
    ]
    assert str(found.rejected[1].problem) == (
        "people.vcf:2: The card has no END:VCARD. Export the contact again, or add the person by hand."
    )


@given(
    st.binary(max_size=200)
    | st.lists(
        st.sampled_from(
            b"BEGIN:VCARD|END:VCARD|VERSION:2.1|FN:Ann|N:;|NOTE;ENCODING=B:!|TEL|NOTE;QUOTED-PRINTABLE:=|=ZZ="
            b"| fold||\xff|PHOTO;BASE64:AAAA|AAAA".split(b"|")
        )
    ).map(b"\n".join)
)
def test_no_file_raises(raw: bytes) -> None:
    found = import_vcards(raw, TODAY)
    assert len(found.drafts) + len(found.rejected) == len(parse_vcards(raw))
