"""What went wrong with a download, in sentences a beginner can act on."""

from __future__ import annotations

from studytui.i18n import _
from studytui.text import clean_line


def explain(error: Exception, host: str, seconds: float) -> tuple[str, str]:
    """Return what happened and what to do next, for what the guard, the body reader or the network raised."""
    import httpcore2

    from studytui.reading.fetch import body, guard

    host = clean_line(host, 100)
    again = _("Try again later; slow sites often recover by themselves.")
    match error:
        case guard.ForbiddenAddressError():
            return (
                _("This leads on to {host}, a private address of your own network.").format(host=host),
                _("It was refused, to protect your devices. If you trust it, write it into feeds.yaml."),
            )
        case guard.UnknownHostError():
            return (
                _("There is no server called {host}.").format(host=host),
                _("Check that you are online, and the address for typing errors."),
            )
        case guard.UnusableProxyError() | httpcore2.ProxyError():
            return (
                _("The proxy named in your environment did not work: {reason}.").format(
                    reason=_reason(error)
                ),
                _("Set https_proxy to an http:// address, or unset it; SOCKS proxies are not supported."),
            )
        case body.TooLargeError(args=(limit,)):
            return (
                _("{host} sent more than {size} MB.").format(host=host, size=limit // (1024 * 1024)),
                _("No more was read. A feed is never that large: check that the address is a feed's."),
            )
        case body.DamagedError():
            return _("{host} sent a damaged answer (gzip).").format(host=host), again
        case body.OddEncodingError(args=(encoding,)):
            return (
                _("{host} packed its answer in a way nobody asked for: {encoding}.").format(
                    host=host, encoding=clean_line(encoding, 40)
                ),
                again,
            )
        case httpcore2.ConnectError():
            return _explain_connect(error, host)
        case TimeoutError() | httpcore2.TimeoutException():
            return _("{host} did not finish within {seconds:g} seconds.").format(
                host=host, seconds=seconds
            ), again
        case _:
            return _("{host} broke off in the middle of its answer.").format(host=host), again


def _explain_connect(error: Exception, host: str) -> tuple[str, str]:
    import ssl

    cause = error.args[0] if error.args else None  # the pool of a proxy drops the chain
    if isinstance(cause, ssl.SSLError):
        return (
            _("No secure connection to {host}: {reason}.").format(host=host, reason=_reason(cause)),
            _("Its certificate may have run out. Open the site in a browser to see, and try again later."),
        )
    return (
        _("{host} could not be reached.").format(host=host),
        _("Check that you are online; if other sites work, try again later."),
    )


def _reason(error: BaseException) -> str:
    """Return what a library says about an error, short and clean."""
    text = getattr(error, "verify_message", "") or getattr(error, "reason", "") or str(error)
    return clean_line(str(text), 120).rstrip(".")


def explain_status(code: int, host: str) -> tuple[str, str]:
    """Return what an HTTP status that brought no feed means, and what to do next."""
    host = clean_line(host, 100)
    if 200 <= code < 300:
        return (
            _("{host} answered with an empty page.").format(host=host),
            _("Your articles are kept. Try again later."),
        )
    if code == 304:
        return (
            _("{host} says “nothing new” although it was asked for everything.").format(host=host),
            _("Try again later; if it stays so, tell the site."),
        )
    if code in (401, 402, 403, 407, 451):
        return (
            _("{host} does not let us in (HTTP {code}).").format(host=host, code=code),
            _("Some sites serve browsers only. Open it in one; you can list it as a site: to visit instead."),
        )
    if code == 404:
        return (
            _("{host} has no feed at this address (HTTP 404).").format(host=host),
            _("Look for a new one on the site, or list it as a site: to visit. Your articles are kept."),
        )
    if code == 410:
        return (
            _("{host} has closed this feed for good (HTTP 410).").format(host=host),
            _("Look for another one on the site, or list it as a site: to visit. Your articles are kept."),
        )
    if code == 429:
        return (
            _("{host} asks to be left alone for a while (HTTP 429).").format(host=host),
            _("Pull it less often; it is asked again when its time is over."),
        )
    if code >= 500:
        return (
            _("{host} is in trouble itself (HTTP {code}).").format(host=host, code=code),
            _("Nothing is wrong on your side. Try again later."),
        )
    return (
        _("{host} gave an answer that cannot be used (HTTP {code}).").format(host=host, code=code),
        _("Open the address in a browser to see what it says."),
    )
