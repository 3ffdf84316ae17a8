/* 512-bit vectors: 32 registers, of which a tile of sums takes 24. */
#if defined(__x86_64__)
#define NAME avx512
#define LANES 16
#define PANEL_VECTORS 3
#define TILE_ROWS 8
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma,bmi2"))), apply_to = function)
#include "variant.inc"
#pragma clang attribute pop
#endif
