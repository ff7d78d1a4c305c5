"""An inspection and a tool in; the call with which that tool reads this file rightly, ready to be pasted, out."""

from csvgate.core.calls.call import TOOLS, Tool, call_of

__all__ = ["TOOLS", "Tool", "call_of"]
