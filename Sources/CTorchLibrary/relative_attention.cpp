#include "ctorch_nn.h"
#include "handle.hpp"

#include <ATen/Functions.h>
#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Elements of the score matrices that are worked on at a time, so that they stay in the cache.
constexpr int64_t scores_at_a_time = int64_t{2} << 20;

/// Sizes of an attention, and the parts that it is computed in.
struct Extent {
    int64_t batch, height, width, heads, dim;
    int64_t pairs; // of image and head, at a time
    int64_t rows;  // of the token grid, at a time

    Extent(const at::Tensor &qkv, int64_t head_count)
        : batch(qkv.size(0)), height(qkv.size(1)), width(qkv.size(2)), heads(head_count),
          dim(qkv.size(3) / (3 * head_count)) {
        const int64_t tokens = height * width;
        pairs = std::clamp<int64_t>(scores_at_a_time / (tokens * tokens), 1, batch * heads);
        rows = std::clamp<int64_t>(scores_at_a_time / (pairs * tokens * width), 1, height);
    }

    int64_t tokens() const { return height * width; }
    double scale() const { return 1 / std::sqrt(static_cast<double>(dim)); }

    /// `[batch, height, width, heads * dim]` to `[batch * heads, tokens, dim]`.
    at::Tensor split(const at::Tensor &image) const {
        return image.reshape({batch, tokens(), heads, dim})
            .transpose(1, 2)
            .reshape({batch * heads, tokens(), dim});
    }

    /// The inverse.
    at::Tensor joined(const at::Tensor &heads_apart) const {
        return heads_apart.view({batch, heads, tokens(), dim})
            .transpose(1, 2)
            .reshape({batch, height, width, heads * dim});
    }

    /// Calls `body(first pair, pairs, first row, rows)` for each part.
    template <typename Body> void for_parts(const Body &body) const {
        for (int64_t pair = 0; pair < batch * heads; pair += pairs) {
            for (int64_t row = 0; row < height; row += rows) {
                body(pair, std::min(pairs, batch * heads - pair), row,
                     std::min(rows, height - row));
            }
        }
    }
};

/// `table[i - j + size - 1]` for all i and j, `[size, size, dim]`.
struct Offsets {
    at::Tensor index, values;

    Offsets(const at::Tensor &table, int64_t size) {
        const at::Tensor along = at::arange(size, table.options().dtype(at::kLong));
        index = (along.unsqueeze(1) - along.unsqueeze(0) + (size - 1)).reshape({-1});
        values = table.index_select(0, index).view({size, size, table.size(1)});
    }
};

/// A part of the queries, as rows of the token grid.
struct Part {
    const Extent &extent;
    at::Tensor query; // [pairs, rows * width, dim]
    at::Tensor row_offsets, column_offsets;
    int64_t pairs, rows;

    at::Tensor grid() const { return query.view({pairs, rows, extent.width, extent.dim}); }

    /// Softmax of the scores, float32 `[pairs, rows * width, tokens]`.
    at::Tensor probabilities(const at::Tensor &key) const {
        at::Tensor scores = at::bmm(query * extent.scale(), key.transpose(1, 2)).to(at::kFloat);
        at::Tensor by_place =
            scores.view({pairs, rows, extent.width, extent.height, extent.width});
        by_place += at::matmul(grid(), row_offsets.transpose(1, 2)).unsqueeze(4);
        by_place += at::matmul(grid().transpose(1, 2), column_offsets.transpose(1, 2))
                        .transpose(1, 2)
                        .unsqueeze(3);
        return at::softmax(scores, -1);
    }
};

