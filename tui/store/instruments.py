"""What the history knows of its symbols besides bars: `instruments.json`, a name, a kind and a currency each."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from tui.model import Instrument, Kind
from tui.store.manifest import replace
from tui.store.schema import HistoryError
from tui.typed import from_json

NAME = "instruments.json"


def load(root: Path) -> dict[str, Instrument]:
    """Instruments by symbol; none where nothing was stored.

    Raises:
        HistoryError: the file cannot be read.
    """
    path = root / NAME
    try:
        found = from_json(path.read_bytes(), list[Instrument])
    except FileNotFoundError:
        return {}
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise HistoryError(f"{path} is damaged ({error}): delete it, names come back with the next update") from error
    except OSError as error:
        raise HistoryError(f"{path} cannot be read: {error.strerror}") from error
    return {each.symbol: each for each in found}


def save(root: Path, known: dict[str, Instrument], new: Iterable[Instrument]) -> bool:
    """Merge `new` into `known` and write the file if that changed anything; the caller holds the lock."""
    merged = dict(known)
    for each in new:
        merged[each.symbol] = merge(merged.get(each.symbol), each)
    if merged == known:
        return False
    ordered = [merged[symbol] for symbol in sorted(merged)]
    replace(root / NAME, msgspec.json.format(msgspec.json.encode(ordered)))
    return True


def merge(old: Instrument | None, new: Instrument) -> Instrument:
    """`new`, with what only `old` knows kept."""
    if old is None:
        return new
    return Instrument(
        symbol=new.symbol,
        name=new.name or old.name,
        kind=old.kind if new.kind is Kind.OTHER else new.kind,
        currency=new.currency or old.currency,
        zone=new.zone,
    )
