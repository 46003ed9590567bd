"""A report in; terminal text or JSON out. Pure: nothing here reads or decides anything."""
