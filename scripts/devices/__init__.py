"""Boards that programs run on: simulated microcontrollers and this computer. Shared by scripts/bench and tests/device."""
