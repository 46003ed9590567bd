"""A Flask program with the instrumentation that everybody writes first; it knows nothing of us.

`OTLP=host:port python article_app.py` prints its port and serves until stdin ends.
"""

import os
import sys
from threading import Thread

import requests
from flask import Flask, request
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from sqlalchemy import create_engine, text
from werkzeug.serving import make_server

resource = Resource(attributes={"service.name": "order-service"})
provider = TracerProvider(resource=resource)
processor = BatchSpanProcessor(OTLPSpanExporter(endpoint=os.environ["OTLP"], insecure=True))
provider.add_span_processor(processor)
trace.set_tracer_provider(provider)
tracer = trace.get_tracer(__name__)

app = Flask(__name__)
engine = create_engine("sqlite://")
FlaskInstrumentor().instrument_app(app)
RequestsInstrumentor().instrument()
SQLAlchemyInstrumentor().instrument(engine=engine)


@app.get("/price/<product>")
def price(product):
    with engine.connect() as connection:
        return {
            "cents": connection.execute(text("SELECT length(:product) * 100"), {"product": product}).scalar()
        }


@app.post("/orders")
def order():
    asked = request.get_json()
    with tracer.start_as_current_span("process_order") as span:
        span.set_attribute("order.id", asked["order_id"])
        span.set_attribute("user.id", asked["user_id"])
        answer = requests.get(f"{request.host_url}price/{asked['product']}", timeout=10)
        span.add_event("order.priced", {"cents": answer.json()["cents"]})
        try:
            charge(asked)
        except PermissionError as exc:
            span.record_exception(exc)
            span.set_status(trace.Status(trace.StatusCode.ERROR, str(exc)))
            return {"problem": "declined"}, 402
    return {"paid": answer.json()["cents"]}


def charge(asked):
    if asked["user_id"] == 13:
        raise PermissionError("the card of user 13 was declined")


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()
    server.shutdown()
    provider.shutdown()
