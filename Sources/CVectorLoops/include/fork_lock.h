/* A lock that a child made by fork can take although a thread that is no longer there held it.
 *
 * A plain mutex that another thread holds at the fork stays held in the child for ever. This one's word names the process
 * that holds it, counted by forks: one of a parent counts as free. The thread that forks goes on in the child, and so
 * do the locks that it holds itself. */
#ifndef FORK_LOCK_H
#define FORK_LOCK_H

#include <stdint.h>

typedef struct vl_lock {
  uint32_t word;        /* forks so far, times 4; plus 0 free, 1 held, 2 held and waited for */
  struct vl_lock *next; /* of those that the holding thread holds */
} vl_lock;

/* Forks from the first process to this one. */
uint32_t vl_forks(void);

/* Waits until the lock is free, then holds it. Not to be taken twice by one thread. */
void vl_lock_take(vl_lock *lock);

/* By the thread that holds it. */
void vl_lock_release(vl_lock *lock);

/* Whether the calling thread holds it. */
int32_t vl_lock_is_mine(const vl_lock *lock);

#endif
