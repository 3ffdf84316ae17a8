/* A click model from C: a table by hand, train, predict, save, load, explain, and what an error looks like.
 *
 *   make -C examples/c run
 */
#include "ctr_models.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 6000, COLUMNS = 4, TEXT = 8 };

/* Every call answers a status. Where it is not CTR_OK no output was touched, and ctr_last_error() says why. */
static void check(int32_t status, const char *what) {
  if (status == CTR_OK) return;
  fprintf(stderr, "%s: status %d: %s\n", what, (int)status, ctr_last_error());
  exit(1);
}

/* --- A news page's log, made up: sections, devices and hours, and who clicks what --- */

static int32_t section_ends[ROWS + 1], device_ends[ROWS + 1]; /* Arrow's text: where each ends, and all the bytes */
static char sections[ROWS * TEXT], devices[ROWS * TEXT];
static double hours[ROWS], labels[ROWS];

static double draw(void) { /* rand() is another on each system */
  static uint64_t state = 1;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (double)(state >> 11) / 9007199254740992.0;
}

static int32_t append(char *bytes, int32_t end, const char *text) {
  memcpy(bytes + end, text, strlen(text));
  return end + (int32_t)strlen(text);
}

static void fill_log(void) {
  static const char *section[] = {"sport", "film", "money", "science"}, *device[] = {"phone", "laptop"};
  for (int i = 0; i < ROWS; i++) {
    int s = (int)(draw() * 4), d = (int)(draw() * 2);
    hours[i] = draw() * 24;
    /* Money is read at a desk, sport on the way; everything more in the evening. */
    double probability = 0.08 + ((s == 2 && d == 1) || (s == 0 && d == 0) ? 0.3 : 0) + (hours[i] > 18 ? 0.15 : 0);
    section_ends[i + 1] = append(sections, section_ends[i], section[s]);
    device_ends[i + 1] = append(devices, device_ends[i], device[d]);
    labels[i] = draw() < probability;
  }
}

/* --- The Arrow C Data Interface: a table is a struct array, a child a column. It is only lent to the library, so that
 * static memory serves, and what releases it has nothing to do. --- */

static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static void release_array(struct ArrowArray *array) { array->release = NULL; }

struct table {
  struct ArrowSchema schema, fields[COLUMNS], *field_list[COLUMNS];
  struct ArrowArray array, columns[COLUMNS], *column_list[COLUMNS];
  const void *buffers[COLUMNS][3], *no_nulls[1];
};

static void add_column(struct table *table, const char *name, const int32_t *ends, const void *values) {
  int64_t at = table->schema.n_children++;
  const void **buffers = table->buffers[at]; /* the first, which marks nulls, stays NULL: there are none */
  buffers[1] = ends ? (const void *)ends : values;
  buffers[2] = ends ? values : NULL;
  table->fields[at] = (struct ArrowSchema){.format = ends ? "u" : "g", .name = name, .release = release_schema};
  table->columns[at] = (struct ArrowArray){
      .length = table->array.length, .n_buffers = ends ? 3 : 2, .buffers = buffers, .release = release_array};
  table->field_list[at] = &table->fields[at];
  table->column_list[at] = &table->columns[at];
  table->array.n_children = table->schema.n_children;
}

/* The structs point at one another: a table stays where it was made. */
static void begin_table(struct table *table, int64_t rows) {
  memset(table, 0, sizeof *table);
  table->schema = (struct ArrowSchema){.format = "+s", .children = table->field_list, .release = release_schema};
  table->array = (struct ArrowArray){.length = rows,
                                     .n_buffers = 1,
                                     .buffers = table->no_nulls,
                                     .children = table->column_list,
                                     .release = release_array};
}

static int32_t show(const ctr_progress_info *info, void *context) {
  (void)context;
  if (info->rows_done == info->rows) /* an epoch's end; once it stopped early, two more models train on all rows */
    printf("epoch %d: log loss %.3f, validation %.3f\n", (int)info->epoch, info->train_log_loss,
           info->validation_log_loss);
  return 0; /* anything else would cancel the training, and leave the model as it was */
}

int main(int argc, char **argv) {
  const char *path = argc > 1 ? argv[1] : "click.model";
  printf("%s\n", ctr_build_info());
  fill_log();
  struct table log;
  begin_table(&log, ROWS);
  add_column(&log, "section", section_ends, sections);
  add_column(&log, "device", device_ends, devices);
  add_column(&log, "hour", NULL, hours);
  add_column(&log, "label", NULL, labels);

  /* Options are JSON; all have a default. One that does not exist is an error, not a silence. */
  ctr_model *model = NULL, *loaded = NULL;
  int32_t refused = ctr_model_create("{\"hidden_unit\": [64]}", &model);
  printf("status %d: %s\n", (int)refused, ctr_last_error());
  if (refused != CTR_INVALID_ARGUMENT) return 1;
  check(ctr_model_create("{\"crosses\": [[\"section\", \"device\"]], \"hidden_units\": [64, 32]}", &model), "create");
  check(ctr_model_train(model, &log.schema, &log.array, show, NULL), "train");

  /* A table to ask of: money at nine, on a laptop, a phone, and a device that training never saw. */
  static const int32_t money_ends[] = {0, 5, 10, 15}, asked_ends[] = {0, 6, 11, 16};
  static const double nine[] = {9, 9, 9};
  struct table questions;
  begin_table(&questions, 3);
  add_column(&questions, "section", money_ends, "moneymoneymoney");
  add_column(&questions, "device", asked_ends, "laptopphonewatch");
  add_column(&questions, "hour", NULL, nine);
  double probabilities[3], again[3];
  check(ctr_model_predict(model, &questions.schema, &questions.array, probabilities, 3), "predict");
  printf("money at nine: laptop %.3f, phone %.3f, watch %.3f\n", probabilities[0], probabilities[1], probabilities[2]);

  check(ctr_model_save(model, path), "save");
  check(ctr_model_load(path, &loaded), "load");
  check(ctr_model_predict(loaded, &questions.schema, &questions.array, again, 3), "predict again");
  printf("%s: the loaded model answers %s\n", path,
         memcmp(probabilities, again, sizeof again) == 0 ? "the same" : "something else");

  /* Texts are asked for twice: how long, then the text. This one is JSON, an object a row. */
  size_t needed = 0;
  check(ctr_model_explain(loaded, &questions.schema, &questions.array, NULL, 0, &needed), "explain");
  char *why = malloc(needed);
  if (why == NULL) return 1;
  check(ctr_model_explain(loaded, &questions.schema, &questions.array, why, needed, &needed), "explain");
  printf("%s\n", why);

  free(why);
  ctr_model_free(loaded);
  ctr_model_free(model);
  return 0;
}
