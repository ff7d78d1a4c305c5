"""Tasks in; done by a second process while this one does others, out: NumPy's short calls hold the interpreter.

Who wants company takes it from `company`; what becomes of it is decided here, by what the machine has.
"""

from csvgate.side_by_side.second import company

__all__ = ["company"]
