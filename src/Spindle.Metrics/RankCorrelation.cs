namespace Spindle.Metrics;

/// <summary>Spearman's rank correlation of pairs with a 95% interval: Fisher's transformation with the standard error of Bonett and Wright (2000).</summary>
/// <param name="Count">The number of pairs.</param>
/// <param name="Value">The correlation, from −1 to 1.</param>
/// <param name="Lower">The lower end of the interval.</param>
/// <param name="Upper">The upper end of the interval.</param>
public sealed record RankCorrelation(int Count, double Value, double Lower, double Upper)
{
    /// <summary>The fewest pairs of which anything can be said.</summary>
    public const int FewestPairs = 4;

    // of the standard normal distribution
    private const double Quantile = 1.959963984540054;

    /// <summary>The correlation of pairs.</summary>
    /// <param name="first">The first values.</param>
    /// <param name="second">The second values, paired by position.</param>
    /// <returns>The correlation; null for fewer pairs than <see cref="FewestPairs"/>, or if either does not vary.</returns>
    /// <exception cref="ArgumentException">The counts differ.</exception>
    public static RankCorrelation? Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count) throw new ArgumentException($"{second.Count} values are paired with {first.Count}", nameof(second));
        if (first.Count < FewestPairs || double.IsNaN(Correlations.Spearman(first, second))) return null;
        var value = Math.Round(Correlations.Spearman(first, second), 12);
        double count = first.Count;
        // half a swap of neighbours from the ends, where the transformation is not defined
        var end = 1 - 6 / (count * (count * count - 1));
        var transformed = Math.Atanh(Math.Clamp(value, -end, end));
        var half = Quantile * Math.Sqrt((1 + value * value / 2) / (count - 3));
        return new(first.Count, value, value == -1 ? -1 : Math.Tanh(transformed - half), value == 1 ? 1 : Math.Tanh(transformed + half));
    }
}
