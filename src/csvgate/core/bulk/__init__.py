"""The same answers for large files, many cells at once: the only package of the core that imports NumPy.

It handles what is plain (whole records of one width, values of common shapes); everything else is left to the code
that reads any bytes. Nothing imports it but `csvgate.core.inspection`, and only for a file that is large.
"""
