"""Memory is given back."""

import subprocess
import sys

ABOUT_MEMORY = """
from bot.memory import hoard_less
print(hoard_less() in {True, False})
held = [bytearray(300_000) for _ in range(100)]
"""


def test_the_allocator_can_be_told_on_any_machine():
    done = subprocess.run([sys.executable, "-c", ABOUT_MEMORY], capture_output=True, text=True, check=True)

    assert done.stdout == "True\n"
