"""What any file of text is checked for before it is read: that it is there, that it is no web page, that it is UTF-8."""

import re

from tui.sources.base import MalformedError

_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)", re.IGNORECASE)


def text_of(payload: bytes, who: str) -> str:
    """A file of text without its byte-order mark.

    Raises:
        MalformedError: it is empty, a web page, or no UTF-8.
    """
    refuse_page(payload, who)
    try:
        return payload.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MalformedError(f"{who}: this is not text in UTF-8; download the file again.") from None


def refuse_page(payload: bytes, who: str) -> None:
    """Refuse what a site sends with status 200 when it has nothing, or is in trouble.

    Raises:
        MalformedError: it is empty or a web page.
    """
    if not payload.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise MalformedError(f"{who}: the file is empty; it may not be out yet, try again later.")
    if _PAGE.match(payload[:200]):
        raise MalformedError(f"{who}: this is a web page, not data; try again later.")
