#include "ctorch_shape.h"
#include "handle.hpp"

#include <ATen/Functions.h>

ms_status ms_reshape(const ms_tensor *a, const int64_t *shape, int32_t rank, ms_tensor **out) {
    return ms::produce(out, [&] { return at::reshape(a->value, ms::list(shape, rank)); });
}

ms_status ms_permute(const ms_tensor *a, const int64_t *axes, int32_t rank, ms_tensor **out) {
    return ms::produce(out, [&] { return at::permute(a->value, ms::list(axes, rank)); });
}

ms_status ms_transpose(const ms_tensor *a, int64_t axis0, int64_t axis1, ms_tensor **out) {
    return ms::produce(out, [&] { return at::transpose(a->value, axis0, axis1); });
}

ms_status ms_unsqueeze(const ms_tensor *a, int64_t axis, ms_tensor **out) {
    return ms::produce(out, [&] { return at::unsqueeze(a->value, axis); });
}

ms_status ms_squeeze(const ms_tensor *a, int64_t axis, ms_tensor **out) {
    return ms::produce(out, [&] {
        TORCH_CHECK(a->value.size(axis) == 1, "axis ", axis, " of ", a->value.sizes(),
                    " does not have size 1");
        return at::squeeze(a->value, axis);
    });
}

ms_status ms_expand(const ms_tensor *a, const int64_t *shape, int32_t rank, ms_tensor **out) {
    return ms::produce(out, [&] { return a->value.expand(ms::list(shape, rank)); });
}

ms_status ms_slice(const ms_tensor *a, int64_t axis, int64_t start, int64_t end, int64_t step,
                   ms_tensor **out) {
    return ms::produce(out, [&] {
        // libtorch clips silently; a wrong range here is a mistake to hear about.
        const int64_t size = a->value.size(axis);
        TORCH_CHECK(start >= 0 && start <= end && end <= size, "range ", start, " ..< ", end,
                    " of axis ", axis, " with size ", size);
        return at::slice(a->value, axis, start, end, step);
    });
}

ms_status ms_select(const ms_tensor *a, int64_t axis, int64_t index, ms_tensor **out) {
    return ms::produce(out, [&] { return at::select(a->value, axis, index); });
}

ms_status ms_index_select(const ms_tensor *a, int64_t axis, const ms_tensor *indices,
                          ms_tensor **out) {
    return ms::produce(out, [&] { return at::index_select(a->value, axis, indices->value); });
}

ms_status ms_gather(const ms_tensor *a, int64_t axis, const ms_tensor *indices, ms_tensor **out) {
    return ms::produce(out, [&] { return at::gather(a->value, axis, indices->value); });
}

namespace {

std::vector<at::Tensor> values(const ms_tensor *const *tensors, int32_t count) {
    std::vector<at::Tensor> result;
    result.reserve(static_cast<size_t>(count));
    for (int32_t i = 0; i < count; ++i) {
        result.push_back(tensors[i]->value);
    }
    return result;
}

} // namespace

ms_status ms_cat(const ms_tensor *const *tensors, int32_t count, int64_t axis, ms_tensor **out) {
    return ms::produce(out, [&] { return at::cat(values(tensors, count), axis); });
}

ms_status ms_stack(const ms_tensor *const *tensors, int32_t count, int64_t axis, ms_tensor **out) {
    return ms::produce(out, [&] { return at::stack(values(tensors, count), axis); });
}

ms_status ms_flip(const ms_tensor *a, const int64_t *axes, int32_t axis_count, ms_tensor **out) {
    return ms::produce(out, [&] { return at::flip(a->value, ms::list(axes, axis_count)); });
}

ms_status ms_repeat_interleave(const ms_tensor *a, int64_t repeats, int64_t axis, ms_tensor **out) {
    return ms::produce(out, [&] { return at::repeat_interleave(a->value, repeats, axis); });
}

ms_status ms_pad(const ms_tensor *a, const int64_t *amounts, int32_t count, double value,
                 ms_tensor **out) {
    return ms::produce(
        out, [&] { return at::constant_pad_nd(a->value, ms::list(amounts, count), value); });
}

ms_status ms_nonzero(const ms_tensor *a, ms_tensor **out) {
    return ms::produce(out, [&] { return at::nonzero(a->value); });
}
