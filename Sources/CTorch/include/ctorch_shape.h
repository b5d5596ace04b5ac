/// Views and rearrangements. Every `out` is +1; views share storage with their source.
#ifndef CTORCH_SHAPE_H
#define CTORCH_SHAPE_H

#include "ctorch_core.h"

MS_BEGIN

/// One size may be -1. Copies only if the layout demands it.
MS_API ms_status ms_reshape(const ms_tensor *a, const int64_t *shape, int32_t rank,
                            ms_tensor **out);
MS_API ms_status ms_permute(const ms_tensor *a, const int64_t *axes, int32_t rank, ms_tensor **out);
MS_API ms_status ms_transpose(const ms_tensor *a, int64_t axis0, int64_t axis1, ms_tensor **out);
MS_API ms_status ms_unsqueeze(const ms_tensor *a, int64_t axis, ms_tensor **out);
MS_API ms_status ms_squeeze(const ms_tensor *a, int64_t axis, ms_tensor **out);
/// Repeats axes of size 1 without a copy; -1 keeps a size.
MS_API ms_status ms_expand(const ms_tensor *a, const int64_t *shape, int32_t rank, ms_tensor **out);
/// Elements start, start + step, ... below end of one axis.
MS_API ms_status ms_slice(const ms_tensor *a, int64_t axis, int64_t start, int64_t end,
                          int64_t step, ms_tensor **out);
/// One element of an axis, which disappears.
MS_API ms_status ms_select(const ms_tensor *a, int64_t axis, int64_t index, ms_tensor **out);
/// The elements of an axis that `indices` (int64, one-dimensional) name.
MS_API ms_status ms_index_select(const ms_tensor *a, int64_t axis, const ms_tensor *indices,
                                 ms_tensor **out);
MS_API ms_status ms_gather(const ms_tensor *a, int64_t axis, const ms_tensor *indices,
                           ms_tensor **out);
MS_API ms_status ms_cat(const ms_tensor *const *tensors, int32_t count, int64_t axis,
                        ms_tensor **out);
MS_API ms_status ms_stack(const ms_tensor *const *tensors, int32_t count, int64_t axis,
                          ms_tensor **out);
MS_API ms_status ms_flip(const ms_tensor *a, const int64_t *axes, int32_t axis_count,
                         ms_tensor **out);
/// Each element `repeats` times along an axis: a a b b.
MS_API ms_status ms_repeat_interleave(const ms_tensor *a, int64_t repeats, int64_t axis,
                                      ms_tensor **out);
/// `amounts` are (before, after) pairs from the last axis backwards.
MS_API ms_status ms_pad(const ms_tensor *a, const int64_t *amounts, int32_t count, double value,
                        ms_tensor **out);
/// Row-major indices of the elements that are not zero, `[count, rank]`, int64.
MS_API ms_status ms_nonzero(const ms_tensor *a, ms_tensor **out);

MS_END

#endif
