#include "entry.hpp"

#include <cmath>

using namespace ms::kernels;

namespace {

bool supported_part(const ms_image_part &part) {
    return part.image && supported({part.image, part.factor, part.shift, part.offset}) &&
           part.image->value.dim() == 3 && part.channels % 16 == 0 &&
           (part.factor == nullptr) == (part.shift == nullptr);
}

bool supported_convolution(const ms_image_part *parts, int32_t count,
                           const ms_packed_linear *layer) {
    for (int32_t index = 0; index < count; ++index) {
        if (!supported_part(parts[index])) {
            return false;
        }
    }
    return count >= 1 && count <= 2 && supported({layer->weight, layer->bias}) &&
           layer->inputs % 16 == 0 && layer->outputs % 16 == 0;
}

/// Rows and columns of a part as the network sees them.
int64_t height(const ms_image_part &part) {
    return part.image->value.size(0) * (part.doubled ? 2 : 1);
}
int64_t width(const ms_image_part &part) {
    return part.image->value.size(1) * (part.doubled ? 2 : 1);
}

ImagePart job_part(const ms_image_part &part) {
    const int64_t all = part.image->value.size(2);
    TORCH_CHECK(part.first_channel >= 0 && part.channels > 0 &&
                    part.channels <= all - part.first_channel,
                "channels ", part.first_channel, " to ", part.first_channel + part.channels,
                " of an image that has ", all);
    TORCH_CHECK(part.image->value.numel() > 0, "an empty image");
    check_count(part.factor, part.channels, "factor");
    check_count(part.shift, part.channels, "shift");
    check_count(part.offset, part.channels, "offset");
    return {values(part.image) + part.first_channel,
            all,
            part.channels,
            values(part.factor),
            values(part.shift),
            part.relu,
            values(part.offset),
            part.doubled};
}

Convolution convolution_job(const ms_image_part *parts, int32_t count,
                            const ms_packed_linear &layer, bool relu) {
    TORCH_CHECK(layer.weight && layer.inputs > 0 && layer.outputs > 0, "a layer without weight");
    check_count(layer.weight, table().convolution_packed_count(layer.outputs, layer.inputs),
                "packed weight");
    check_count(layer.bias, layer.outputs, "bias");
    Convolution job{};
    int64_t channels = 0;
    for (int32_t index = 0; index < count; ++index) {
        job.parts[index] = job_part(parts[index]);
        channels += parts[index].channels;
        TORCH_CHECK(height(parts[index]) == height(parts[0]) &&
                        width(parts[index]) == width(parts[0]),
                    "parts of different size");
        TORCH_CHECK(!parts[index].doubled || !(parts[index].relu || parts[index].offset),
                    "a doubled part can be scaled and shifted only");
    }
    TORCH_CHECK(channels == layer.inputs, "the parts have ", channels, " channels, the layer ",
                layer.inputs);
    job.part_count = count;
    job.height = height(parts[0]);
    job.width = width(parts[0]);
    job.weight = values(layer.weight);
    job.bias = values(layer.bias);
    job.inputs = layer.inputs;
    job.outputs = layer.outputs;
    job.relu = relu;
    return job;
}

void run(const Convolution &job) {
    const Table &kernels = table();
    const int64_t units = kernels.convolution_units(job);
    const int threads = static_cast<int>(std::min<int64_t>(thread_count(), units));
    if (threads < 1) {
        return;
    }
    const Scratch scratch(kernels.convolution_scratch(job), threads);
    float *first = scratch.of(0);
    WorkQueue queue(units, 1, threads);
    parallel(threads,
             [&](int thread) { kernels.convolution(job, queue, first + thread * scratch.stride); });
}

/// Mean and variance from partial sums [units, 2, channels], added up in their order.
at::Tensor moments(const at::Tensor &sums, int64_t units, int64_t channels, int64_t count) {
    at::Tensor result = at::empty({2, channels}, at::kFloat);
    const float *from = sums.const_data_ptr<float>();
    float *to = result.mutable_data_ptr<float>();
    for (int64_t c = 0; c < channels; ++c) {
        double total = 0, squares = 0;
        for (int64_t unit = 0; unit < units; ++unit) {
            total += from[unit * 2 * channels + c];
            squares += from[(unit * 2 + 1) * channels + c];
        }
        const double mean = total / static_cast<double>(count);
        const double variance = squares / static_cast<double>(count) - mean * mean;
        to[c] = static_cast<float>(mean);
        to[channels + c] = static_cast<float>(std::max(variance, 0.0));
    }
    return result;
}

} // namespace

