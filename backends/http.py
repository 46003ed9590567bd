"""Asks a store over HTTP: bounded answers in, and every failure as a BackendError with advice.

What comes back may be hostile or simply wrong, so an answer has a longest time and a greatest size after unpacking,
redirects lead nowhere but to the same server, and a web page in place of data is recognised. Retries happen here and
nowhere above.
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

import httpx
import stamina

from backends.errors import BackendBroken, BackendError, BackendTimeout, BackendUnreachable, UnusableAddress
from backends.refusal import looks_like_page, refusal, web_page

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

MAX_BYTES = 256 * 2**20
MAX_ERROR_BYTES = 64 * 2**10  # enough of a refusal to read its reason
MAX_REDIRECTS = 3
AT_ONCE = 4  # a store has work of its own to do

# Python prints what stamina logs of each retry where nobody has set up logging; whoever asked hears of the last one.
logging.getLogger("stamina").addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Patience:
    """How long and how often a question is asked before giving up."""

    timeout_s: float = 30.0
    """For one whole answer, not for each of its pieces. No new attempt begins after it either."""
    attempts: int = 3
    first_wait_s: float = 0.2
    """Doubles with each attempt, plus a random part as long as itself, so that many do not come back at once."""
    longest_wait_s: float = 2.0


@dataclass(frozen=True)
class Answer:
    """What a store sent, unpacked."""

    status: int
    body: bytes


class Presence(Enum):
    """What there is at a path."""

    DATA = auto()
    WEB_PAGE = auto()
    """Made for people: a login, or a store's UI, which some show for whatever path they do not know."""
    NOTHING = auto()


