using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>norm(residual + dropout(output)) in one pass, forward and backward, with a layer normalisation.</summary>
internal static unsafe class NormJoin
{
    private const int Width = 16;

    /// <summary>Whether the kernel computes a join; otherwise libtorch's operators do.</summary>
    public static bool IsFit(Tensor residual, Tensor output, Tensor weight, Tensor bias) =>
        Memory.IsFit(residual) && Memory.IsFit(output) && residual.dtype == ScalarType.Float32
        && weight.dtype == ScalarType.Float32 && bias.dtype == ScalarType.Float32;

    /// <summary>Joins, and gives the result in float32 and in the type of the output.</summary>
    /// <param name="residual"><c>[…, hidden]</c>, float32.</param>
    /// <param name="output"><c>[…, hidden]</c>.</param>
    /// <param name="weight">The weight of the normalisation, <c>[hidden]</c>, float32.</param>
    /// <param name="bias">Its bias, <c>[hidden]</c>, float32.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="dropout">The dropout probability of the output.</param>
    public static (Tensor Full, Tensor Typed) Forward(Tensor residual, Tensor output, Tensor weight, Tensor bias, double epsilon, double dropout)
    {
        var bits = new DropoutBits(dropout > 0 ? DropoutBits.NextSeed() : 0, dropout);
        if (is_grad_enabled() && (residual.requires_grad || output.requires_grad || weight.requires_grad || bias.requires_grad))
        {
            var results = Differentiable.apply(residual, output, weight, bias, (float)epsilon, bits);
            return (results[0], results[^1]);
        }
        var (full, typed) = Apply(residual.contiguous(), output.contiguous(), weight, bias, (float)epsilon, bits, null, null);
        return (full, typed);
    }

