"""Bytes in, values out: no AWS, no clock, no disk, no log, no environment."""
