using Spindle.Models.Kernels;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>Runs the blocks of a backbone. What a block leaves behind besides its result is freed with it, unless its backward pass reads it.</summary>
/// <param name="recomputes">Whether a block in training keeps only its inputs, and is computed again in the backward pass.</param>
internal sealed class BlockPasses(bool recomputes)
{
    /// <summary>The result of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="inputs">Every tensor that the computation reads and that could have a gradient, besides trained parameters; null for what is missing.</param>
    /// <param name="compute">Computes the result from the inputs, in their order.</param>
    public Tensor Run(Block block, IReadOnlyList<Tensor?> inputs, Func<IReadOnlyList<Tensor?>, Tensor> compute) =>
        Run(block, inputs, isKept: false, read => [compute(read)])[0];

    /// <summary>The states after a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="hidden">The states before it.</param>
    /// <param name="bias">What is added to its attention scores, or null.</param>
    /// <param name="isKept">Whether everything is kept for the backward pass, as in the last block, where that starts.</param>
    /// <param name="compute">Computes the states after the block.</param>
    public HiddenStates Run(Block block, HiddenStates hidden, Tensor? bias, bool isKept, Func<HiddenStates, Tensor?, HiddenStates> compute)
    {
        var isOne = ReferenceEquals(hidden.Typed, hidden.Full);
        var states = Run(block, [hidden.Full, isOne ? null : hidden.Typed, bias], isKept, read =>
        {
            var after = compute(new(read[0]!, read[1] ?? read[0]!), read[2]);
            return ReferenceEquals(after.Typed, after.Full) ? [after.Full] : [after.Full, after.Typed];
        });
        return new(states[0], states[^1]);
    }

    private IReadOnlyList<Tensor> Run(Block block, IReadOnlyList<Tensor?> inputs, bool isKept, Func<IReadOnlyList<Tensor?>, IReadOnlyList<Tensor>> compute)
    {
        if (recomputes && !isKept && is_grad_enabled() && (block.IsTuned || inputs.Any(input => input is { requires_grad: true }))) return Recomputation.Run(inputs, compute);
        using var scope = NewDisposeScope();
        var outputs = compute(inputs);
        foreach (var output in outputs) output.MoveToOuterDisposeScope();
        return outputs;
    }
}
