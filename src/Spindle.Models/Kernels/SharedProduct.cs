using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>Linear maps of one input whose weights lie one after the other: one product for all of them, forward and backward.</summary>
internal static class SharedProduct
{
    /// <summary>The output of each map.</summary>
    /// <param name="input"><c>[batch, sequence, inputs]</c>, of the weight's type.</param>
    /// <param name="weight">The weights, <c>[sum of outputs, inputs]</c>.</param>
    /// <param name="bias">The biases, <c>[sum of outputs]</c>, or null.</param>
    /// <param name="sizes">The number of outputs of each map.</param>
    /// <returns>Each <c>[batch, sequence, outputs]</c>, views of one tensor.</returns>
    public static IReadOnlyList<Tensor> Linear(Tensor input, Tensor weight, Tensor? bias, IReadOnlyList<long> sizes)
    {
        if (!is_grad_enabled() || !(input.requires_grad || weight.requires_grad || bias is { requires_grad: true })) return Split(LinearProduct.Linear(input, weight, bias), sizes);
        return bias is null ? Differentiable.apply(input, weight, sizes) : Differentiable.apply(input, weight, sizes, bias);
    }

    private static List<Tensor> Split(Tensor output, IReadOnlyList<long> sizes)
    {
        var (parts, start) = (new List<Tensor>(sizes.Count), 0L);
        foreach (var size in sizes)
        {
            parts.Add(output.narrow(-1, start, size));
            start += size;
        }
        return parts;
    }

    private sealed class Differentiable : autograd.MultiTensorFunction<Differentiable>
    {
        public override string Name => nameof(SharedProduct);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (input, weight, sizes) = ((Tensor)vars[0], (Tensor)vars[1], (IReadOnlyList<long>)vars[2]);
            var bias = vars.Length > 3 ? (Tensor)vars[3] : null;
            ctx.save_for_backward(weight.requires_grad ? [weight, input] : [weight]);
            ctx.save_data(Name, (input.requires_grad, weight.requires_grad, bias?.requires_grad));
            return Split(LinearProduct.Linear(input, weight, bias), sizes);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => Gradients.Keep(grad_outputs, () => Backward(ctx, grad_outputs));

        private List<Tensor> Backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            var (ofInput, ofWeight, ofBias) = ((bool, bool, bool?))ctx.get_data(Name);
            var saved = ctx.get_saved_variables();
            var above = cat(grad_outputs, -1);
            List<Tensor> gradients =
            [
                ofInput ? LinearProduct.OfInput(above, saved[0]) : null!,
                ofWeight ? LinearProduct.OfWeight(above, saved[1]) : null!,
                null!,
            ];
            if (ofBias is { } isTrained) gradients.Add(isTrained ? above.sum([0L, 1L]) : null!);
            return gradients;
        }
    }
}
