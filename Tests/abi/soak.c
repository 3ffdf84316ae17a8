/* `make soak`: threads train, predict, save, load and reload shared and own models for so many seconds. Every answer is
 * to the bit that of one of the whole models there are; memory and open handles stay flat over the last half. */
#define _GNU_SOURCE
#include <dirent.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctr_models.h"

enum { THREADS = 16, ROWS = 120, TABLES = 4, SHARED = 2, SAMPLES = 400, OCTAVES = 40, PARTS = 8 };

static const char *options =
    "{\"hidden_units\": [8], \"members\": 2, \"epochs\": 2, \"batch_size\": 32, \"crosses\": [[\"c0\", \"c1\"]],"
    " \"n_jobs\": 2, \"random_state\": 3}";

#define REQUIRE(status)                                                                                \
  do {                                                                                                 \
    int32_t got = (status);                                                                            \
    if (got != CTR_OK) {                                                                               \
      fprintf(stderr, "%s:%d: %s: %d %s\n", __FILE__, __LINE__, #status, got, ctr_last_error());       \
      exit(1);                                                                                         \
    }                                                                                                  \
  } while (0)

static void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

/* --- Tables: two columns of text, one of numbers, the label ------------------------------------------------------ */

typedef struct {
  int32_t offsets[2][ROWS + 1];
  char text[2][ROWS * 4];
  double number[ROWS];
  int8_t label[ROWS];
  const void *buffers[4][3];
  struct ArrowSchema column_schemas[4], schema, *schemas[4];
  struct ArrowArray column_arrays[4], array, *arrays[4];
  const void *no_nulls[1];
} table;

static void keep_schema(struct ArrowSchema *schema) { (void)schema; }
static void keep_array(struct ArrowArray *array) { (void)array; }

static void make_table(table *made, unsigned seed) {
  static const char *formats[] = {"u", "u", "g", "c"}, *names[] = {"c0", "c1", "x0", "label"};
  for (int row = 0; row < ROWS; row++) {
    unsigned drawn = ((unsigned)row * 2654435761u + seed * 40503u) >> 8;
    for (int column = 0; column < 2; column++) {
      int value = (int)(drawn >> (4 * column)) % (5 + column);
      int32_t at = made->offsets[column][row];
      made->offsets[column][row + 1] = at + sprintf(made->text[column] + at, "v%d", value);
    }
    made->number[row] = (drawn >> 3) % 100 / 8.0;
    made->label[row] = (int8_t)((drawn % 5 + row + seed) % 3 == 0);
  }
  for (int column = 0; column < 4; column++) {
    const void **buffers = made->buffers[column];
    buffers[1] = column < 2 ? (void *)made->offsets[column] : column == 2 ? (void *)made->number : (void *)made->label;
    buffers[2] = column < 2 ? made->text[column] : NULL;
    made->column_schemas[column] =
        (struct ArrowSchema){.format = formats[column], .name = names[column], .release = keep_schema};
    made->column_arrays[column] =
        (struct ArrowArray){.length = ROWS, .n_buffers = column < 2 ? 3 : 2, .buffers = buffers, .release = keep_array};
    made->schemas[column] = &made->column_schemas[column];
    made->arrays[column] = &made->column_arrays[column];
  }
  made->schema = (struct ArrowSchema){
      .format = "+s", .name = "", .n_children = 4, .children = made->schemas, .release = keep_schema};
  made->array = (struct ArrowArray){.length = ROWS,
                                    .n_buffers = 1,
                                    .buffers = made->no_nulls,
                                    .n_children = 4,
                                    .children = made->arrays,
                                    .release = keep_array};
}

/* --- What is right ------------------------------------------------------------------------------------------------ */

static table tables[TABLES];
static double known[TABLES][ROWS]; /* The answers for table 0 of a model trained on each. */
static uint8_t *files[TABLES];
static size_t sizes[TABLES];
static ctr_model *shared[SHARED];
static const char *folder;
static atomic_int stopped;
static atomic_long wrong;

static void predict(const ctr_model *model, double *answers) {
  REQUIRE(ctr_model_predict(model, &tables[0].schema, &tables[0].array, answers, ROWS));
}

static void train(ctr_model *model, int which) {
  REQUIRE(ctr_model_train(model, &tables[which].schema, &tables[which].array, NULL, NULL));
}

static void prepare(void) {
  for (int which = 0; which < TABLES; which++) make_table(&tables[which], (unsigned)which + 1);
  for (int which = 0; which < TABLES; which++) {
    ctr_model *model;
    REQUIRE(ctr_model_create(options, &model));
    train(model, which);
    predict(model, known[which]);
    REQUIRE(ctr_model_serialize(model, NULL, 0, &sizes[which]));
    files[which] = malloc(sizes[which]);
    REQUIRE(ctr_model_serialize(model, files[which], sizes[which], &sizes[which]));
    for (int other = 0; other < which; other++)
      if (!memcmp(known[which], known[other], sizeof known[which])) fail("two tables make one model");
    ctr_model_free(model);
  }
  for (int which = 0; which < SHARED; which++)
    REQUIRE(ctr_model_deserialize(files[which], sizes[which], &shared[which]));
}

/* Asks a model; its answers are those of `only`, or of any model where that is -1. */
static void ask(const ctr_model *model, int only) {
  double answers[ROWS];
  predict(model, answers);
  for (int which = 0; which < TABLES; which++)
    if ((only < 0 || only == which) && !memcmp(answers, known[which], sizeof answers)) return;
  atomic_fetch_add(&wrong, 1);
}

/* --- What the threads do ------------------------------------------------------------------------------------------ */

enum { PREDICT, TRAIN, OWN, SAVE, LOAD, RELOAD, INFO, OPERATIONS };
static const char *operations[] = {"predict", "train", "own model", "save", "load", "reload", "info"};
/* Latencies by eighths of an octave of microseconds, so that they take no more memory as they become more. */
static atomic_long latencies[OPERATIONS][OCTAVES * PARTS];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void own_model(int thread, int which) {
  char path[4096];
  ctr_model *model, *again;
  snprintf(path, sizeof path, "%s/own-%d.model", folder, thread);
  REQUIRE(ctr_model_create(options, &model));
  train(model, which);
  ask(model, which);
  REQUIRE(ctr_model_save(model, path));
  REQUIRE(ctr_model_load(path, &again));
  ask(again, which);
  REQUIRE(ctr_model_reset(model));
  ctr_model_free(model);
  ctr_model_free(again);
}

static void load_shared(const char *path) {
  ctr_model *model;
  REQUIRE(ctr_model_load(path, &model));
  ask(model, -1);
  ctr_model_free(model);
}

static void reload(int which) {
  ctr_model *model;
  REQUIRE(ctr_model_deserialize(files[which], sizes[which], &model));
  ask(model, which);
  ctr_model_free(model);
}

static void info(const ctr_model *model) {
  static _Thread_local char text[1 << 16];
  size_t needed;
  REQUIRE(ctr_model_info(model, text, sizeof text, &needed));
  if (needed > sizeof text || text[needed - 1] != 0) fail("info");
}

static void *work(void *argument) {
  int thread = (int)(intptr_t)argument;
  unsigned state = (unsigned)thread * 2654435761u + 1;
  char path[4096];
  snprintf(path, sizeof path, "%s/shared.model", folder);
  while (!atomic_load(&stopped)) {
    state = state * 1664525u + 1013904223u;
    unsigned drawn = state >> 16;
    int which = (int)(drawn >> 8) % TABLES, dice = (int)(drawn % 64);
    ctr_model *model = shared[drawn / 64 % SHARED];
    int operation = dice < 40 ? PREDICT : dice < 44 ? TRAIN : dice < 47 ? OWN : dice < 51 ? SAVE
                    : dice < 55 ? LOAD : dice < 60 ? RELOAD : INFO;
    double start = now();
    switch (operation) {
      case PREDICT: ask(model, -1); break;
      case TRAIN: train(model, which); break;
      case OWN: own_model(thread, which); break;
      case SAVE: REQUIRE(ctr_model_save(model, path)); break;
      case LOAD: load_shared(path); break;
      case RELOAD: reload(which); break;
      default: info(model);
    }
    int part = (int)(log2(fmax(1, (now() - start) * 1e6)) * PARTS);
    atomic_fetch_add(&latencies[operation][part < OCTAVES * PARTS ? part : OCTAVES * PARTS - 1], 1);
  }
  return NULL;
}

static long print_latencies(void) {
  long all = 0;
  printf("%-10s %9s %10s %10s %10s %10s  ms\n", "", "calls", "p50", "p90", "p99", "most");
  for (int operation = 0; operation < OPERATIONS; operation++) {
    long total = 0, passed = 0;
    double shares[] = {0.5, 0.9, 0.99, 1}, found[4] = {0};
    for (int part = 0; part < OCTAVES * PARTS; part++) total += latencies[operation][part];
    for (int part = 0, next = 0; part < OCTAVES * PARTS; part++) {
      passed += latencies[operation][part];
      while (next < 4 && total > 0 && (double)passed >= shares[next] * (double)total)
        found[next++] = exp2((part + 1.0) / PARTS) / 1e3;
    }
    printf("%-10s %9ld %10.3f %10.3f %10.3f %10.3f\n", operations[operation], total, found[0], found[1], found[2],
           found[3]);
    if (total == 0) fail("an operation that no thread came to; give it more seconds");
    all += total;
  }
  return all;
}

/* --- Memory and handles ------------------------------------------------------------------------------------------- */

static double resident(void) { /* In KB. */
  long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file || fscanf(file, "%*d %ld", &pages) != 1) fail("/proc/self/statm");
  fclose(file);
  return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1024;
}

