"""The custom actions, one thin file each: read the tracker, call the heart, say what it decided."""
