"""feeds.yaml: what the learner follows, read with a sentence for every mistake.

Edits that keep every other byte are in `studytui.reading.subscriptions.edit`.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path

from studytui.errors import StudyError
from studytui.i18n import _, sentences
from studytui.reading.subscriptions.entry import KEYS, MisshapenError, is_web_address, read_entry, read_text
from studytui.reading.subscriptions.subscription import Kind, Subscription, Subscriptions
from studytui.reading.subscriptions.yamltext import Mapping, Node, Sequence, YamlError, parse
from studytui.text import clean_line

__all__ = [
    "Kind",
    "Subscription",
    "Subscriptions",
    "decode",
    "load_subscriptions",
    "parse_subscriptions",
    "read_bytes",
]

MAX_BYTES = 1_000_000
_TOP_KEYS = ("rsshub", "feeds")

Warn = Callable[[int, str], None]


def load_subscriptions(path: Path) -> Subscriptions:
    """Read feeds.yaml; raises StudyError that names file, line and column and says what to do."""
    return parse_subscriptions(path, read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """Return the file's bytes; raises StudyError when there are none to be had, or far too many."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise StudyError(
                _("{path} is larger than 1 MB: something else was written into it.").format(path=path),
                _("Bring back an older copy of it, or move it away and run “studytui init”."),
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise StudyError(
            _("There is no {path}.").format(path=path),
            _("Run “studytui init” to create one, or bring yours back."),
        ) from error
    except OSError as error:
        raise StudyError(
            _("Could not read {path}: {reason}.").format(path=path, reason=error.strerror),
            _("Check that it is a file and that you may read it."),
        ) from error


def parse_subscriptions(path: Path, raw: bytes) -> Subscriptions:
    """Read the bytes of a feeds.yaml; ``path`` is for the sentences only.  Raises StudyError."""
    warnings: list[str] = []

    def warn(line: int, sentence: str) -> None:
        warnings.append(f"{path}:{line}: {sentence}")

    try:
        rsshub, items = _read(parse(decode(path, raw)), warn)
    except MisshapenError as error:
        raise StudyError(f"{path}:{error.line}:{error.column}: {error.message}", error.hint) from error
    except YamlError as error:
        message, hint = _(error.message).format(**error.details), _(error.hint).format(**error.details)
        raise StudyError(f"{path}:{error.line}:{error.column}: {message}", hint) from error
    return Subscriptions(path, rsshub, tuple(items), tuple(warnings))


def decode(path: Path, raw: bytes) -> str:
    """Return the text with its line ends untouched; raises StudyError when it is not UTF-8."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise StudyError(
            f"{path}:{line}:{column}: " + _("The file is not UTF-8."),
            _("Open it in an editor and save it with the encoding UTF-8."),
        ) from error


def _read(root: Node | None, warn: Warn) -> tuple[str, list[Subscription]]:
    """Return the RSSHub server and the entries; an empty document follows nothing."""
    if root is None:
        return "", []
    if not isinstance(root, Mapping):
        raise MisshapenError(
            root,
            _("The file must begin with “feeds:” and list the feeds below it."),
            _("Write “feeds:” above the first entry, and indent the entries by two blanks."),
        )
    _warn_of_unknown(root, _TOP_KEYS, warn)
    items = []
    for node in _entries(root.get("feeds")):
        items.append(read_entry(node))
        if isinstance(node, Mapping):
            _warn_of_unknown(node, KEYS, warn)
    _check_twins(items, warn)
    return _rsshub(root.get("rsshub")), items


def _entries(node: Node | None) -> tuple[Node, ...]:
    if node is None:
        return ()
    if not isinstance(node, Sequence):
        raise MisshapenError(
            node,
            _("“feeds:” must be followed by a list."),
            _("Begin each entry with “- name: …” on a line of its own."),
        )
    return node.items


def _rsshub(node: Node | None) -> str:
    address = "" if node is None else read_text(node, "rsshub").strip()
    if node is not None and not is_web_address(address):
        raise MisshapenError(
            node,
            _("“{value}” is not the address of an RSSHub server.").format(value=clean_line(address, 60)),
            _("Write it as https://…, or delete the line."),
        )
    return address


def _check_twins(items: list[Subscription], warn: Warn) -> None:
    """Two of a name are an error, because every command goes by the name; two of an address only a waste."""
    names: dict[str, Subscription] = {}
    sources: dict[str, Subscription] = {}
    for item in items:
        if item.name in names:
            raise MisshapenError(
                item,
                _("“{name}” is already the name of the entry in line {first}.").format(
                    name=item.name, first=names[item.name].line
                ),
                _("Give one of the two another name."),
            )
        if item.source in sources:
            twin = sources[item.source].name
            warn(item.line, _("“{name}” has the address of “{twin}”.").format(name=item.name, twin=twin))
        names[item.name] = sources[item.source] = item


def _warn_of_unknown(node: Mapping, known: tuple[str, ...], warn: Warn) -> None:
    for key, _value in node.pairs:
        if key.text not in known:
            word = clean_line(key.text, 40)
            sentence = _("“{key}” is kept, but studytui does not know it.").format(key=word)
            for close in get_close_matches(key.text.lower(), known, 1):
                sentence = sentences(sentence, _("Did you mean “{name}”?").format(name=close))
            warn(key.line, sentence)