/* Pipes apart: the library makes none, and a sanitizer talks through them to the program that names functions. */
static double handles(void) {
  int count = 0;
  DIR *list = opendir("/proc/self/fd");
  if (!list) fail("/proc/self/fd");
  for (struct dirent *entry; (entry = readdir(list));) {
    char target[8] = "";
    count += readlinkat(dirfd(list), entry->d_name, target, sizeof target - 1) < 0 || strncmp(target, "pipe:", 5) != 0;
  }
  closedir(list);
  return count - 3; /* ".", ".." and the list's own. */
}

/* The line through the means of ten blocks of the last half; one sample is too like the next for its error to be told
 * from them. Whether it rises beyond both noise and `allowed`, a share of the mean, over that half. */
static int rises(const char *name, const double *samples, int count, double interval, double allowed) {
  enum { BLOCKS = 10 };
  int half = count / 2, block = (count - half) / BLOCKS;
  double means[BLOCKS] = {0}, mean = 0, squares = 0, products = 0, left = 0;
  if (block < 1) fail("too few samples; give it more seconds");
  for (int at = 0; at < BLOCKS; at++) {
    for (int index = 0; index < block; index++) means[at] += samples[count - (BLOCKS - at) * block + index] / block;
    mean += means[at] / BLOCKS;
  }
  for (int at = 0; at < BLOCKS; at++) {
    double x = at - (BLOCKS - 1) / 2.0;
    squares += x * x;
    products += x * means[at];
  }
  double slope = products / squares;
  for (int at = 0; at < BLOCKS; at++) {
    double error = means[at] - mean - slope * (at - (BLOCKS - 1) / 2.0);
    left += error * error;
  }
  double error = sqrt(left / (BLOCKS - 2) / squares), unit = block * interval;
  printf("%-10s mean %.1f, slope %+.4f ± %.4f a second over the last half\n", name, mean, slope / unit, error / unit);
  return slope > 3 * error && slope * BLOCKS > allowed * mean;
}

