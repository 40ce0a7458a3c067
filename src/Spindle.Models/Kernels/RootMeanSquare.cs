using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>Root-mean-square normalisation (Zhang and Sennrich 2019) in one pass, forward and backward.</summary>
internal static unsafe class RootMeanSquare
{
    private const int Width = 16;

    /// <summary>Whether the kernel computes a normalisation; otherwise libtorch's operators do.</summary>
    public static bool IsFit(Tensor input, Tensor weight) => Memory.IsFit(input) && input.dtype == ScalarType.Float32 && weight.dtype == ScalarType.Float32;

    /// <summary>input / √(mean(input²) + epsilon) · weight over the last dimension.</summary>
    /// <param name="input"><c>[…, hidden]</c>, float32.</param>
    /// <param name="weight"><c>[hidden]</c>, float32.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    public static Tensor Forward(Tensor input, Tensor weight, double epsilon) => is_grad_enabled() && (input.requires_grad || weight.requires_grad)
        ? Differentiable.apply(input, weight, (float)epsilon)
        : Apply(input.contiguous(), weight, (float)epsilon, null);

    private static Tensor Apply(Tensor input, Tensor weight, float epsilon, Tensor? inverses)
    {
        var output = empty_like(input);
        var columns = (int)input.shape[^1];
        nint x = (nint)Memory.Of(input), w = (nint)Memory.Of(weight), y = (nint)Memory.Of(output), k = inverses is null ? 0 : (nint)Memory.Of(inverses);
        Memory.ForRows((int)(input.numel() / columns), columns, (first, end) => Apply((float*)x, (float*)w, epsilon, (float*)k, (float*)y, columns, first, end));
        return output;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply(float* input, float* weight, float epsilon, float* inverses, float* output, int columns, int first, int end)
    {
        for (var row = first; row < end; row++)
        {
            float* from = input + ((long)row * columns), to = output + ((long)row * columns);
            var squares = Vector512<float>.Zero;
            for (var column = 0; column < columns; column += Width)
            {
                var x = Vector512.Load(from + column);
                squares = Vector512.FusedMultiplyAdd(x, x, squares);
            }
            var inverse = 1 / MathF.Sqrt((Vector512.Sum(squares) / columns) + epsilon);
            if (inverses is not null) inverses[row] = inverse;
            for (var column = 0; column < columns; column += Width)
                (Vector512.Load(from + column) * inverse * Vector512.Load(weight + column)).Store(to + column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Differentiate(float* input, float* weight, float* inverses, float* above, float* below, int columns, int first, int end)
    {
        for (var row = first; row < end; row++)
        {
            var start = (long)row * columns;
            float* from = input + start, gradient = above + start, to = below + start;
            var inverse = inverses[row];
            var product = Vector512<float>.Zero;
            for (var column = 0; column < columns; column += Width)
                product = Vector512.FusedMultiplyAdd(Vector512.Load(gradient + column) * Vector512.Load(weight + column), Vector512.Load(from + column), product);
            var share = Vector512.Create(Vector512.Sum(product) / columns * inverse * inverse);
            for (var column = 0; column < columns; column += Width)
                ((Vector512.Load(gradient + column) * Vector512.Load(weight + column) - (Vector512.Load(from + column) * share)) * inverse).Store(to + column);
        }
    }

    private sealed class Differentiable : autograd.SingleTensorFunction<Differentiable>
    {
        public override string Name => nameof(RootMeanSquare);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (input, weight) = (((Tensor)vars[0]).contiguous(), (Tensor)vars[1]);
            var inverses = empty([.. input.shape[..^1], 1], ScalarType.Float32);
            ctx.save_for_backward([input, weight, inverses]);
            ctx.save_data(Name, weight.requires_grad);
            return Apply(input, weight, (float)vars[2], inverses);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => Gradients.Keep([grad_output], () => Backward(ctx, grad_output));

        private List<Tensor> Backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var saved = ctx.get_saved_variables();
            var (input, weight, inverses, above) = (saved[0], saved[1], saved[2], grad_output.contiguous());
            var below = empty_like(input);
            var columns = (int)input.shape[^1];
            nint x = (nint)Memory.Of(input), w = (nint)Memory.Of(weight), k = (nint)Memory.Of(inverses), g = (nint)Memory.Of(above), d = (nint)Memory.Of(below);
            Memory.ForRows((int)(input.numel() / columns), 2 * columns, (first, end) => Differentiate((float*)x, (float*)w, (float*)k, (float*)g, (float*)d, columns, first, end));
            return [below, (bool)ctx.get_data(Name) ? (above * input * inverses).view(-1, columns).sum([0L]) : null!, null!];
        }
    }
}
