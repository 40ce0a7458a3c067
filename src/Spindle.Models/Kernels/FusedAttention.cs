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
    public static Tensor Forward(Tensor queries, Tensor keys, Tensor values, Tensor? bias, double scale, double dropout) =>
        Forward(queries, keys, values, new(scale, BitsOf(dropout), null), bias is null ? [] : [bias]);

    /// <summary>The self-attention of rows without padding.</summary>
    /// <param name="queries"><c>[1, heads, tokens, head size]</c>.</param>
    /// <param name="keys"><c>[1, heads, tokens, head size]</c>.</param>
    /// <param name="values"><c>[1, heads, tokens, head size]</c>.</param>
    /// <param name="prefix">Keys and values before those of every row, each <c>[1, heads, length, head size]</c> in the type of the keys, or null.</param>
    /// <param name="packed">The rows.</param>
    /// <param name="scale">The scale of the scores.</param>
    /// <param name="dropout">The dropout probability.</param>
    /// <returns><c>[1, tokens, heads · head size]</c>.</returns>
    public static Tensor Forward(Tensor queries, Tensor keys, Tensor values, (Tensor Keys, Tensor Values)? prefix, PackedRows packed, double scale, double dropout) =>
        Forward(queries, keys, values, new(scale, BitsOf(dropout), packed), prefix is { } before ? [WithRows(before.Keys), WithRows(before.Values)] : []);

    // further: a bias, or the keys and the values of a prefix
    private static Tensor Forward(Tensor queries, Tensor keys, Tensor values, Setting setting, Tensor[] further)
    {
        if (is_grad_enabled() && (queries.requires_grad || keys.requires_grad || values.requires_grad || further.Any(tensor => tensor.requires_grad)))
            return Differentiable.apply([queries, keys, values, setting, .. further]);
        return Apply(Kernel(queries, keys, values, setting, further), queries, null);
    }

    private static DropoutBits BitsOf(double dropout) => new(dropout > 0 ? DropoutBits.NextSeed() : 0, dropout);

    private static AttentionKernel Kernel(Tensor queries, Tensor keys, Tensor values, Setting setting, IReadOnlyList<Tensor> further)
    {
        var (shape, packed) = (queries.shape, setting.Packed);
        var prefix = further is [var before, var valuesBefore] ? (Layout(before), Layout(valuesBefore), (int)before.shape[2]) : default;
        var (rows, asked, read) = packed is null ? ((int)shape[0], (int)shape[2], (int)keys.shape[2]) : (packed.AllStarts.Count - 1, packed.Longest, packed.Longest + prefix.Item3);
        return new(rows, (int)shape[1], asked, read, (int)shape[3], (float)setting.Scale, setting.Bits)
        {
            Starts = packed?.AllStarts,
            Inputs = (Layout(queries), Layout(keys), Layout(values), AttentionLayout.OfBias(further is [var bias] ? bias : null, keys.shape[2])),
            Prefix = prefix,
        };

        // packed rows start at a token, not at a row
        AttentionLayout Layout(Tensor states) => packed is null ? AttentionLayout.Of(states) : AttentionLayout.Of(states) with { Row = 0 };
    }

    private static Tensor Apply(AttentionKernel kernel, Tensor queries, Tensor? statistics)
    {
        var (memory, output) = Make(queries, kernel);
        var kept = statistics is null ? 0 : Address(statistics);
        if (queries.dtype == ScalarType.Float32) kernel.Forward<FullNumber>(output, kept);
        else kernel.Forward<BrainNumber>(output, kept);
        return memory.view(queries.shape[0], queries.shape[2], -1);
    }

    // [batch, length, heads, head size], and its layout by head
    private static (Tensor Memory, AttentionLayout Layout) Make(Tensor like, AttentionKernel kernel)
    {
        var memory = empty([like.shape[0], like.shape[2], kernel.Heads, kernel.Size], like.dtype);
        return (memory, ByToken(memory, like.shape[2], kernel));
    }

    // of [batch, length, heads · head size]
    private static AttentionLayout ByToken(Tensor memory, long length, AttentionKernel kernel) =>
        new((nint)Address(memory), kernel.Starts is null ? length * kernel.Heads * kernel.Size : 0, kernel.Size, (long)kernel.Heads * kernel.Size);

    private static unsafe nint Address(Tensor memory) => (nint)Memory.Of(memory);

    private static bool IsFit(Tensor bias) => !bias.requires_grad && bias.dtype == ScalarType.Float32 && bias.shape is { Length: 4 } && bias.stride()[3] == 1;

    private static bool HasRows(Tensor states) => states.stride()[3] == 1;

    private static Tensor WithRows(Tensor states) => HasRows(states) ? states : states.contiguous();

    private sealed class Differentiable : autograd.SingleTensorFunction<Differentiable>
    {
        public override string Name => nameof(FusedAttention);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (queries, keys, values, setting) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Setting)vars[3]);
            Tensor[] further = [.. vars.Skip(4).Cast<Tensor>()];
            var kernel = Kernel(queries, keys, values, setting, further);
            var statistics = empty([(long)kernel.Rows * kernel.Heads * kernel.Queries * 2], ScalarType.Float32);
            ctx.save_for_backward([queries, keys, values, statistics, .. further]);
            ctx.save_data(Name, setting);
            return Apply(kernel, queries, statistics);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => Gradients.Keep([grad_output], () => Backward(ctx, grad_output));

        private List<Tensor> Backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var saved = ctx.get_saved_variables();
            var (queries, keys, values, statistics) = (saved[0], saved[1], saved[2], saved[3]);
            Tensor[] further = [.. saved.Skip(4)];
            var kernel = Kernel(queries, keys, values, (Setting)ctx.get_data(Name), further);
            var gradient = grad_output.contiguous();
            var above = ByToken(gradient, queries.shape[2], kernel);
            var (ofQueries, atQueries) = Make(queries, kernel);
            var (ofKeys, atKeys) = Make(keys, kernel);
            var (ofValues, atValues) = Make(values, kernel);
            var (ofPrefixKeys, atPrefixKeys) = MakeOfPrefix(kernel);
            var (ofPrefixValues, atPrefixValues) = MakeOfPrefix(kernel);
            var kept = Address(statistics);
            if (queries.dtype == ScalarType.Float32) kernel.Backward<FullNumber>(above, kept, (atQueries, atKeys, atValues), (atPrefixKeys, atPrefixValues));
            else kernel.Backward<BrainNumber>(above, kept, (atQueries, atKeys, atValues), (atPrefixKeys, atPrefixValues));
            List<Tensor> gradients = [ofQueries.transpose(1, 2), ofKeys.transpose(1, 2), ofValues.transpose(1, 2), null!];
            if (further.Length == 1) gradients.Add(null!);
            else if (further.Length == 2) gradients.AddRange([OverRows(ofPrefixKeys!), OverRows(ofPrefixValues!)]);
            return gradients;

            Tensor OverRows(Tensor ofRows) => ofRows.sum(0, keepdim: true).to(keys.dtype);
        }

        // [rows, heads, length, head size]
        private static (Tensor? Memory, AttentionLayout Layout) MakeOfPrefix(AttentionKernel kernel)
        {
            if (kernel.Prefix.Length == 0) return default;
            var memory = empty([kernel.Rows, kernel.Heads, kernel.Prefix.Length, kernel.Size], ScalarType.Float32);
            return (memory, AttentionLayout.Of(memory));
        }
    }

    /// <summary>What an attention computes with besides tensors.</summary>
    private sealed record Setting(double Scale, DropoutBits Bits, PackedRows? Packed);
}
