/* Products of a block of rows with a matrix that was packed into panels of at most PANEL columns, rounded up to whole
 * vectors: the biases, then the matrix row by row, so that a panel is read from one end to the other.
 *
 * Each element is summed up by itself in the order of the inputs, in one register: it does not depend on the rows and
 * columns beside it, as a BLAS's does in the last bit. */

#define PANEL (PANEL_VECTORS * LANES)

static intptr_t padded(intptr_t outputs) { return (outputs + LANES - 1) / LANES * LANES; }

static intptr_t packed_size(intptr_t inputs, intptr_t outputs) { return (inputs + 1) * padded(outputs); }

static inline intptr_t panel_columns(intptr_t outputs, intptr_t from) {
  return outputs - from < PANEL ? outputs - from : PANEL;
}

static void pack(const float *lines, const float *bias, intptr_t inputs, intptr_t outputs, intptr_t first,
                 intptr_t last, float *packed) {
  for (intptr_t from = 0; from < outputs; from += PANEL) {
    intptr_t columns = panel_columns(outputs, from), width = padded(columns);
    for (intptr_t input = bias && first == 0 ? -1 : first; input < last; input++) {
      float *to = packed + (input + 1) * width;
      const float *line = (input < 0 ? bias : lines + (input - first) * outputs) + from;
#define BODY(T, i) STORE(T, to + i, LOAD(T, line + i));
      FOR_EACH(columns, BODY);
#undef BODY
      for (intptr_t column = columns; column < width; column++) to[column] = 0;
    }
    packed += (inputs + 1) * width;
  }
}

/* Four rows of four, their elements `from_row` apart, to four rows `to_row` apart. */
static inline __attribute__((always_inline)) void transpose(const float *from, intptr_t from_row, float *to,
                                                            intptr_t to_row) {
  quad_t a = LOAD(quad_t, from), b = LOAD(quad_t, from + from_row);
  quad_t c = LOAD(quad_t, from + 2 * from_row), d = LOAD(quad_t, from + 3 * from_row);
  quad_t ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  quad_t cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  STORE(quad_t, to, __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5));
  STORE(quad_t, to + to_row, __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7));
  STORE(quad_t, to + 2 * to_row, __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5));
  STORE(quad_t, to + 3 * to_row, __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7));
}

static void pack_transposed(const float *lines, intptr_t inputs, intptr_t outputs, intptr_t first, intptr_t last,
                            float *packed) {
  intptr_t column = first;
  while (column < last) {
    intptr_t from = column / PANEL * PANEL, width = padded(panel_columns(inputs, from));
    const float *line = lines + (column - first) * outputs;
    float *to = packed + from * (outputs + 1) + width + (column - from);
    intptr_t i = 0;
    if (column + 4 <= last && column + 4 <= from + width) {
      for (; i + 4 <= outputs; i += 4) transpose(line + i, outputs, to + i * width, width);
      for (; i < outputs; i++)
        for (intptr_t k = 0; k < 4; k++) to[i * width + k] = line[k * outputs + i];
      column += 4;
    } else {
      for (; i < outputs; i++) to[i * width] = line[i];
      column++;
    }
  }
}

static inline __attribute__((always_inline)) wide_t load_columns(const float *from, intptr_t columns) {
  wide_t all = SPREAD(wide_t, 0.0f);
  if (columns >= LANES) return LOAD(wide_t, from);
  memcpy(&all, from, columns * sizeof(float));
  return all;
}

static inline __attribute__((always_inline)) void store_columns(float *to, wide_t value, intptr_t columns) {
  if (columns >= LANES) {
    STORE(wide_t, to, value);
  } else {
    memcpy(to, &value, columns * sizeof(float));
  }
}

/* So many inputs ahead is a transposed x asked for: each is in another cache line, and a batch of them is more than the
 * nearer caches hold. */
#define X_AHEAD 24

