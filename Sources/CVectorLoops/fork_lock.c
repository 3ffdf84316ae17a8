#if defined(__linux__)
#define _GNU_SOURCE
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif
#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include "include/fork_lock.h"

enum { FREE = 0, HELD = 1, WAITED_FOR = 2, STATE = 3 };

static uint32_t forks;
static _Thread_local vl_lock *mine;

uint32_t vl_forks(void) { return __atomic_load_n(&forks, __ATOMIC_RELAXED); }

/* The child's one thread, before anything else of it runs. */
static void count_fork(void) {
  uint32_t now = __atomic_add_fetch(&forks, 1, __ATOMIC_RELAXED);
  /* Who waited is gone: held, not waited for. */
  for (vl_lock *lock = mine; lock != NULL; lock = lock->next)
    __atomic_store_n(&lock->word, now << 2 | HELD, __ATOMIC_RELAXED);
}

__attribute__((constructor)) static void follow_forks(void) { pthread_atfork(NULL, NULL, count_fork); }

static void wait_while(uint32_t *word, uint32_t value) {
#if defined(__linux__)
  int before = errno;
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
  errno = before;
#else
  (void)word, (void)value;
  sched_yield();
#endif
}

static void wake_one(uint32_t *word) {
#if defined(__linux__)
  int before = errno;
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
  errno = before;
#else
  (void)word;
#endif
}

void vl_lock_take(vl_lock *lock) {
  uint32_t seen = __atomic_load_n(&lock->word, __ATOMIC_RELAXED), as = HELD;
  for (;;) {
    uint32_t now = vl_forks() << 2;
    if ((seen & STATE) == FREE || (seen & ~STATE) != now) {
      if (__atomic_compare_exchange_n(&lock->word, &seen, now | as, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) break;
      continue;
    }
    /* Once it has waited, a thread cannot know whether others still do. */
    as = WAITED_FOR;
    if ((seen & STATE) == WAITED_FOR ||
        __atomic_compare_exchange_n(&lock->word, &seen, now | WAITED_FOR, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
      wait_while(&lock->word, now | WAITED_FOR);
      seen = __atomic_load_n(&lock->word, __ATOMIC_RELAXED);
    }
  }
  lock->next = mine;
  mine = lock;
}

void vl_lock_release(vl_lock *lock) {
  vl_lock **link = &mine;
  while (*link != NULL && *link != lock) link = &(*link)->next;
  if (*link == NULL) return;
  *link = lock->next;
  if ((__atomic_exchange_n(&lock->word, FREE, __ATOMIC_RELEASE) & STATE) == WAITED_FOR) wake_one(&lock->word);
}

int32_t vl_lock_is_mine(const vl_lock *lock) {
  for (const vl_lock *taken = mine; taken != NULL; taken = taken->next)
    if (taken == lock) return 1;
  return 0;
}
