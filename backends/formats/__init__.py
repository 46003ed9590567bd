"""Pure decoders: bytes of one trace format in, span records out. Nothing here reads files or asks servers."""
