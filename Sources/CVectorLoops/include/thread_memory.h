/* What each thread keeps, and is freed when it ends. */
#ifndef THREAD_MEMORY_H
#define THREAD_MEMORY_H

#include <stdint.h>

/* A block of at least that many bytes, aligned to 64, that belongs to the calling thread until it asks again; it grows
 * and is kept, and freed when the thread ends. Null where there is no memory. */
void *_Nullable vl_scratch(intptr_t bytes);

/* Keeps a copy of the message of this thread's last failed call, and the system's error of it. */
void vl_set_last_error(const char *_Nonnull message, int32_t system_error);

/* The message, empty before the first; this thread's until its next error. */
const char *_Nonnull vl_last_error(void);
int32_t vl_last_system_error(void);

#endif /* THREAD_MEMORY_H */
