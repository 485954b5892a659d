"""Two tables of the settings: who is asked first for what (`[chain]`), and where those others than Yahoo are."""

from typing import Annotated, Any, Literal, get_type_hints

from msgspec import Meta, Struct

QuoteWay = Literal["yahoo-stream", "yahoo-quote", "yahoo-spark", "alpaca", "tiingo", "finnhub", "cboe"]
PolledWay = Literal["yahoo-quote", "yahoo-spark", "alpaca", "tiingo", "finnhub", "cboe"]
HistoryLink = Literal["yahoo", "cboe", "tiingo", "alpaca"]
IntradayLink = Literal["yahoo", "alpaca"]
HoldingsLink = Literal["ishares", "ssga", "invesco", "edgar", "yahoo"]
YieldsLink = Literal["treasury", "fred"]
MacroLink = Literal["fred"]

_NAMES = "a list of names of sources"
ADDRESS = Annotated[
    str,
    Meta(pattern=r"^(https?|wss?)://\S+\Z", description="an address", examples=["http://localhost:8000"]),
]
"""Where a source is; only tests and proxies change it."""


class Chain(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For each need, who is asked in turn: the next one only where the one before cannot answer.

    Those that want a key of the user's (alpaca, tiingo, finnhub) are passed over without one.
    """

    visible: Annotated[
        tuple[QuoteWay, ...],
        Meta(description=f"{_NAMES}: yahoo-stream, yahoo-quote, yahoo-spark, alpaca, tiingo, finnhub, cboe"),
    ] = ("yahoo-stream", "yahoo-quote", "yahoo-spark", "alpaca", "tiingo", "finnhub", "cboe")
    """Quotes of what is on the screen."""
    list: Annotated[
        tuple[PolledWay, ...],
        Meta(description=f"{_NAMES}: yahoo-quote, yahoo-spark, alpaca, tiingo, finnhub, cboe"),
    ] = ("yahoo-quote", "yahoo-spark", "alpaca", "tiingo")
    """Quotes of the rest of the list."""
    history: Annotated[tuple[HistoryLink, ...], Meta(description=f"{_NAMES}: yahoo, cboe, tiingo, alpaca")] = (
        "yahoo",
        "tiingo",
        "alpaca",
        "cboe",
    )
    """Daily bars."""
    intraday: Annotated[tuple[IntradayLink, ...], Meta(description=f"{_NAMES}: yahoo, alpaca")] = ("yahoo", "alpaca")
    """Five-minute bars."""
    holdings: Annotated[
        tuple[HoldingsLink, ...], Meta(description=f"{_NAMES}: ishares, ssga, invesco, edgar, yahoo")
    ] = ("ishares", "ssga", "invesco", "edgar", "yahoo")
    """What funds hold."""
    yields: Annotated[tuple[YieldsLink, ...], Meta(description=f"{_NAMES}: treasury, fred")] = (
        "treasury",
        "fred",
    )
    """Yields of the Treasury."""
    macro: Annotated[tuple[MacroLink, ...], Meta(description=f"{_NAMES}: fred")] = ("fred",)
    """Macro series."""


class Addresses(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where sources other than Yahoo are; only tests and proxies change it."""

    cboe: str = "https://cdn.cboe.com"
    alpaca: str = "https://data.alpaca.markets"
    tiingo: str = "https://api.tiingo.com"
    finnhub: str = "https://finnhub.io"


def kinds() -> dict[str, Any]:
    """The type of each setting of the two tables, by its path: `chain.visible`, `addresses.cboe`."""
    chain = get_type_hints(Chain, include_extras=True)
    examples = {name: list(getattr(Chain(), name)) for name in Chain.__struct_fields__}
    return {
        **{
            f"chain.{name}": Annotated[kind.__origin__, _with_example(kind, examples[name])]
            for name, kind in chain.items()
        },
        **{f"addresses.{name}": ADDRESS for name in Addresses.__struct_fields__},
    }


def _with_example(kind: Any, example: list[str]) -> Meta:
    """What is expected of an order, with its default as the example."""
    return Meta(description=kind.__metadata__[0].description, examples=[example])
