"""Where traces live: one adapter per store, all behind one interface."""
