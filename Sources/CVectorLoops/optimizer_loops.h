/* One step of an optimiser, with the moving average of the weights in the same pass. */

/* A vector of T of everything that a step reads and writes. */
#define FTRL(T)                                                                                       \
  {                                                                                                   \
    T squares = s2 + g * g;                                                                           \
    T root = SQRT(squares);                                                                           \
    T sum = s1 + g - (root - SQRT(s2)) / o->rate * w;                                                 \
    s1 = sum;                                                                                         \
    s2 = squares;                                                                                     \
    T size = MAX(ABS(sum) - o->l1, SPREAD(T, 0.0f)) / ((o->beta + root) / o->rate + o->l2 * penalty); \
    w = SPREAD(T, 0.0f) - SIGNED(size, sum);                                                          \
  }

#define ADAGRAD(T)                                                                                   \
  {                                                                                                  \
    g += penalty * w;                                                                                \
    s1 += g * g;                                                                                     \
    w -= o->rate * g / SQRT(s1 + o->initial);                                                        \
  }

#define ADAM(T)                                                                                      \
  {                                                                                                  \
    g += penalty * w;                                                                                \
    s1 = o->beta1 * s1 + (1 - o->beta1) * g;                                                         \
    s2 = o->beta2 * s2 + (1 - o->beta2) * g * g;                                                     \
    w -= o->rate * (s1 / o->mean_correction) / (SQRT(s2 / o->square_correction) + o->epsilon);       \
  }

/* The average goes on to the last step with the weights as they stood, then to this one with the new ones. */
#define STEP(T, KIND, at, gradient, since_, penalty_)                                                \
  {                                                                                                  \
    T w = LOAD(T, weights + (at)), s1 = LOAD(T, state1 + (at)), mean = LOAD(T, average + (at));      \
    T s2 = state2 ? LOAD(T, state2 + (at)) : SPREAD(T, 0.0f), g = gradient, penalty = penalty_;      \
    mean = w + (mean - w) * (since_);                                                                \
    KIND(T)                                                                                          \
    mean = w + (mean - w) * o->now;                                                                  \
    STORE(T, weights + (at), w);                                                                     \
    STORE(T, state1 + (at), s1);                                                                     \
    if (state2) STORE(T, state2 + (at), s2);                                                         \
    STORE(T, average + (at), mean);                                                                  \
  }

#define LINE(name)                                                                                       \
  static inline __attribute__((always_inline)) void name##_line(                                         \
      const vl_optimizer *o, float *restrict weights, float *restrict state1, float *restrict state2,    \
      float *restrict average, intptr_t count, const float *restrict gradient, float scale, float since, \
      float strength) {                                                                                  \
    FOR_EACH(count, name##_BODY);                                                                        \
  }

#define ftrl_BODY(T, i) STEP(T, FTRL, i, LOAD(T, gradient + i) * scale, SPREAD(T, since), SPREAD(T, strength))
#define adagrad_BODY(T, i) STEP(T, ADAGRAD, i, LOAD(T, gradient + i) * scale, SPREAD(T, since), SPREAD(T, strength))
#define adam_BODY(T, i) STEP(T, ADAM, i, LOAD(T, gradient + i) * scale, SPREAD(T, since), SPREAD(T, strength))
LINE(ftrl)
LINE(adagrad)
LINE(adam)

/* Weights with neutral extras: no penalty but FTRL's own l2, no steps missed. */
static void update(const vl_optimizer *o, const vl_table *t, intptr_t offset, intptr_t count, const float *gradient,
                   float scale) {
  float *w = t->weights + offset, *s1 = t->state1 + offset, *s2 = t->state2 ? t->state2 + offset : 0;
  float *mean = t->average + offset;
  switch (o->kind) {
    case VL_FTRL: ftrl_line(o, w, s1, s2, mean, count, gradient, scale, 1, 1); break;
    case VL_ADAGRAD: adagrad_line(o, w, s1, 0, mean, count, gradient, scale, 1, 0); break;
    default: adam_line(o, w, s1, s2, mean, count, gradient, scale, 1, 0); break;
  }
}

/* The sum of a row's gradients from column `from` on. */
static inline void sum_of(const vl_touched *t, intptr_t i, intptr_t from, intptr_t count, float *sum) {
  intptr_t begin = t->starts[i], end = t->starts[i + 1];
#define BODY(T, c)                                                                                   \
  {                                                                                                  \
    T total = SPREAD(T, 0.0f);                                                                       \
    if (t->scales) {                                                                                 \
      for (intptr_t k = begin; k < end; k++)                                                         \
        total += t->scales[k] * LOAD(T, t->gradients + t->positions[k] * t->stride + from + c);      \
    } else {                                                                                         \
      for (intptr_t k = begin; k < end; k++)                                                         \
        total += LOAD(T, t->gradients + t->positions[k] * t->stride + from + c);                     \
    }                                                                                                \
    STORE(T, sum + c, total);                                                                        \
  }
  FOR_EACH(count, BODY);
#undef BODY
}

/* So many touched rows ahead is memory asked for what a step reads. */
#define ROWS_AHEAD 8

static inline void ask_for(const vl_table *t, intptr_t row) {
  intptr_t at = row * t->width;
  __builtin_prefetch(t->weights + at, 1);
  __builtin_prefetch(t->state1 + at, 1);
  if (t->state2) __builtin_prefetch(t->state2 + at, 1);
  __builtin_prefetch(t->average + at, 1);
}

/* Rows of some width: each row's gradients are summed and used at once. */
#define ROWS(KIND, name)                                                                                             \
  static void name##_rows(const vl_optimizer *o, const vl_table *t, const vl_touched *touched) {                     \
    float sum[128];                                                                                                  \
    for (intptr_t i = 0; i < touched->count; i++) {                                                                  \
      if (i + ROWS_AHEAD < touched->count) ask_for(t, touched->rows[i + ROWS_AHEAD]);                                \
      for (intptr_t from = 0; from < t->width; from += 128) {                                                        \
        intptr_t count = t->width - from < 128 ? t->width - from : 128;                                              \
        sum_of(touched, i, from, count, sum);                                                                        \
        intptr_t at = touched->rows[i] * t->width + from;                                                            \
        name##_line(o, t->weights + at, t->state1 + at, t->state2 ? t->state2 + at : 0, t->average + at, count, sum, \
                    1, touched->since[i], touched->penalties[i]);                                                    \
      }                                                                                                              \
    }                                                                                                                \
  }

