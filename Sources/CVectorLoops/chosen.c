#include <stdlib.h>
#include <string.h>

#include "include/vector_loops.h"

extern const vl_loops vl_baseline, vl_avx2, vl_avx512;
const vl_loops *vl_chosen = &vl_baseline;

const vl_loops *vl_variant(intptr_t index) {
  if (index == 0) return &vl_baseline;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (index == 1 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
    return &vl_avx2;
  if (index == 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw"))
    return &vl_avx512;
#endif
  return NULL;
}

__attribute__((constructor)) static void choose(void) {
  const char *wanted = getenv("CTR_MODELS_LOOPS");
  for (intptr_t index = 0; index < VL_VARIANTS; index++) {
    const vl_loops *variant = vl_variant(index);
    if (variant == NULL) continue;
    vl_chosen = variant;
    if (wanted != NULL && strcmp(wanted, variant->name) == 0) return;
  }
}
