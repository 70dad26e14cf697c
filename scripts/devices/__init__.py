"""Boards that programs run on: simulated microcontrollers, and this computer. For scripts/bench and tests/device."""
