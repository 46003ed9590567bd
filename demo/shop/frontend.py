"""frontend: what a browser talks to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests
from flask import Response, request
from opentelemetry import trace

from demo.shop.service import new_service

if TYPE_CHECKING:
    from flask import Flask

    from demo.shop.job import Job

PATIENCE_S = 30


def make_app(job: Job) -> Flask:
    app = new_service("frontend")

    @app.get("/products")
    def products() -> Response:
        return _passed_on(requests.get(f"{job.addresses['inventory']}/products", timeout=PATIENCE_S))

    @app.post("/checkout")
    def checkout() -> Response:
        order = request.get_json()
        trace.get_current_span().set_attribute("user.id", order["user_id"])
        return _passed_on(
            requests.post(f"{job.addresses['checkout']}/checkout", json=order, timeout=PATIENCE_S)
        )

    return app


def _passed_on(answer: requests.Response) -> Response:
    return Response(answer.content, answer.status_code, content_type=answer.headers["Content-Type"])
