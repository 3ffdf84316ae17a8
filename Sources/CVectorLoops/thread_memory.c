#include "include/thread_memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local void *block;
static _Thread_local intptr_t size;
static _Thread_local char *message;
static _Thread_local int32_t number;

static pthread_key_t key;
static int has_key;

/* Another library's destructor may call here after this one: it finds nothing freed, and what it takes is freed in the
 * next round of destructors. */
static void free_both(void *ignored) {
  (void)ignored;
  free(block);
  free(message);
  block = message = NULL;
  size = 0;
}

/* When the library is loaded: a fork leaves no key half made, and no other key is taken for this one where a process
 * has none left. Then what a thread keeps outlives it. */
__attribute__((constructor)) static void make_key(void) { has_key = pthread_key_create(&key, free_both) == 0; }

/* Any address but null has the destructor called. */
static void free_at_end(void) {
  if (has_key) pthread_setspecific(key, &key);
}

void *vl_scratch(intptr_t bytes) {
  if (bytes <= size) return block;
  if (bytes > INTPTR_MAX / 4) return NULL;
  intptr_t room = (bytes + bytes / 2 + 63) / 64 * 64;
  void *larger = aligned_alloc(64, (size_t)room);
  if (larger == NULL) return NULL;
  free(block);
  block = larger;
  size = room;
  free_at_end();
  return block;
}

void vl_set_last_error(const char *text, int32_t system_error) {
  free(message);
  message = strdup(text);
  number = system_error;
  free_at_end();
}

const char *vl_last_error(void) { return message == NULL ? "" : message; }

int32_t vl_last_system_error(void) { return number; }
