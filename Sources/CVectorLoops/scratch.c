#include <pthread.h>
#include <stdlib.h>

#include "include/vector_loops.h"

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static void make_key(void) { pthread_key_create(&key, free); }

static _Thread_local void *block;
static _Thread_local intptr_t size;

void *vl_scratch(intptr_t bytes) {
  if (bytes <= size) return block;
  if (bytes > INTPTR_MAX / 4) return NULL;
  intptr_t room = (bytes + bytes / 2 + 63) / 64 * 64;
  void *larger = aligned_alloc(64, (size_t)room);
  if (larger == NULL) return NULL;
  pthread_once(&once, make_key);
  free(block);
  block = larger;
  size = room;
  pthread_setspecific(key, block); /* its destructor frees it when the thread ends */
  return block;
}
