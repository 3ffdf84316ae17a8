#ifndef PROCESSORS_H
#define PROCESSORS_H

#include <stdint.h>

/* Processors that the calling thread may run on. */
intptr_t vl_processors(void);

#endif
