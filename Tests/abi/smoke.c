/* The whole path from C alone: a table by hand, train, predict, cancel, save, load, the click log's features and one
 * impression. Prints "ok" and returns 0, or says what failed. argv[1]: a path for the model file. */
#include "ctr_models.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 240
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CHECK(condition)                                                                                               \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      fprintf(stderr, "line %d: %s\nlast error: %s\n", __LINE__, #condition, ctr_last_error());                        \
      exit(1);                                                                                                         \
    }                                                                                                                  \
  } while (0)

/* --- Arrow by hand: columns without nulls, in static storage, released by doing nothing --- */

static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static void release_array(struct ArrowArray *array) { array->release = NULL; }

struct column {
  struct ArrowSchema schema;
  struct ArrowArray array;
  const void *buffers[3];
};

static struct column column(const char *name, const char *format, int64_t n_buffers) {
  struct column made;
  memset(&made, 0, sizeof made);
  made.schema.format = format;
  made.schema.name = name;
  made.schema.release = release_schema;
  made.array.length = ROWS;
  made.array.n_buffers = n_buffers;
  made.array.release = release_array;
  return made;
}

struct table {
  struct ArrowSchema schema, *schemas[16];
  struct ArrowArray array, *arrays[16];
  const void *no_validity[1];
};

/* Columns and table must stay where they are from here on: the structs point at one another. */
static void assemble(struct table *table, struct column *columns, size_t n) {
  memset(table, 0, sizeof *table);
  for (size_t i = 0; i < n; i++) {
    columns[i].array.buffers = columns[i].buffers;
    table->schemas[i] = &columns[i].schema;
    table->arrays[i] = &columns[i].array;
  }
  table->schema.format = "+s";
  table->schema.name = "";
  table->schema.n_children = table->array.n_children = (int64_t)n;
  table->schema.children = table->schemas;
  table->schema.release = release_schema;
  table->array.length = ROWS;
  table->array.n_buffers = 1;
  table->array.buffers = table->no_validity;
  table->array.children = table->arrays;
  table->array.release = release_array;
}

/* --- A click log of 4 queries and 6 documents: the top positions and one pair in four get clicks --- */

static char texts[2][ROWS * 8];
static int32_t text_ends[2][ROWS + 1], word_ends[ROWS + 1];
static int64_t positions[ROWS], lengths[ROWS], clicks[ROWS];
static double scores[ROWS], times[ROWS];

static void fill(void) {
  for (int i = 0; i < ROWS; i++) {
    int query = i % 4, document = (i / 4 + i) % 6;
    text_ends[0][i + 1] = text_ends[0][i] + sprintf(texts[0] + text_ends[0][i], "q%d", query);
    text_ends[1][i + 1] = text_ends[1][i] + sprintf(texts[1] + text_ends[1][i], "doc%d", document);
    word_ends[i + 1] = i + 1; /* one word a row: the whole text */
    positions[i] = 1 + i % 10;
    lengths[i] = 20 + document;
    scores[i] = (i * 37 % 100) / 100.0;
    times[i] = 1700000000.0 + i;
    clicks[i] = (positions[i] <= 3 && i % 7 != 0) || query == document;
  }
}

static struct column number(const char *name, const char *format, const void *values) {
  struct column made = column(name, format, 2);
  made.buffers[1] = values;
  return made;
}

static struct column text(const char *name, int which) {
  struct column made = column(name, "u", 3);
  made.buffers[1] = text_ends[which];
  made.buffers[2] = texts[which];
  return made;
}

static struct column words(const char *name, struct column *item, struct ArrowSchema **item_schema,
                           struct ArrowArray **item_array) {
  struct column made = column(name, "+l", 2);
  item->array.buffers = item->buffers;
  *item_schema = &item->schema;
  *item_array = &item->array;
  made.buffers[1] = word_ends;
  made.schema.n_children = made.array.n_children = 1;
  made.schema.children = item_schema;
  made.array.children = item_array;
  return made;
}

/* --- Progress --- */

static int32_t stop_after_first_epoch(const ctr_progress_info *info, void *context) {
  ++*(int *)context;
  return info->rows_done == info->rows;
}

static int32_t count_epochs(const ctr_progress_info *info, void *context) {
  if (info->rows_done == info->rows) ++*(int *)context;
  return 0;
}

/* --- The matrix of ctr_model_extract_features as a table to train on --- */

static double features[ROWS * CTR_IMPRESSION_FEATURES];
static double standardised[12][ROWS], mean[12], scale[12];

