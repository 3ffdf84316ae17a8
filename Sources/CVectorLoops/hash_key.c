#include "include/hash_key.h"

#include <time.h>
#if defined(__linux__)
#include <sys/random.h>
#else
#include <stdlib.h>
#endif

vl_hash_key vl_key;

static uint64_t mixed(uint64_t value) {
  value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
  value = (value ^ value >> 27) * 0x94D049BB133111EB;
  return value ^ value >> 31;
}

__attribute__((constructor)) static void make_key(void) {
#if defined(__linux__)
  /* Not waiting: there may be no randomness yet where a system has just begun. */
  if (getrandom(&vl_key, sizeof vl_key, GRND_NONBLOCK) == sizeof vl_key) return;
#else
  arc4random_buf(&vl_key, sizeof vl_key);
  return;
#endif
  /* Then the clock and where things lie, which are secret from afar. */
  struct timespec now = {0, 0};
  clock_gettime(CLOCK_MONOTONIC, &now);
  uint64_t seed = (uint64_t)now.tv_nsec << 32 ^ (uint64_t)now.tv_sec ^ (uint64_t)(uintptr_t)&now;
  vl_key.start = seed = mixed(seed + (uint64_t)(uintptr_t)&vl_key);
  vl_key.first = seed = mixed(seed + 0x9E3779B97F4A7C15);
  vl_key.second = seed = mixed(seed + 0x9E3779B97F4A7C15);
  vl_key.last = mixed(seed + 0x9E3779B97F4A7C15);
}
