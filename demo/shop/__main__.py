"""The shop alone: `python -m demo.shop --otlp 127.0.0.1:4317 --fault n_plus_one --seconds 20`."""

from __future__ import annotations

import argparse
import signal
import sys
import time

from demo.shop.fault import Fault
from demo.shop.running import Shop, ShopBroken, report

LOOK_EVERY_S = 0.2


def main() -> int:
    """Exit status: 0 when its time was over, 1 when it broke by itself, 130 or 143 when told to stop."""
    asked = _arguments()
    told = Told()
    try:
        with Shop(asked.otlp, rate=asked.rate) as shop:
            _run(shop, asked, told)
    except ShopBroken as exc:
        sys.stderr.write(f"{exc}\n")
        return 1
    return told.exit_status


class Told:
    """Whether a signal has told us to stop. A flag, so that no process is lost that is just being started."""

    exit_status = 0

    def __init__(self) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, self._told)

    def _told(self, number: int, _frame: object) -> None:
        self.exit_status = 128 + number


def _run(shop: Shop, asked: argparse.Namespace, told: Told) -> None:
    sys.stdout.write(f"The shop is open at {shop.frontend}; its spans go to {asked.otlp}.\n")
    shop.break_by(*asked.fault)
    for fault in asked.fault:
        sys.stdout.write(f"Broken: {fault.story}.\n")
    sys.stdout.write(f"Truth, logs and the file of faults: {shop.folder}\n")
    sys.stdout.flush()
    shop.open()
    end_s = time.monotonic() + asked.seconds if asked.seconds else float("inf")
    while time.monotonic() < end_s and not told.exit_status:
        shop.look()
        time.sleep(LOOK_EVERY_S)
    if not told.exit_status:
        shop.finish()
    sys.stdout.write(f"{report(shop.truth())}.\n")


def _arguments() -> argparse.Namespace:
    faults = "\n".join(f"  {fault:<20}{fault.story}" for fault in Fault)
    parser = argparse.ArgumentParser(
        prog="python -m demo.shop",
        description="A small shop of instrumented services under load, for as long as it is wanted.",
        epilog=f"faults:\n{faults}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--otlp", default="127.0.0.1:4317", help="where spans go, gRPC (%(default)s)")
    parser.add_argument(
        "--fault", type=Fault, action="append", default=[], metavar="NAME", help="break this; may be repeated"
    )
    parser.add_argument("--seconds", type=float, default=0.0, help="then close (0: until Ctrl-C)")
    parser.add_argument("--rate", type=float, default=6.0, help="requests a second (%(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
