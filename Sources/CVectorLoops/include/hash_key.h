/* Secret numbers of this process, of which the hash tables in memory make their hashes. */
#ifndef HASH_KEY_H
#define HASH_KEY_H

#include <stdint.h>

typedef struct {
  uint64_t start, first, second, last;
} vl_hash_key;

/* Written once, when the library is loaded; a child made by fork keeps its parent's, as it keeps its tables. */
extern vl_hash_key vl_key;
static inline vl_hash_key vl_key_of_process(void) { return vl_key; }

#endif
