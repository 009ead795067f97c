"""A metadata service of one's own, to develop and test against: it answers as the service does, faults included.

with azure_imds.emulator.serving({"compute": {"name": "web-1"}}) as emulator:
    emulator.fault("token:429x2")
    ...  # ask emulator.url with any HTTP client
    print(emulator.requests)

``Application`` is the same as an ASGI application, ``azure-imds serve`` as a program, ``imds_emulator`` as a fixture of
pytest. What each of them plays is described in the package's README.
"""

from azure_imds._native import FAULT_HEADER, scenarios, tampers
from azure_imds.emulator._application import Application, Undeliverable
from azure_imds.emulator._emulator import Emulator, EmulatorOptions, Trust, environment_of
from azure_imds.emulator._thread import serving
from azure_imds.emulator._values import EmulatedEvent, JournalEntry, Reply

__all__ = [
    "FAULT_HEADER",
    "Application",
    "EmulatedEvent",
    "Emulator",
    "EmulatorOptions",
    "JournalEntry",
    "Reply",
    "Trust",
    "Undeliverable",
    "environment_of",
    "scenarios",
    "serving",
    "tampers",
]
