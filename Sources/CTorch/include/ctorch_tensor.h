/// Making, inspecting, copying and releasing tensors.
#ifndef CTORCH_TENSOR_H
#define CTORCH_TENSOR_H

#include "ctorch_core.h"

MS_BEGIN

/// Releases a handle. Null is allowed.
MS_API void ms_tensor_release(ms_tensor *tensor);

/// A second handle to the same tensor; out: +1.
MS_API ms_status ms_tensor_retain(const ms_tensor *tensor, ms_tensor **out);

/// Copies `byte_count` bytes, row-major, to a new tensor on the CPU; out: +1.
MS_API ms_status ms_tensor_from_bytes(const void *bytes, int64_t byte_count, const int64_t *shape,
                                      int32_t rank, int32_t dtype, ms_tensor **out);

/// A tensor over memory of the caller, without a copy; out: +1.
///
/// `release(context)` is called once, on any thread, when libtorch no longer needs the memory; it is
/// also called when the function fails. The memory must stay readable until then. The tensor must
/// not be written to if the memory is read-only. `strides` count elements; null means row-major.
MS_API ms_status ms_tensor_from_memory(const void *bytes, const int64_t *shape,
                                       const int64_t *strides, int32_t rank, int32_t dtype,
                                       void (*release)(void *context), void *context,
                                       ms_tensor **out)
    MS_ELSE((release(context), MS_UNAVAILABLE));

/// A tensor filled with `value`; out: +1.
MS_API ms_status ms_tensor_full(const int64_t *shape, int32_t rank, double value, int32_t dtype,
                                ms_device device, ms_tensor **out);

/// The numbers start, start + step, ... below end; out: +1.
MS_API ms_status ms_tensor_arange(double start, double end, double step, int32_t dtype,
                                  ms_device device, ms_tensor **out);

/// Uniform random numbers in [0, 1), float32; out: +1.
MS_API ms_status ms_tensor_rand(const int64_t *shape, int32_t rank, ms_generator *generator,
                                ms_device device, ms_tensor **out);

/// Normal random numbers of mean 0 and deviation 1, float32; out: +1.
MS_API ms_status ms_tensor_randn(const int64_t *shape, int32_t rank, ms_generator *generator,
                                 ms_device device, ms_tensor **out);

/// A generator with a seed on a device; release with `ms_generator_release`.
MS_API ms_status ms_generator_new(uint64_t seed, ms_device device, ms_generator **out);
MS_API void ms_generator_release(ms_generator *generator);

MS_API int32_t ms_tensor_rank(const ms_tensor *tensor);
/// Writes `ms_tensor_rank` numbers to `shape`.
MS_API void ms_tensor_shape(const ms_tensor *tensor, int64_t *shape);
/// One of the MS_ types, or -1 for a type that this interface does not know.
MS_API int32_t ms_tensor_dtype(const ms_tensor *tensor);
MS_API ms_device ms_tensor_device(const ms_tensor *tensor);
MS_API int64_t ms_tensor_count(const ms_tensor *tensor);
MS_API bool ms_tensor_is_contiguous(const ms_tensor *tensor);
/// Whether a four-dimensional tensor is stored with its channels innermost.
MS_API bool ms_tensor_is_channels_last(const ms_tensor *tensor);

/// Copies the elements, row-major and in the tensor's own type, to the caller's buffer, from any
/// device. `byte_count` must be exactly the size of the elements.
MS_API ms_status ms_tensor_copy_to(const ms_tensor *tensor, void *buffer, int64_t byte_count);

/// The address of the first element of a contiguous tensor on the CPU; valid while the handle lives.
MS_API ms_status ms_tensor_data(const ms_tensor *tensor, void **out);

/// Converts type and device; the same storage if nothing changes; out: +1.
MS_API ms_status ms_tensor_to(const ms_tensor *tensor, int32_t dtype, ms_device device,
                              ms_tensor **out);

/// Row-major storage, copied only if needed; out: +1.
MS_API ms_status ms_tensor_contiguous(const ms_tensor *tensor, ms_tensor **out);
/// Channels-last storage of a four-dimensional tensor, copied only if needed; out: +1.
MS_API ms_status ms_tensor_channels_last(const ms_tensor *tensor, ms_tensor **out);
/// A copy that shares nothing; out: +1.
MS_API ms_status ms_tensor_clone(const ms_tensor *tensor, ms_tensor **out);

/// Overwrites `destination` with `source`, broadcast and converted as needed.
MS_API ms_status ms_tensor_copy_in_place(ms_tensor *destination, const ms_tensor *source);

/// Whether both have the same type, shape and elements.
MS_API ms_status ms_tensor_equal(const ms_tensor *a, const ms_tensor *b, bool *out);

MS_END

#endif
