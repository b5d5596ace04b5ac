// Linear layers with products in bfloat16, by libtorch's own products, which use the matrix units of the processor.
#include "entry_bfloat16.hpp"

#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/relu.h>

using namespace ms::kernels;

namespace {

/// Rows that go through both layers of a perceptron before the next ones do: their hidden values stay in the cache.
constexpr int64_t perceptron_rows = 1024;

bool plain(const ms_tensor *tensor) {
    return !tensor || (tensor->value.is_cpu() &&
                       !(tensor->value.requires_grad() && at::GradMode::is_enabled()));
}

/// The input as rows in bfloat16, normalised in single precision.
at::Tensor rows(const ms_tensor *input, const ms_layer_norm_parameters *norm, int64_t inputs) {
    TORCH_CHECK(input->value.dim() > 0 && input->value.size(-1) == inputs,
                "the last axis of the input must have ", inputs, " elements; its shape is ",
                input->value.sizes());
    at::Tensor x = input->value.reshape({-1, inputs});
    if (norm) {
        x = at::layer_norm(x.to(at::kFloat), {inputs}, norm->weight->value, norm->bias->value,
                           norm->epsilon);
    }
    return x.to(at::kBFloat16);
}

/// `x · weightᵀ + bias` in bfloat16.
at::Tensor product(const at::Tensor &x, const ms_packed_linear &layer) {
    return at::linear(x, layer.weight->value,
                      layer.bias ? layer.bias->value.to(at::kBFloat16) : at::Tensor());
}

/// Adds the residual, in single precision, and gives the result the shape of the input.
at::Tensor finished(const at::Tensor &y, const ms_tensor *input, const ms_tensor *residual,
                    int64_t outputs) {
    at::Tensor result = y.to(at::kFloat);
    if (residual) {
        const int64_t count = residual->value.numel();
        TORCH_CHECK(count > 0 && count % outputs == 0 && result.size(0) % (count / outputs) == 0,
                    "a residual of shape ", residual->value.sizes(), " does not fit a result of ",
                    result.sizes());
        result.view({-1, count / outputs, outputs})
            .add_(residual->value.reshape({1, count / outputs, outputs}));
    }
    auto shape = input->value.sizes().vec();
    shape.back() = outputs;
    return result.view(shape);
}

} // namespace

bool ms::kernels::is_bfloat16(const ms_packed_linear *layer) {
    return layer->weight && layer->weight->value.scalar_type() == at::kBFloat16;
}

ms_status ms::kernels::bfloat16_linear(const ms_tensor *input, const ms_layer_norm_parameters *norm,
                                       const ms_packed_linear *layer, int32_t activation,
                                       const ms_tensor *residual, ms_tensor **out) {
    if (!plain(input) || !plain(residual) || (norm && !(norm->weight && norm->bias))) {
        return unsupported();
    }
    return ms::produce(out, [&] {
        at::Tensor y = product(rows(input, norm, layer->inputs), *layer);
        if (activation == MS_ACTIVATION_GELU) {
            y = at::gelu(y);
        } else if (activation == MS_ACTIVATION_RELU) {
            y = at::relu(y);
        }
        return finished(y, input, residual, layer->outputs);
    });
}

ms_status ms::kernels::bfloat16_perceptron(const ms_tensor *input,
                                           const ms_layer_norm_parameters *norm,
                                           const ms_packed_linear *first,
                                           const ms_packed_linear *second,
                                           const ms_tensor *residual, ms_tensor **out) {
    if (!plain(input) || !plain(residual) || (norm && !(norm->weight && norm->bias)) ||
        !is_bfloat16(second)) {
        return unsupported();
    }
    return ms::produce(out, [&] {
        TORCH_CHECK(first->outputs == second->inputs, "the first layer has ", first->outputs,
                    " outputs, the second ", second->inputs, " inputs");
        const at::Tensor x = rows(input, norm, first->inputs);
        at::Tensor y = at::empty({x.size(0), second->outputs}, at::kFloat);
        for (int64_t row = 0; row < x.size(0); row += perceptron_rows) {
            const int64_t count = std::min(perceptron_rows, x.size(0) - row);
            const at::Tensor hidden = at::gelu(product(x.narrow(0, row, count), *first));
            y.narrow(0, row, count).copy_(product(hidden, *second));
        }
        return finished(y, input, residual, second->outputs);
    });
}

bool ms_has_bfloat16(void) {
#if defined(__x86_64__)
    // The kernels may be told to do without the newest instructions.
    return table().bytes && __builtin_cpu_supports("avx512bf16");
#else
    return false;
#endif
}

ms_status ms_linear_pack_bfloat16(const ms_tensor *weight, ms_tensor **out) {
    if (!supported({weight})) {
        return unsupported();
    }
    return ms::produce(out, [&] {
        TORCH_CHECK(weight->value.dim() == 2, "a weight must be [outputs, inputs], not ",
                    weight->value.sizes());
        return weight->value.to(at::kBFloat16);
    });
}
