"""OpenTelemetry as any team sets it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.propagators import TraceResponsePropagator, set_global_response_propagator
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

if TYPE_CHECKING:
    from demo.shop.job import Job


def start_telemetry(job: Job) -> TracerProvider:
    """The provider of this process. Shut it down at the end, so that the last spans are sent."""
    resource = Resource.create({"service.name": job.role, "service.version": job.version})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=job.otlp, insecure=True)))
    trace.set_tracer_provider(provider)
    RequestsInstrumentor().instrument()
    # Answers say which trace they belong to: the load writes it down.
    set_global_response_propagator(TraceResponsePropagator())  # type: ignore[no-untyped-call] # as it ships
    return provider
