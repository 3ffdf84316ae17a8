/* Vectors of the instruction set at hand: LANES floats, which the file that includes this has set, then 4, then 1. */
#include <stdint.h>
#include <string.h>

#include "include/vector_loops.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

typedef float wide_t __attribute__((vector_size(LANES * 4), aligned(4)));
typedef float quad_t __attribute__((vector_size(16), aligned(4)));
typedef float lane_t;

#define LOAD(T, pointer) (*(const T *)(pointer))
#define STORE(T, pointer, value) (*(T *)(pointer) = (value))
#define SPREAD(T, value) ((T){0} + (value))
#define SQRT(x) __builtin_elementwise_sqrt(x)
#define MAX(x, y) __builtin_elementwise_maximum(x, y) /* a NaN stays one */
#define SIGNED(x, sign) __builtin_elementwise_copysign(x, sign)
#define ABS(x) __builtin_elementwise_abs(x)

/* Runs BODY(type, index) over count elements with the widest vectors that fit. */
#define FOR_EACH(count, BODY)                                  \
  do {                                                         \
    intptr_t at_ = 0;                                          \
    for (; at_ + LANES <= (count); at_ += LANES) BODY(wide_t, at_) \
    for (; at_ + 4 <= (count); at_ += 4) BODY(quad_t, at_)     \
    for (; at_ < (count); at_++) BODY(lane_t, at_)             \
  } while (0)

/* The row that a selection has at a position. */
static inline intptr_t selected(vl_selection s, intptr_t position) {
  return s.rows ? s.rows[position] : s.first + position;
}
