using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>GELU (Hendrycks and Gimpel 2016), forward and backward in one pass each.</summary>
internal static unsafe class Gelu
{
    private const int Width = 16;

    /// <summary>x · Φ(x) of each number.</summary>
    public static Tensor Forward(Tensor input)
    {
        // in bfloat16, libtorch's own is as fast
        if (input.dtype != ScalarType.Float32 || !Memory.IsFit(input)) return nn.functional.gelu(input);
        return is_grad_enabled() && input.requires_grad ? Differentiable.apply(input) : Apply(input.contiguous());
    }

    private static Tensor Apply(Tensor input)
    {
        var output = empty_like(input);
        var (from, to) = ((nint)Memory.Of(input), (nint)Memory.Of(output));
        var columns = input.shape[^1];
        Memory.ForRows((int)(input.numel() / columns), columns, (first, end) => Apply((float*)from, (float*)to, first * columns, end * columns));
        return output;
    }

    private static Tensor Differentiate(Tensor input, Tensor above)
    {
        var below = empty_like(input);
        var (from, gradient, to) = ((nint)Memory.Of(input), (nint)Memory.Of(above), (nint)Memory.Of(below));
        var columns = input.shape[^1];
        Memory.ForRows((int)(input.numel() / columns), columns, (first, end) => Differentiate((float*)from, (float*)gradient, (float*)to, first * columns, end * columns));
        return below;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply(float* input, float* output, long first, long end)
    {
        for (var index = first; index < end; index += Width)
        {
            var x = Vector512.Load(input + index);
            (x * Vectors.Normal(x).Share).Store(output + index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Differentiate(float* input, float* above, float* below, long first, long end)
    {
        for (var index = first; index < end; index += Width)
        {
            var x = Vector512.Load(input + index);
            var (share, density) = Vectors.Normal(x);
            (Vector512.Load(above + index) * Vector512.FusedMultiplyAdd(x, density, share)).Store(below + index);
        }
    }

    private sealed class Differentiable : autograd.SingleTensorFunction<Differentiable>
    {
        public override string Name => nameof(Gelu);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var input = ((Tensor)vars[0]).contiguous();
            ctx.save_for_backward([input]);
            return Apply(input);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => Gradients.Keep([grad_output], () => Backward(ctx, grad_output));

        private List<Tensor> Backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [Differentiate(ctx.get_saved_variables()[0], grad_output.contiguous())];
    }
}