/// Keeps no matrix of tokens by tokens: for the gradients, scores are computed again, part by part.
struct RelativeAttention : torch::autograd::Function<RelativeAttention> {
    static at::Tensor forward(AutogradContext *context, const at::Tensor &qkv,
                              const at::Tensor &row_table, const at::Tensor &column_table,
                              int64_t heads) {
        const Extent extent(qkv, heads);
        const auto parts = qkv.chunk(3, -1);
        const at::Tensor query = extent.split(parts[0]), key = extent.split(parts[1]),
                         value = extent.split(parts[2]);
        const Offsets rows(row_table, extent.height), columns(column_table, extent.width);
        at::Tensor out = at::empty_like(query);
        extent.for_parts([&](int64_t pair, int64_t pairs, int64_t row, int64_t count) {
            const int64_t first = row * extent.width, length = count * extent.width;
            const Part part{extent,
                            query.narrow(0, pair, pairs).narrow(1, first, length).contiguous(),
                            rows.values.narrow(0, row, count), columns.values, pairs, count};
            const at::Tensor probabilities =
                part.probabilities(key.narrow(0, pair, pairs)).to(qkv.scalar_type());
            out.narrow(0, pair, pairs)
                .narrow(1, first, length)
                .copy_(at::bmm(probabilities, value.narrow(0, pair, pairs)));
        });
        at::Tensor image = extent.joined(out);
        context->save_for_backward({qkv, row_table, column_table, image});
        context->saved_data["heads"] = heads;
        return image;
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &qkv = saved[0];
        const Extent extent(qkv, context->saved_data["heads"].toInt());
        const auto parts = qkv.chunk(3, -1);
        const at::Tensor query = extent.split(parts[0]), key = extent.split(parts[1]),
                         value = extent.split(parts[2]);
        const at::Tensor upstream = extent.split(gradients[0]);
        const at::Tensor inner =
            (upstream * extent.split(saved[3])).sum({-1}, /*keepdim=*/true, at::kFloat);
        const Offsets rows(saved[1], extent.height), columns(saved[2], extent.width);
        at::Tensor of_query = at::empty_like(query), of_key = at::zeros_like(key),
                   of_value = at::zeros_like(value), of_rows = at::zeros_like(rows.values),
                   of_columns = at::zeros_like(columns.values);
        extent.for_parts([&](int64_t pair, int64_t pairs, int64_t row, int64_t count) {
            const int64_t first = row * extent.width, length = count * extent.width;
            const auto chosen = [&](const at::Tensor &tensor) {
                return tensor.narrow(0, pair, pairs).narrow(1, first, length);
            };
            const auto all = [&](const at::Tensor &tensor) { return tensor.narrow(0, pair, pairs); };
            const Part part{extent, chosen(query).contiguous(), rows.values.narrow(0, row, count),
                            columns.values, pairs, count};
            const at::Tensor probabilities = part.probabilities(all(key));
            const at::Tensor from_above = chosen(upstream).contiguous();
            all(of_value) +=
                at::bmm(probabilities.to(qkv.scalar_type()).transpose(1, 2), from_above);
            at::Tensor of_scores = at::bmm(from_above, all(value).transpose(1, 2)).to(at::kFloat);
            of_scores.sub_(chosen(inner)).mul_(probabilities);
            const at::Tensor by_place =
                of_scores.view({pairs, count, extent.width, extent.height, extent.width});
            const at::Tensor by_row = by_place.sum(4).to(qkv.scalar_type());
            const at::Tensor by_column =
                by_place.sum(3).to(qkv.scalar_type()).transpose(1, 2); // [pairs, width, rows, width]
            const at::Tensor of_products = of_scores.to(qkv.scalar_type());
            all(of_key) +=
                at::bmm(of_products.transpose(1, 2), part.query).mul_(extent.scale());
            at::Tensor of_grid = at::bmm(of_products, all(key))
                                     .mul_(extent.scale())
                                     .view({pairs, count, extent.width, extent.dim});
            of_grid += at::matmul(by_row, part.row_offsets);
            of_grid += at::matmul(by_column, part.column_offsets).transpose(1, 2);
            chosen(of_query).copy_(of_grid.view({pairs, length, extent.dim}));
            of_rows.narrow(0, row, count) +=
                at::matmul(by_row.transpose(2, 3), part.grid()).sum(0);
            of_columns +=
                at::matmul(by_column.transpose(2, 3), part.grid().transpose(1, 2)).sum(0);
        });
        const at::Tensor of_qkv = at::cat(
            {extent.joined(of_query), extent.joined(of_key), extent.joined(of_value)}, -1);
        return {of_qkv, of_table(saved[1], rows, of_rows), of_table(saved[2], columns, of_columns),
                at::Tensor()};
    }

    static at::Tensor of_table(const at::Tensor &table, const Offsets &offsets,
                               const at::Tensor &gradient) {
        return at::zeros_like(table).index_add_(0, offsets.index,
                                                gradient.view({-1, table.size(1)}));
    }
};

} // namespace

ms_status ms_differentiable_relative_attention(const ms_tensor *qkv, const ms_tensor *row_table,
                                               const ms_tensor *column_table, int64_t heads,
                                               ms_tensor **out) {
    return ms::produce(out, [&] {
        const at::Tensor &value = qkv->value;
        TORCH_CHECK(value.dim() == 4 && heads > 0 && value.size(3) % (3 * heads) == 0,
                    "qkv must be [batch, height, width, 3 * heads * dim], not ", value.sizes());
        const int64_t dim = value.size(3) / (3 * heads);
        const auto check = [&](const at::Tensor &table, int64_t size) {
            TORCH_CHECK(table.dim() == 2 && table.size(0) == 2 * size - 1 && table.size(1) == dim,
                        "a table of relative positions must be ", 2 * size - 1, " x ", dim,
                        ", not ", table.sizes());
        };
        check(row_table->value, value.size(1));
        check(column_table->value, value.size(2));
        // Products in the type that comes in, whatever an autocast says.
        const c10::impl::ExcludeDispatchKeyGuard as_it_is(c10::autocast_dispatch_keyset);
        return RelativeAttention::apply(value, row_table->value.to(value.scalar_type()),
                                        column_table->value.to(value.scalar_type()), heads);
    });
}
