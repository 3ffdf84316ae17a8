/* CTRModels: click-through-rate models behind a C ABI that mirrors the course testbed's logistic regression.
 *
 * Conventions
 *   - Every call that can fail returns a status: CTR_OK (0) or one of the codes below. On failure no output is
 *     touched, and ctr_last_error() says what was wrong, with the offending value.
 *   - Strings are UTF-8. Text arguments with a length may hold NUL bytes; the others end at their NUL.
 *   - A handle may be used from many threads. Predictions run while another thread trains: each answer is that of one
 *     whole model, the one before the training or the one after. Two trainings of one handle run one after the other.
 *   - A process may fork at any moment. In the child each handle holds the last whole model that its parent had, and
 *     every call works; a training that another thread of the parent was at is not there.
 *   - Tables cross as the Arrow C Data Interface: a struct array (a record batch), one child a column. They are
 *     borrowed for the call; the caller stays their owner and releases them. Nulls mean missing.
 *   - A column without any value fits a feature of any kind, in training and at prediction: it has no kind yet. A number
 *     of which the first training saw no value has no bins and says nothing: whatever comes later is taken for missing,
 *     in further trainings too. A value of another kind than its feature's is an error.
 *   - Names are told apart by their bytes.
 *   - This header only grows: functions are appended, none is changed or removed within an ABI version.
 */
#ifndef CTR_MODELS_H
#define CTR_MODELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The Arrow C Data Interface, as its specification prints it; the guard is the specification's own. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

/* Status codes. */
#define CTR_OK 0
#define CTR_INVALID_ARGUMENT 1 /* a null pointer, an unknown option, a value out of range */
#define CTR_INVALID_DATA 2     /* a column missing or of the wrong type, a label that is not 0/1, one class only */
#define CTR_NOT_TRAINED 3      /* the call needs a trained model */
#define CTR_IO_ERROR 4         /* a path that cannot be read or written */
#define CTR_BAD_MODEL_FILE 5   /* no model, truncated, altered, or of a newer format */
#define CTR_CANCELLED 6        /* the progress callback returned non-zero: the model is as before; or it was reset */
#define CTR_INTERNAL_ERROR 7   /* a defect of the library */
#define CTR_OUT_OF_MEMORY 8    /* this machine, container or process has none left; ask again, or for fewer rows */

/* A model: untrained, or trained. Made by ctr_model_create, ctr_model_load and ctr_model_deserialize. */
typedef struct ctr_model ctr_model;

/* What a progress callback is told. Sizes in rows; losses are log losses in nats, NaN where there is none yet. What is
 * done outside epochs (reading the table, encoding, the search for crosses, importances) is told as the beginning of the
 * epoch that follows, or of the last one again: rows_done is 0 then. */
typedef struct ctr_progress_info {
  int32_t epoch;            /* from 1 */
  int32_t epochs;           /* at most this many; a refit and further models count on from it */
  int64_t rows_done;        /* of this epoch; rows_done == rows marks its end */
  int64_t rows;             /* training rows of an epoch; before the first the table's, 1 until it is read */
  double train_log_loss;    /* running mean over this epoch */
  double validation_log_loss; /* at an epoch's end */
  double validation_auc;    /* at an epoch's end */
  double seconds;           /* since training began */
  /* Of the models that answer together the one that is trained, from 1, and how many they are; and 1 where it
   * is trained on all rows, after one that stopped early. All 0 in a prediction. */
  int32_t member;
  int32_t members;
  int32_t is_refit;
} ctr_progress_info;

/* Called from the thread that trains: at each epoch's end, about every half second all through the training, and one
 * last time before the new model takes the old one's place. A non-zero return stops the training with CTR_CANCELLED;
 * after the last call nothing does. It may not train the same handle, nor set its history. */
typedef int32_t (*ctr_progress_callback)(const ctr_progress_info *info, void *context);

/* The ABI's version, of this header: 1. */
#define CTR_ABI_VERSION 1
int32_t ctr_abi_version(void);

