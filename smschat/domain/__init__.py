"""The ground floor: numbers, segments, states and SMS as values, and functions on values; no I/O and no clock."""
