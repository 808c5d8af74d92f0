"""What the assistant knows: typed records, read from the YAML files of `knowledge/` and checked before use."""
