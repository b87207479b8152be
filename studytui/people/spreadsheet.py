"""People as CSV, both ways: what spreadsheets and address books on the web read and write."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from studytui.errors import StudyError
from studytui.i18n import N_, _, language
from studytui.people.cadence import DEFAULTS, Rules, standing, state_label
from studytui.people.contact_line import one_line
from studytui.people.contacts import Person
from studytui.people.drafts import Draft
from studytui.people.exchange import ADD_NAME, MEND, MOVED, NO_NAME, Imported, Rejected, to_draft
from studytui.people.note_text import Problem
from studytui.people.vocabulary import OUTCOMES, STAGES, TIES, folded, shown, texts

# Our columns with the words that other programs use for them; the first two are those of an export.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "姓名", "full name", "display name", "fn", "名字", "联系人"),
    "role": (
        "role",
        "职位",
        "title",
        "job title",
        "职务",
        "岗位",
        "organization 1 title",
        "organization title",
    ),
    "company": ("company", "公司", "organization", "org", "单位", "organization 1 name", "organization name"),
    "tie": ("tie", "关系"),
    "stage": ("stage", "阶段"),
    "source": ("source", "来源"),
    "ideal": ("ideal", "理想间隔"),
    "max": ("max", "最长间隔"),
    "tags": ("tags", "标签", "labels", "categories", "group membership", "分组"),
    "aliases": ("aliases", "别名", "nickname", "昵称"),
    "email": ("email", "邮箱", "e mail", "e mail address", "e mail 1 value", "电子邮件"),
    "phone": ("phone", "电话", "mobile", "mobile phone", "phone 1 value", "手机", "tel", "手机号"),
    "url": ("url", "网址", "website", "web page"),
    "contacts": ("contacts", "联系记录"),
}
# Computed for the reader of an export; an import leaves them out.
_COMPUTED = (
    ("last contact", "最近联系"),
    ("outcome", "态度"),
    ("due", "该联系的日子"),
    ("state", "状态"),
    ("last question", "上次的问题"),
    ("next step", "下一步"),
)
_GIVEN = ("given name", "first name", "名")
_FAMILY = ("family name", "last name", "surname", "姓")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_FORMULA = ("=", "+", "-", "@")
LIMIT = 20_000_000  # bytes


def export_csv(
    people: Iterable[Person], today: date, rules: Rules = DEFAULTS, lang: str | None = None
) -> str:
    """Return the people as CSV (RFC 4180, one header row in ``lang``), readable again by `import_csv`.

    The contact log is one cell with a line for each contact.  Cells that a spreadsheet would run as a formula
    get an apostrophe in front.  Write it as UTF-8 with a BOM, which Excel needs to see Chinese.
    """
    chinese = (lang or language()) == "zh"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([words[chinese] for words in (*_COLUMNS.values(), *_COMPUTED)])
    for person in people:
        writer.writerow([_guarded(cell) for cell in _cells(person, today, rules, lang)])
    return out.getvalue()


def _cells(person: Person, today: date, rules: Rules, lang: str | None) -> list[str]:
    found = standing(person, today, rules)
    own = {
        "name": person.name,
        "role": person.role,
        "company": person.company,
        "tie": shown(TIES, person.tie, lang),
        "stage": shown(STAGES, person.stage, lang),
        "source": person.source,
        "ideal": str(person.ideal or "") if person.remind else "never",
        "max": str(person.max or ""),
        "tags": ", ".join(person.tags),
        "aliases": ", ".join(person.aliases),
        **{key: ", ".join(texts(person.front.get(key))) for key in ("email", "phone", "url")},
        "contacts": "\n".join(_log_cell(person)),
    }
    question = person.last_question
    state = [
        found.last.isoformat() if found.last else "",
        shown(OUTCOMES, found.outcome, lang),
        found.due.isoformat() if found.due else "",
        state_label(found.state, lang),
        question.text if question else "",
        person.next_step,
    ]
    return [own[key] for key in _COLUMNS] + state


def _log_cell(person: Person) -> Iterator[str]:
    for contact in person.contacts:
        yield one_line(contact.source)
        yield from (f"  {line}" for line in contact.details.split("\n") if line)


def import_csv(
    raw: bytes, today: date, name: str = "people.csv", source: str = "", lang: str | None = None
) -> Imported:
    """Return the people in a CSV file: comma, semicolon or tab, UTF-8, UTF-16 or GB 18030.

    ``name`` is the file as problems name it, ``source`` how the people without one came to you.  Columns are
    found by their heading in either language; others go into the body.  Raises StudyError when there is no
    column with names.
    """
    text = _decoded(raw, name)
    rows = list(_rows(text))
    if not rows:
        return Imported()
    headings = rows[0].cells or []
    columns = [_column(cell) for cell in headings]
    if not {"name", "given", "family"} & set(columns):
        raise StudyError(
            _("{file}:{line}: no column is called “name”.").format(file=name, line=rows[0].line),
            _("Give the column with the names the heading “name” or “姓名” in the first row."),
        )
    drafts, problems, rejected = list[Draft](), list[Problem](), list[Rejected]()
    for row in rows[1:]:
        if row.cells is None:
            rejected.append(Rejected(Problem(name, row.line, _OPEN_QUOTE, _CLOSE_QUOTE), row.text))
            continue
        fields, details = _fields(columns, headings, row.cells)
        if not one_line(fields["name"]):
            rejected.append(Rejected(Problem(name, row.line, NO_NAME, ADD_NAME), row.text))
            continue
        draft, odd = to_draft(fields, details, today, source, lang)
        drafts.append(draft)
        problems += [Problem(name, row.line, MOVED, MEND, value, key) for key, value in odd]
    return Imported(tuple(drafts), tuple(problems), tuple(rejected))


@dataclass(frozen=True)
class _Row:
    """A row with its first line in the file and its text; ``cells`` is None when its quotes do not close."""

    line: int
    cells: list[str] | None
    text: str


def _rows(text: str) -> Iterator[_Row]:
    """Yield the rows that hold anything; after one that cannot be read the next line starts afresh."""
    lines = list(io.StringIO(text, newline=""))
    heading = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=heading.count)
    csv.field_size_limit(LIMIT)  # a long log is one cell
    start = 0
    while start < len(lines):
        reader = csv.reader(islice(lines, start, None), delimiter=delimiter, strict=True)
        begin = end = start
        try:
            for cells in reader:
                begin, end = end, start + reader.line_num
                if any(cell.strip() for cell in cells):
                    yield _Row(begin + 1, cells, "".join(lines[begin:end]).rstrip("\r\n"))
        except csv.Error:
            yield _Row(end + 1, None, lines[end].rstrip("\r\n"))
            start = end + 1
        else:
            return


def _fields(columns: list[str], headings: list[str], cells: list[str]) -> tuple[dict[str, str], list[str]]:
    """Return the values by our names, and lines for all that have no place of their own."""
    fields: dict[str, str] = {}
    details: list[str] = []
    for index, cell in enumerate(cells):
        value = _unguarded(cell.strip())
        key = columns[index] if index < len(columns) else ""
        if not value or key == "computed":
            continue
        if key and key not in fields:
            fields[key] = value
            continue
        heading = one_line(headings[index]) if index < len(headings) else ""
        details.append(f"{heading}: {one_line(value)}" if heading else one_line(value))
    given, family = fields.pop("given", ""), fields.pop("family", "")
    if not fields.get("name"):
        fields["name"] = full_name(family, given)
    elif fields["name"] != full_name(family, given) and (given or family):
        details.append(full_name(family, given))
    return fields, details


def _column(heading: str) -> str:
    wanted = folded(heading)
    if wanted in _GIVEN:
        return "given"
    if wanted in _FAMILY:
        return "family"
    if wanted in (word for words in _COMPUTED for word in words):
        return "computed"
    return next((key for key, words in _COLUMNS.items() if wanted in words), "")


def _decoded(raw: bytes, name: str) -> str:
    """Return the text of a file from a spreadsheet; Chinese Excel writes GB 18030."""
    if len(raw) > LIMIT:
        raise StudyError(
            _("{file} is larger than {size} MB.").format(file=name, size=LIMIT // 1_000_000),
            _("Split it into smaller files and import them one after the other."),
        )
    for encoding in ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise StudyError(
        _("{file} is neither UTF-8, UTF-16 nor GB 18030 text.").format(file=name),
        _("Save it as “CSV UTF-8” in the program it comes from, then import it again."),
    )


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'").startswith(_FORMULA) else cell


def full_name(family: str, given: str) -> str:
    """Return a name from its parts: family name first and no blank in Chinese."""
    chinese = bool(_CHINESE.search(family + given))
    return family + given if chinese else f"{given} {family}".strip()


_OPEN_QUOTE = N_("The quotation marks in this row do not match, so nobody was made of it.")
_CLOSE_QUOTE = N_("Put one at each end of the cell and write one inside it twice, then import the row again.")
