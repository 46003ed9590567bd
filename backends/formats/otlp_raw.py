"""OTLP's protobuf messages with the attributes of spans left as bytes: who sees the same ones again need not read them again."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from opentelemetry.proto.common.v1 import common_pb2
from opentelemetry.proto.resource.v1 import resource_pb2
from opentelemetry.proto.trace.v1 import trace_pb2

RAW = {"Span": ("attributes",)}
"""Fields that stay bytes. On the wire a message is bytes with a length before it, so nothing else changes."""


def _raw_messages() -> tuple[Any, Any]:
    """The classes of TracesData and Span with those fields as bytes, made from OTLP's own description."""
    pool = DescriptorPool()
    for module in (common_pb2, resource_pb2, trace_pb2):
        file = FileDescriptorProto()
        module.DESCRIPTOR.CopyToProto(file)
        for message in file.message_type:
            for field in message.field:
                if field.name in RAW.get(message.name, ()):
                    field.type = FieldDescriptorProto.TYPE_BYTES
                    field.ClearField("type_name")
        pool.Add(file)
    traces, span = (
        GetMessageClass(pool.FindMessageTypeByName(message.DESCRIPTOR.full_name))
        for message in (trace_pb2.TracesData, trace_pb2.Span)
    )
    return traces, span


RawTraces, RawSpan = _raw_messages()