/* Version, compiler and instruction set, for a bug report: "CTRModels 0.1.0, Swift 6.3, avx512 loops". The version stands
 * between the first space and the first comma. A static string. */
const char *ctr_build_info(void);

/* The message of this thread's last failed call, "" if there is none. Valid until this thread's next failed call. */
const char *ctr_last_error(void);

/* Makes an untrained model. options: a JSON object; NULL or "{}" takes every default. An unknown key is an error. */
int32_t ctr_model_create(const char *options, ctr_model **model);

/* Frees a handle; NULL is fine. Not while another thread uses it. */
void ctr_model_free(ctr_model *model);

/* Trains from nothing on a table that holds the features' columns and the label (0 or 1), and where the options name
 * them a weight and a time column. progress may be NULL. */
int32_t ctr_model_train(ctr_model *model, const struct ArrowSchema *schema, const struct ArrowArray *table,
                        ctr_progress_callback progress, void *context);

/* Trains further from the present weights; ids not seen before join the vocabulary. On an untrained handle it trains.
 * Where the option `replay` names a column of 0 and 1, rows with 1 are of earlier trainings: they keep what they taught
 * from being forgotten, and are not counted again. */
int32_t ctr_model_continue_training(ctr_model *model, const struct ArrowSchema *schema,
                                    const struct ArrowArray *table, ctr_progress_callback progress, void *context);

/* Changes options for trainings to come: a JSON object as for ctr_model_create, of the options to change. What a
 * trained model is made of (its part, features, crosses, layer sizes) stays until it is trained from nothing. A
 * training that another thread is at goes on with the options before; the model then has these. */
int32_t ctr_model_set_options(ctr_model *model, const char *options);

/* Writes one click probability a row to probabilities, which has room for count of them; count must be the table's
 * number of rows. A row's answer does not depend on the rows beside it. */
int32_t ctr_model_predict(const ctr_model *model, const struct ArrowSchema *schema, const struct ArrowArray *table,
                          double *probabilities, size_t count);

/* The click probability of one impression, from the raw record: what ctr_model_extract_features and
 * ctr_model_predict would answer for it, with the click history that ctr_model_set_history left in the model.
 * The model must have been trained on those features in columns named x0 to x35.
 * Words are given by where they end: word i of a text is its bytes [ends[i-1], ends[i]), with ends[-1] = 0. */
int32_t ctr_model_predict_ctr(const ctr_model *model, const char *query, size_t query_length,
                              const int32_t *query_word_ends, size_t query_word_count, const char *doc_id,
                              size_t doc_id_length, int64_t position, double score, const char *summary,
                              size_t summary_length, const int32_t *summary_word_ends, size_t summary_word_count,
                              double *probability);

/* The impression features of a click log: count rows of CTR_IMPRESSION_FEATURES doubles, row-major. Columns of the
 * table: query, doc_id, summary (utf8, or a dictionary of it), query_words, summary_words (list<utf8>), position,
 * doc_length, score, clicked (numbers), timestamp (utf8, or a number). The first 12 features are the testbed's logistic regression's, in its
 * order; then the ids of query and document, and of their words, as whole numbers below 2^40 (0: no word). Each row's
 * click rates count strictly earlier records only. Needs no training and changes nothing. */
#define CTR_IMPRESSION_FEATURES 36
int32_t ctr_model_extract_features(const ctr_model *model, const struct ArrowSchema *schema,
                                   const struct ArrowArray *table, double *features, size_t count);

/* Makes the click history of a log (columns as in ctr_model_extract_features) part of the model, replacing what it
 * had, together with the mean and scale that standardise its first n features (n at most 12): what
 * ctr_model_predict_ctr applies. */
int32_t ctr_model_set_history(ctr_model *model, const struct ArrowSchema *schema, const struct ArrowArray *table,
                              const double *mean, const double *scale, size_t n);

/* Adds the records of a further, later log to the click history that is part of the model. */
int32_t ctr_model_extend_history(ctr_model *model, const struct ArrowSchema *schema, const struct ArrowArray *table);

