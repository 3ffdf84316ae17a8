/* 256-bit vectors: 16 registers, of which a tile of sums takes 12. */
#if defined(__x86_64__)
#define LANES 8
#define PANEL_VECTORS 2
#define TILE_ROWS 6
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2"))), apply_to = function)
#include "lanes.h"

#include "element_loops.h"
#include "gather_loops.h"
#include "dense_loops.h"
#include "optimizer_loops.h"
#pragma clang attribute pop

const vl_loops vl_avx2 = {
    "avx2", wide, embeddings, numbers, lookup, lookup_gradients, packed_size, pack, pack_transposed, multiply, relu,
    mask, column_sums, add_scaled, decay, update, update_rows,
};
#endif
