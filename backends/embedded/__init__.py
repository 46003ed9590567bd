"""The store of our own: OTLP in, DuckDB beneath, the same questions out as of any other store."""
