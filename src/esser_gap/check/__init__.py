"""The checks: what in a budget or scenario contradicts itself, is unknown, or merely looks wrong."""
