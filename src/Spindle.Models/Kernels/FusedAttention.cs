using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>Scaled dot-product attention with bias and dropout, without a tensor of scores.</summary>
internal static class FusedAttention
{
    // for the one query of a step of generation, preparing the keys costs more than the scores
    private const int FewestQueries = 4;

    /// <summary>Whether the kernel computes an attention; otherwise libtorch's operators do.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="values">The values.</param>
    /// <param name="bias">What is added to scores, or null; one that is trained needs a gradient that the kernel does not compute.</param>
    public static bool IsFit(Tensor queries, Tensor keys, Tensor values, Tensor? bias) => Memory.IsFit(queries)
        && queries.shape[3] % Tile.ColumnStep == 0 && queries.shape[2] >= FewestQueries && (bias is null || IsFit(bias))
        && keys.dtype == queries.dtype && values.dtype == queries.dtype && HasRows(queries) && HasRows(keys) && HasRows(values);

    /// <summary>softmax(scale · Q Kᵀ + bias) V, with dropout of the softmax.</summary>
    /// <param name="queries"><c>[batch, heads, queries, head size]</c>.</param>
    /// <param name="keys"><c>[batch, heads, keys, head size]</c>.</param>
    /// <param name="values"><c>[batch, heads, keys, head size]</c>.</param>
    /// <param name="bias">Broadcast to <c>[batch, heads, queries, keys]</c>, float32, or null.</param>
    /// <param name="scale">The scale of the scores.</param>
    /// <param name="dropout">The dropout probability.</param>
    /// <returns><c>[batch, queries, heads · head size]</c>.</returns>
    public static Tensor Forward(Tensor queries, Tensor keys, Tensor values, Tensor? bias, double scale, double dropout)
    {
        var bits = new DropoutBits(dropout > 0 ? DropoutBits.NextSeed() : 0, dropout);
        if (is_grad_enabled() && (queries.requires_grad || keys.requires_grad || values.requires_grad))
            return bias is null ? Differentiable.apply(queries, keys, values, scale, bits) : Differentiable.apply(queries, keys, values, scale, bits, bias);
        return Apply(Kernel(queries, keys, values, bias, scale, bits), queries, null);
    }

    private static AttentionKernel Kernel(Tensor queries, Tensor keys, Tensor values, Tensor? bias, double scale, DropoutBits bits)
    {
        var shape = queries.shape;
        return new((int)shape[0], (int)shape[1], (int)shape[2], (int)keys.shape[2], (int)shape[3], (float)scale, bits)
        {
            Inputs = (AttentionLayout.Of(queries), AttentionLayout.Of(keys), AttentionLayout.Of(values), AttentionLayout.OfBias(bias, keys.shape[2])),
        };
    }

    private static Tensor Apply(AttentionKernel kernel, Tensor queries, Tensor? statistics)
    {
        var (memory, output) = Make(kernel.Rows, kernel.Queries, kernel.Heads, kernel.Size, queries);
        var kept = statistics is null ? 0 : AttentionLayout.Of(statistics).Memory;
        if (queries.dtype == ScalarType.Float32) kernel.Forward<FullNumber>(output, kept);
        else kernel.Forward<BrainNumber>(output, kept);
        return memory.view(kernel.Rows, kernel.Queries, -1);
    }

    // [batch, length, heads, head size], and its layout by head
    private static (Tensor Memory, AttentionLayout Layout) Make(long rows, long length, long heads, long size, Tensor like)
    {
        var memory = empty([rows, length, heads, size], like.dtype);
        return (memory, AttentionLayout.Of(memory) with { Row = length * heads * size, Head = size, Token = heads * size });
    }

    private static bool IsFit(Tensor bias) => !bias.requires_grad && bias.dtype == ScalarType.Float32 && bias.shape is { Length: 4 } && bias.stride()[3] == 1;

    private static bool HasRows(Tensor states) => states.stride()[3] == 1;

    private sealed class Differentiable : autograd.SingleTensorFunction<Differentiable>
    {
        public override string Name => nameof(FusedAttention);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (queries, keys, values, scale, bits) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (double)vars[3], (DropoutBits)vars[4]);
            var bias = vars.Length > 5 ? (Tensor)vars[5] : null;
            var statistics = empty([queries.shape[0], queries.shape[1], queries.shape[2], 2], ScalarType.Float32);
            ctx.save_for_backward(bias is null ? [queries, keys, values, statistics] : [queries, keys, values, statistics, bias]);
            ctx.save_data(Name, (scale, bits));
            return Apply(Kernel(queries, keys, values, bias, scale, bits), queries, statistics);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var saved = ctx.get_saved_variables();
            var (queries, keys, values, statistics) = (saved[0], saved[1], saved[2], saved[3]);
            var (scale, bits) = ((double, DropoutBits))ctx.get_data(Name);
            var bias = saved.Count > 4 ? saved[4] : null;
            var kernel = Kernel(queries, keys, values, bias, scale, bits);
            var gradient = grad_output.contiguous();
            var above = AttentionLayout.Of(gradient.view(kernel.Rows, kernel.Queries, kernel.Heads, kernel.Size))
                with { Row = (long)kernel.Queries * kernel.Heads * kernel.Size, Head = kernel.Size, Token = (long)kernel.Heads * kernel.Size };
            var (ofQueries, atQueries) = Make(kernel.Rows, kernel.Queries, kernel.Heads, kernel.Size, queries);
            var (ofKeys, atKeys) = Make(kernel.Rows, kernel.Keys, kernel.Heads, kernel.Size, queries);
            var (ofValues, atValues) = Make(kernel.Rows, kernel.Keys, kernel.Heads, kernel.Size, queries);
            var kept = AttentionLayout.Of(statistics).Memory;
            if (queries.dtype == ScalarType.Float32) kernel.Backward<FullNumber>(above, kept, (atQueries, atKeys, atValues));
            else kernel.Backward<BrainNumber>(above, kept, (atQueries, atKeys, atValues));
            List<Tensor> gradients = [ofQueries.transpose(1, 2), ofKeys.transpose(1, 2), ofValues.transpose(1, 2), null!, null!];
            if (bias is not null) gradients.Add(null!);
            return gradients;
        }
    }
}
