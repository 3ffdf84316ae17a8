/* What every processor of the architecture has. */
#define NAME baseline
#define LANES 4
#if defined(__aarch64__) /* 32 registers, of which a tile of sums takes 24 */
#define PANEL_VECTORS 3
#define TILE_ROWS 8
#else /* 16, of which it takes 12 */
#define PANEL_VECTORS 2
#define TILE_ROWS 6
#endif
#include "variant.inc"
