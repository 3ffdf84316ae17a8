/* 256-bit vectors: 16 registers, of which a tile of sums takes 12. */
#if defined(__x86_64__)
#define NAME avx2
#define LANES 8
#define PANEL_VECTORS 2
#define TILE_ROWS 6
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2"))), apply_to = function)
#include "variant.inc"
#pragma clang attribute pop
#endif
