"""The head line of a symbol: what traded outside the session, and what another source says, beside the price."""

from datetime import date

from tui.model import Quote
from tui.rows import Row
from tui.screens.symbol import head_segments


def words(**fields: object) -> dict[str, str]:
    quote = Quote(symbol="IWM", price=200.0, session=date(2024, 7, 12), as_of=0.0, fetched_at=0.0, source="a", **fields)  # type: ignore[arg-type]
    return {segment.key: segment.text for segment in head_segments(Row(symbol="IWM", quote=quote))}


def test_head_when_it_trades_after_the_close_then_that_price_stands_beside_the_close() -> None:
    shown = words(extended_price=201.0, extended_phase="POST")
    assert shown["price"] == "200.00"
    assert shown["extended"] == "POST 201.00 +0.50%"


def test_head_when_two_sources_differ_then_both_are_shown() -> None:
    assert words(other_price=190.0, other_source="cboe")["other"] == "cboe says 190.00"


def test_head_when_there_is_neither_then_nothing_is_said_of_them() -> None:
    assert not {"extended", "other"} & words().keys()
