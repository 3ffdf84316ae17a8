/* What every processor of the architecture has. */
#define LANES 4
#if defined(__aarch64__) /* 32 registers, of which a tile of sums takes 24 */
#define PANEL_VECTORS 3
#define TILE_ROWS 8
#else /* 16, of which it takes 12 */
#define PANEL_VECTORS 2
#define TILE_ROWS 6
#endif
#include "lanes.h"

#include "element_loops.h"
#include "gather_loops.h"
#include "dense_loops.h"
#include "optimizer_loops.h"

const vl_loops vl_baseline = {
    "baseline", wide, embeddings, numbers, lookup, lookup_gradients, packed_size, pack, pack_transposed, multiply, relu,
    mask, column_sums, add_scaled, decay, update, update_rows,
};
