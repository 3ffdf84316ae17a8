/* 512-bit vectors: 32 registers, of which a tile of sums takes 24. */
#if defined(__x86_64__)
#define LANES 16
#define PANEL_VECTORS 3
#define TILE_ROWS 8
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma,bmi2"))), apply_to = function)
#include "lanes.h"

#include "element_loops.h"
#include "gather_loops.h"
#include "dense_loops.h"
#include "optimizer_loops.h"
#pragma clang attribute pop

const vl_loops vl_avx512 = {
    "avx512", wide, embeddings, numbers, lookup, lookup_gradients, packed_size, pack, pack_transposed, multiply, relu,
    mask, column_sums, add_scaled, decay, update, update_rows,
};
#endif
