using Spindle.Models.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>Activation checkpointing (Chen et al. 2016): a part of a model keeps only its inputs for the backward pass, and computes everything else again there, with the same dropout.</summary>
internal static class Recomputation
{
    // from this many numbers on, what the part before has freed is given back first: the allocator would keep most of it
    private const long LongInput = 1 << 21;

    // what autograd differentiates where only parameters inside the part are trained
    private static readonly Tensor Anchor = MakeAnchor();

    /// <summary>The outputs of a part that has trained parameters, or an input with a gradient.</summary>
    /// <param name="inputs">Every tensor that the part reads and that could have a gradient, besides trained parameters; null for what is missing.</param>
    /// <param name="compute">Computes the outputs. It is called twice, with the inputs in their order, and must do the same again.</param>
    public static IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor?> inputs, Func<IReadOnlyList<Tensor?>, IReadOnlyList<Tensor>> compute) =>
        Differentiable.apply([Anchor, new Part(compute, [.. inputs.Select(input => input is not null)]), .. inputs.OfType<Tensor>()]);

    private static Tensor MakeAnchor()
    {
        using var training = inference_mode(false);
        return zeros(1).requires_grad_().DetachFromDisposeScope();
    }

    private sealed record Part(Func<IReadOnlyList<Tensor?>, IReadOnlyList<Tensor>> Compute, IReadOnlyList<bool> Given)
    {
        public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> given)
        {
            // GPUs have their own random numbers, whose state cannot be read; the thread's current GPU may be another one
            if (given[0].device_type == DeviceType.CUDA) cuda.manual_seed_all(DropoutBits.NextSeed());
            var next = 0;
            return Compute([.. Given.Select(isGiven => isGiven ? given[next++] : null)]);
        }
    }

    private sealed class Differentiable : autograd.MultiTensorFunction<Differentiable>
    {
        private const int FirstInput = 2;

        public override string Name => nameof(Recomputation);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            using var generator = Generator.Default;
            var state = generator.get_state();
            using var noGrad = no_grad();
            var (part, inputs) = ((Part)vars[1], vars.Skip(FirstInput).Cast<Tensor>().ToArray());
            ctx.set_materialize_grads(false);
            ctx.save_for_backward([state, .. inputs]);
            ctx.save_data(Name, (part, inputs.Select(input => input.requires_grad).ToArray()));
            return [.. Scoped(part, inputs)];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => Gradients.Keep(grad_outputs, () => Backward(ctx, grad_outputs));

        private List<Tensor> Backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            var saved = ctx.get_saved_variables();
            var (part, wanted) = ((Part, bool[]))ctx.get_data(Name);
            Tensor[] inputs = [.. saved.Skip(1).Zip(wanted, (input, isWanted) => input.detach().requires_grad_(isWanted))];
            using var generator = Generator.Default;
            if (inputs[0].device_type == DeviceType.CPU && inputs[0].numel() >= LongInput) FreedMemory.Return();
            var present = generator.get_state();
            generator.set_state(saved[0]);
            IReadOnlyList<Tensor> outputs;
            using (enable_grad()) outputs = Scoped(part, inputs);
            generator.set_state(present);
            var above = outputs.Zip(grad_outputs).Where(pair => pair.Second is { IsInvalid: false }).ToArray();
            // into the gradients of the parameters inside the part too
            autograd.backward([.. above.Select(pair => pair.First)], [.. above.Select(pair => pair.Second)]);
            return [null!, null!, .. inputs.Select((input, index) => wanted[index] ? input.grad! : null!)];
        }

        // frees what the backward pass does not read
        private static IReadOnlyList<Tensor> Scoped(Part part, IReadOnlyList<Tensor> inputs)
        {
            using var scope = NewDisposeScope();
            var outputs = part.Run(inputs);
            foreach (var output in outputs) output.MoveToOuterDisposeScope();
            return outputs;
        }
    }
}
