using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>A linear map with the fastest products of this machine.</summary>
internal static class LinearProduct
{
    /// <summary>input · weightᵀ + bias.</summary>
    /// <param name="input"><c>[…, inputs]</c>, of the weight's type.</param>
    /// <param name="weight"><c>[outputs, inputs]</c>.</param>
    /// <param name="bias"><c>[outputs]</c>, or null.</param>
    public static Tensor Linear(Tensor input, Tensor weight, Tensor? bias)
    {
        if (!OneDnn.IsFaster(input, weight)) return nn.functional.linear(input, weight, bias);
        long[] shape = [.. input.shape[..^1], weight.shape[0]];
        var rows = input.reshape(-1, weight.shape[1]);
        var isConstant = !is_grad_enabled() || !(input.requires_grad || weight.requires_grad || bias is { requires_grad: true });
        var output = isConstant ? OneDnn.Linear(rows, weight, bias)
            : bias is null ? Differentiable.apply(rows, weight) : Differentiable.apply(rows, weight, bias);
        return output.view(shape);
    }

    /// <summary>The gradient of a linear map's input, which is not differentiable itself.</summary>
    /// <param name="above">The gradient of its output, <c>[…, outputs]</c>.</param>
    /// <param name="weight"><c>[outputs, inputs]</c>.</param>
    public static Tensor OfInput(Tensor above, Tensor weight)
    {
        var across = weight.t();
        if (!OneDnn.IsFaster(above, across)) return above.matmul(weight);
        long[] shape = [.. above.shape[..^1], weight.shape[1]];
        return OneDnn.Linear(above.reshape(-1, weight.shape[0]), across, null).view(shape);
    }

    /// <summary>The gradient of a linear map's weight, which is not differentiable itself.</summary>
    /// <param name="above">The gradient of its output, <c>[…, outputs]</c>.</param>
    /// <param name="input">Its input, <c>[…, inputs]</c>.</param>
    public static Tensor OfWeight(Tensor above, Tensor input)
    {
        var (left, right) = (above.reshape(-1, above.shape[^1]).t(), input.reshape(-1, input.shape[^1]).t());
        return OneDnn.IsFaster(left, right) ? OneDnn.Linear(left, right, null) : left.matmul(right.t());
    }

    /// <summary>The products of the backward pass are of the same kind: with the weight, and of the two transposed tensors.</summary>
    private sealed class Differentiable : autograd.SingleTensorFunction<Differentiable>
    {
        private const string Trained = "trained";

        public override string Name => "OneDnnLinear";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (input, weight, bias) = ((Tensor)vars[0], (Tensor)vars[1], vars.Length > 2 ? (Tensor)vars[2] : null);
            var trained = (Input: input.requires_grad, Weight: weight.requires_grad, Bias: bias?.requires_grad);
            ctx.save_for_backward(trained.Weight ? [weight, input] : [weight]);
            ctx.save_data(Trained, trained);
            return OneDnn.Linear(input, weight, bias);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => Gradients.Keep([grad_output], () => Backward(ctx, grad_output));

        private List<Tensor> Backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var (input, weight, bias) = ((bool, bool, bool?))ctx.get_data(Trained);
            var saved = ctx.get_saved_variables();
            var gradient = grad_output.contiguous();
            var gradients = new List<Tensor>
            {
                input ? OfInput(gradient, saved[0]) : null!,
                weight ? OfWeight(gradient, saved[1]) : null!,
            };
            if (bias is { } isTrained) gradients.Add(isTrained ? gradient.sum([0L]) : null!);
            return gradients;
        }
    }
}