int main(int count, char **arguments) {
  if (count != 3) fail("soak SECONDS FOLDER");
  double seconds = atof(arguments[1]);
  folder = arguments[2];
  prepare();
  char path[4096];
  snprintf(path, sizeof path, "%s/shared.model", folder);
  REQUIRE(ctr_model_save(shared[0], path));
  static double memory[SAMPLES], open_handles[SAMPLES];
  double before = handles(), start = now(), interval = seconds / SAMPLES;
  pthread_t threads[THREADS];
  for (int thread = 0; thread < THREADS; thread++)
    if (pthread_create(&threads[thread], NULL, work, (void *)(intptr_t)thread)) fail("pthread_create");
  for (int sample = 0; sample < SAMPLES; sample++) {
    double pause = start + (sample + 1) * interval - now();
    if (pause > 0) usleep((useconds_t)(pause * 1e6));
    memory[sample] = resident();
    open_handles[sample] = handles();
  }
  atomic_store(&stopped, 1);
  for (int thread = 0; thread < THREADS; thread++) pthread_join(threads[thread], NULL);
  long calls = print_latencies();
  /* Seconds alone do not come to rest: allocators still grow. */
  double allowed = seconds >= 60 ? 0.01 : 0.25;
  int risen = rises("memory, KB", memory, SAMPLES, interval, allowed);
  risen += rises("handles", open_handles, SAMPLES, interval, allowed);
  printf("%d threads, %ld calls in %.1f s, %ld wrong answers, %g handles left open\n", THREADS, calls, now() - start,
         atomic_load(&wrong), handles() - before);
  if (risen) fail("memory or handles rise");
  if (wrong || handles() != before) fail("a wrong answer, or a handle left open");
  for (int which = 0; which < SHARED; which++) ctr_model_free(shared[which]);
  for (int which = 0; which < TABLES; which++) free(files[which]);
  return 0;
}
