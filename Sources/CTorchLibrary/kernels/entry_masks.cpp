#include "entry.hpp"

#include <memory>
#include <vector>

using namespace ms::kernels;

namespace {

constexpr int64_t channels = 256; // of image tokens
constexpr double log2_e = 1.44269504088896340736;

/// Packs the matrices [objects, outputs, inputs] one after the other, with a factor.
at::Tensor packed(const at::Tensor &matrices, double factor, int64_t &count) {
    const Table &kernels = table();
    const int64_t objects = matrices.size(0), outputs = matrices.size(1), inputs = matrices.size(2);
    count = kernels.packed_count(outputs, inputs);
    const at::Tensor scaled = factor == 1 ? matrices : at::mul(matrices, factor);
    at::Tensor result = at::empty({objects, count}, at::kFloat);
    const float *from = scaled.const_data_ptr<float>();
    float *to = result.mutable_data_ptr<float>();
    const int threads = static_cast<int>(std::min<int64_t>(thread_count(), objects));
    WorkQueue queue(objects, 1, threads);
    const int64_t step = count;
    parallel(threads, [&](int) {
        int64_t begin, end;
        while (queue.take(begin, end)) {
            for (int64_t object = begin; object < end; ++object) {
                kernels.pack(from + object * outputs * inputs, outputs, inputs, 0,
                             divide_up(outputs, kernels.columns), to + object * step);
            }
        }
    });
    return result;
}

} // namespace

void ms_perform(int64_t count, void *context, void (*body)(void *context, int64_t index)) {
    const int threads = static_cast<int>(std::min<int64_t>(thread_count(), count));
    if (threads < 1) {
        return;
    }
    WorkQueue queue(count, 1, threads);
    parallel(threads, [&](int) {
        int64_t begin, end;
        while (queue.take(begin, end)) {
            for (int64_t index = begin; index < end; ++index) {
                body(context, index);
            }
        }
    });
}

ms_status ms_token_exchange(const ms_token_exchange_input *input, int64_t heads, ms_tensor **image,
                            ms_tensor **attended) {
    const auto &in = *input;
    if (!supported({in.image, in.positions, in.keys, in.offsets, in.values, in.bias,
                    in.norm.weight, in.norm.bias, in.queries}) ||
        in.keys->value.dim() != 3 || in.keys->value.size(1) > channels || heads < 1 || heads > 16) {
        return unsupported();
    }
    return ms::guarded([&] {
        const Table &kernels = table();
        const auto &keys = in.keys->value;
        Exchange job{};
        job.objects = keys.size(0);
        job.count = keys.size(1);
        job.heads = heads;
        TORCH_CHECK(in.image->value.dim() == 3 && in.image->value.size(2) == channels,
                    "image tokens must be [objects, tokens, 256], not ", in.image->value.sizes());
        job.tokens = in.image->value.size(1);
        job.shared = in.image->value.size(0) == 1;
        TORCH_CHECK(job.shared || in.image->value.size(0) == job.objects, "one image per object");
        TORCH_CHECK(job.objects > 0 && job.tokens > 0 && job.count > 0 && job.count % heads == 0,
                    "no tokens, or keys that are not ", heads, " heads");
        check_count(in.positions, job.tokens * channels, "positions");
        check_count(in.keys, job.objects * job.count * channels, "keys");
        check_count(in.queries, job.objects * job.count * channels, "queries");
        check_count(in.values, job.objects * job.count * channels, "values");
        check_count(in.offsets, job.objects * job.count, "offsets");
        check_count(in.bias, channels, "bias");
        check_count(in.norm.weight, channels, "weight of the normalisation");
        check_count(in.norm.bias, channels, "bias of the normalisation");
        const at::Tensor packed_keys = packed(keys, log2_e, job.packed_keys);
        const at::Tensor packed_queries = packed(in.queries->value, log2_e, job.packed_keys);
        const at::Tensor columns = in.values->value.transpose(1, 2).contiguous();
        const at::Tensor packed_values = packed(columns, 1, job.packed_values);
        const at::Tensor offsets = at::mul(in.offsets->value, log2_e);
        at::Tensor renewed = at::empty({job.objects, job.tokens, channels}, at::kFloat);
        at::Tensor result = at::empty({job.objects, job.count, channels}, at::kFloat);
        const int64_t spans = kernels.exchange_spans(job);
        at::Tensor partials =
            at::empty({job.objects * spans * kernels.exchange_partial(job)}, at::kFloat);
        job.image = values(in.image);
        job.positions = values(in.positions);
        job.keys = packed_keys.const_data_ptr<float>();
        job.queries = packed_queries.const_data_ptr<float>();
        job.values = packed_values.const_data_ptr<float>();
        job.offsets = offsets.const_data_ptr<float>();
        job.bias = values(in.bias);
        job.norm_weight = values(in.norm.weight);
        job.norm_bias = values(in.norm.bias);
        job.epsilon = static_cast<float>(in.norm.epsilon);
        job.out = renewed.mutable_data_ptr<float>();
        job.partials = partials.mutable_data_ptr<float>();
        job.attended = result.mutable_data_ptr<float>();
        run(job, job.objects * spans, 1, kernels.exchange_scratch(job), kernels.exchange);
        run(job, job.objects, 1, 16, kernels.exchange_merge);
        auto first = std::make_unique<ms_tensor>(renewed);
        *attended = new ms_tensor(result);
        *image = first.release();
    });
}

