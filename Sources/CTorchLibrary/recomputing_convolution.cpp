#include "ctorch_nn.h"
#include "handle.hpp"
#include "kernels/normalization.hpp"

#include <ATen/Functions.h>
#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/custom_function.h>

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr auto channels_last = at::MemoryFormat::ChannelsLast;

/// What happens to the image before the convolution and after it.
struct Form {
    bool enlarges, normalizes, rectifies;
    double epsilon;
};

at::Tensor enlarged(const at::Tensor &image) {
    return at::upsample_bilinear2d(image, {2 * image.size(2), 2 * image.size(3)}, false);
}

std::array<int64_t, 2> padding(const at::Tensor &weight) {
    return {weight.size(2) / 2, weight.size(3) / 2};
}

// Autograd functions want every tensor, so that an empty one stands for what is not there.

std::optional<at::Tensor> present(const at::Tensor &tensor) {
    return tensor.numel() > 0 ? std::optional(tensor) : std::nullopt;
}

/// What the convolution reads, before it is normalised; `image` itself if nothing is to be done.
at::Tensor assembled(const at::Tensor &image, const at::Tensor &appended, bool enlarges) {
    const at::Tensor first = enlarges ? enlarged(image) : image;
    return present(appended) ? at::cat({first, appended}, 1) : first;
}

/// What the convolution reads: assembled, and normalised with `statistics` if there are any.
at::Tensor prepared(at::Tensor input, const at::Tensor &image, const at::Tensor &statistics) {
    if (present(statistics)) {
        input = input.is_same(image) ? image.clone() : input;
        ms::kernels::normalize(input, statistics);
    }
    return input;
}

/// Keeps what comes in and what goes out for the gradients and nothing in between: enlarging, joining
/// and normalising are done again, which costs a few passes through memory.
struct RecomputingConvolution : torch::autograd::Function<RecomputingConvolution> {
    static at::Tensor forward(AutogradContext *context, const at::Tensor &image,
                              const at::Tensor &appended, const at::Tensor &weight,
                              const at::Tensor &bias, Form form) {
        at::Tensor input = assembled(image, appended, form.enlarges);
        const at::Tensor statistics =
            form.normalizes ? ms::kernels::normalization_statistics(input, form.epsilon)
                            : at::empty({0});
        input = prepared(std::move(input), image, statistics);
        at::Tensor out = at::conv2d(input, weight, present(bias), /*stride=*/1, padding(weight));
        if (form.rectifies) {
            out.relu_();
        }
        context->save_for_backward({image, appended, weight, statistics,
                                    form.rectifies ? out : at::empty({0})});
        context->saved_data["enlarges"] = form.enlarges;
        return out;
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &image = saved[0], &appended = saved[1], &weight = saved[2];
        const at::Tensor &statistics = saved[3], &out = saved[4];
        const bool enlarges = context->saved_data["enlarges"].toBool();
        const bool needs_image = context->needs_input_grad(0) || context->needs_input_grad(1);
        at::Tensor input = prepared(assembled(image, appended, enlarges), image, statistics);
        at::Tensor gradient =
            present(out) ? at::threshold_backward(gradients[0], out, 0) : gradients[0];
        gradients[0].reset();
        auto [joined, of_weight, of_bias] = at::convolution_backward(
            gradient.contiguous(channels_last), input, weight, weight.size(0), {1, 1},
            padding(weight), {1, 1}, /*transposed=*/false, {0, 0}, /*groups=*/1,
            {needs_image, context->needs_input_grad(2), context->needs_input_grad(3)});
        gradient.reset();
        at::Tensor of_image, of_appended;
        if (needs_image) {
            joined = joined.contiguous(channels_last);
            if (present(statistics)) {
                ms::kernels::normalization_backward(joined, input, statistics);
            }
            input.reset();
            of_image = joined;
            if (present(appended)) {
                const int64_t first = image.size(1);
                of_appended = joined.narrow(1, first, appended.size(1)).contiguous(channels_last);
                of_image = joined.narrow(1, 0, first).contiguous(channels_last);
                joined.reset();
            }
            if (enlarges) {
                of_image = at::upsample_bilinear2d_backward(
                    of_image, {of_image.size(2), of_image.size(3)}, image.sizes(), false);
            }
        }
        return {of_image, of_appended, of_weight, of_bias, at::Tensor()};
    }
};

/// The same out of libtorch's operators, for other devices and unusual images.
at::Tensor composed(const at::Tensor &image, const at::Tensor &appended, const at::Tensor &weight,
                    const at::Tensor &bias, Form form) {
    at::Tensor input = assembled(image, appended, form.enlarges);
    if (form.normalizes) {
        input = at::instance_norm(input, {}, {}, {}, {}, /*use_input_stats=*/true,
                                  /*momentum=*/0.1, form.epsilon, /*cudnn_enabled=*/true);
    }
    at::Tensor out = at::conv2d(input, weight, present(bias), /*stride=*/1, padding(weight));
    return form.rectifies ? out.relu_() : out;
}

} // namespace

ms_status ms_recomputing_convolution(const ms_tensor *image, const ms_tensor *appended,
                                     const ms_tensor *weight, const ms_tensor *bias, bool enlarges,
                                     bool normalizes, double epsilon, bool rectifies,
                                     ms_tensor **out) {
    return ms::produce(out, [&] {
        const Form form{enlarges, normalizes, rectifies, epsilon};
        const at::Tensor &first = image->value;
        const at::Tensor second = appended ? appended->value : at::empty({0});
        const at::Tensor offset = bias ? bias->value : at::empty({0});
        if (!ms::kernels::normalizes(first, weight->value.size(1))) {
            return composed(first, second, weight->value, offset, form);
        }
        const auto dtype = at::autocast::is_autocast_enabled(at::kCPU)
                               ? at::autocast::get_autocast_dtype(at::kCPU)
                               : first.scalar_type();
        const c10::impl::ExcludeDispatchKeyGuard as_it_is(c10::DispatchKey::AutocastCPU);
        const auto arranged = [&](const at::Tensor &part) {
            return present(part) ? part.to(dtype).contiguous(channels_last) : part;
        };
        return RecomputingConvolution::apply(arranged(first), arranged(second),
                                             weight->value.to(dtype),
                                             offset.to(dtype), form);
    });
}
