"""Every port of `csvgate.ports` in the memory of one process: the same promises, no network, safe for threads.

It ships with the product: the tests tell the whole story with it, and so may the tests of those who build on csvgate.
"""

from csvgate.memory.catalog import MemoryCatalog
from csvgate.memory.objects import EPOCH, MemoryObjectStore, Versioning
from csvgate.memory.outbox import MemoryNotifier, MemoryOutbox
from csvgate.memory.queue import MemoryQueue
from csvgate.memory.sink import MemorySink
from csvgate.memory.uploads import MemoryUploads

__all__ = [
    "EPOCH",
    "MemoryCatalog",
    "MemoryNotifier",
    "MemoryObjectStore",
    "MemoryOutbox",
    "MemoryQueue",
    "MemorySink",
    "MemoryUploads",
    "Versioning",
]
