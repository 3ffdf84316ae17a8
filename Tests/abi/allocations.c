/* Counts what a prediction or a training allocates, and prints it. argv:
 *   predict MODEL ROWS   CALLS predictions of a table, after a few to warm up; the model is of columns n0… (double),
 *                        c0… (int64), t0… (utf8) and d0… (dictionary of utf8), COLUMNS of each
 *   predict_ctr MODEL    the same of an impression; the model is of a click log's features and history
 *   train OPTIONS        one training */
#include "ctr_models.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 4
#define KINDS 4
#define WARMING 100 /* until each thread has met a block of rows */
#define CALLS 1000

/* These stand before libc's in the order of look-up, for the library too. */
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t),
    *__libc_memalign(size_t, size_t);
static atomic_long allocations;

void *malloc(size_t size) { return atomic_fetch_add(&allocations, 1), __libc_malloc(size); }
void *calloc(size_t n, size_t size) { return atomic_fetch_add(&allocations, 1), __libc_calloc(n, size); }
void *realloc(void *old, size_t size) { return atomic_fetch_add(&allocations, 1), __libc_realloc(old, size); }
void *memalign(size_t at, size_t size) { return atomic_fetch_add(&allocations, 1), __libc_memalign(at, size); }
void *aligned_alloc(size_t at, size_t size) { return memalign(at, size); }
int posix_memalign(void **block, size_t at, size_t size) {
  *block = memalign(at, size);
  return *block ? 0 : 12;
}

static void check(int32_t status, const char *what) {
  if (status == 0) return;
  fprintf(stderr, "%s: %d %s\n", what, (int)status, ctr_last_error());
  exit(1);
}

static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static void release_array(struct ArrowArray *array) { array->release = NULL; }

/* --- A table --- */

#define ROWS 4096

static struct ArrowSchema schema, schemas[COLUMNS * KINDS], *schema_list[COLUMNS * KINDS], entry_schema;
static struct ArrowArray array, arrays[COLUMNS * KINDS], *array_list[COLUMNS * KINDS], entry_array;
static const void *buffers[COLUMNS * KINDS][3], *entry_buffers[3], *no_validity[1];
static char names[COLUMNS * KINDS][8];
static double numbers[COLUMNS][ROWS];
static int64_t wholes[COLUMNS + 1][ROWS];
static int32_t offsets[ROWS + 1], entry_offsets[3] = {0, 2, 4}, entry_indices[ROWS];
static char texts[2 * ROWS];

static void describe(struct ArrowSchema *schema, struct ArrowArray *array, const char *format, const char *name,
                     int64_t length, int64_t n_buffers, const void **list) {
  schema->format = format;
  schema->name = name;
  schema->release = release_schema;
  array->length = length;
  array->n_buffers = n_buffers;
  array->buffers = list;
  array->release = release_array;
}

static void fill(void) {
  for (int row = 0; row < ROWS; row++) {
    for (int i = 0; i < COLUMNS; i++) {
      numbers[i][row] = (row * 7919 + i * 104729) % 1000 / 1000.0;
      wholes[i][row] = (row * 31 + i * 17) % (20 * (i + 1));
    }
    wholes[COLUMNS][row] = row % 3 == 0;
    offsets[row + 1] = 2 * row + 2;
    texts[2 * row] = 'v';
    texts[2 * row + 1] = (char)('0' + row % 9);
    entry_indices[row] = row % 2;
  }
}

static void make_table(int rows) {
  static const char *const formats[KINDS] = {"g", "l", "u", "i"};
  fill();
  entry_buffers[1] = entry_offsets;
  entry_buffers[2] = "v2v3";
  describe(&entry_schema, &entry_array, "u", "", 2, 3, entry_buffers);
  for (int i = 0; i < COLUMNS * KINDS; i++) {
    int kind = i / COLUMNS;
    snprintf(names[i], sizeof names[i], "%c%d", "nctd"[kind], i % COLUMNS);
    describe(&schemas[i], &arrays[i], formats[kind], names[i], rows, kind == 2 ? 3 : 2, buffers[i]);
    buffers[i][1] = kind == 0   ? (void *)numbers[i % COLUMNS]
                    : kind == 1 ? (void *)wholes[i % COLUMNS]
                    : kind == 2 ? offsets
                                : entry_indices;
    buffers[i][2] = kind == 2 ? texts : NULL;
    if (kind == 3) {
      schemas[i].dictionary = &entry_schema;
      arrays[i].dictionary = &entry_array;
    }
    schema_list[i] = &schemas[i];
    array_list[i] = &arrays[i];
  }
  describe(&schema, &array, "+s", "", rows, 1, no_validity);
  schema.n_children = array.n_children = COLUMNS * KINDS;
  schema.children = schema_list;
  array.children = array_list;
}

/* --- The calls --- */

static ctr_model *model;
static double answers[ROWS];

static void predict(void) { check(ctr_model_predict(model, &schema, &array, answers, (size_t)array.length), "predict"); }

static void predict_ctr(void) {
  static const char query[] = "\xe6\x9f\xa5\xe8\xaf\xa2 2", document[] = "doc_3";
  static const char summary[] = "\xe6\x91\x98\xe8\xa6\x81 <b>a word of more than fifteen</b> \xe6\x9f\xa5\xe8\xaf\xa2";
  static const int32_t query_ends[] = {6, 7, 8}, summary_ends[] = {6, 7, 8, 9, 10, 37, 38, 39, 40, 41, 42, 48};
  check(ctr_model_predict_ctr(model, query, sizeof query - 1, query_ends, 3, document, sizeof document - 1, 3, 0.5,
                              summary, sizeof summary - 1, summary_ends, 12, answers),
        "predict_ctr");
}

/* --- A training --- */

/* The first columns of the table above, and the label. */
static void make_training_table(void) {
  static struct ArrowSchema label_schema;
  static struct ArrowArray label_array;
  static const void *label_buffers[2];
  make_table(ROWS);
  describe(&label_schema, &label_array, "l", "label", ROWS, 2, label_buffers);
  label_buffers[1] = wholes[COLUMNS];
  schema_list[2 * COLUMNS] = &label_schema;
  array_list[2 * COLUMNS] = &label_array;
  schema.n_children = array.n_children = 2 * COLUMNS + 1;
}

static int train(const char *options) {
  check(ctr_model_create(options, &model), "create");
  make_training_table();
  long before = atomic_load(&allocations);
  check(ctr_model_train(model, &schema, &array, NULL, NULL), "train");
  printf("%ld\n", atomic_load(&allocations) - before);
  ctr_model_free(model);
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  if (strcmp(argv[1], "train") == 0) return train(argv[2]);
  void (*call)(void) = strcmp(argv[1], "predict_ctr") == 0 ? predict_ctr : predict;
  check(ctr_model_load(argv[2], &model), "load");
  int rows = argc > 3 ? atoi(argv[3]) : 1;
  if (rows < 1 || rows > ROWS) return 2;
  make_table(rows);
  for (int i = 0; i < WARMING; i++) call();
  long before = atomic_load(&allocations);
  if (before == 0) return 3; /* loading allocates: this counts nothing */
  for (int i = 0; i < CALLS; i++) call();
  printf("%ld\n", atomic_load(&allocations) - before);
  ctr_model_free(model);
  return 0;
}
