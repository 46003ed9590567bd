"""How the web services of the shop begin."""

from __future__ import annotations

from flask import Flask
from opentelemetry.instrumentation.flask import FlaskInstrumentor


def new_service(name: str) -> Flask:
    """An app that traces its requests."""
    app = Flask(name)
    FlaskInstrumentor().instrument_app(app)  # type: ignore[no-untyped-call] # as it ships
    return app
