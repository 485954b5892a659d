"""A column of polars as an array of doubles, copied as blocks of memory, without a number of Python's own for each value.

By the Arrow C stream interface, https://arrow.apache.org/docs/format/CStreamInterface.html.
"""

import ctypes
from array import array
from collections.abc import Iterator
from math import nan

import polars as pl

BLOCK = 1 << 18
"""Values copied at a time, 2 MB: each copy holds the interpreter, so none may take longer than a frame."""


class _Array(ctypes.Structure):
    """`struct ArrowArray`."""


_Array._fields_ = [
    *((name, ctypes.c_int64) for name in ("length", "null_count", "offset", "n_buffers", "n_children")),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))),
    ("private_data", ctypes.c_void_p),
]


class _Stream(ctypes.Structure):
    """`struct ArrowArrayStream`."""


_Stream._fields_ = [
    ("get_schema", ctypes.c_void_p),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))),
    ("get_last_error", ctypes.c_void_p),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]

_pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)


def doubles(column: pl.Series) -> "array[float]":
    """The values of a column of Float64, NaN where they are null."""
    numbers = array("d")
    for address, length in _blocks(column.cast(pl.Float64).fill_null(nan)):
        for start in range(0, length, BLOCK):
            size = min(BLOCK, length - start)
            numbers.frombytes((ctypes.c_char * (8 * size)).from_address(address + 8 * start))
    return numbers


def _blocks(column: pl.Series) -> Iterator[tuple[int, int]]:
    """Where the values lie in memory, piece by piece: address and count. A piece is good until the next is asked for."""
    # Whoever asked for the capsule owns the stream; the capsule releases it.
    capsule = column.__arrow_c_stream__()
    stream = ctypes.cast(_pointer(capsule, b"arrow_array_stream"), ctypes.POINTER(_Stream))
    while True:
        piece = _Array()
        if stream.contents.get_next(stream, ctypes.byref(piece)):
            raise MemoryError("polars does not hand out a column")
        if not piece.release:
            return
        try:
            if piece.length:
                yield piece.buffers[1] + 8 * piece.offset, piece.length
        finally:
            piece.release(ctypes.byref(piece))
