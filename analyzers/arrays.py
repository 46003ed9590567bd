"""Names for columns of numbers."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

Int8Array: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int8]]
Int32Array: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int32]]
Int64Array: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]
Uint64Array: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint64]]
Float64Array: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]
BoolArray: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]
