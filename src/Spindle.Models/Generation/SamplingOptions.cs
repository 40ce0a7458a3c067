namespace Spindle.Models.Generation;

/// <summary>Options of sampled decoding.</summary>
/// <param name="Temperature">Divides the log-probabilities, above 0. Below 1 it makes likely tokens likelier.</param>
/// <param name="TopK">The number of likeliest tokens to sample from; 0 for all.</param>
/// <param name="TopP">The probability mass of the likeliest tokens to sample from (nucleus sampling, Holtzman et al. 2020), above 0; 1 for all.</param>
/// <param name="Seed">The seed.</param>
public sealed record SamplingOptions(double Temperature = 1, int TopK = 0, double TopP = 1, int Seed = 0)
{
    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        if (!(Temperature > 0) || !double.IsFinite(Temperature)) throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "must be above 0");
        ArgumentOutOfRangeException.ThrowIfNegative(TopK);
        if (!(TopP is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(TopP), TopP, "must be above 0 and at most 1");
    }
}
