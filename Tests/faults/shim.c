/* Faults on demand, for LD_PRELOAD: between fault_arm and fault_disarm the nth call of this thread to the system kills the
 * process, fails, is interrupted, or does a part of its work only. The clock can run backwards, and no thread be had. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { NOTHING, KILL, KILL_HALF_WAY, FAIL, INTERRUPT, SHORTEN };

static __thread int mode, nth, number, calls;
static volatile int no_threads, backwards;

/* nth = 0: each call. */
void fault_arm(int wanted, int at, int error) { mode = wanted, nth = at, number = error, calls = 0; }
int fault_disarm(void) { return mode = NOTHING, calls; }
void fault_threads(int none) { no_threads = none; }
/* 1: the time of day runs backwards, 2: each clock. */
void fault_clock(int runs_backwards) { backwards = runs_backwards; }

#define REAL(name) (*(__typeof__(name) *)real(#name, (void *[]){NULL}))
static void *real(const char *name, void **found) { return *found = dlsym(RTLD_NEXT, name); }

/* 1: the call is to fail with errno. *count, where there is one, may be lowered. Half-way there are only those. */
static int fault(size_t *count) {
  if (mode == NOTHING || (mode == KILL_HALF_WAY && count == NULL)) return 0;
  calls++;
  if (nth != 0 && calls != nth) return 0;
  switch (mode) {
    case KILL: kill(getpid(), SIGKILL); return 0;
    case FAIL: errno = number; return 1;
    case INTERRUPT:
      if (calls % 2) return 0;
      errno = EINTR;
      return 1;
    case KILL_HALF_WAY:
    case SHORTEN:
      if (count != NULL && *count > 1) *count /= 2;
      return 0;
  }
  return 0;
}

static int opened(const char *name, int folder, const char *path, int flags, mode_t permissions) {
  if (fault(NULL)) return -1;
  int (*next)(int, const char *, int, ...) = dlsym(RTLD_NEXT, name);
  return next(folder, path, flags, permissions);
}

#define PERMISSIONS(flags)                         \
  mode_t permissions = 0;                          \
  if ((flags) & (O_CREAT | __O_TMPFILE)) {         \
    va_list rest;                                  \
    va_start(rest, flags);                         \
    permissions = (mode_t)va_arg(rest, int);       \
    va_end(rest);                                  \
  }

int open(const char *path, int flags, ...) {
  PERMISSIONS(flags)
  return opened("openat", AT_FDCWD, path, flags, permissions);
}
int open64(const char *path, int flags, ...) {
  PERMISSIONS(flags)
  return opened("openat64", AT_FDCWD, path, flags, permissions);
}
int openat(int folder, const char *path, int flags, ...) {
  PERMISSIONS(flags)
  return opened("openat", folder, path, flags, permissions);
}

ssize_t write(int file, const void *from, size_t count) {
  int half = mode == KILL_HALF_WAY && calls + 1 == nth;
  if (fault(&count)) return -1;
  ssize_t done = REAL(write)(file, from, count);
  if (half) kill(getpid(), SIGKILL);
  return done;
}
ssize_t pread(int file, void *to, size_t count, off_t at) {
  return fault(&count) ? -1 : REAL(pread)(file, to, count, at);
}
ssize_t pread64(int file, void *to, size_t count, off64_t at) {
  return fault(&count) ? -1 : REAL(pread64)(file, to, count, at);
}
int fsync(int file) { return fault(NULL) ? -1 : REAL(fsync)(file); }
int close(int file) {
  int fails = fault(NULL); /* closed it is all the same */
  int status = REAL(close)(file);
  return fails ? -1 : status;
}
int flock(int file, int what) { return fault(NULL) ? -1 : REAL(flock)(file, what); }
int fchmod(int file, mode_t permissions) { return fault(NULL) ? -1 : REAL(fchmod)(file, permissions); }
int rename(const char *from, const char *to) { return fault(NULL) ? -1 : REAL(rename)(from, to); }
int unlink(const char *path) { return fault(NULL) ? -1 : REAL(unlink)(path); }
int linkat(int from, const char *old, int to, const char *new, int flags) {
  return fault(NULL) ? -1 : REAL(linkat)(from, old, to, new, flags);
}
int unlinkat(int folder, const char *path, int flags) { return fault(NULL) ? -1 : REAL(unlinkat)(folder, path, flags); }

int pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*body)(void *), void *with) {
  return no_threads ? EAGAIN : REAL(pthread_create)(thread, how, body, with);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  static _Atomic int64_t readings;
  int status = REAL(clock_gettime)(clock, now);
  if (backwards > (clock != CLOCK_REALTIME) && status == 0) {
    int64_t back = 3 * ++readings;
    now->tv_sec -= back < now->tv_sec ? back : now->tv_sec;
  }
  return status;
}
