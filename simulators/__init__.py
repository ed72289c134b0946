"""Stand-ins for outside services, as strict as the originals; used by the local stack, the benchmarks and the tests."""
