#include "entry_bfloat16.hpp"

#include <cmath>

using namespace ms::kernels;

Linear ms::kernels::linear_job(const ms_packed_linear &layer) {
    const Table &kernels = table();
    TORCH_CHECK(layer.weight && layer.inputs > 0 && layer.outputs > 0, "a layer without weight");
    check_count(layer.bias, layer.outputs, "bias");
    Linear job{};
    if (layer.scales) {
        TORCH_CHECK(kernels.bytes, "a weight of 8-bit integers on a processor without their products");
        const int64_t count = kernels.bytes->packed_count(layer.outputs, layer.inputs);
        check_count(layer.weight, count, "packed weight");
        check_count(layer.scales, round_up(layer.outputs, kernels.columns), "scales");
        job.byte_weight = layer.weight->value.const_data_ptr<uint8_t>();
        job.byte_scales = values(layer.scales);
    } else {
        check_count(layer.weight, kernels.packed_count(layer.outputs, layer.inputs),
                    "packed weight");
        job.weight = values(layer.weight);
    }
    job.inputs = layer.inputs;
    job.bias = values(layer.bias);
    job.outputs = layer.outputs;
    job.output_stride = layer.outputs;
    return job;
}

namespace {

void set_input(Linear &job, const ms_tensor *input, const ms_layer_norm_parameters *norm) {
    TORCH_CHECK(input->value.dim() > 0 && input->value.size(-1) == job.inputs,
                "the last axis of the input must have ", job.inputs, " elements; its shape is ",
                input->value.sizes());
    job.input = values(input);
    job.input_stride = job.inputs;
    job.rows = input->value.numel() / job.inputs;
    if (norm) {
        check_count(norm->weight, job.inputs, "weight of the normalisation");
        check_count(norm->bias, job.inputs, "bias of the normalisation");
        job.norm_weight = values(norm->weight);
        job.norm_bias = values(norm->bias);
        job.epsilon = static_cast<float>(norm->epsilon);
    }
}

/// Makes the result of a layer and tells the job where it and the residual are.
at::Tensor set_output(Linear &job, const ms_tensor *input, const ms_tensor *residual) {
    auto shape = input->value.sizes().vec();
    shape.back() = job.outputs;
    if (residual) {
        const int64_t count = residual->value.numel();
        TORCH_CHECK(count > 0 && count % job.outputs == 0 && job.rows % (count / job.outputs) == 0,
                    "a residual of shape ", residual->value.sizes(), " does not fit a result of ",
                    shape);
        job.residual = values(residual);
        job.residual_rows = count / job.outputs;
    }
    at::Tensor out = at::empty(shape, at::kFloat);
    job.out = out.mutable_data_ptr<float>();
    return out;
}

/// Whether the kernels can work with the weight of a layer and its bias.
bool supported_layer(const ms_packed_linear *layer) {
    if (!layer->scales) {
        return supported({layer->weight, layer->bias});
    }
    const at::Tensor &weight = layer->weight->value;
    return supported({layer->scales, layer->bias}) && weight.is_cpu() && weight.is_contiguous() &&
           weight.scalar_type() == at::kByte;
}

bool complete(const ms_layer_norm_parameters *norm) {
    return !norm || (norm->weight && norm->bias);
}

/// Runs an attention image by image, so that memory does not grow with the batch.
at::Tensor attend(Attention job, const at::Tensor &qkv) {
    const Table &kernels = table();
    const int64_t batch = qkv.size(0), area = job.height * job.width;
    at::Tensor out = at::empty({batch, job.height, job.width, job.heads * job.dim}, at::kFloat);
    const int64_t units = kernels.attention_units(job);
    const int threads = static_cast<int>(std::min<int64_t>(thread_count(), units));
    if (threads < 1 || batch == 0) {
        return out;
    }
    const Scratch shared_memory(kernels.attention_shared(job), 1);
    const Scratch scratch(kernels.attention_scratch(job), threads);
    float *shared = shared_memory.of(0), *first = scratch.of(0);
    kernels.attention_tables(job, shared);
    job.out = out.mutable_data_ptr<float>();
    for (int64_t image = 0; image < batch; ++image) {
        if (const int64_t count = kernels.attention_pack_units(job)) {
            WorkQueue queue(count, 1, threads);
            parallel(threads, [&](int) { kernels.attention_pack(job, queue, shared); });
        }
        WorkQueue queue(units, 1, threads);
        parallel(threads, [&](int thread) {
            kernels.attention(job, queue, shared, first + thread * scratch.stride);
        });
        job.qkv += area * 3 * job.heads * job.dim;
        job.out += area * job.heads * job.dim;
    }
    return out;
}

Attention attention_job(const ms_tensor *qkv, const ms_tensor *padding, int64_t heads,
                        int64_t window) {
    const auto &value = qkv->value;
    TORCH_CHECK(value.dim() == 4, "qkv must be [batch, height, width, 3 * channels], not ",
                value.sizes());
    TORCH_CHECK(heads > 0 && value.size(3) % (3 * heads) == 0, value.size(3),
                " channels of qkv are not three times ", heads, " heads");
    TORCH_CHECK(window >= 0 && value.size(1) > 0 && value.size(2) > 0, "an empty image or window");
    check_count(padding, value.size(3), "padding");
    Attention job{};
    job.qkv = values(qkv);
    job.padding = values(padding);
    job.height = value.size(1);
    job.width = value.size(2);
    job.heads = heads;
    job.dim = value.size(3) / (3 * heads);
    job.window = window;
    job.scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(job.dim)));
    return job;
}

