"""English and Chinese are both complete: counted, not believed."""

from __future__ import annotations

import pytest
from babel.messages.pofile import read_po

from studytui import i18n
from tools import catalogue


def test_every_string_has_its_chinese() -> None:
    catalog = catalogue.merged([])
    assert sum(1 for message in catalog if message.id) > 100
    assert catalogue.problems(catalog) == []


def test_the_catalogue_holds_nothing_the_code_does_not_say() -> None:
    said = {message.id for message in catalogue.extract()}
    kept = {message.id for message in read_po(catalogue.PO.open("rb"))}
    assert kept <= said


def test_the_compiled_catalogue_is_the_source() -> None:
    assert catalogue.MO.read_bytes() == catalogue.compiled(
        read_po(catalogue.PO.open("rb"), locale="zh_Hans_CN")
    )


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh:en"}, "zh"),
        ({"LANG": "zh_TW.UTF-8", "STUDYTUI_LANG": "en"}, "en"),
        ({"LANG": "C"}, "en"),
    ],
)
def test_the_language_follows_the_locale(environ: dict[str, str], expected: str) -> None:
    assert i18n.detect_language(environ) == expected


def test_the_language_can_be_switched_while_running() -> None:
    message = "The old file is untouched. Free some space or check the permissions, then try again."
    i18n.set_language("zh")
    assert i18n._(message) != message
    i18n.set_language("en")
    assert i18n._(message) == message
