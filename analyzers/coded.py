"""A column of values that repeat, as small numbers into the values there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from analyzers.arrays import BoolArray, Int32Array, Int64Array

T = TypeVar("T")


@dataclass(frozen=True)
class Coded(Generic[T]):
    """Row r has `values[code[r]]`. Some values may be equal, and some unused."""

    code: Int32Array
    values: tuple[T, ...]

    def __len__(self) -> int:
        return len(self.code)

    def __iter__(self) -> Iterator[T]:
        return map(self.values.__getitem__, self.code.tolist())

    def __getitem__(self, rows: Int64Array) -> Coded[T]:
        return Coded(self.code[rows], self.values)

    def among(self, wanted: Collection[T]) -> BoolArray:
        """Of each row, whether it has one of these values."""
        return np.array([value in wanted for value in self.values], dtype=np.bool_)[self.code]

    def used(self) -> set[T]:
        """The values that some row has."""
        return {self.values[code] for code in self._codes()}

    def in_order(self) -> Coded[T]:
        """The same column, its values sorted, each once and none unused."""
        codes = self._codes()
        values: list[Any] = sorted({self.values[code] for code in codes})  # texts, or tuples of texts
        number = {value: new for new, value in enumerate(values)}
        new_code = np.zeros(len(self.values), dtype=np.int32)
        new_code[codes] = [number[self.values[code]] for code in codes]
        return Coded(new_code[self.code], tuple(values))

    def _codes(self) -> list[int]:
        used: list[int] = np.flatnonzero(np.bincount(self.code, minlength=len(self.values))).tolist()
        return used


def coded(column: Sequence[T]) -> Coded[T]:
    """A column by its distinct values."""
    number: defaultdict[T, int] = defaultdict(count().__next__)
    code = np.fromiter(map(number.__getitem__, column), np.int32, len(column))
    return Coded(code, tuple(number))


def coded_by_object(column: Sequence[T]) -> Coded[T]:
    """As `coded`, for large values that rows share: an object is taken for a value, for tuples forget their hash."""
    objects = {id(value): value for value in column}
    by_address = coded([id(value) for value in column])
    return Coded(by_address.code, tuple(objects[address] for address in by_address.values))


def chained(columns: Sequence[Coded[T]]) -> Coded[T]:
    """The rows of all, one column after the other."""
    values = tuple(value for column in columns for value in column.values)
    begins = np.cumsum([0, *(len(column.values) for column in columns)])
    codes = [column.code + begin for column, begin in zip(columns, begins[:-1], strict=True)]
    return Coded(np.concatenate(codes).astype(np.int32), values)
