"""Runs one loop over columns in two ways: interpreted for a few spans, compiled for many.

Importing numba takes longer than reading a trace of a thousand spans, so it is imported when the first large
table comes. The source is the same for both, and so is every result.
"""

from __future__ import annotations

import inspect
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COMPILE_FROM_ITEMS = 20_000
"""Below this, interpreting takes less time than importing numba does."""
COMPILED_FROM_ITEMS = 500
"""Below this, interpreting costs nothing worth saving even where numba is there already."""


class Kernel:
    """A function of arrays and integers that fills its `out_...` arrays and returns nothing or an integer.

    Its parameters named `scratch_...` are room to work in, with no meaning afterwards. Of Python it uses only what numba
    compiles, it allocates nothing, and it reads an array an item at a time, so that a list serves as well.
    """

    def __init__(self, function: Callable[..., Any], uses: Sequence[Callable[..., Any]] = ()) -> None:
        self._function = function
        self._uses = uses
        self._fills = [
            position
            for position, name in enumerate(inspect.signature(function).parameters)
            if name.startswith("out_")
        ]

    def __call__(self, *arguments: Any) -> Any:
        items = max(len(value) for value in arguments if isinstance(value, np.ndarray))
        if items >= (COMPILED_FROM_ITEMS if "numba" in sys.modules else COMPILE_FROM_ITEMS):
            return self.compiled(*arguments)
        return self.interpreted(*arguments)

    def interpreted(self, *arguments: Any) -> Any:
        """Run over lists, whose items Python reads several times faster than an array's."""
        lists = [value.tolist() if isinstance(value, np.ndarray) else value for value in arguments]
        result = self._function(*lists)
        for position in self._fills:
            arguments[position][:] = lists[position]
        return result

    def compiled(self, *arguments: Any) -> Any:
        """Run as machine code, from numba's cache on disk where that can be read and written."""
        try:
            return self._cached_on_disk(*arguments)
        except OSError:  # the folder is there but cannot be written, for example for want of space
            return self._compiled_anew(*arguments)

    @cached_property
    def _cached_on_disk(self) -> Callable[..., Any]:
        try:
            return self._jit(cache=True)
        except RuntimeError:  # no folder in which to cache
            return self._compiled_anew

    @cached_property
    def _compiled_anew(self) -> Callable[..., Any]:
        return self._jit(cache=False)

    def _jit(self, *, cache: bool) -> Callable[..., Any]:
        import numba  # noqa: PLC0415 - see the module's first lines
        from numba.extending import register_jitable  # noqa: PLC0415 - likewise

        for helper in self._uses:
            register_jitable(helper)
        # Kernels allocate nothing, so nobody has to count who holds an array: that takes a third of the time of small ones.
        jit = numba.njit(cache=cache, nogil=True, _nrt=False)  # type: ignore[call-overload]  # an option numba does not list
        compiled: Callable[..., Any] = jit(self._function)
        return compiled


def kernel(*uses: Callable[..., Any]) -> Callable[[Callable[..., Any]], Kernel]:
    """Make a `Kernel` of the decorated loop, which calls the plain functions in `uses`."""
    return lambda function: Kernel(function, uses)