ms_status ms_convolution_pack(const ms_tensor *weight, ms_tensor **out) {
    if (!supported({weight}) || weight->value.dim() != 4 || weight->value.size(2) != 3 ||
        weight->value.size(3) != 3) {
        return unsupported();
    }
    return ms::produce(out, [&] {
        const Table &kernels = table();
        const int64_t outputs = weight->value.size(0), inputs = weight->value.size(1);
        at::Tensor packed =
            at::empty({kernels.convolution_packed_count(outputs, inputs)}, at::kFloat);
        float *to = packed.mutable_data_ptr<float>();
        const int threads = thread_count();
        WorkQueue queue(divide_up(outputs, kernels.columns), 1, threads);
        parallel(threads, [&](int) {
            int64_t begin, end;
            while (queue.take(begin, end)) {
                kernels.convolution_pack(values(weight), outputs, inputs, begin, end, to);
            }
        });
        return packed;
    });
}

ms_status ms_fused_convolution(const ms_image_part *parts, int32_t count,
                               const ms_packed_linear *layer, bool relu, ms_tensor **out,
                               ms_tensor **moments_out) {
    if (!supported_convolution(parts, count, layer)) {
        return unsupported();
    }
    return ms::guarded([&] {
        Convolution job = convolution_job(parts, count, *layer, relu);
        at::Tensor result = at::empty({job.height, job.width, job.outputs}, at::kFloat);
        job.out = result.mutable_data_ptr<float>();
        at::Tensor sums;
        const int64_t units = table().convolution_units(job);
        if (moments_out) {
            sums = at::empty({units, 2, job.outputs}, at::kFloat);
            job.moments = sums.mutable_data_ptr<float>();
        }
        run(job);
        if (moments_out) {
            *moments_out = new ms_tensor(moments(sums, units, job.outputs, job.height * job.width));
        }
        *out = new ms_tensor(result);
    });
}

ms_status ms_fused_convolution_head(const ms_image_part *parts, int32_t count,
                                    const ms_packed_linear *layer, bool relu,
                                    const ms_tensor *head_weight, const ms_tensor *head_bias,
                                    int64_t rows, int64_t columns, ms_tensor **out) {
    if (!supported_convolution(parts, count, layer) || !supported({head_weight, head_bias})) {
        return unsupported();
    }
    return ms::produce(out, [&] {
        Convolution job = convolution_job(parts, count, *layer, relu);
        const int64_t outputs = head_bias->value.numel();
        check_count(head_weight, outputs * job.outputs, "weight of the head");
        TORCH_CHECK(rows > 0 && rows <= job.height && columns > 0 && columns <= job.width, rows,
                    " x ", columns, " of ", job.height, " x ", job.width, " pixels");
        at::Tensor result = at::empty({outputs, rows, columns}, at::kFloat);
        job.head_weight = values(head_weight);
        job.head_bias = values(head_bias);
        job.head_outputs = outputs;
        job.head_height = rows;
        job.head_width = columns;
        job.head_out = result.mutable_data_ptr<float>();
        run(job);
        return result;
    });
}

ms_status ms_fused_pointwise(const ms_image_part *part, const ms_packed_linear *layer,
                             ms_tensor **out) {
    if (!supported_part(*part) || part->doubled || !supported({layer->weight, layer->bias})) {
        return unsupported();
    }
    return ms::produce(out, [&] {
        const Table &kernels = table();
        Linear job = linear_job(*layer);
        const ImagePart pixels = job_part(*part);
        TORCH_CHECK(pixels.channels == job.inputs, "the part has ", pixels.channels,
                    " channels, the layer ", job.inputs);
        job.part = &pixels;
        job.rows = height(*part) * width(*part);
        at::Tensor result = at::empty({height(*part), width(*part), job.outputs}, at::kFloat);
        job.out = result.mutable_data_ptr<float>();
        const int64_t units = divide_up(job.rows, kernels.rows);
        const int threads = static_cast<int>(std::min<int64_t>(thread_count(), units));
        const Scratch scratch(kernels.linear_scratch(job), threads);
        float *first = scratch.of(0);
        WorkQueue queue(units, kernels.block, threads);
        parallel(threads,
                 [&](int thread) { kernels.linear(job, queue, first + thread * scratch.stride); });
        return result;
    });
}

ms_status ms_part_moments(const ms_image_part *part, ms_tensor **out) {
    if (!supported_part(*part)) {
        return unsupported();
    }
    return ms::produce(out, [&] {
        const ImagePart pixels = job_part(*part);
        const int64_t rows = height(*part), columns = width(*part);
        at::Tensor sums = at::empty({rows, 2, pixels.channels}, at::kFloat);
        float *to = sums.mutable_data_ptr<float>();
        const int threads = static_cast<int>(std::min<int64_t>(thread_count(), rows));
        WorkQueue queue(rows, 8, threads);
        parallel(threads, [&](int) { table().part_moments(pixels, rows, columns, queue, to); });
        return moments(sums, rows, pixels.channels, rows * columns);
    });
}
