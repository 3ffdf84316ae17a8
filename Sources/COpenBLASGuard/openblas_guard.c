/* Makes Debian's serial OpenBLAS safe to call from several threads.
 *
 * A serial build takes no lock when a GEMM picks its work buffer, so two threads may get the same one and both answers
 * are wrong: rarely (about one training of ten on two threads), and silently. Everything else in a GEMM is re-entrant.
 * The shipped library is linked with --wrap=blas_memory_alloc --wrap=blas_memory_free, which sends both calls here; the
 * GEMM itself runs outside the lock. Where the flags are not given (a plain `swift build`), the names below that begin
 * with __real_ stay null, and GEMM.swift puts whole products behind a lock instead. */
#include "openblas_guard.h"

#include <pthread.h>
#include <stddef.h>
#include <string.h>

extern void *__real_blas_memory_alloc(int procpos) __attribute__((weak));
extern void __real_blas_memory_free(void *buffer) __attribute__((weak));
void *__wrap_blas_memory_alloc(int procpos);
void __wrap_blas_memory_free(void *buffer);

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void lock(void) { pthread_mutex_lock(&guard); }
static void unlock(void) { pthread_mutex_unlock(&guard); }
/* A child made by fork while another thread holds the lock would wait for ever. */
static void survive_fork(void) { pthread_atfork(lock, unlock, unlock); }

void *__wrap_blas_memory_alloc(int procpos) {
  pthread_once(&once, survive_fork);
  lock();
  void *buffer = __real_blas_memory_alloc(procpos);
  unlock();
  return buffer;
}

void __wrap_blas_memory_free(void *buffer) {
  lock();
  __real_blas_memory_free(buffer);
  unlock();
}

int openblas_guard_is_linked(void) { return __real_blas_memory_alloc != NULL; }

/* OpenBLAS 0.3.21 knows processors by their model number and takes its oldest kernels (Prescott: SSE3) for an Intel one
 * that is newer than itself, a quarter of the speed or less. The shipped library is linked with --wrap=getenv too, and
 * names the kernels by what the processor can do, unless the user did. */
extern char *__real_getenv(const char *name) __attribute__((weak));
char *__wrap_getenv(const char *name);

char *__wrap_getenv(const char *name) {
  char *value = __real_getenv(name);
#if defined(__x86_64__)
  if (value == NULL && strcmp(name, "OPENBLAS_CORETYPE") == 0) {
    static char avx512[] = "SkylakeX", avx2[] = "Haswell";
    __builtin_cpu_init();
    if (!__builtin_cpu_is("intel")) return NULL;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
      return avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2;
  }
#endif
  return value;
}
