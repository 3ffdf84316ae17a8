/* From encoded rows to the wide part's logits and the deep part's input. */

/* So many rows ahead are the table rows that a row needs asked for: about the latency of memory. */
#define AHEAD 2

static void wide(const vl_rows *rows, vl_selection s, const vl_wide *features, intptr_t n, float bias, float *logits) {
  for (intptr_t position = 0; position < s.count; position++) {
    if (position + AHEAD < s.count) {
      const int32_t *next = rows->ids + selected(s, position + AHEAD) * rows->slots;
      for (intptr_t f = 0; f < n; f++)
        if (features[f].slot >= 0) __builtin_prefetch(features[f].weights + next[features[f].slot]);
    }
    intptr_t row = selected(s, position);
    const int32_t *ids = rows->ids + row * rows->slots;
    float logit = bias;
    for (intptr_t f = 0; f < n; f++) {
      if (features[f].slot >= 0) {
        logit += features[f].weights[ids[features[f].slot]];
        continue;
      }
      const vl_list *list = rows->lists + features[f].list;
      intptr_t begin = list->offsets[row], end = list->offsets[row + 1];
      if (begin == end) continue;
      float sum = 0;
      for (intptr_t i = begin; i < end; i++) sum += features[f].weights[list->ids[i]];
      logit += sum / (float)(end - begin);
    }
    logits[position] = logit;
  }
}

static inline const float *embedding_of(const vl_embedding *f, int32_t id) {
  return f->table + (f->row_of_id ? f->row_of_id[id] : id) * f->width;
}

static void embedding_list(const vl_embedding *f, const vl_list *list, intptr_t row, float *output) {
  intptr_t begin = list->offsets[row], end = list->offsets[row + 1];
  if (end - begin == 1) {
    memcpy(output, embedding_of(f, list->ids[begin]), f->width * sizeof(float));
    return;
  }
  memset(output, 0, f->width * sizeof(float));
  float scale = 1 / (float)(end - begin);
  for (intptr_t i = begin; i < end; i++) add_scaled(embedding_of(f, list->ids[i]), scale, output, f->width);
}

static void embeddings(const vl_rows *rows, vl_selection s, const vl_embedding *features, intptr_t n, float *input,
                       intptr_t input_width) {
  for (intptr_t position = 0; position < s.count; position++) {
    if (position + AHEAD < s.count) {
      const int32_t *next = rows->ids + selected(s, position + AHEAD) * rows->slots;
      for (intptr_t i = 0; i < n; i++) {
        const vl_embedding *f = features + i;
        if (f->slot >= 0) __builtin_prefetch(embedding_of(f, next[f->slot]));
      }
    }
    intptr_t row = selected(s, position);
    const int32_t *ids = rows->ids + row * rows->slots;
    float *line = input + position * input_width;
    for (intptr_t i = 0; i < n; i++) {
      const vl_embedding *f = features + i;
      if (f->slot < 0) {
        embedding_list(f, rows->lists + f->list, row, line + f->offset);
        continue;
      }
      const float *from = embedding_of(f, ids[f->slot]);
      float *to = line + f->offset;
#define BODY(T, at) STORE(T, to + at, LOAD(T, from + at));
      FOR_EACH(f->width, BODY);
#undef BODY
    }
  }
}

static void numbers(const vl_rows *rows, vl_selection s, const vl_number *features, intptr_t n, float *input,
                    intptr_t input_width) {
  for (intptr_t position = 0; position < s.count; position++) {
    intptr_t row = selected(s, position);
    const int32_t *ids = rows->ids + row * rows->slots;
    const float *fractions = rows->fractions + row * rows->fraction_count;
    for (intptr_t i = 0; i < n; i++) {
      const vl_number *f = features + i;
      float *line = input + position * input_width + f->offset;
      intptr_t id = ids[f->slot];
      intptr_t segment = f->segment_of_id[id];
      for (intptr_t column = 0; column < f->width; column++) line[column] = column < segment ? 1 : 0;
      if (segment >= 0) line[segment] = fractions[f->fraction];
      if (id == 0) {
        line[f->width - 1] = 1;
      } else if (id <= f->modes) {
        line[f->segments + id - 1] = 1;
      }
    }
  }
}

/* The row of a feature's sums that an id has, and of its slopes: null for none. */
static inline float *sums_of(const vl_lookup *f, intptr_t id, intptr_t width) {
  return f->sums + (f->row_of_id ? f->row_of_id[id] : id) * width;
}

static inline float *slope_of(const vl_lookup *f, intptr_t id, intptr_t width) {
  return f->slope_of_id && f->slope_of_id[id] >= 0 ? f->slopes + f->slope_of_id[id] * width : NULL;
}

/* So many vectors of a row's columns are summed up in registers, from column `from` on. */
#define LOOKUP_VECTORS 8

static inline void lookup_columns(const int32_t *ids, const float *fractions, const vl_lookup *features, intptr_t n,
                                  const float *bias, float *sums, intptr_t width, intptr_t from) {
  wide_t sum[LOOKUP_VECTORS];
  for (int v = 0; v < LOOKUP_VECTORS; v++) sum[v] = LOAD(wide_t, bias + from + v * LANES);
  for (intptr_t i = 0; i < n; i++) {
    const vl_lookup *f = features + i;
    const float *line = sums_of(f, ids[f->slot], width), *slope = slope_of(f, ids[f->slot], width);
    for (int v = 0; v < LOOKUP_VECTORS; v++) sum[v] += LOAD(wide_t, line + from + v * LANES);
    if (!slope) continue;
    for (int v = 0; v < LOOKUP_VECTORS; v++) sum[v] += fractions[f->fraction] * LOAD(wide_t, slope + from + v * LANES);
  }
  for (int v = 0; v < LOOKUP_VECTORS; v++) STORE(wide_t, sums + from + v * LANES, sum[v]);
}

static void lookup(const vl_rows *rows, vl_selection s, const vl_lookup *features, intptr_t n, const float *bias,
                   float *sums, intptr_t width) {
  for (intptr_t position = 0; position < s.count; position++) {
    intptr_t row = selected(s, position), from = 0;
    const int32_t *ids = rows->ids + row * rows->slots;
    const float *fractions = rows->fractions + row * rows->fraction_count;
    float *line = sums + position * width;
    for (; from + LOOKUP_VECTORS * LANES <= width; from += LOOKUP_VECTORS * LANES)
      lookup_columns(ids, fractions, features, n, bias, line, width, from);
    if (from == width) continue;
    memcpy(line + from, bias + from, (width - from) * sizeof(float));
    for (const vl_lookup *f = features; f < features + n; f++) {
      const float *slope = slope_of(f, ids[f->slot], width);
      add_scaled(sums_of(f, ids[f->slot], width) + from, 1, line + from, width - from);
      if (slope) add_scaled(slope + from, fractions[f->fraction], line + from, width - from);
    }
  }
}

static void lookup_gradients(const vl_rows *rows, vl_selection s, const vl_lookup *features, intptr_t n,
                           const float *gradients, intptr_t width) {
  for (intptr_t position = 0; position < s.count; position++) {
    intptr_t row = selected(s, position);
    const int32_t *ids = rows->ids + row * rows->slots;
    const float *fractions = rows->fractions + row * rows->fraction_count, *gradient = gradients + position * width;
    for (const vl_lookup *f = features; f < features + n; f++) {
      float *slope = slope_of(f, ids[f->slot], width);
      add_scaled(gradient, 1, sums_of(f, ids[f->slot], width), width);
      if (slope) add_scaled(gradient, fractions[f->fraction], slope, width);
    }
  }
}
