/* OpenBLAS's C interface, from Debian's libopenblas-serial-dev. */
#include <cblas.h>
