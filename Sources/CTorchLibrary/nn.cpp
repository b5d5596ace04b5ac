#include "ctorch_nn.h"
#include "handle.hpp"

#include <ATen/Functions.h>

ms_status ms_linear(const ms_tensor *input, const ms_tensor *weight, const ms_tensor *bias,
                    ms_tensor **out) {
    return ms::produce(out,
                       [&] { return at::linear(input->value, weight->value, ms::optional(bias)); });
}

ms_status ms_conv2d(const ms_tensor *input, const ms_tensor *weight, const ms_tensor *bias,
                    int64_t stride, int64_t padding, int64_t groups, ms_tensor **out) {
    return ms::produce(out, [&] {
        return at::conv2d(input->value, weight->value, ms::optional(bias), {stride, stride},
                          {padding, padding}, {1, 1}, groups);
    });
}

ms_status ms_conv_transpose2d(const ms_tensor *input, const ms_tensor *weight,
                              const ms_tensor *bias, int64_t stride, ms_tensor **out) {
    return ms::produce(out, [&] {
        return at::conv_transpose2d(input->value, weight->value, ms::optional(bias),
                                    {stride, stride});
    });
}

ms_status ms_layer_norm(const ms_tensor *input, const ms_tensor *weight, const ms_tensor *bias,
                        double epsilon, ms_tensor **out) {
    return ms::produce(out, [&] {
        return at::layer_norm(input->value, {input->value.size(-1)}, ms::optional(weight),
                              ms::optional(bias), epsilon);
    });
}

ms_status ms_batch_norm(const ms_tensor *input, const ms_tensor *weight, const ms_tensor *bias,
                        ms_tensor *running_mean, ms_tensor *running_variance,
                        bool use_batch_statistics, double momentum, double epsilon,
                        ms_tensor **out) {
    return ms::produce(out, [&] {
        return at::batch_norm(input->value, ms::optional(weight), ms::optional(bias),
                              ms::optional(running_mean), ms::optional(running_variance),
                              use_batch_statistics, momentum, epsilon, /*cudnn_enabled=*/true);
    });
}

ms_status ms_instance_norm(const ms_tensor *input, double epsilon, ms_tensor **out) {
    return ms::produce(out, [&] {
        return at::instance_norm(input->value, {}, {}, {}, {}, /*use_input_stats=*/true,
                                 /*momentum=*/0.1, epsilon, /*cudnn_enabled=*/true);
    });
}

ms_status ms_softmax(const ms_tensor *input, int64_t axis, ms_tensor **out) {
    return ms::produce(out, [&] { return at::softmax(input->value, axis); });
}

ms_status ms_attention(const ms_tensor *query, const ms_tensor *key, const ms_tensor *value,
                       const ms_tensor *bias, double scale, ms_tensor **out) {
    return ms::produce(out, [&] {
        return at::scaled_dot_product_attention(query->value, key->value, value->value,
                                                ms::optional(bias), /*dropout_p=*/0.0,
                                                /*is_causal=*/false, scale);
    });
}

ms_status ms_resize_bilinear(const ms_tensor *input, int64_t height, int64_t width, bool antialias,
                             ms_tensor **out) {
    return ms::produce(out, [&] {
        const int64_t size[] = {height, width};
        return antialias ? at::_upsample_bilinear2d_aa(input->value, size, false)
                         : at::upsample_bilinear2d(input->value, size, false);
    });
}

ms_status ms_resize_linear(const ms_tensor *input, int64_t length, ms_tensor **out) {
    return ms::produce(out, [&] {
        const int64_t size[] = {length};
        return at::upsample_linear1d(input->value, size, false);
    });
}

ms_status ms_max_pool2d(const ms_tensor *input, int64_t kernel, int64_t stride, int64_t padding,
                        ms_tensor **out) {
    return ms::produce(out, [&] {
        return at::max_pool2d(input->value, {kernel, kernel}, {stride, stride}, {padding, padding});
    });
}

ms_status ms_avg_pool2d(const ms_tensor *input, int64_t kernel, int64_t stride, int64_t padding,
                        ms_tensor **out) {
    return ms::produce(out, [&] {
        return at::avg_pool2d(input->value, {kernel, kernel}, {stride, stride}, {padding, padding});
    });
}

ms_status ms_dropout(const ms_tensor *input, double probability, ms_tensor **out) {
    return ms::produce(out, [&] { return at::dropout(input->value, probability, true); });
}