ms_status ms_mask_upscaling(const ms_tensor *image, const ms_packed_linear *first,
                            const ms_layer_norm_parameters *norm, const ms_packed_linear *second,
                            const ms_tensor *weights, const int64_t *objects, int64_t count,
                            ms_tensor **out) {
    if (!supported({image, first->weight, first->bias, norm->weight, norm->bias, second->weight,
                    second->bias, weights})) {
        return unsupported();
    }
    return ms::produce(out, [&] {
        const Table &kernels = table();
        Upscaling job{};
        TORCH_CHECK(image->value.dim() == 3 && image->value.size(2) == channels,
                    "image tokens must be [objects, tokens, 256], not ", image->value.sizes());
        while (job.side * job.side < image->value.size(1)) {
            ++job.side;
        }
        TORCH_CHECK(job.side * job.side == image->value.size(1), "the image must be square");
        TORCH_CHECK(first->inputs == channels && first->outputs == 256 && second->inputs == 64 &&
                        second->outputs == 128 && first->bias && second->bias,
                    "the layers must be 256 -> 4 x 64 and 64 -> 4 x 32, with bias");
        const Linear first_job = linear_job(*first), second_job = linear_job(*second);
        check_count(norm->weight, 64, "weight of the normalisation");
        check_count(norm->bias, 64, "bias of the normalisation");
        check_count(weights, count * 32, "weights of the masks");
        // Four masks fit the vectors of every instruction set.
        std::vector<MaskGroup> groups;
        for (int64_t mask = 0; mask < count; ++mask) {
            TORCH_CHECK(objects[mask] >= 0 && objects[mask] < image->value.size(0), "mask ", mask,
                        " belongs to object ", objects[mask], ", which is not there");
            if (!groups.empty() && groups.back().object == objects[mask] &&
                groups.back().count < 4) {
                ++groups.back().count;
            } else {
                groups.push_back({objects[mask], mask, 1});
            }
        }
        at::Tensor result = at::empty({count, 4 * job.side, 4 * job.side}, at::kFloat);
        job.image = values(image);
        job.first = first_job.weight;
        job.first_bias = first_job.bias;
        job.norm_weight = values(norm->weight);
        job.norm_bias = values(norm->bias);
        job.epsilon = static_cast<float>(norm->epsilon);
        job.second = second_job.weight;
        job.second_bias = second_job.bias;
        job.weights = values(weights);
        job.groups = groups.data();
        job.group_count = static_cast<int64_t>(groups.size());
        job.out = result.mutable_data_ptr<float>();
        run(job, job.group_count * kernels.upscaling_blocks(job), 4,
            kernels.upscaling_scratch(job), kernels.upscaling);
        return result;
    });
}
