"""Whether the receiver in this container takes spans: it is sent none, and has to say that it kept them."""

from __future__ import annotations

import os
import sys
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

ANSWER_S = 4.0


def main() -> int:
    """Exit status: 0 it does, 1 it does not."""
    port = os.environ.get("TRACEWHY_RECEIVERS__HTTP_PORT", "4318")
    nothing = Request(
        f"http://127.0.0.1:{port}/v1/traces", b"", {"Content-Type": "application/x-protobuf"}, method="POST"
    )
    try:
        build_opener(ProxyHandler({})).open(nothing, timeout=ANSWER_S).close()
    except (URLError, OSError) as exc:
        print(f"tracewhy takes no spans on port {port}: {exc}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
