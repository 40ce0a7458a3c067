namespace Spindle.Training.Optimization;

/// <summary>A learning rate that rises linearly from 0 during the warm-up and then falls linearly to 0, like the linear schedule of
/// HF transformers.</summary>
/// <param name="Peak">The learning rate after the warm-up.</param>
/// <param name="WarmUpSteps">The number of warm-up steps.</param>
/// <param name="Steps">The number of all steps.</param>
public sealed record LinearWarmUp(double Peak, int WarmUpSteps, int Steps)
{
    /// <summary>Creates a schedule whose warm-up is a share of all steps, rounded up.</summary>
    /// <param name="peak">The learning rate after the warm-up.</param>
    /// <param name="warmUp">The share of warm-up steps, from 0 to 1.</param>
    /// <param name="steps">The number of all steps.</param>
    public static LinearWarmUp OfShare(double peak, double warmUp, int steps) => new(peak, (int)Math.Ceiling(warmUp * steps), steps);

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">The zero-based step.</param>
    public double At(int step) => step < WarmUpSteps
        ? Peak * step / WarmUpSteps
        : Peak * Math.Max(0, Steps - step) / Math.Max(1, Steps - WarmUpSteps);
}