/* Asks for what may lie past the array's end: an address, as a pointer there would be undefined. */
#define ASK_FOR(base, elements, ...) \
  __builtin_prefetch((const void *)((uintptr_t)(base) + (uintptr_t)(elements) * sizeof *(base)), ##__VA_ARGS__)

/* ROWS rows by VECTORS vectors of columns, summed up in registers. */
#define TILE(ROWS, VECTORS)                                                                                      \
  static inline __attribute__((always_inline)) void JOIN(JOIN(tile_, ROWS), JOIN(_, VECTORS))(                    \
      const float *x, intptr_t x_row, intptr_t x_input, const float *panel, intptr_t inputs, intptr_t columns,    \
      int32_t mode, float *y, intptr_t y_row) {                                                                  \
    wide_t sum[ROWS][VECTORS];                                                                                   \
    for (int v = 0; v < VECTORS; v++)                                                                            \
      for (int r = 0; r < ROWS; r++)                                                                             \
        sum[r][v] = mode & VL_ADD ? load_columns(y + r * y_row + v * LANES, columns - v * LANES)                 \
                                  : LOAD(wide_t, panel + v * LANES);                                             \
    for (intptr_t i = 0; i < inputs; i++) {                                                                      \
      panel += VECTORS * LANES;                                                                                  \
      ASK_FOR(x, (i + X_AHEAD) * x_input);                                                                       \
      for (int r = 0; r < ROWS; r++)                                                                             \
        for (int v = 0; v < VECTORS; v++)                                                                        \
          sum[r][v] += x[r * x_row + i * x_input] * LOAD(wide_t, panel + v * LANES);                              \
    }                                                                                                            \
    for (int r = 0; r < ROWS; r++)                                                                               \
      for (int v = 0; v < VECTORS; v++) {                                                                        \
        wide_t value = mode & VL_RELU ? MAX(sum[r][v], SPREAD(wide_t, 0.0f)) : sum[r][v];                        \
        store_columns(y + r * y_row + v * LANES, value, columns - v * LANES);                                    \
      }                                                                                                          \
  }

#define TILES(ROWS, VECTORS)                                                                                     \
  for (; row + ROWS <= rows; row += ROWS)                                                                        \
    JOIN(JOIN(tile_, ROWS), JOIN(_, VECTORS))                                                                    \
  (x + row * x_row, x_row, x_input, panel, inputs, columns, mode, y + row * y_row, y_row);

/* Rows by TILE_ROWS, what is left by 4, 2 and 1. */
#define PANEL_OF(VECTORS)                                                                                        \
  TILE(TILE_ROWS, VECTORS) TILE(4, VECTORS) TILE(2, VECTORS) TILE(1, VECTORS)                                    \
  static void JOIN(panel_, VECTORS)(const float *x, intptr_t x_row, intptr_t x_input, intptr_t rows,             \
                                    const float *panel, intptr_t inputs, intptr_t columns, int32_t mode,         \
                                    float *y, intptr_t y_row) {                                                  \
    intptr_t row = 0;                                                                                            \
    TILES(TILE_ROWS, VECTORS) TILES(4, VECTORS) TILES(2, VECTORS) TILES(1, VECTORS)                              \
  }

PANEL_OF(1)
#if PANEL_VECTORS > 1
PANEL_OF(2)
#endif
#if PANEL_VECTORS > 2
PANEL_OF(3)
#endif

static inline void panel_of(const float *x, intptr_t x_row, intptr_t x_input, intptr_t rows, const float *panel,
                            intptr_t inputs, intptr_t columns, int32_t mode, float *y, intptr_t y_row) {
  switch (padded(columns) / LANES) {
#if PANEL_VECTORS > 2
    case 3: panel_3(x, x_row, x_input, rows, panel, inputs, columns, mode, y, y_row); break;
#endif
#if PANEL_VECTORS > 1
    case 2: panel_2(x, x_row, x_input, rows, panel, inputs, columns, mode, y, y_row); break;
#endif
    default: panel_1(x, x_row, x_input, rows, panel, inputs, columns, mode, y, y_row); break;
  }
}

/* y += x * matrix where x lies transposed and there are many panels: a tile's rows of it are brought together once
 * for all of them, as they stand in as many cache lines as there are inputs, which may all fall into the same
 * set of the cache. */
#define GATHERED 256
static void add_transposed(const float *x, intptr_t x_input, intptr_t rows, const float *packed, intptr_t inputs,
                           intptr_t outputs, float *y, intptr_t y_row) {
  float block[GATHERED * TILE_ROWS];
  for (intptr_t row = 0; row < rows; row += TILE_ROWS) {
    intptr_t count = rows - row < TILE_ROWS ? rows - row : TILE_ROWS;
    for (intptr_t first = 0; first < inputs; first += GATHERED) {
      intptr_t some = inputs - first < GATHERED ? inputs - first : GATHERED;
      const float *from = x + row + first * x_input;
      for (intptr_t i = 0; i < some; i++) {
        ASK_FOR(from, (i + X_AHEAD) * x_input);
        if (count == TILE_ROWS) {
          memcpy(block + i * TILE_ROWS, from + i * x_input, TILE_ROWS * sizeof(float));
        } else {
          for (intptr_t r = 0; r < count; r++) block[i * TILE_ROWS + r] = from[i * x_input + r];
        }
      }
      const float *panel = packed;
      for (intptr_t column = 0; column < outputs; column += PANEL) {
        intptr_t columns = panel_columns(outputs, column), width = padded(columns);
        for (intptr_t r = 0; r < count; r++)
          for (intptr_t next = 0; next < PANEL; next += 16)
            ASK_FOR(y, (row + r) * y_row + column + PANEL + next, 1);
        panel_of(block, 1, TILE_ROWS, count, panel + first * width, some, columns, VL_ADD,
                 y + row * y_row + column, y_row);
        panel += (inputs + 1) * width;
      }
    }
  }
}

/* What a single row is multiplied with at a time, and how many inputs it may have for that. */
#define ROW_VECTORS (3 * PANEL_VECTORS)
#define ROW_INPUTS 2048

/* One row by up to three panels, `vectors` wide together: with so many sums none waits for the one before. Of the inputs
 * only those in `nonzero` are read. */
static inline __attribute__((always_inline)) void row_by(int vectors, const float *x, const int32_t *nonzero,
                                                         intptr_t count, const float *packed, intptr_t inputs,
                                                         intptr_t columns, int32_t mode, float *y) {
  const int whole = (vectors - 1) / PANEL_VECTORS, last = vectors - whole * PANEL_VECTORS;
  const intptr_t next = (inputs + 1) * PANEL;
  wide_t sum[ROW_VECTORS];
  /* Input -1 is the bias. */
#define WEIGHTS(input, v)                                                                                  \
  LOAD(wide_t, packed + (v) / PANEL_VECTORS * next +                                                       \
                   ((input) + 1) * ((v) / PANEL_VECTORS < whole ? PANEL : last * LANES) + (v) % PANEL_VECTORS * LANES)
  for (int v = 0; v < vectors; v++)
    sum[v] = mode & VL_ADD ? load_columns(y + v * LANES, columns - v * LANES) : WEIGHTS(-1, v);
  for (intptr_t i = 0; i < count; i++) {
    intptr_t input = nonzero[i];
    for (int v = 0; v < vectors; v++) sum[v] += x[input] * WEIGHTS(input, v);
  }
#undef WEIGHTS
  for (int v = 0; v < vectors; v++)
    store_columns(y + v * LANES, mode & VL_RELU ? MAX(sum[v], SPREAD(wide_t, 0.0f)) : sum[v], columns - v * LANES);
}

/* One row by all panels. A zero, of which a ReLU leaves many, adds nothing, as weights are finite: its own are
 * not read. */
static void multiply_row(const float *x, const float *packed, intptr_t inputs, intptr_t outputs, int32_t mode,
                         float *y) {
  int32_t nonzero[ROW_INPUTS];
  intptr_t count = 0;
  for (intptr_t input = 0; input < inputs; input++) {
    nonzero[count] = (int32_t)input;
    count += x[input] != 0;
  }
  for (intptr_t from = 0; from < outputs; from += ROW_VECTORS * LANES) {
    intptr_t columns = outputs - from < ROW_VECTORS * LANES ? outputs - from : ROW_VECTORS * LANES;
    const float *panels = packed + from * (inputs + 1); /* those before are all of whole width */
#define CASE(VECTORS) \
  case VECTORS: row_by(VECTORS, x, nonzero, count, panels, inputs, columns, mode, y + from); break;
    switch (padded(columns) / LANES) {
      CASE(1) CASE(2) CASE(3)
#if PANEL_VECTORS > 1
      CASE(4) CASE(5) CASE(6)
#endif
#if PANEL_VECTORS > 2
      CASE(7) CASE(8) CASE(9)
#endif
    }
#undef CASE
  }
}

static void multiply(const float *x, intptr_t x_row, intptr_t x_input, intptr_t rows, const float *packed,
                     intptr_t inputs, intptr_t outputs, int32_t mode, float *y, intptr_t y_row) {
  if (mode == VL_ADD && x_row == 1 && outputs > 4 * PANEL) {
    add_transposed(x, x_input, rows, packed, inputs, outputs, y, y_row);
    return;
  }
  if (rows == 1 && x_input == 1 && inputs <= ROW_INPUTS) {
    multiply_row(x, packed, inputs, outputs, mode, y);
    return;
  }
  for (intptr_t from = 0; from < outputs; from += PANEL) {
    intptr_t columns = panel_columns(outputs, from);
    panel_of(x, x_row, x_input, rows, packed, inputs, columns, mode, y + from, y_row);
    packed += (inputs + 1) * padded(columns);
  }
}
