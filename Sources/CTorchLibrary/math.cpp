#include "ctorch_math.h"
#include "handle.hpp"

#include <ATen/Functions.h>

#include <cmath>

#define MS_UNARY(name, function)                                                                   \
    ms_status name(const ms_tensor *a, ms_tensor **out) {                                          \
        return ms::produce(out, [&] { return function(a->value); });                               \
    }

MS_UNARY(ms_neg, at::neg)
MS_UNARY(ms_abs, at::abs)
MS_UNARY(ms_exp, at::exp)
MS_UNARY(ms_log, at::log)
MS_UNARY(ms_sqrt, at::sqrt)
MS_UNARY(ms_rsqrt, at::rsqrt)
MS_UNARY(ms_sin, at::sin)
MS_UNARY(ms_cos, at::cos)
MS_UNARY(ms_tanh, at::tanh)
MS_UNARY(ms_sigmoid, at::sigmoid)
MS_UNARY(ms_relu, at::relu)
MS_UNARY(ms_gelu, at::gelu)
MS_UNARY(ms_round, at::round)
MS_UNARY(ms_floor, at::floor)
MS_UNARY(ms_isfinite, at::isfinite)
MS_UNARY(ms_logical_not, at::logical_not)

#define MS_BINARY(name, function)                                                                  \
    ms_status name(const ms_tensor *a, const ms_tensor *b, ms_tensor **out) {                      \
        return ms::produce(out, [&] { return function(a->value, b->value); });                     \
    }

MS_BINARY(ms_add, at::add)
MS_BINARY(ms_sub, at::sub)
MS_BINARY(ms_mul, at::mul)
MS_BINARY(ms_div, at::div)
MS_BINARY(ms_maximum, at::maximum)
MS_BINARY(ms_minimum, at::minimum)
MS_BINARY(ms_greater, at::gt)
MS_BINARY(ms_greater_equal, at::ge)
MS_BINARY(ms_equal, at::eq)
MS_BINARY(ms_logical_and, at::logical_and)
MS_BINARY(ms_logical_or, at::logical_or)
MS_BINARY(ms_matmul, at::matmul)

namespace {

/// A number in the tensor's own domain, so that whole numbers stay whole.
at::Scalar scalar(const at::Tensor &tensor, double value) {
    const bool is_whole = value == std::floor(value) && std::abs(value) < 9e15;
    return at::isIntegralType(tensor.scalar_type(), /*includeBool=*/false) && is_whole
               ? at::Scalar(static_cast<int64_t>(value))
               : at::Scalar(value);
}

} // namespace

#define MS_SCALAR(name, function)                                                                  \
    ms_status name(const ms_tensor *a, double b, ms_tensor **out) {                                \
        return ms::produce(out, [&] { return function(a->value, scalar(a->value, b)); });          \
    }

MS_SCALAR(ms_add_scalar, at::add)
MS_SCALAR(ms_mul_scalar, at::mul)
MS_SCALAR(ms_pow_scalar, at::pow)
MS_SCALAR(ms_greater_scalar, at::gt)
MS_SCALAR(ms_less_scalar, at::lt)
MS_SCALAR(ms_equal_scalar, at::eq)

ms_status ms_clamp(const ms_tensor *a, double low, double high, ms_tensor **out) {
    return ms::produce(out, [&] { return at::clamp(a->value, low, high); });
}

ms_status ms_where(const ms_tensor *condition, const ms_tensor *a, const ms_tensor *b,
                   ms_tensor **out) {
    return ms::produce(out, [&] { return at::where(condition->value, a->value, b->value); });
}

ms_status ms_add_in_place(ms_tensor *target, const ms_tensor *b, double scale) {
    return ms::guarded([&] { target->value.add_(b->value, scale); });
}

ms_status ms_mul_in_place(ms_tensor *target, double factor) {
    return ms::guarded([&] { target->value.mul_(factor); });
}

ms_status ms_relu_in_place(ms_tensor *target) {
    return ms::guarded([&] { at::relu_(target->value); });
}

ms_status ms_gelu_in_place(ms_tensor *target) {
    return ms::guarded([&] { at::gelu_(target->value); });
}

ms_status ms_sigmoid_in_place(ms_tensor *target) {
    return ms::guarded([&] { at::sigmoid_(target->value); });
}

ms_status ms_sum(const ms_tensor *a, const int64_t *axes, int32_t axis_count, bool keep,
                 ms_tensor **out) {
    return ms::produce(out, [&] { return at::sum(a->value, ms::list(axes, axis_count), keep); });
}

ms_status ms_mean(const ms_tensor *a, const int64_t *axes, int32_t axis_count, bool keep,
                  ms_tensor **out) {
    return ms::produce(out, [&] { return at::mean(a->value, ms::list(axes, axis_count), keep); });
}

ms_status ms_max(const ms_tensor *a, const int64_t *axes, int32_t axis_count, bool keep,
                 ms_tensor **out) {
    return ms::produce(out, [&] { return at::amax(a->value, ms::list(axes, axis_count), keep); });
}

ms_status ms_min(const ms_tensor *a, const int64_t *axes, int32_t axis_count, bool keep,
                 ms_tensor **out) {
    return ms::produce(out, [&] { return at::amin(a->value, ms::list(axes, axis_count), keep); });
}

ms_status ms_variance_mean(const ms_tensor *a, const int64_t *axes, int32_t axis_count, bool keep,
                           ms_tensor **variance, ms_tensor **mean) {
    return ms::guarded([&] {
        auto [v, m] = at::var_mean(a->value, ms::list(axes, axis_count), /*correction=*/0, keep);
        auto first = std::make_unique<ms_tensor>(std::move(v));
        *mean = new ms_tensor(std::move(m));
        *variance = first.release();
    });
}

ms_status ms_argmax(const ms_tensor *a, int64_t axis, bool keep, ms_tensor **out) {
    return ms::produce(out, [&] { return at::argmax(a->value, axis, keep); });
}

ms_status ms_top(const ms_tensor *a, int64_t count, int64_t axis, ms_tensor **values,
                 ms_tensor **indices) {
    return ms::guarded([&] {
        auto [v, i] = at::topk(a->value, count, axis);
        auto first = std::make_unique<ms_tensor>(std::move(v));
        *indices = new ms_tensor(std::move(i));
        *values = first.release();
    });
}

ms_status ms_add_matmul(const ms_tensor *input, const ms_tensor *a, const ms_tensor *b,
                        ms_tensor **out) {
    return ms::produce(out, [&] {
        return a->value.dim() == 3 ? at::baddbmm(input->value, a->value, b->value)
                                   : at::addmm(input->value, a->value, b->value);
    });
}
