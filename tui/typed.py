"""Bytes and plain objects as the types we want of them, from any thread.

msgspec works a type out when it is first asked for it, and crashes the process when another thread asks meanwhile (0.22).
So types are worked out here, one after another; what is decoded afterwards needs no lock.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar, cast

import msgspec

T = TypeVar("T")

_one = Lock()
_made: dict[tuple[object, object], Any] = {}


def json_decoder(kind: type[T]) -> "msgspec.json.Decoder[T]":
    """The decoder of JSON into this type."""
    return cast("msgspec.json.Decoder[T]", _decoder(msgspec.json.Decoder, kind))


def msgpack_decoder(kind: type[T]) -> "msgspec.msgpack.Decoder[T]":
    """The decoder of MessagePack into this type."""
    return cast("msgspec.msgpack.Decoder[T]", _decoder(msgspec.msgpack.Decoder, kind))


def from_json(body: bytes | str | msgspec.Raw, kind: type[T]) -> T:
    """JSON as a `kind`.

    Raises:
        msgspec.MsgspecError, UnicodeDecodeError, RecursionError: it is no such thing.
    """
    return json_decoder(kind).decode(body)


def converted(value: object, kind: type[T], **how: Any) -> T:
    """Plain objects (dicts, lists, numbers) as a `kind`; `how` as in `msgspec.convert`.

    Raises:
        msgspec.ValidationError: they are no such thing.
    """
    json_decoder(kind)
    made: T = msgspec.convert(value, kind, **how)
    return made


def _decoder(make: Callable[[Any], object], kind: object) -> object:
    """One that works its type out, made once."""
    made = _made.get((make, kind))
    if made is None:
        with _one:
            made = _made.setdefault((make, kind), make(kind))
    return made