static void standardise(void) {
  for (int j = 0; j < 12; j++) {
    mean[j] = scale[j] = 0;
    for (int i = 0; i < ROWS; i++) mean[j] += features[i * CTR_IMPRESSION_FEATURES + j] / ROWS;
    for (int i = 0; i < ROWS; i++) scale[j] += pow(features[i * CTR_IMPRESSION_FEATURES + j] - mean[j], 2) / ROWS;
    scale[j] = scale[j] > 0 ? sqrt(scale[j]) : 1;
    for (int i = 0; i < ROWS; i++)
      standardised[j][i] = (features[i * CTR_IMPRESSION_FEATURES + j] - mean[j]) / scale[j];
  }
}

/* Every model that there is learns from a table. */
static void try_models(const struct table *table) {
  size_t needed = 0;
  CHECK(ctr_architectures(NULL, 0, &needed) == CTR_OK);
  char *listed = malloc(needed);
  CHECK(listed != NULL && ctr_architectures(listed, needed, &needed) == CTR_OK && strlen(listed) == needed - 1);
  const char *name = "{\"model\":\"";
  int count = 0;
  for (const char *at = strstr(listed, name); at != NULL; at = strstr(at + 1, name), count++) {
    char options[100];
    ctr_model *model = NULL;
    double probabilities[ROWS], lowest = 1, highest = 0;
    snprintf(options, sizeof options, "%.*s, \"epochs\": 2}", (int)(strchr(at, ',') - at), at);
    CHECK(ctr_model_create(options, &model) == CTR_OK);
    CHECK(ctr_model_train(model, &table->schema, &table->array, NULL, NULL) == CTR_OK);
    CHECK(ctr_model_predict(model, &table->schema, &table->array, probabilities, ROWS) == CTR_OK);
    for (int i = 0; i < ROWS; i++) {
      lowest = fmin(lowest, probabilities[i]);
      highest = fmax(highest, probabilities[i]);
    }
    CHECK(0 < lowest && lowest < highest && highest < 1);
    ctr_model_free(model);
  }
  CHECK(count >= 6);
  free(listed);
}

