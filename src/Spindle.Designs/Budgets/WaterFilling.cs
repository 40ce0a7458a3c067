namespace Spindle.Designs.Budgets;

/// <summary>Divides an amount by weight, with each share between a minimum and a maximum.</summary>
internal static class WaterFilling
{
    /// <summary>The shares: level × weight, clamped, with the level at which they add up to the amount. If the amount exceeds the sum of the maxima, the maxima.</summary>
    /// <param name="amount">The amount to divide, at least the sum of the minima.</param>
    /// <param name="weights">The weights, each above 0.</param>
    /// <param name="minima">The minimum of each share.</param>
    /// <param name="maxima">The maximum of each share, at least its minimum.</param>
    public static double[] Fill(double amount, ReadOnlySpan<double> weights, ReadOnlySpan<double> minima, ReadOnlySpan<double> maxima)
    {
        // as the level rises, each share stays at its minimum, then grows with its weight, then stays at its maximum
        var events = new (double Level, double Slope)[2 * weights.Length];
        double filled = 0, most = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            events[2 * i] = (minima[i] / weights[i], weights[i]);
            events[2 * i + 1] = (maxima[i] / weights[i], -weights[i]);
            filled += minima[i];
            most += maxima[i];
        }

        if (amount >= most) return maxima.ToArray();
        Array.Sort(events, (first, second) => first.Level.CompareTo(second.Level));
        double level = 0, slope = 0;
        foreach (var next in events)
        {
            var reached = filled + slope * (next.Level - level);
            if (reached >= amount) break;
            (filled, level, slope) = (reached, next.Level, slope + next.Slope);
        }

        if (slope > 0) level += Math.Max(0, amount - filled) / slope;
        var shares = new double[weights.Length];
        for (var i = 0; i < shares.Length; i++) shares[i] = Math.Clamp(level * weights[i], minima[i], maxima[i]);
        return shares;
    }
}
