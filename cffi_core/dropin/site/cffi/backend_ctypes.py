"""Of this back-end of CFFI's, what programs import: names of Python 2's."""

long, unicode, xrange = int, str, range
