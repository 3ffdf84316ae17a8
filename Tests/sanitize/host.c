/* CPython inside a program that was linked with a sanitizer: its runtime is there before the first allocation, which a
 * library loaded by an ordinary python3 comes too late for. */
#include <Python.h>

int main(int count, char **arguments) { return Py_BytesMain(count, arguments); }
