#ifndef OPENBLAS_GUARD_H
#define OPENBLAS_GUARD_H

/* 1 where OpenBLAS's buffer allocation is behind a lock (the library was linked with --wrap, see openblas_guard.c). */
int openblas_guard_is_linked(void);

#endif
