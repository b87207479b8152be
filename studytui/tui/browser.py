"""Opening a page outside: only safe schemes, never a text browser on top of the screen."""

from __future__ import annotations

from pathlib import Path

_TEXT_BROWSERS = {"www-browser", "links", "elinks", "lynx", "w3m", "browsh"}


def open_in_browser(url: str) -> bool:
    """Open ``url`` in the learner's graphical browser; False when there is none.

    A text browser would paint over the screen and fight for the keys, so none is ever started.
    """
    import webbrowser

    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if Path(str(getattr(browser, "name", ""))).name in _TEXT_BROWSERS:
        return False
    return bool(browser.open(url))