class Unpacker(Protocol):
    """What zlib makes and does not name."""

    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class HttpStore:
    """One trace store's HTTP API. The client's base_url is its root; closing this closes the client."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        name: str,
        patience: Patience | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self.name = name
        self._client = client
        self._patience = patience or Patience()
        self._max_bytes = max_bytes
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def get(
        self, path: str, params: Mapping[str, str] | None = None, answers: Collection[int] = (200,)
    ) -> Answer:
        """The answer to a GET, if its status is one of `answers` and it is not a web page.

        Raises:
            BackendError: anything else, after retrying what may pass by itself.
        """
        answer = await self._persistent(path, params or {})
        if answer.status not in answers or (answer.status != 200 and looks_like_page(answer.body)):
            raise self._refusal(path, answer)
        if looks_like_page(answer.body):
            raise web_page(self.name, path)
        return answer

    async def has(self, path: str) -> Presence:
        """What the store has at this path. A missing page or a web page is no error here."""
        answer = await self._persistent(path, {})
        if answer.status in {404, 405, 501}:
            return Presence.NOTHING
        if answer.status != 200:
            raise self._refusal(path, answer)
        return Presence.WEB_PAGE if looks_like_page(answer.body) else Presence.DATA

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _persistent(self, path: str, params: Mapping[str, str]) -> Answer:
        patience = self._patience
        async for attempt in stamina.retry_context(
            on=lambda exc: isinstance(exc, BackendError) and exc.retriable,
            attempts=patience.attempts,
            timeout=patience.timeout_s,
            wait_initial=patience.first_wait_s,
            wait_jitter=patience.first_wait_s,
            wait_max=patience.longest_wait_s,
        ):
            with attempt:
                answer = await self._once(path, params)
        return answer

    async def _once(self, path: str, params: Mapping[str, str]) -> Answer:
        async with self._turns:
            with translated(self.name, self._patience.timeout_s):
                async with asyncio.timeout(self._patience.timeout_s):
                    answer = await self._followed(path, params)
        if answer.status == 429 or answer.status >= 500:
            failure = self._refusal(path, answer)
            if failure.retriable:
                raise failure
        return answer

    async def _followed(self, path: str, params: Mapping[str, str]) -> Answer:
        request = self._client.build_request("GET", path.lstrip("/"), params=params)
        origin = _origin(request.url)
        for _ in range(MAX_REDIRECTS + 1):
            response = await self._client.send(request, stream=True, follow_redirects=False)
            try:
                if response.next_request is None:
                    return Answer(response.status_code, await self._body(response))
                request = response.next_request
            finally:
                await response.aclose()
            if _origin(request.url) != origin:
                raise BackendBroken(
                    f"{self.name} sends us to another server ({_origin(request.url)}).",
                    "That is usually a login page. If the traces live there, write that address instead; "
                    "if not, give a token (TRACEWHY_BACKEND_TOKEN).",
                )
        raise BackendBroken(
            f"{self.name} sends us in a circle (more than {MAX_REDIRECTS} redirects).",
            "Check the path of the address: it should be the prefix of the API, not of a page.",
        )

    async def _body(self, response: httpx.Response) -> bytes:
        """The body, unpacked piece by piece so that a small bomb cannot become a large one before it is measured."""
        is_answer = response.status_code < 400
        room = self._max_bytes if is_answer else MAX_ERROR_BYTES
        unpacker = _unpacker(response.headers.get("content-encoding", ""), self.name)
        pieces: list[bytes] = []
        async for packed in response.aiter_raw():
            piece = unpacker.decompress(packed, room + 1) if unpacker else packed
            if len(piece) > room and is_answer:
                raise BackendBroken(
                    f"{self.name} sent more than {self._max_bytes / 2**20:.0f} MiB.",
                    "Ask for a shorter period, one service or fewer traces.",
                )
            pieces.append(piece)
            room -= len(piece)
            if room < 0:
                return b"".join(pieces)
        if unpacker and pieces and not unpacker.eof:
            raise zlib.error("the compressed answer has no end")
        return b"".join(pieces)

    def _refusal(self, path: str, answer: Answer) -> BackendError:
        return refusal(self.name, path, answer.status, answer.body, secrets=self._secrets())

    def _secrets(self) -> tuple[str, ...]:
        """What a server could echo and nobody may see."""
        return tuple(self._client.headers.get("authorization", "").split()[1:])


@contextmanager
def translated(name: str, timeout_s: float) -> Iterator[None]:
    """Raise a BackendError, with advice, for every failure of a request."""
    try:
        yield
    except (httpx.TimeoutException, TimeoutError) as exc:
        raise BackendTimeout(
            f"{name} did not answer within {timeout_s:g} s.",
            "Ask for a shorter period or one service, or give it longer with ?timeout_s=60 at the end of its address.",
        ) from exc
    except (httpx.DecodingError, zlib.error) as exc:
        raise BackendBroken(
            f"{name} sent a compressed answer that cannot be unpacked.",
            "Something between here and the store may have damaged or cut it: ask again, or ask it directly.",
        ) from exc
    except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL) as exc:
        raise UnusableAddress(
            f"No request can be made for {name} ({type(exc).__name__}).",
            "Check its address and its credentials.",
        ) from exc
    except httpx.RemoteProtocolError as exc:
        raise BackendUnreachable(
            f"{name} hung up in the middle of its answer, or does not speak HTTP.",
            "Check the port (one for gRPC or HTTPS looks like this). If only long answers break off, ask for a shorter period.",
        ) from exc
    except httpx.TooManyRedirects as exc:
        raise BackendBroken(f"{name} sends us in a circle.", "Check the path of its address.") from exc
    except httpx.ConnectError as exc:
        raise _not_connected(name, exc) from exc
    except httpx.ProxyError as exc:
        raise BackendUnreachable(
            f"The proxy on the way to {name} refused.", "Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY."
        ) from exc
    except httpx.RequestError as exc:
        raise BackendUnreachable(
            f"The connection to {name} broke ({type(exc).__name__}).", "Check that it is well, or ask again."
        ) from exc


def _not_connected(name: str, exc: httpx.ConnectError) -> BackendError:
    if "CERTIFICATE_VERIFY_FAILED" in str(exc):
        return UnusableAddress(
            f"{name} shows a certificate that this machine does not trust.",
            "Give the file of its authority with ?ca_file=/path/ca.pem or TRACEWHY_BACKEND_CA_FILE.",
        )
    if "SSL" in str(exc):
        return UnusableAddress(
            f"{name} does not speak TLS as we do.",
            "If it has no TLS, leave https out of the scheme; if it does, check the port.",
        )
    return BackendUnreachable(
        f"Nothing answers at {name}.",
        "Check the host and the port, that the store runs, and that this machine may reach it.",
    )


def _unpacker(encoding: str, name: str) -> Unpacker | None:
    match encoding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        case _:
            raise BackendBroken(
                f"{name} sent its answer in a compression that was not asked for.",
                "Something between here and the store ignores Accept-Encoding: ask the store directly.",
            )


def _origin(url: httpx.URL) -> str:
    """Scheme, host and port: where a request may go, and safe to show."""
    port = "" if url.port is None else f":{url.port}"
    return f"{url.scheme}://{url.host}{port}"
