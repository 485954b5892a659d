"""Bytes and structures spoiled at random, so that what may still be read of them is known.

Two ways. `around` spoils anything but numbers, times and labels, and never next to one: a figure that is read afterwards
must be the true one, at its true place. `anywhere` spoils everything: a figure that is read afterwards must at least stand
in what was sent, so that a parser may be lied to but invents nothing, scales nothing and mixes nothing up.
"""

import json
import re
from collections.abc import Callable, Iterable
from copy import deepcopy
from random import Random
from typing import Any

NUMBER = re.compile(rb"-?\d[\dA-Za-z.,:/+-]*\d|-?\d")
"""Numbers, dates, times, and codes with digits in them."""

_JUNK = (
    b"", b" ", b"\x00", b"\xff\xfe", b"\xe2\x80\xae", b"\x1b[31m", b"null", b"true", b"NaN", b"{", b"}", b"[", b"]",
    b'"', b"'", b",", b":", b"\\", b"\\u0000", b"\\ud800", b"<", b"&x;", b"<!--", b"\r\n", b"\n\n", b";", b"\t", b"=", b"[" * 600,
    b'{"a":' * 300, b"Infinity", b"%", b"$", b"-", b"//",
)  # fmt: skip
_WRONG: tuple[Any, ...] = (
    None,
    "",
    "x",
    [],
    {},
    True,
    False,
    [[]],
    {"raw": None},
    {"raw": {}},
    "Infinity",
    "NaN",
    "\ud800x",
    [None],
)
_SHORT_KEY = re.compile(rb'"\w{1,3}"\s*:')


_PLAIN = re.compile(rb"(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_GROUPED = re.compile(rb"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def tokens(payload: bytes) -> set[str]:
    """Every number in some bytes, without its sign and what groups its digits."""
    found = {match.group() for form in (_PLAIN, _GROUPED) for match in form.finditer(payload)}
    return {each.decode("ascii").replace(",", "") for each in found}


def gaps(payload: bytes, labels: Iterable[bytes]) -> list[int]:
    """Places where bytes may be spoiled without touching a number or a label, or joining one."""
    shut = bytearray(len(payload))
    spans = [match.span() for match in NUMBER.finditer(payload)]
    spans += [match.span() for match in _SHORT_KEY.finditer(payload)]
    for label in labels:
        spans += [match.span() for match in re.finditer(re.escape(label), payload)]
    for start, end in spans:
        first, last = max(0, start - 1), min(len(payload), end + 1)
        shut[first:last] = b"\x01" * (last - first)
    return [place for place, is_shut in enumerate(shut) if not is_shut]


def around(payload: bytes, free: list[int], chance: Random) -> bytes:
    """One to four places of `free` spoiled."""
    out = payload
    allowed = set(free)
    for place in sorted(chance.sample(free, min(len(free), chance.randint(1, 4))), reverse=True):
        run = 1
        while run < 12 and place + run in allowed:
            run += 1
        match chance.randrange(6):
            case 0:
                out = out[:place] + _other_byte(chance) + out[place + 1 :]
            case 1:
                out = out[:place] + chance.choice(_JUNK) + out[place:]
            case 2:
                out = out[:place] + out[place + chance.randint(1, run) :]
            case 3:
                out = out[:place] + out[place : place + run] + out[place:]
            case 4:
                out = (
                    out[:place]
                    + bytes([out[place] ^ 1 << chance.randrange(8)]).translate(_NO_DIGITS)
                    + out[place + 1 :]
                )
            case _ if chance.random() < 0.2:
                out = out[:place]
    return out


_NO_DIGITS = bytes(ord("x") if chr(byte) in "0123456789-+." else byte for byte in range(256))


def _other_byte(chance: Random) -> bytes:
    return bytes([chance.randrange(256)]).translate(_NO_DIGITS)


def anywhere(payload: bytes, chance: Random) -> bytes:
    """One to six spoiled places, whatever stands there."""
    out = bytearray(payload)
    for _ in range(chance.randint(1, 6)):
        if not out:
            break
        place = chance.randrange(len(out))
        match chance.randrange(7):
            case 0:
                out[place] = chance.randrange(256)
            case 1:
                out[place] ^= 1 << chance.randrange(8)
            case 2:
                out[place:place] = chance.choice(_JUNK)
            case 3:
                del out[place : place + chance.randint(1, 30)]
            case 4:
                out[place:place] = out[place : place + chance.randint(1, 40)]
            case 5:
                other = chance.randrange(len(out))
                size = chance.randint(1, 12)
                out[place : place + size], out[other : other + size] = (
                    out[other : other + size],
                    out[place : place + size],
                )
            case _ if chance.random() < 0.3:
                del out[place:]
    return bytes(out)


def structure(payload: bytes, chance: Random) -> bytes:
    """JSON with one to three of its parts gone, of another kind, there twice, or in another order."""
    told = json.loads(payload)
    for _ in range(chance.randint(1, 3)):
        holders = list(_holders(told))
        if not holders:
            break
        _spoil(*chance.choice(holders), chance)
    return json.dumps(told).encode("utf-8", "surrogatepass")


def _holders(node: Any) -> Iterable[tuple[Any, Any]]:
    """Every place in the tree, with who holds it."""
    for key in list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield node, key
        yield from _holders(node[key])


def _spoil(holder: Any, key: Any, chance: Random) -> None:
    match chance.randrange(6):
        case 0:
            del holder[key]
        case 1 | 2:
            holder[key] = deepcopy(chance.choice(_WRONG))
        case 3 if isinstance(holder, list) and isinstance(holder[key], dict):
            holder.insert(chance.randrange(len(holder) + 1), deepcopy(holder[key]))
        case 4 if isinstance(holder, list) and isinstance(holder[key], dict):
            chance.shuffle(holder)
        case 5:
            holder[key] = [holder[key]]
        case _ if isinstance(holder, dict):
            items = list(holder.items())
            chance.shuffle(items)
            holder.clear()
            holder.update(items)


def lines(payload: bytes, chance: Random) -> bytes:
    """Text with one to three of its lines, not the first ones, gone or there twice."""
    rows = payload.splitlines(keepends=True)
    for _ in range(chance.randint(1, 3)):
        if len(rows) < 3:
            break
        place = chance.randrange(1, len(rows))
        if chance.random() < 0.5:
            del rows[place]
        else:
            rows.insert(place, rows[place])
    return b"".join(rows)


Mutation = Callable[[bytes, Random], bytes]