int main(int argc, char **argv) {
  CHECK(argc == 2);
  const char *path = argv[1];
  fill();

  CHECK(ctr_abi_version() == CTR_ABI_VERSION);
  CHECK(strlen(ctr_build_info()) > 0);
  CHECK(strcmp(ctr_last_error(), "") == 0);

  /* A model of its own columns. */
  struct column log[] = {text("query", 0), text("doc_id", 1), number("position", "l", positions),
                         number("score", "g", scores), number("label", "l", clicks)};
  struct table table;
  assemble(&table, log, COUNT(log));
  const char *options = "{\"crosses\": [[\"query\", \"doc_id\"]], \"hidden_units\": [8], \"epochs\": 4, \"members\": 2,"
                        " \"min_count\": 1}";
  ctr_model *model = NULL;
  CHECK(ctr_model_create("{\"epoch\": 4}", &model) == CTR_INVALID_ARGUMENT && model == NULL);
  CHECK(strstr(ctr_last_error(), "epoch") != NULL);
  CHECK(ctr_model_create(options, &model) == CTR_OK);

  double probabilities[ROWS], again[ROWS];
  int32_t trained = -1;
  int calls = 0;
  CHECK(ctr_model_predict(model, &table.schema, &table.array, probabilities, ROWS) == CTR_NOT_TRAINED);
  CHECK(ctr_model_train(model, &table.schema, &table.array, stop_after_first_epoch, &calls) == CTR_CANCELLED);
  CHECK(calls >= 1);
  CHECK(ctr_model_is_trained(model, &trained) == CTR_OK && trained == 0);
  calls = 0;
  CHECK(ctr_model_train(model, &table.schema, &table.array, count_epochs, &calls) == CTR_OK);
  CHECK(calls >= 2 && calls <= 8); /* the first model's epochs, and the best number of them for the other */
  CHECK(ctr_model_is_trained(model, &trained) == CTR_OK && trained == 1);
  CHECK(ctr_model_predict(model, &table.schema, &table.array, probabilities, ROWS) == CTR_OK);
  double clicked = 0, passed = 0, clicks_seen = 0;
  for (int i = 0; i < ROWS; i++) {
    CHECK(probabilities[i] > 0 && probabilities[i] < 1);
    clicks_seen += (double)clicks[i];
    *(clicks[i] ? &clicked : &passed) += probabilities[i];
  }
  CHECK(clicked / clicks_seen > passed / (ROWS - clicks_seen)); /* it learnt something */

  try_models(&table);

  /* To a file and to bytes, and back: the same bits. */
  ctr_model *loaded = NULL, *copied = NULL;
  size_t needed = 0, size = 0;
  CHECK(ctr_model_save(model, path) == CTR_OK);
  CHECK(ctr_model_load(path, &loaded) == CTR_OK);
  CHECK(ctr_model_predict(loaded, &table.schema, &table.array, again, ROWS) == CTR_OK);
  CHECK(memcmp(probabilities, again, sizeof again) == 0);
  CHECK(ctr_model_serialize(model, NULL, 0, &size) == CTR_OK);
  uint8_t *bytes = malloc(size);
  CHECK(bytes != NULL && ctr_model_serialize(model, bytes, size, &needed) == CTR_OK && needed == size);
  CHECK(ctr_model_deserialize(bytes, size, &copied) == CTR_OK);
  CHECK(ctr_model_predict(copied, &table.schema, &table.array, again, ROWS) == CTR_OK);
  CHECK(memcmp(probabilities, again, sizeof again) == 0);
  bytes[size / 2] ^= 1;
  ctr_model *none = NULL;
  CHECK(ctr_model_deserialize(bytes, size, &none) == CTR_BAD_MODEL_FILE && none == NULL);
  free(bytes);

  CHECK(ctr_model_continue_training(loaded, &table.schema, &table.array, NULL, NULL) == CTR_OK);
  char *text_of_info = NULL;
  CHECK(ctr_model_info(loaded, NULL, 0, &needed) == CTR_OK);
  text_of_info = malloc(needed);
  CHECK(text_of_info != NULL && ctr_model_info(loaded, text_of_info, needed, &needed) == CTR_OK);
  CHECK(strlen(text_of_info) == needed - 1 && strstr(text_of_info, "\"trained\"") != NULL);
  free(text_of_info);
  CHECK(ctr_model_reset(loaded) == CTR_OK);
  CHECK(ctr_model_is_trained(loaded, &trained) == CTR_OK && trained == 0);

  /* The testbed's click log, and one impression of it. */
  struct column query_word = text("item", 0), summary_word = text("item", 1);
  struct ArrowSchema *item_schemas[2];
  struct ArrowArray *item_arrays[2];
  struct column impressions[] = {text("query", 0),
                                 text("doc_id", 1),
                                 text("summary", 1),
                                 words("query_words", &query_word, &item_schemas[0], &item_arrays[0]),
                                 words("summary_words", &summary_word, &item_schemas[1], &item_arrays[1]),
                                 number("position", "l", positions),
                                 number("doc_length", "l", lengths),
                                 number("score", "g", scores),
                                 number("timestamp", "g", times),
                                 number("clicked", "l", clicks)};
  struct table records;
  assemble(&records, impressions, COUNT(impressions));
  CHECK(ctr_model_extract_features(model, &records.schema, &records.array, features, ROWS) == CTR_OK);
  for (int i = 0; i < ROWS; i++) {
    const double *row = features + i * CTR_IMPRESSION_FEATURES;
    CHECK(row[0] == (double)positions[i] && row[1] == (double)lengths[i] && row[11] == scores[i]);
    CHECK(row[12] >= 1 && row[12] < 1099511627776.0);
  }
  CHECK(features[5] == 0.1); /* no click history yet */

  standardise();
  struct column matrix[13];
  char names[12][4];
  for (int j = 0; j < 12; j++) {
    sprintf(names[j], "x%d", j);
    matrix[j] = number(names[j], "g", standardised[j]);
  }
  matrix[12] = number("label", "l", clicks);
  struct table training;
  assemble(&training, matrix, COUNT(matrix));
  ctr_model_free(copied);
  CHECK(ctr_model_create("{\"epochs\": 4, \"hidden_units\": [8]}", &copied) == CTR_OK);
  CHECK(ctr_model_train(copied, &training.schema, &training.array, NULL, NULL) == CTR_OK);
  CHECK(ctr_model_set_history(copied, &records.schema, &records.array, mean, scale, 12) == CTR_OK);
  double probability = -1, elsewhere = -1;
  int32_t query_ends[] = {2}, summary_ends[] = {4};
  CHECK(ctr_model_predict_ctr(copied, "q1", 2, query_ends, 1, "doc1", 4, 1, 0.5, "doc1", 4, summary_ends, 1,
                              &probability) == CTR_OK);
  CHECK(ctr_model_predict_ctr(copied, "q1", 2, query_ends, 1, "doc1", 4, 9, 0.5, "doc1", 4, summary_ends, 1,
                              &elsewhere) == CTR_OK);
  CHECK(probability > 0 && probability < 1 && elsewhere != probability);

  ctr_model_free(model);
  ctr_model_free(loaded);
  ctr_model_free(copied);
  ctr_model_free(NULL);
  puts("ok");
  return 0;
}
