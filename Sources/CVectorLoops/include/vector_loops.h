/* The loops that training and prediction spend their time in, each compiled for several instruction sets and chosen by
 * what the processor has when the library is loaded: Swift's compiler has no such choice within one library.
 *
 * Sizes are in elements; row-major blocks; the loops neither allocate nor lock nor keep anything between calls. Each element
 * of a result is computed by itself in a fixed order: it depends neither on its neighbours nor on the thread.
 *
 * Beside them stands what else Swift has no word for: fork_lock.h, hash_key.h, processors.h and
 * thread_memory.h. */
#ifndef VECTOR_LOOPS_H
#define VECTOR_LOOPS_H

#include <stdint.h>

/* --- Encoded rows, and where the layers find their ids in them ------------------------------------------------------ */

/* A multi-valued feature's ids: row i has ids[offsets[i]] up to ids[offsets[i + 1]]. */
typedef struct {
  const intptr_t *_Nonnull offsets;
  const int32_t *_Nonnull ids;
} vl_list;

/* Row r has ids[r * slots + slot] and fractions[r * fraction_count + fraction]. */
typedef struct {
  const int32_t *_Nonnull ids;
  intptr_t slots;
  const float *_Nonnull fractions;
  intptr_t fraction_count;
  const vl_list *_Nonnull lists;
} vl_rows;

/* Which rows: rows[0] to rows[count - 1], or where rows is null first to first + count - 1. */
typedef struct {
  const int32_t *_Nullable rows;
  intptr_t first, count;
} vl_selection;

/* A feature of the wide part: its weights, and its slot or (slot < 0) its list. */
typedef struct {
  const float *_Nonnull weights;
  intptr_t slot, list;
} vl_wide;

/* An embedding: the table, of each id its row (null: the id itself), and where in the deep part's input it is put. */
typedef struct {
  const float *_Nonnull table;
  const int32_t *_Nullable row_of_id;
  intptr_t slot, list, width, offset;
} vl_embedding;

/* A number's piecewise-linear encoding; segment_of_id: where it stops for each id, -1 for nowhere. */
typedef struct {
  const int32_t *_Nonnull segment_of_id;
  intptr_t slot, fraction, offset, width, segments, modes;
} vl_number;

/* What a feature adds to a dense layer's sums, looked up: its id's row of `sums`, and where there are slopes its
 * fraction times one of them. row_of_id: of each id its row of `sums`, null for the id itself; slope_of_id: its row of
 * `slopes`, -1 for none. */
typedef struct {
  float *_Nonnull sums;
  const int32_t *_Nullable row_of_id;
  float *_Nullable slopes;
  const int32_t *_Nullable slope_of_id;
  intptr_t slot, fraction;
} vl_lookup;

/* A cross network whose weights are vectors, layers x width. A layer makes a row's scale, 1 at first,
 * scale * (1 + x . weights) + constant; bias: what is added to x * scale at the end. */
typedef struct {
  const float *_Nonnull weights, *_Nonnull constants, *_Nonnull bias;
  intptr_t layers, width;
} vl_cross;

/* --- Optimisers ---------------------------------------------------------------------------------------------------- */

enum { VL_FTRL, VL_ADAGRAD, VL_ADAM };

/* One step's settings. FTRL-Proximal: rate (alpha), beta, l1, l2. AdaGrad: rate, initial. Adam: the rest.
 * now: the share that a weight's moving average keeps in this step. */
typedef struct {
  int32_t kind;
  float rate, beta, l1, l2, initial;
  float beta1, beta2, epsilon, mean_correction, square_correction;
  float now;
} vl_optimizer;

/* rows x width weights, with their optimiser's state and moving average. state2 where the optimiser has one. */
typedef struct {
  float *_Nonnull weights, *_Nonnull state1, *_Nullable state2, *_Nonnull average;
  intptr_t width;
} vl_table;

/* The rows that a batch touches. Row rows[i] has the occurrences starts[i] to starts[i + 1] - 1; occurrence k has the
 * gradient at gradients + positions[k] * stride, times scales[k] where there are scales. since: the share that the row's
 * average keeps for the steps in which it was not touched. penalties: AdaGrad and Adam add penalty * weight to the
 * gradient, FTRL multiplies l2 by it. */
typedef struct {
  const int32_t *_Nonnull rows, *_Nonnull starts, *_Nonnull positions;
  const float *_Nullable scales;
  const float *_Nonnull since, *_Nonnull penalties;
  intptr_t count;
  const float *_Nonnull gradients;
  intptr_t stride;
} vl_touched;

enum { VL_LINEAR = 0, VL_RELU = 1, VL_ADD = 2 };

/* --- The loops ------------------------------------------------------------------------------------------------------ */