/// Whether the attention kernel has room for this head.
bool fits(const ms_tensor *qkv, int64_t heads) {
    return qkv->value.dim() == 4 && heads > 0 && qkv->value.size(3) <= 3 * heads * 128;
}

} // namespace

const char *ms_kernels_name(void) { return table().name; }

ms_status ms_linear_pack(const ms_tensor *weight, ms_tensor **out) {
    if (!supported({weight})) {
        return unsupported();
    }
    return ms::produce(out, [&] {
        TORCH_CHECK(weight->value.dim() == 2, "a weight must be [outputs, inputs], not ",
                    weight->value.sizes());
        const Table &kernels = table();
        const int64_t outputs = weight->value.size(0), inputs = weight->value.size(1);
        at::Tensor packed = at::empty({kernels.packed_count(outputs, inputs)}, at::kFloat);
        float *to = packed.mutable_data_ptr<float>();
        const int threads = thread_count();
        WorkQueue queue(divide_up(outputs, kernels.columns), 4, threads);
        parallel(threads, [&](int) {
            int64_t begin, end;
            while (queue.take(begin, end)) {
                kernels.pack(values(weight), outputs, inputs, begin, end, to);
            }
        });
        return packed;
    });
}

bool ms_has_int8(void) { return table().bytes != nullptr; }

ms_status ms_linear_pack_int8(const ms_tensor *weight, ms_tensor **out, ms_tensor **scales) {
    const Table &kernels = table();
    if (!kernels.bytes || !supported({weight}) ||
        (weight->value.dim() == 2 && weight->value.size(1) % 16 != 0)) {
        return unsupported();
    }
    return ms::guarded([&] {
        TORCH_CHECK(weight->value.dim() == 2, "a weight must be [outputs, inputs], not ",
                    weight->value.sizes());
        const int64_t outputs = weight->value.size(0), inputs = weight->value.size(1);
        at::Tensor packed =
            at::empty({kernels.bytes->packed_count(outputs, inputs)}, at::kByte);
        at::Tensor factors = at::empty({round_up(outputs, kernels.columns)}, at::kFloat);
        uint8_t *bytes = packed.mutable_data_ptr<uint8_t>();
        float *to = factors.mutable_data_ptr<float>();
        const int threads = thread_count();
        WorkQueue queue(divide_up(outputs, kernels.columns), 4, threads);
        parallel(threads, [&](int) {
            int64_t begin, end;
            while (queue.take(begin, end)) {
                kernels.bytes->pack(values(weight), outputs, inputs, begin, end, bytes, to);
            }
        });
        *out = new ms_tensor(packed);
        *scales = new ms_tensor(factors);
    });
}

