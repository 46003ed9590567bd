"""OTLP in, over gRPC and over HTTP. A request is answered after its spans are kept, not before."""
