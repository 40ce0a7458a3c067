using Spindle.Models.Tuning.Full;
using Spindle.Training.Settings;

namespace Spindle.Training.Optimization;

/// <summary>The learning rate of each trained parameter, as a multiple of the rate of the training run.</summary>
public static class LearningRateFactors
{
    /// <summary>The factor of each parameter; null if all have the rate of the run.</summary>
    /// <param name="owners">The strategy of each parameter, <see cref="FullTuning.Name"/>, or null for the head's.</param>
    /// <param name="settings">The rates of strategies and of the head.</param>
    /// <param name="learningRate">The rate of the run.</param>
    public static IReadOnlyList<double>? Compute(IReadOnlyList<string?> owners, TrainingSettings settings, double learningRate)
    {
        double[] factors = [.. owners.Select(owner => owner is null
            ? (settings.HeadLearningRate ?? learningRate) / learningRate
            : settings.LearningRates.TryGetValue(owner, out var rate) ? rate / settings.LearningRate : 1)];
        return factors.All(factor => factor == 1) ? null : factors;
    }
}
