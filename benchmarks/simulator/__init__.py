"""Systems that were never built, with faults that are known: what rankings are tried on."""