    private static (Tensor Full, Tensor Typed) Apply(
        Tensor residual, Tensor output, Tensor weight, Tensor bias, float epsilon, DropoutBits bits, Tensor? sums, Tensor? statistics)
    {
        var full = empty_like(residual);
        var typed = output.dtype == ScalarType.Float32 ? full : empty_like(output);
        var columns = (int)residual.shape[^1];
        nint r = (nint)Memory.Of(residual), o = (nint)Memory.Of(output), w = (nint)Memory.Of(weight), b = (nint)Memory.Of(bias), f = (nint)Memory.Of(full);
        nint t = (nint)Memory.Of(typed), s = sums is null ? f : (nint)Memory.Of(sums), k = statistics is null ? 0 : (nint)Memory.Of(statistics);
        Memory.ForRows((int)(residual.numel() / columns), columns, output.dtype == ScalarType.Float32
            ? (first, end) => Apply<FullNumber>((float*)r, (void*)o, (float*)w, (float*)b, epsilon, bits, (float*)s, (float*)k, (float*)f, (void*)t, columns, first, end)
            : (first, end) => Apply<BrainNumber>((float*)r, (void*)o, (float*)w, (float*)b, epsilon, bits, (float*)s, (float*)k, (float*)f, (void*)t, columns, first, end));
        return (full, typed);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<T>(float* residual, void* output, float* weight, float* bias, float epsilon, DropoutBits bits,
        float* sums, float* statistics, float* full, void* typed, int columns, int first, int end)
        where T : INumber16
    {
        for (var row = first; row < end; row++)
        {
            var start = (long)row * columns;
            var keys = bits.Keys(row);
            var line = sums + start;
            var total = Vector512<float>.Zero;
            for (var column = 0; column < columns; column += Width)
            {
                var added = T.Load(output, start + column);
                if (bits.IsOn) added *= bits.Factors(keys, column);
                var sum = Vector512.Load(residual + start + column) + added;
                sum.Store(line + column);
                total += sum;
            }
            var mean = Vector512.Sum(total) / columns;
            var squares = Vector512<float>.Zero;
            for (var column = 0; column < columns; column += Width)
            {
                var difference = Vector512.Load(line + column) - Vector512.Create(mean);
                squares = Vector512.FusedMultiplyAdd(difference, difference, squares);
            }
            var inverse = 1 / MathF.Sqrt((Vector512.Sum(squares) / columns) + epsilon);
            if (statistics is not null) (statistics[2L * row], statistics[(2L * row) + 1]) = (mean, inverse);
            for (var column = 0; column < columns; column += Width)
            {
                var normal = (Vector512.Load(line + column) - Vector512.Create(mean)) * Vector512.Create(inverse);
                var result = Vector512.FusedMultiplyAdd(normal, Vector512.Load(weight + column), Vector512.Load(bias + column));
                result.Store(full + start + column);
                if (typed != full) T.Store(typed, start + column, result);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Differentiate<T>(float* full, void* typed, float* weight, float* sums, float* statistics, DropoutBits bits,
        float* ofResidual, void* ofOutput, int columns, int first, int end)
        where T : INumber16
    {
        for (var row = first; row < end; row++)
        {
            var start = (long)row * columns;
            var keys = bits.Keys(row);
            var (mean, inverse) = (Vector512.Create(statistics[2L * row]), Vector512.Create(statistics[(2L * row) + 1]));
            float* line = sums + start, below = ofResidual + start;
            var (total, product) = (Vector512<float>.Zero, Vector512<float>.Zero);
            for (var column = 0; column < columns; column += Width)
            {
                var above = full is null ? Vector512<float>.Zero : Vector512.Load(full + start + column);
                if (typed is not null) above += T.Load(typed, start + column);
                above *= Vector512.Load(weight + column);
                above.Store(below + column);
                total += above;
                product = Vector512.FusedMultiplyAdd(above, (Vector512.Load(line + column) - mean) * inverse, product);
            }
            var (meanAbove, meanProduct) = (Vector512.Create(Vector512.Sum(total) / columns), Vector512.Create(Vector512.Sum(product) / columns));
            for (var column = 0; column < columns; column += Width)
            {
                var normal = (Vector512.Load(line + column) - mean) * inverse;
                var gradient = inverse * (Vector512.Load(below + column) - meanAbove - (normal * meanProduct));
                gradient.Store(below + column);
                if (ofOutput is not null) T.Store(ofOutput, start + column, bits.IsOn ? gradient * bits.Factors(keys, column) : gradient);
            }
        }
    }

    private sealed class Differentiable : autograd.MultiTensorFunction<Differentiable>
    {
        public override string Name => nameof(NormJoin);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (residual, output, weight, bias) = (((Tensor)vars[0]).contiguous(), ((Tensor)vars[1]).contiguous(), (Tensor)vars[2], (Tensor)vars[3]);
            var (epsilon, bits) = ((float)vars[4], (DropoutBits)vars[5]);
            var sums = empty_like(residual);
            var statistics = empty([residual.numel() / residual.shape[^1], 2], ScalarType.Float32);
            ctx.set_materialize_grads(false);
            ctx.save_for_backward([weight, sums, statistics]);
            ctx.save_data(Name, (bits, output.dtype, weight.requires_grad, bias.requires_grad));
            var (full, typed) = Apply(residual, output, weight, bias, epsilon, bits, sums, statistics);
            return output.dtype == ScalarType.Float32 ? [full] : [full, typed];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => Gradients.Keep(grad_outputs, () => Backward(ctx, grad_outputs));

        private List<Tensor> Backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            var saved = ctx.get_saved_variables();
            var (weight, sums, statistics) = (saved[0], saved[1], saved[2]);
            var (bits, type, trainsWeight, trainsBias) = ((DropoutBits, ScalarType, bool, bool))ctx.get_data(Name);
            var full = Given(grad_outputs, 0);
            var typed = Given(grad_outputs, 1);
            var ofResidual = empty_like(sums);
            var ofOutput = type == ScalarType.Float32 && !bits.IsOn ? null : empty(sums.shape, type);
            var columns = (int)sums.shape[^1];
            nint f = full is null ? 0 : (nint)Memory.Of(full), t = typed is null ? 0 : (nint)Memory.Of(typed), w = (nint)Memory.Of(weight), s = (nint)Memory.Of(sums);
            nint k = (nint)Memory.Of(statistics), r = (nint)Memory.Of(ofResidual), o = ofOutput is null ? 0 : (nint)Memory.Of(ofOutput);
            Memory.ForRows((int)(sums.numel() / columns), 2 * columns, type == ScalarType.Float32
                ? (first, end) => Differentiate<FullNumber>((float*)f, (void*)t, (float*)w, (float*)s, (float*)k, bits, (float*)r, (void*)o, columns, first, end)
                : (first, end) => Differentiate<BrainNumber>((float*)f, (void*)t, (float*)w, (float*)s, (float*)k, bits, (float*)r, (void*)o, columns, first, end));
            var above = !(trainsWeight || trainsBias) ? null
                : (full is null ? typed!.to(ScalarType.Float32) : typed is null ? full : full.Plus(typed.to(ScalarType.Float32))).view(-1, columns);
            return [ofResidual, ofOutput ?? ofResidual, trainsWeight ? (above! * Normal(sums, statistics)).sum([0L]) : null!, trainsBias ? above!.sum([0L]) : null!, null!, null!];
        }

        // [rows, hidden]
        private static Tensor Normal(Tensor sums, Tensor statistics) =>
            (sums.view(-1, sums.shape[^1]) - statistics.narrow(1, 0, 1)) * statistics.narrow(1, 1, 1);

        private static Tensor? Given(List<Tensor> gradients, int index) =>
            gradients.Count > index && gradients[index] is { } gradient && !gradient.IsInvalid ? gradient.contiguous() : null;
    }
}
