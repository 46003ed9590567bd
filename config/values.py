"""The kinds of values that settings have, and how they are read from text."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

QuestionKind: TypeAlias = Literal[
    "breakdown", "slowest", "errors", "find", "operations", "services", "why", "compare"
]


def _listed(value: Any) -> Any:
    """`a, b` and `a` as a list, as variables hold them; nothing as an empty one."""
    if value is None:
        return ()
    if isinstance(value, str | int):
        return tuple(name for part in str(value).split(",") if (name := part.strip()))
    return value


def _named(value: Any) -> Any:
    """A heading of the file with nothing beneath it names nothing."""
    return {} if value is None else value


def _web_address(text: str) -> str:
    if _web_host(text) is None:
        raise ValueError("it is no address that begins with http:// or https://")
    return text


def _trace_link(text: str) -> str:
    if text.count("{trace_id}") != 1:
        raise ValueError("it has to hold {trace_id} once, where the id of the trace goes")
    if "{" in (host := _web_host(_web_address(text)) or "") or "}" in host:
        raise ValueError("{trace_id} has no place in the name of the host")
    return text


def _host_name(text: str) -> str:
    """A host as links are compared with it: lower case, and nothing but the host."""
    if _web_host(f"https://{text}") != text.lower():
        raise ValueError("a host is written as jaeger.example, without https://, port and path")
    return text.lower()


def _web_host(text: str) -> str | None:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    return host if parts.scheme in {"http", "https"} and "@" not in parts.netloc else None


def _filled(secret: SecretStr | None) -> SecretStr | None:
    """Without blanks around it; an empty variable, as composing files make them, is none."""
    text = secret.get_secret_value().strip() if secret else ""
    return SecretStr(text) if text else None


Port: TypeAlias = Annotated[int, Field(ge=0, le=65_535)]
Names: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Kinds: TypeAlias = Annotated[tuple[QuestionKind, ...], BeforeValidator(_listed)]
Hosts: TypeAlias = Annotated[tuple[Annotated[str, AfterValidator(_host_name)], ...], BeforeValidator(_listed)]
Secret: TypeAlias = Annotated[SecretStr | None, AfterValidator(_filled)]
SecretByName: TypeAlias = Annotated[dict[str, SecretStr], BeforeValidator(_named)]
WebAddress: TypeAlias = Annotated[str, AfterValidator(_web_address)]
TraceLink: TypeAlias = Annotated[str, AfterValidator(_trace_link)]
