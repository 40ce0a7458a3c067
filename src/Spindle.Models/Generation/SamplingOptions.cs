namespace Spindle.Models.Generation;

/// <summary>How the next token is drawn.</summary>
/// <param name="Temperature">Divides the log-probabilities, above 0: below 1 the likely become likelier.</param>
/// <param name="TopK">Only so many of the likeliest tokens can be drawn; 0 is all.</param>
/// <param name="TopP">Only the fewest likeliest tokens that hold this share of the probability can be drawn (Holtzman et al. 2020), above 0; 1 is all.</param>
/// <param name="Seed">The seed of the draws.</param>
public sealed record SamplingOptions(double Temperature = 1, int TopK = 0, double TopP = 1, int Seed = 0)
{
    /// <summary>Throws where a value is impossible.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        if (!(Temperature > 0) || !double.IsFinite(Temperature)) throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "must be above 0");
        ArgumentOutOfRangeException.ThrowIfNegative(TopK);
        if (!(TopP is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(TopP), TopP, "must be above 0 and at most 1");
    }
}
