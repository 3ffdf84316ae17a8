/* CPython's C interface, from Debian's libpython3-dev. Only these tests use it; the flags come from python3-embed.pc. */
#include <sys/select.h> /* first: Python.h sets feature macros, and Foundation's fd_set must stay the same type as ours */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