/* Keeps a text of the caller's with the model: in its file, and as `metadata` in ctr_model_info, until the model is
 * trained from nothing. length in bytes, at most 16 MiB, UTF-8. */
int32_t ctr_model_set_metadata(ctr_model *model, const char *text, size_t length);

/* Writes the model to a file (safetensors): to a new file beside it, synced, then put in its place; a failed save leaves
 * the old file. Links are followed. The path may be of any bytes, as the system's are. */
int32_t ctr_model_save(const ctr_model *model, const char *path);

/* Reads a model from a file. */
int32_t ctr_model_load(const char *path, ctr_model **model);

/* The model file as bytes. *needed receives its size; bytes are written when capacity is at least that, and bytes may
 * be NULL when capacity is 0. */
int32_t ctr_model_serialize(const ctr_model *model, uint8_t *bytes, size_t capacity, size_t *needed);

/* A model from such bytes. */
int32_t ctr_model_deserialize(const uint8_t *bytes, size_t length, ctr_model **model);

/* Back to untrained; the options stay. A training that another thread is at ends with CTR_CANCELLED at its next
 * progress: the handle stays untrained. */
int32_t ctr_model_reset(ctr_model *model);

/* *trained receives 1 or 0. */
int32_t ctr_model_is_trained(const ctr_model *model, int32_t *trained);

/* What the model is, as a JSON object: options, features, vocabulary sizes, parameters, training history, feature
 * importances. *needed receives the size with its final NUL; text is written when capacity is at least that. */
int32_t ctr_model_info(const ctr_model *model, char *text, size_t capacity, size_t *needed);

/* Why each row of a table has its click probability, as a JSON array of one object a row:
 * {"probability", "logit", "bias", "deep", "wide": [{"feature", "value", "weight"}, ...]}, with "pairs" or "cross" after
 * "deep" where the model has products of pairs or a cross network. Columns as in ctr_model_predict; at most 1000 rows.
 *   - bias + the weights + pairs + cross + deep are the logit; its logistic function is the probability, the very one that
 *     ctr_model_predict answers. Summed up in this order in single precision they are the logit to the bit where one
 *     model answers ("members": 1); of several each is the mean, and the sum is the logit but for rounding. deep is 0
 *     where there is no deep part.
 *   - value is what the row's value was taken for. A category: its text. A number: its bin [a, b) as
 *     {"from": a, "to": b}, null for no end; of that one number where a and b are the same. Missing: null. Of a
 *     multi-valued feature, whose weight is the mean of its values', an array of these, and of a cross one of its
 *     members'. A category or combination without a weight of its own, never seen or too rarely: {"unknown": value}.
 * *needed receives the size with its final NUL; text is written when capacity is at least that. */
int32_t ctr_model_explain(const ctr_model *model, const struct ArrowSchema *schema, const struct ArrowArray *table,
                          char *text, size_t capacity, size_t *needed);

/* The system's errno of this thread's last failed call, where it has one: of a file that could not be read or written.
 * Else 0. */
int32_t ctr_last_errno(void);

/* As ctr_model_predict, for tables of which prediction takes long: progress is called about every half second, with no
 * epoch (0), no row done and the table's rows. Where it returns non-zero the answer is CTR_CANCELLED, and nothing is
 * written. progress may be NULL. */
int32_t ctr_model_predict_interruptibly(const ctr_model *model, const struct ArrowSchema *schema,
                                        const struct ArrowArray *table, double *probabilities, size_t count,
                                        ctr_progress_callback progress, void *context);

/* The models there are, as a JSON array of one object a model:
 * {"model", "title", "options": [{"name", "default", "range", "about", ...}, ...]}: the values of the option "model", and
 * the options that each reads. For programs an option of the "type" "int", "number" or "share" (from 0 to below 1) has its
 * "least" and "greatest" too, "ints" these of each and at "most" how many, "choice" its "choices"; "bool" has none, and
 * other options no type.
 * *needed and text as in ctr_model_info. */
int32_t ctr_architectures(char *text, size_t capacity, size_t *needed);

#ifdef __cplusplus
}
#endif

#endif /* CTR_MODELS_H */
