using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>Dropout (Srivastava et al. 2014) with random numbers that are computed again in the backward pass.</summary>
internal static unsafe class HashedDropout
{
    private const int Width = 16;

    /// <summary>Zeroes numbers at random, and scales the others so that the mean stays.</summary>
    /// <param name="input">The numbers.</param>
    /// <param name="probability">The probability of a zero.</param>
    /// <param name="training">Whether anything is dropped.</param>
    public static Tensor Forward(Tensor input, double probability, bool training)
    {
        if (!training || probability <= 0) return input;
        if (probability >= 1 || !Memory.IsFit(input)) return nn.functional.dropout(input, probability, true);
        var seed = DropoutBits.NextSeed();
        return is_grad_enabled() && input.requires_grad ? Differentiable.apply(input, seed, probability) : Apply(input.contiguous(), new(seed, probability));
    }

    private static Tensor Apply(Tensor input, DropoutBits bits)
    {
        var output = empty_like(input);
        var (from, to) = ((nint)Memory.Of(input), (nint)Memory.Of(output));
        var columns = (int)input.shape[^1];
        Memory.ForRows((int)(input.numel() / columns), columns, input.dtype == ScalarType.Float32
            ? (first, end) => Apply<FullNumber>((void*)from, (void*)to, columns, bits, first, end)
            : (first, end) => Apply<BrainNumber>((void*)from, (void*)to, columns, bits, first, end));
        return output;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<T>(void* input, void* output, int columns, DropoutBits bits, int first, int end)
        where T : INumber16
    {
        for (var row = first; row < end; row++)
        {
            var keys = bits.Keys(row);
            var start = (long)row * columns;
            for (var column = 0; column < columns; column += Width)
                T.Store(output, start + column, T.Load(input, start + column) * bits.Factors(keys, column));
        }
    }

    private sealed class Differentiable : autograd.SingleTensorFunction<Differentiable>
    {
        public override string Name => nameof(HashedDropout);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var bits = new DropoutBits((long)vars[1], (double)vars[2]);
            ctx.save_data(Name, bits);
            return Apply(((Tensor)vars[0]).contiguous(), bits);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => Gradients.Keep([grad_output], () => Backward(ctx, grad_output));

        private List<Tensor> Backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [Apply(grad_output.contiguous(), (DropoutBits)ctx.get_data(Name)), null!, null!];
    }
}
