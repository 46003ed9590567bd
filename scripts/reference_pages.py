"""Writes the reference pages that are made from the code: `make pages`."""

from __future__ import annotations

import inspect
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import msgspec  # noqa: E402 - the path comes first
import typer.main  # noqa: E402

from analyzers import investigation_report, report_base  # noqa: E402
from analyzers import report as models  # noqa: E402
from bot.cli.app import app  # noqa: E402
from config.names import leaves, variable  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = ROOT / "docs" / "reference"
MADE = "<!-- Made by scripts/reference_pages.py; change the code it reads instead. -->\n\n"
REPORT_KINDS = {str(kind.__struct_config__.tag): kind for kind in get_args(models.AnyReport)}
HELP_WIDTH = 100


def report_page() -> str:
    """The JSON of a report, from its models."""
    parts = [f"# The report as JSON\n\n{MADE.rstrip()}\n", inspect.getdoc(models) or "", _KIND_KEY]
    parts.append(_model(report_base.Report, "Every report", own_only=False))
    parts += [_model(model, f"`{kind}`", own_only=True) for kind, model in REPORT_KINDS.items()]
    parts.append("## Parts\n")
    parts += [_model(part, part.__name__, own_only=False, level="###") for part in _parts()]
    return "\n".join(parts)


def commands_page() -> str:
    """Every command with the help it prints."""
    parts = [f"# Commands\n\n{MADE}{_EXIT_STATUSES}"]
    for name, text in _helps():
        parts.append(f"\n## {name}\n\n```text\n{text}\n```\n")
    return "".join(parts)


_KIND_KEY = f"""
`tracewhy ask TEXT --format json` prints one such object; see one with `tracewhy demo --format json`. Its key `kind` says which:
{", ".join(f"`{kind}`" for kind in REPORT_KINDS)}. Every key is always there; what is not known is null,
what there is none of an empty list.
"""

_EXIT_STATUSES = """What a command leaves behind:

| exit status | meaning |
| --- | --- |
| 0 | answered; also that nothing matched, or that it cannot be told |
| 1 | a mistake of tracewhy's own, please report it |
| 2 | not understood, or asked back which of several is meant; an option, a variable or an address that makes no sense |
| 3 | the trace store refused, was unreachable or too slow, or sent what is no answer; [doctor](doctor.md) found something that FAILs |
| 4 | a trace file that cannot be read |
| 130 | interrupted |
| 141 | whoever read the output went away |

Of several questions (`ask -`) the highest status counts. Answers stand on stdout; errors, warnings and progress on stderr. With
`--format json` errors stand on stdout instead, as an object; mistakes in the options themselves always on stderr.

| variable | meaning |
| --- | --- |
| `TRACEWHY_BACKEND` | the trace store to ask where `--backend` names none; else the store of `tracewhy serve` is asked |
| `TRACEWHY_...__...` | [settings](settings.md) of `serve`, `doctor` and `ingest` |
| `TRACEWHY_DEBUG` | `1` shows the traceback of an unexpected error |
| `TRACEWHY_BACKEND_TOKEN` and others | who asks, for stores that want to know: [credentials](backends.md#credentials) |
| `NO_COLOR`, `FORCE_COLOR` | no colour, or colour where there is no terminal; `NO_COLOR` is the stronger |
| `TZ` | the zone in which times are shown, where `--zone` names none; else that of the machine, else UTC |
| `COLUMNS` | the width of the page; else that of the terminal, else 100 |
| `LC_ALL`, `LC_CTYPE`, `LANG` | `C` or `POSIX` draws with ASCII alone |
"""


def _parts() -> list[type[msgspec.Struct]]:
    """The models that reports are made of, in the order of the files."""
    known = [
        value
        for module in (report_base, models, investigation_report)
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, report_base.Model)
        and value.__module__ == module.__name__
    ]
    skipped = (report_base.Report, report_base.Asked)
    return [model for model in known if model is not report_base.Model and not issubclass(model, skipped)]


def _model(model: type[msgspec.Struct], heading: str, *, own_only: bool, level: str = "##") -> str:
    inherited = {field.name for field in msgspec.structs.fields(report_base.Report)} if own_only else set()
    told = _docstrings(model)
    rows = [
        f"| `{field.name}` | {_type_text(field.type)} | {told.get(field.name, '')} |"
        for field in msgspec.structs.fields(model)
        if field.name not in inherited
    ]
    table = ["| key | type | meaning |", "| --- | --- | --- |", *rows]
    return "\n".join([f"{level} {heading}\n", f"{inspect.getdoc(model)}\n", *table, ""])


def _docstrings(model: type) -> dict[str, str]:
    """The texts that stand beneath fields."""
    import ast  # noqa: PLC0415 - only this needs it

    body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(body, ast.ClassDef)
    told: dict[str, str] = {}
    for field, beneath in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(beneath, ast.Expr):
            told[ast.unparse(field.target)] = " ".join(str(ast.literal_eval(beneath.value)).split())
    return told


def _type_text(kind: Any) -> str:
    """A type as readers of JSON know it."""
    if kind is type(None):
        return "null"
    choices = get_args(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    names = {str: "text", int: "integer", float: "number", bool: "true or false"}
    if kind in names:
        return names[kind]
    if getattr(kind, "__origin__", None) is tuple:
        return f"list of {_type_text(choices[0])}"
    if choices and isinstance(choices[0], str):
        return " / ".join(f"`{choice}`" for choice in choices)
    return " or ".join(_type_text(choice) for choice in choices)


def _helps() -> Iterator[tuple[str, str]]:
    group = typer.main.get_command(app)
    context = group.make_context(
        "tracewhy", [], resilient_parsing=True, max_content_width=HELP_WIDTH, terminal_width=HELP_WIDTH
    )
    yield "tracewhy", group.get_help(context).rstrip()
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        inner = command.make_context(name, [], parent=context, resilient_parsing=True)
        yield f"tracewhy {name}", command.get_help(inner).rstrip()


def settings_page() -> str:
    """Every setting with its variable, its default and its meaning."""
    rows = [
        f"| `{name}` | `{variable(name)}` | {_default_text(field.default)} | {' '.join((field.description or '').split())} |"
        for name, field in leaves()
    ]
    return "\n".join([f"# Settings\n\n{MADE}{_SETTINGS}", *rows, ""])


def _default_text(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, float):
        return f"{default:g}"
    return "" if default in (None, (), {}) else str(default)


_SETTINGS = """`tracewhy serve`, `tracewhy doctor` and `tracewhy ingest` read them from the file of `--config`, which
[the example](../../config/tracewhy.example.yaml) explains, then from variables, then from options; the later ones win. In the file
`store.folder` is the key `folder` within `store`. A name that does not exist is an error which names the one that was probably meant,
also among variables that begin with `TRACEWHY_`.

| setting | variable | default | meaning |
| --- | --- | --- | --- |"""

PAGES = {"report.md": report_page, "commands.md": commands_page, "settings.md": settings_page}

if __name__ == "__main__":
    for page, text in PAGES.items():
        (REFERENCE / page).write_text(text(), encoding="utf-8")
