#include <stddef.h>
#include <stdint.h>

/* libFuzzer's own mutation, as its FuzzerInterface.h declares it. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
