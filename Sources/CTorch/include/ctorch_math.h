/// Element-wise operations, reductions and matrix products. Every `out` is +1.
#ifndef CTORCH_MATH_H
#define CTORCH_MATH_H

#include "ctorch_core.h"

MS_BEGIN

// Element-wise, one operand.
MS_API ms_status ms_neg(const ms_tensor *a, ms_tensor **out);
MS_API ms_status ms_abs(const ms_tensor *a, ms_tensor **out);
MS_API ms_status ms_exp(const ms_tensor *a, ms_tensor **out);
MS_API ms_status ms_log(const ms_tensor *a, ms_tensor **out);
MS_API ms_status ms_sqrt(const ms_tensor *a, ms_tensor **out);
MS_API ms_status ms_rsqrt(const ms_tensor *a, ms_tensor **out);
MS_API ms_status ms_sin(const ms_tensor *a, ms_tensor **out);
MS_API ms_status ms_cos(const ms_tensor *a, ms_tensor **out);
MS_API ms_status ms_tanh(const ms_tensor *a, ms_tensor **out);
MS_API ms_status ms_sigmoid(const ms_tensor *a, ms_tensor **out);
MS_API ms_status ms_relu(const ms_tensor *a, ms_tensor **out);
/// The exact form, with the error function.
MS_API ms_status ms_gelu(const ms_tensor *a, ms_tensor **out);
MS_API ms_status ms_round(const ms_tensor *a, ms_tensor **out);
MS_API ms_status ms_floor(const ms_tensor *a, ms_tensor **out);
MS_API ms_status ms_isfinite(const ms_tensor *a, ms_tensor **out);
MS_API ms_status ms_logical_not(const ms_tensor *a, ms_tensor **out);

// Element-wise, two operands, broadcast.
MS_API ms_status ms_add(const ms_tensor *a, const ms_tensor *b, ms_tensor **out);
MS_API ms_status ms_sub(const ms_tensor *a, const ms_tensor *b, ms_tensor **out);
MS_API ms_status ms_mul(const ms_tensor *a, const ms_tensor *b, ms_tensor **out);
MS_API ms_status ms_div(const ms_tensor *a, const ms_tensor *b, ms_tensor **out);
MS_API ms_status ms_maximum(const ms_tensor *a, const ms_tensor *b, ms_tensor **out);
MS_API ms_status ms_minimum(const ms_tensor *a, const ms_tensor *b, ms_tensor **out);
MS_API ms_status ms_greater(const ms_tensor *a, const ms_tensor *b, ms_tensor **out);
MS_API ms_status ms_greater_equal(const ms_tensor *a, const ms_tensor *b, ms_tensor **out);
MS_API ms_status ms_equal(const ms_tensor *a, const ms_tensor *b, ms_tensor **out);
MS_API ms_status ms_logical_and(const ms_tensor *a, const ms_tensor *b, ms_tensor **out);
MS_API ms_status ms_logical_or(const ms_tensor *a, const ms_tensor *b, ms_tensor **out);

// A tensor and a number.
MS_API ms_status ms_add_scalar(const ms_tensor *a, double b, ms_tensor **out);
MS_API ms_status ms_mul_scalar(const ms_tensor *a, double b, ms_tensor **out);
MS_API ms_status ms_pow_scalar(const ms_tensor *a, double exponent, ms_tensor **out);
MS_API ms_status ms_greater_scalar(const ms_tensor *a, double b, ms_tensor **out);
MS_API ms_status ms_less_scalar(const ms_tensor *a, double b, ms_tensor **out);
MS_API ms_status ms_equal_scalar(const ms_tensor *a, double b, ms_tensor **out);
/// Limits elements to `[low, high]`.
MS_API ms_status ms_clamp(const ms_tensor *a, double low, double high, ms_tensor **out);
/// `condition ? a : b`, broadcast.
MS_API ms_status ms_where(const ms_tensor *condition, const ms_tensor *a, const ms_tensor *b,
                          ms_tensor **out);

// In place; the target must not be needed for a gradient.
MS_API ms_status ms_add_in_place(ms_tensor *target, const ms_tensor *b, double scale);
MS_API ms_status ms_mul_in_place(ms_tensor *target, double factor);
MS_API ms_status ms_relu_in_place(ms_tensor *target);
MS_API ms_status ms_gelu_in_place(ms_tensor *target);
MS_API ms_status ms_sigmoid_in_place(ms_tensor *target);

// Reductions over `axes`; no axes means all.
MS_API ms_status ms_sum(const ms_tensor *a, const int64_t *axes, int32_t axis_count, bool keep,
                        ms_tensor **out);
MS_API ms_status ms_mean(const ms_tensor *a, const int64_t *axes, int32_t axis_count, bool keep,
                         ms_tensor **out);
MS_API ms_status ms_max(const ms_tensor *a, const int64_t *axes, int32_t axis_count, bool keep,
                        ms_tensor **out);
MS_API ms_status ms_min(const ms_tensor *a, const int64_t *axes, int32_t axis_count, bool keep,
                        ms_tensor **out);
/// Variance (biased) and mean; both out: +1.
MS_API ms_status ms_variance_mean(const ms_tensor *a, const int64_t *axes, int32_t axis_count,
                                  bool keep, ms_tensor **variance, ms_tensor **mean);
/// Index of the first largest element along an axis, int64.
MS_API ms_status ms_argmax(const ms_tensor *a, int64_t axis, bool keep, ms_tensor **out);
/// The `count` largest along an axis, descending; both out: +1, indices int64.
MS_API ms_status ms_top(const ms_tensor *a, int64_t count, int64_t axis, ms_tensor **values,
                        ms_tensor **indices);

// Matrix products.
MS_API ms_status ms_matmul(const ms_tensor *a, const ms_tensor *b, ms_tensor **out);
/// `input + a @ b` for `[m, n]` or per batch for `[b, m, n]`.
MS_API ms_status ms_add_matmul(const ms_tensor *input, const ms_tensor *a, const ms_tensor *b,
                               ms_tensor **out);

MS_END

#endif
