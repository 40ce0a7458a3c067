using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Training.FineTuning;

/// <summary>The mean of the values that several runs trained from the same start: a uniform model soup (Wortsman et al., ICML 2022).</summary>
/// <param name="values">The trained values, which are changed in place.</param>
internal sealed class AveragedValues(Tensor values) : IDisposable
{
    private readonly Tensor start = values.detach().clone().DetachFromDisposeScope();

    /// <summary>The sum of the values of the finished runs, <c>[count]</c>.</summary>
    public Tensor Sum { get; } = zeros_like(values, requires_grad: false).DetachFromDisposeScope();

    /// <summary>What is known of the finished runs.</summary>
    public FinishedRuns Finished { get; private set; } = new(0, 0, 0, 0);

    /// <summary>The seed of a run. The first run has the seed of a training that is not averaged.</summary>
    /// <param name="seed">The seed of the whole training.</param>
    /// <param name="run">The zero-based run.</param>
    public static int Seed(int seed, int run) => unchecked(seed + (run * (int)0x9E3779B9)) & int.MaxValue;

    /// <summary>Returns to the initial values.</summary>
    public void Restart() => Overwrite(start);

    /// <summary>Adds the values of a finished run.</summary>
    /// <param name="finished">What is then known of the finished runs.</param>
    public void Add(FinishedRuns finished)
    {
        using var noGrad = no_grad();
        using var added = Sum.Plus(values);
        Sum.copy_(added);
        Finished = finished;
    }

    /// <summary>Continues after the runs that an earlier process finished.</summary>
    /// <param name="finished">What is known of them.</param>
    /// <param name="itsSum">The sum of their values.</param>
    public void Resume(FinishedRuns finished, Tensor itsSum)
    {
        using var noGrad = no_grad();
        Sum.copy_(itsSum);
        Finished = finished;
    }

    /// <summary>Replaces the values with the mean of the runs.</summary>
    public void Apply()
    {
        using var mean = Sum.Times(1.0 / Finished.Count);
        Overwrite(mean);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        start.Dispose();
        Sum.Dispose();
    }

    private void Overwrite(Tensor other)
    {
        using var noGrad = no_grad();
        values.copy_(other);
    }
}

/// <summary>The finished runs of an average.</summary>
/// <param name="Count">Their number.</param>
/// <param name="Examples">The rows that they trained on, counted once per epoch.</param>
/// <param name="Loss">The sum of their last losses, each divided by the number of runs of the average.</param>
/// <param name="Seconds">The seconds that they took.</param>
internal sealed record FinishedRuns(int Count, long Examples, double Loss, double Seconds);
