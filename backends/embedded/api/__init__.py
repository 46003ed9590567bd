"""The owner's local API: how other processes of the same person ask the store, and add to it.

One process owns the store's files; nobody else opens them. The owner listens on a port of the loopback interface and
writes the port with a random token into a file in the store's folder that only its own user can read.
"""
