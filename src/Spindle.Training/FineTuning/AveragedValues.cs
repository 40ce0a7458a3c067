using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Training.FineTuning;

/// <summary>The mean of the values that several runs trained from the same start: a uniform model soup (Wortsman et al., ICML 2022).</summary>
/// <param name="values">The trained values, which are changed in place.</param>
internal sealed class AveragedValues(Tensor values) : IDisposable
{
    private readonly Tensor start = values.detach().clone().DetachFromDisposeScope();
    private readonly Tensor sum = zeros_like(values, requires_grad: false).DetachFromDisposeScope();
    private int runs;

    /// <summary>The seed of a run. The first run has the seed of a training that is not averaged.</summary>
    /// <param name="seed">The seed of the whole training.</param>
    /// <param name="run">The zero-based run.</param>
    public static int Seed(int seed, int run) => unchecked(seed + (run * (int)0x9E3779B9)) & int.MaxValue;

    /// <summary>Returns to the initial values.</summary>
    public void Restart() => Overwrite(start);

    /// <summary>Adds the values of a finished run.</summary>
    public void Add()
    {
        using var noGrad = no_grad();
        using var added = sum.Plus(values);
        sum.copy_(added);
        runs++;
    }

    /// <summary>Replaces the values with the mean of the runs.</summary>
    public void Apply()
    {
        using var mean = sum.Times(1.0 / runs);
        Overwrite(mean);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        start.Dispose();
        sum.Dispose();
    }

    private void Overwrite(Tensor other)
    {
        using var noGrad = no_grad();
        values.copy_(other);
    }
}