ms_status ms_fused_linear(const ms_tensor *input, const ms_layer_norm_parameters *norm,
                          const ms_packed_linear *layer, int32_t activation,
                          const ms_tensor *residual, ms_tensor **out) {
    if (is_bfloat16(layer)) {
        return bfloat16_linear(input, norm, layer, activation, residual, out);
    }
    if (!supported({input, norm ? norm->weight : nullptr, norm ? norm->bias : nullptr, residual}) ||
        !supported_layer(layer) || !complete(norm)) {
        return unsupported();
    }
    return ms::produce(out, [&] {
        const Table &kernels = table();
        Linear job = linear_job(*layer);
        set_input(job, input, norm);
        at::Tensor result = set_output(job, input, residual);
        TORCH_CHECK(activation >= MS_ACTIVATION_NONE && activation <= MS_ACTIVATION_RELU,
                    "unknown activation ", activation);
        job.activation = activation == MS_ACTIVATION_GELU   ? Activation::gelu
                         : activation == MS_ACTIVATION_RELU ? Activation::relu
                                                            : Activation::none;
        const bool is_bytes = job.byte_weight;
        run(job, divide_up(job.rows, kernels.rows), kernels.block,
            is_bytes ? kernels.bytes->linear_scratch(job) : kernels.linear_scratch(job),
            is_bytes ? kernels.bytes->linear : kernels.linear);
        return result;
    });
}

ms_status ms_fused_perceptron(const ms_tensor *input, const ms_layer_norm_parameters *norm,
                              const ms_packed_linear *first, const ms_packed_linear *second,
                              const ms_tensor *residual, ms_tensor **out) {
    if (is_bfloat16(first)) {
        return bfloat16_perceptron(input, norm, first, second, residual, out);
    }
    if (!supported({input, norm ? norm->weight : nullptr, norm ? norm->bias : nullptr, residual}) ||
        !supported_layer(first) || !supported_layer(second) || !complete(norm)) {
        return unsupported();
    }
    return ms::produce(out, [&] {
        const Table &kernels = table();
        Perceptron job{linear_job(*first), linear_job(*second)};
        TORCH_CHECK(first->outputs == second->inputs, "the first layer has ", first->outputs,
                    " outputs, the second ", second->inputs, " inputs");
        const bool is_bytes = job.first.byte_weight;
        TORCH_CHECK(is_bytes == (job.second.byte_weight != nullptr),
                    "the weights of a perceptron must be of the same kind");
        set_input(job.first, input, norm);
        job.second.rows = job.first.rows;
        at::Tensor result = set_output(job.second, input, residual);
        run(job, divide_up(job.first.rows, kernels.rows), kernels.block,
            is_bytes ? kernels.bytes->perceptron_scratch(job) : kernels.perceptron_scratch(job),
            is_bytes ? kernels.bytes->perceptron : kernels.perceptron);
        return result;
    });
}

ms_status ms_vit_attention(const ms_tensor *qkv, const ms_tensor *padding,
                           const ms_tensor *relative_h, const ms_tensor *relative_w, int64_t heads,
                           int64_t window, ms_tensor **out) {
    if (!supported({qkv, padding, relative_h, relative_w}) || !fits(qkv, heads)) {
        return unsupported();
    }
    return ms::produce(out, [&] {
        Attention job = attention_job(qkv, padding, heads, window);
        check_count(relative_h, (2 * (window ? window : job.height) - 1) * job.dim, "relative_h");
        check_count(relative_w, (2 * (window ? window : job.width) - 1) * job.dim, "relative_w");
        job.relative_h = values(relative_h);
        job.relative_w = values(relative_w);
        return attend(job, qkv->value);
    });
}

ms_status ms_window_attention(const ms_tensor *qkv, const ms_tensor *padding, const ms_tensor *bias,
                              int64_t heads, int64_t window, ms_tensor **out) {
    if (!supported({qkv, padding, bias}) || !fits(qkv, heads) || window < 1 || window > 64) {
        return unsupported();
    }
    return ms::produce(out, [&] {
        Attention job = attention_job(qkv, padding, heads, window);
        check_count(bias, heads * window * window * window * window, "bias");
        job.interleaved = true;
        job.bias = values(bias);
        return attend(job, qkv->value);
    });
}
