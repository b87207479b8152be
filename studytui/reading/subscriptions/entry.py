"""One entry of feeds.yaml: from a node of the file to a subscription, with a sentence for every wrong shape."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Protocol

from studytui.i18n import _
from studytui.reading.subscriptions.subscription import Kind, Subscription
from studytui.reading.subscriptions.yamltext import Mapping, Node, Scalar, Sequence
from studytui.text import clean_line

KINDS: tuple[Kind, ...] = ("url", "rsshub", "site")
KEYS = ("name", *KINDS, "tags", "enabled", "every")
_EVERY = re.compile(r"([1-9][0-9]{0,3})\s*([hdwmy])")
_DAYS = {"h": 1 / 24, "d": 1, "w": 7, "m": 30, "y": 365}
_WEB = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)
_ROUTE = re.compile(r"/[^\s/]\S*")


class _Place(Protocol):
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class MisshapenError(Exception):
    """Something at ``line`` and ``column`` is not as it should be; the sentences are translated."""

    def __init__(self, place: _Place, message: str, hint: str) -> None:
        super().__init__(message)
        self.line, self.column = place.line, place.column
        self.message = message
        self.hint = hint


def is_web_address(text: str) -> bool:
    """Say whether ``text`` is an http or https address without blanks or anything invisible."""
    return _WEB.fullmatch(text) is not None and text.isprintable()


def is_route(text: str) -> bool:
    """Say whether ``text`` is an RSSHub route: a path on the server, without blanks or anything invisible."""
    return _ROUTE.fullmatch(text) is not None and text.isprintable()


def read_entry(node: Node) -> Subscription:
    """Return the subscription that ``node`` spells; raises MisshapenError."""
    if not isinstance(node, Mapping):
        raise MisshapenError(
            node,
            _("An entry needs a name and an address."),
            _("Write “- name: …”, and below it, in the column of name, “url: https://…”."),
        )
    kind, address = _address(node)
    return Subscription(
        _name(node),
        kind,
        address,
        _tags(node.get("tags")),
        _enabled(node.get("enabled")),
        _every(node.get("every")),
        node.line,
        node.column,
    )


def read_text(node: Node, key: str) -> str:
    """Return the text of a scalar; raises MisshapenError for a list or a mapping."""
    if isinstance(node, Scalar):
        return node.text
    raise MisshapenError(
        node,
        _("“{key}” must be one piece of text.").format(key=key),
        _("Write it on one line, in quotation marks if it has a colon, a bracket or a brace."),
    )


def _name(node: Mapping) -> str:
    value = node.get("name")
    name = clean_line(read_text(value, "name"), 200) if value else ""
    if not name:
        raise MisshapenError(
            node, _("This entry has no name."), _("Add “name: …”; it is what the screens show.")
        )
    return name


def _address(node: Mapping) -> tuple[Kind, str]:
    given = [(kind, value) for kind in KINDS if (value := node.get(kind)) is not None]
    if len(given) != 1:
        raise MisshapenError(
            given[1][1] if given else node,
            _("This entry has more than one address.") if given else _("This entry has no address."),
            _("Give it one: “url:” for a feed, “rsshub:” for a route, or “site:” for a place to visit."),
        )
    kind, value = given[0]
    address = read_text(value, kind).strip()
    if kind == "url" and address.startswith("rsshub:"):
        kind = "rsshub"
    route = address.removeprefix("rsshub:")
    if kind == "rsshub" and is_route(route):
        return kind, route
    if kind != "rsshub" and is_web_address(address):
        return kind, address
    raise MisshapenError(value, *_explain_address(kind, clean_line(address, 200)))


def _explain_address(kind: Kind, address: str) -> tuple[str, str]:
    if kind == "rsshub":
        return (
            _("“{address}” is not an RSSHub route.").format(address=address),
            _("A route begins with a slash and has no blanks: rsshub:/zhihu/daily."),
        )
    message = _("“{address}” is not a web address.").format(address=address)
    if address.startswith(("|", "exec:", "filter:", "file:")):
        return message, _("studytui runs no commands and reads no files for a feed. Write https://….")
    if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+(?:[:/?]\S*)?", address):
        return message, _("Write https://{address}").format(address=address)
    return message, _("It begins with http:// or https:// and has no blanks.")


def _tags(node: Node | None) -> tuple[str, ...]:
    """Return the tags of a list, or of one text with commas."""
    if node is None:
        return ()
    if isinstance(node, Sequence):
        values = [read_text(item, "tags") for item in node.items]
    else:
        values = read_text(node, "tags").split(",")
    cleaned = (clean_line(value, 60).lstrip("#") for value in values)
    return tuple(dict.fromkeys(tag for tag in cleaned if tag))


def _enabled(node: Node | None) -> bool:
    if node is None:
        return True
    value = read_text(node, "enabled")
    if isinstance(node, Scalar) and not node.style and value in ("true", "True", "TRUE"):
        return True
    if isinstance(node, Scalar) and not node.style and value in ("false", "False", "FALSE"):
        return False
    raise MisshapenError(
        node,
        _("“enabled” is true or false, without quotation marks, not “{value}”.").format(
            value=clean_line(value, 40)
        ),
        _("Write “enabled: false” to switch the feed off, or delete the line to switch it on."),
    )


def _every(node: Node | None) -> timedelta | None:
    if node is None:
        return None
    value = read_text(node, "every").strip()
    if match := _EVERY.fullmatch(value.lower()):
        return timedelta(days=int(match[1]) * _DAYS[match[2]])
    raise MisshapenError(
        node,
        _("“every” does not know “{value}”.").format(value=clean_line(value, 40)),
        _("Write a number and h, d, w, m or y, such as 12h, 7d, 2w or 1m."),
    )
