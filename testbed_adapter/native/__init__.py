"""The library found, loaded and called."""
