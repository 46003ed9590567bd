"""A small shop of real services to ask about: a load of known truth, and faults that are switched on while it runs.

frontend asks checkout, which asks inventory and payment and puts a receipt into a queue that a worker empties. Each is a
process of its own, instrumented as a team would do it; between checkout and the two it asks lies a wire that can be slow
or lose a header.
"""