/* Rows of one weight: LANES rows are brought together, stepped as one vector and put back. */
#define SINGLES(KIND, name)                                                                                 \
  static void name##_singles(const vl_optimizer *o, const vl_table *t, const vl_touched *touched) {         \
    float weights[LANES] = {0}, state1[LANES] = {0}, second[LANES] = {0}, average[LANES] = {0};             \
    float sums[LANES] = {0}, shares[LANES] = {0}, penalties[LANES] = {0}, *state2 = t->state2 ? second : 0; \
    for (intptr_t from = 0; from < touched->count; from += LANES) {                                         \
      intptr_t count = touched->count - from < LANES ? touched->count - from : LANES;                       \
      for (intptr_t k = 0; k < LANES && from + 2 * LANES + k < touched->count; k++)                         \
        ask_for(t, touched->rows[from + 2 * LANES + k]);                                                    \
      for (intptr_t k = 0; k < count; k++) {                                                                \
        intptr_t row = touched->rows[from + k];                                                             \
        weights[k] = t->weights[row];                                                                       \
        state1[k] = t->state1[row];                                                                         \
        if (state2) state2[k] = t->state2[row];                                                             \
        average[k] = t->average[row];                                                                       \
        shares[k] = touched->since[from + k];                                                               \
        penalties[k] = touched->penalties[from + k];                                                        \
        sum_of(touched, from + k, 0, 1, sums + k);                                                          \
      }                                                                                                     \
      STEP(wide_t, KIND, 0, LOAD(wide_t, sums), LOAD(wide_t, shares), LOAD(wide_t, penalties))              \
      for (intptr_t k = 0; k < count; k++) {                                                                \
        intptr_t row = touched->rows[from + k];                                                             \
        t->weights[row] = weights[k];                                                                       \
        t->state1[row] = state1[k];                                                                         \
        if (state2) t->state2[row] = state2[k];                                                             \
        t->average[row] = average[k];                                                                       \
      }                                                                                                     \
    }                                                                                                       \
  }

ROWS(FTRL, ftrl)
ROWS(ADAGRAD, adagrad)
ROWS(ADAM, adam)
SINGLES(FTRL, ftrl)
SINGLES(ADAGRAD, adagrad)
SINGLES(ADAM, adam)

static void update_rows(const vl_optimizer *o, const vl_table *t, const vl_touched *touched) {
  int single = t->width == 1;
  switch (o->kind) {
    case VL_FTRL: (single ? ftrl_singles : ftrl_rows)(o, t, touched); break;
    case VL_ADAGRAD: (single ? adagrad_singles : adagrad_rows)(o, t, touched); break;
    default: (single ? adam_singles : adam_rows)(o, t, touched); break;
  }
}
