"""What a test at random says at its end."""

import sys


def told(first, found, problems):
    """The seed of the first case, how many of each kind there were (a Counter), what is wrong; exit code 1 where something
    is."""
    print(f"seed {first}:", ", ".join(f"{count} {what}" for what, count in sorted(found.items())))
    for wrong in problems:
        print(wrong, file=sys.stderr)
    sys.exit(1 if problems else 0)
