"""Builds the intent classifier from the corpus: `python scripts/train_intents.py` after each change of the corpus."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.questions.corpus import read_corpus  # noqa: E402 - the path comes first
from bot.questions.intent_model import FILE, encoded  # noqa: E402
from bot.questions.training import train  # noqa: E402

if __name__ == "__main__":
    FILE.write_bytes(encoded(train(read_corpus())))
    print(f"Wrote {FILE.relative_to(ROOT)}, {FILE.stat().st_size:,} bytes.")
