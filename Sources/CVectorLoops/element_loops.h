/* Loops over neighbouring elements. */

static void relu(float *values, intptr_t count) {
#define BODY(T, i) STORE(T, values + i, MAX(LOAD(T, values + i), SPREAD(T, 0.0f)));
  FOR_EACH(count, BODY);
#undef BODY
}

static void mask(float *gradient, const float *output, float scale, intptr_t count) {
  for (intptr_t i = 0; i < count; i++) gradient[i] = output[i] > 0 ? gradient[i] * scale : 0;
}

static void add_scaled(const float *source, float scale, float *target, intptr_t count) {
#define BODY(T, i) STORE(T, target + i, LOAD(T, target + i) + scale * LOAD(T, source + i));
  FOR_EACH(count, BODY);
#undef BODY
}

static void decay(float *average, const float *weights, float share, intptr_t count) {
#define BODY(T, i) STORE(T, average + i, LOAD(T, weights + i) + (LOAD(T, average + i) - LOAD(T, weights + i)) * share);
  FOR_EACH(count, BODY);
#undef BODY
}

static void column_sums(const float *block, float *sum, intptr_t rows, intptr_t width) {
#define BODY(T, i)                                                                     \
  {                                                                                    \
    T total = SPREAD(T, 0.0f);                                                         \
    for (intptr_t row = 0; row < rows; row++) total += LOAD(T, block + row * width + i); \
    STORE(T, sum + i, total);                                                          \
  }
  FOR_EACH(width, BODY);
#undef BODY
}
