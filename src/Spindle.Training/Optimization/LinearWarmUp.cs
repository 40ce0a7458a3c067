namespace Spindle.Training.Optimization;

/// <summary>A learning rate that rises linearly from 0 over the warm-up and falls linearly to 0 after it, as the linear schedule of
/// HF transformers does.</summary>
/// <param name="Peak">The learning rate after the warm-up.</param>
/// <param name="WarmUpSteps">Steps of the warm-up.</param>
/// <param name="Steps">Steps in all.</param>
public sealed record LinearWarmUp(double Peak, int WarmUpSteps, int Steps)
{
    /// <summary>The schedule whose warm-up is a share of all steps, rounded up.</summary>
    /// <param name="peak">The learning rate after the warm-up.</param>
    /// <param name="warmUp">The share of the steps that warm up, from 0 to 1.</param>
    /// <param name="steps">Steps in all.</param>
    public static LinearWarmUp OfShare(double peak, double warmUp, int steps) => new(peak, (int)Math.Ceiling(warmUp * steps), steps);

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">Zero-based.</param>
    public double At(int step) => step < WarmUpSteps
        ? Peak * step / WarmUpSteps
        : Peak * Math.Max(0, Steps - step) / Math.Max(1, Steps - WarmUpSteps);
}
