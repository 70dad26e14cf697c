"""Prints what can be exported."""

from .reference import reference

for heading, lines in reference().items():
    print("\n".join(["## %s\n" % heading, *lines, ""]))
