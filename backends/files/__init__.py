"""Trace files as a store: one file, a folder or a pattern, in every format that `backends.formats` knows.

What a file is, and how it is compressed, is told by its content and never by its name.
"""
