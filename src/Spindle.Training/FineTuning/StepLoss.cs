using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Training.FineTuning;

/// <summary>The loss and the gradient of one step, still on the device. Reading them waits for the device, so they are read when the next step is on its way.</summary>
/// <param name="number">The number of the step, from 1.</param>
/// <param name="rows">The rows of the step.</param>
/// <param name="losses">The mean loss of each part of the step, and its share.</param>
/// <param name="norm">The norm of the gradient before clipping.</param>
internal sealed class StepLoss(int number, int rows, IReadOnlyList<(Tensor Loss, double Share)> losses, Tensor norm) : IDisposable
{
    /// <summary>The number of the step, from 1.</summary>
    public int Number => number;

    /// <summary>The rows of the step.</summary>
    public int Rows => rows;

    /// <summary>The mean loss.</summary>
    public double Loss => losses.Aggregate(0.0, (mean, part) => mean + part.Share * part.Loss.ToDouble());

    /// <summary>The norm of the gradient before clipping.</summary>
    public double GradientNorm => norm.ToDouble();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (loss, _) in losses) loss.Dispose();
        norm.Dispose();
    }
}