typedef struct {
  const char *_Nonnull name;

  /* logits[i] = bias + each feature's weight in order; several values' are averaged. */
  void (*_Nonnull wide)(const vl_rows *_Nonnull, vl_selection, const vl_wide *_Nonnull, intptr_t features, float bias,
                        float *_Nonnull logits);
  /* The deep part's input, rows x input_width: embeddings and numbers each at their offset. */
  void (*_Nonnull embeddings)(const vl_rows *_Nonnull, vl_selection, const vl_embedding *_Nonnull, intptr_t features,
                              float *_Nonnull input, intptr_t input_width);
  void (*_Nonnull numbers)(const vl_rows *_Nonnull, vl_selection, const vl_number *_Nonnull, intptr_t features,
                           float *_Nonnull input, intptr_t input_width);
  /* sums[i] = bias + what each feature adds, in order: rows x width. */
  void (*_Nonnull lookup)(const vl_rows *_Nonnull, vl_selection, const vl_lookup *_Nonnull, intptr_t features,
                          const float *_Nonnull bias, float *_Nonnull sums, intptr_t width);
  /* Backward: adds each row's gradient, of rows x width, to its sum, and its fraction of it to its slope. */
  void (*_Nonnull lookup_gradients)(const vl_rows *_Nonnull, vl_selection, const vl_lookup *_Nonnull, intptr_t features,
                                    const float *_Nonnull gradients, intptr_t width);

  /* The size of an inputs x outputs matrix once packed, with room for a bias. */
  intptr_t (*_Nonnull packed_size)(intptr_t inputs, intptr_t outputs);
  /* Packs the matrix's rows from first up to last - 1, which lie at `lines` one after the other, and with the first one
   * the bias if there is one. */
  void (*_Nonnull pack)(const float *_Nonnull lines, const float *_Nullable bias, intptr_t inputs, intptr_t outputs,
                        intptr_t first, intptr_t last, float *_Nonnull packed);
  /* Packs the transposed matrix, outputs x inputs, as far as it comes from those rows, which lie at `lines`. Its padding
   * and bias are left as they are: zero in new memory. */
  void (*_Nonnull pack_transposed)(const float *_Nonnull lines, intptr_t inputs, intptr_t outputs, intptr_t first,
                                   intptr_t last, float *_Nonnull packed);
  /* y = x * matrix + bias; VL_ADD: y + x * matrix; VL_RELU: the positive part of it. x has `rows` rows of `inputs`
   * elements: x_row from row to row, x_input from element to element. */
  void (*_Nonnull multiply)(const float *_Nonnull x, intptr_t x_row, intptr_t x_input, intptr_t rows,
                            const float *_Nonnull packed, intptr_t inputs, intptr_t outputs, int32_t mode,
                            float *_Nonnull y, intptr_t y_row);

  /* Of each row of x, whose fields lie one after the other: sums = the sum over fields, logit = the sum of the products of
   * all pairs of fields (Rendle, 2010, lemma 3.1). */
  void (*_Nonnull pairs)(const float *_Nonnull x, intptr_t stride, intptr_t rows, intptr_t fields, intptr_t width,
                         float *_Nonnull sums, float *_Nonnull logits);
  /* Adds to the gradient of x. */
  void (*_Nonnull pairs_gradients)(const float *_Nonnull x, intptr_t stride, intptr_t rows, intptr_t fields,
                                   intptr_t width, const float *_Nonnull sums, const float *_Nonnull upstream,
                                   float *_Nonnull gradients);
  /* Of each row, by layer: product = x . weights and the scale before the layer; y = x * the last scale + bias. */
  void (*_Nonnull cross_vectors)(const vl_cross *_Nonnull, const float *_Nonnull x, intptr_t rows,
                                 float *_Nonnull products, float *_Nonnull scales, float *_Nonnull y);
  /* Writes the gradients of the products and of the constants (and so, summed up over rows, of weights and biases), adds
   * to those of x. */
  void (*_Nonnull cross_vectors_gradients)(const vl_cross *_Nonnull, const float *_Nonnull x, intptr_t rows,
                                           const float *_Nonnull products, const float *_Nonnull scales,
                                           const float *_Nonnull upstream, float *_Nonnull product_gradients,
                                           float *_Nonnull constant_gradients, float *_Nonnull gradients);
  /* y = first * products + x, element by element. */
  void (*_Nonnull cross_matrix)(const float *_Nonnull first, const float *_Nonnull x, const float *_Nonnull products,
                                intptr_t count, float *_Nonnull y);
  /* Writes the gradient of the products, adds to those of first and x. */
  void (*_Nonnull cross_matrix_gradients)(const float *_Nonnull first, const float *_Nonnull products,
                                          const float *_Nonnull upstream, intptr_t count,
                                          float *_Nonnull product_gradients, float *_Nonnull first_gradients,
                                          float *_Nonnull gradients);

  /* gradient = output > 0 ? gradient * scale : 0 */
  void (*_Nonnull mask)(float *_Nonnull gradient, const float *_Nonnull output, float scale, intptr_t count);
  /* sum[j] = the sum over rows of block[row * width + j] */
  void (*_Nonnull column_sums)(const float *_Nonnull block, float *_Nonnull sum, intptr_t rows, intptr_t width);
  /* target += scale * source */
  void (*_Nonnull add_scaled)(const float *_Nonnull source, float scale, float *_Nonnull target, intptr_t count);
  /* average = weights + (average - weights) * decay */
  void (*_Nonnull decay)(float *_Nonnull average, const float *_Nonnull weights, float decay, intptr_t count);

  /* One optimiser step on neighbouring weights from `offset` on; the gradient counts `scale` times. */
  void (*_Nonnull update)(const vl_optimizer *_Nonnull, const vl_table *_Nonnull, intptr_t offset, intptr_t count,
                          const float *_Nonnull gradient, float scale);
  /* One optimiser step on the rows that a batch touches. */
  void (*_Nonnull update_rows)(const vl_optimizer *_Nonnull, const vl_table *_Nonnull, const vl_touched *_Nonnull);
} vl_loops;

/* Variant `index` of VL_VARIANTS, from the oldest to the newest; null where this processor cannot run it. */
#define VL_VARIANTS 3
const vl_loops *_Nullable vl_variant(intptr_t index);

/* The newest of them, chosen when the library is loaded, or the one that the environment names in CTR_MODELS_LOOPS:
 * "baseline", "avx2" or "avx512". Their results differ in rounding. */
extern const vl_loops *_Nonnull vl_chosen;
static inline const vl_loops *_Nonnull vl_for_this_processor(void) { return vl_chosen; }

/* Tells the processor that this is a loop that waits for another thread. */
static inline void vl_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#endif /* VECTOR_LOOPS_H */
