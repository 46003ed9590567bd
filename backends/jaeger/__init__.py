"""Jaeger's query service, over its HTTP APIs v3 and v1.

    jaeger://host:16686/prefix         HTTP; also written jaeger+http://
    jaeger+https://host:443/prefix     HTTPS, with ?ca_file= for an authority of one's own
    ?timeout_s=60                      for one whole answer; ?api=v1 or v3 asks that API without trying

What is known of Jaeger, and what follows for whoever reads this code:

- v3 answers in OTLP with nanoseconds and whole trace ids; v1 in microseconds, and ids lose their leading zeros. So v3
  is asked wherever it exists, and v1 where it does not.
- v3 ignores attributes in a search without a word. They are searched through v1, the traces then fetched through v3.
- Older servers know only snake_case parameters, newer ones prefer camelCase; unknown ones are ignored by both, so a
  search sends both spellings.
- Searching for errors by tag finds the wrong spans in some storages. Errors are fetched and picked out here.
- There are no pages: an answer as long as the limit may lack traces, and is marked truncated.
- "raw" keeps the server from mending the clocks of spans, which is done here, once, and reported.
"""

from backends.jaeger.store import STORE

__all__ = ["STORE"]
