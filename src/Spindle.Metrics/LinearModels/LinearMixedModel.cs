namespace Spindle.Metrics.LinearModels;

/// <summary>A linear model with a random effect of each group. The variance of the groups is estimated by restricted maximum likelihood (Patterson and Thompson 1971), and degrees of freedom are those of Satterthwaite:
/// what is compared between groups has those of the groups, what is compared within them has those of the observations. Where no group has several observations, it is ordinary least squares.</summary>
public sealed class LinearMixedModel
{
    // powers of two
    private const int SmallestPower = -4;
    private const int LargestPower = 4;

    // of the logarithm of the ratio of variances
    private const double Step = 0.25;
    private const double LargestVariance = 4;

    private readonly GroupedProducts products;
    private readonly ModelColumns columns;
    private readonly SweptSystem swept;
    private readonly (SweptSystem Lower, SweptSystem Upper, double Variance)? neighbours;

    /// <summary>Fits a model.</summary>
    /// <param name="observations">The observations, at least one.</param>
    /// <param name="columns">The columns.</param>
    public LinearMixedModel(IReadOnlyList<Observation> observations, ModelColumns columns)
    {
        (this.columns, products) = (columns, new(observations, columns));
        swept = products.Solve(0, withAdded: true);
        DegreesOfFreedom = observations.Count - swept.Rank;
        var largest = observations.Max(observation => Math.Abs(observation.Value));
        Varies = DegreesOfFreedom > 0 && swept.Residual > 1e-10 * swept.Total && swept.Residual > 1e-20 * observations.Count * largest * largest;
        if (!Varies || observations.GroupBy(observation => observation.Group).All(group => group.Count() == 1)) return;

        Ratio = MostLikely();
        if (Ratio == 0) return;
        var (below, above) = (Ratio * Math.Exp(-Step), Ratio * Math.Exp(Step));
        var (lower, upper) = (products.Solve(below, withAdded: true), products.Solve(above, withAdded: true));
        swept = products.Solve(Ratio, withAdded: true);
        var curvature = (LogLikelihood(below, lower) - 2 * LogLikelihood(Ratio, swept) + LogLikelihood(above, upper)) / (Step * Step);
        neighbours = (lower, upper, curvature < -1 / LargestVariance ? -1 / curvature : LargestVariance);
    }

    /// <summary>The degrees of freedom of the residuals: the number of observations minus that of independent columns.</summary>
    public int DegreesOfFreedom { get; }

    /// <summary>Whether the model leaves a part of the values unexplained. Otherwise nothing is known about chance, and nothing can be estimated.</summary>
    public bool Varies { get; }

    /// <summary>The variance of the groups in units of the residual variance of one measurement.</summary>
    public double Ratio { get; }

    /// <summary>Whether a sum of coefficients of explained columns has one value, whatever the model makes of columns that are sums of others.</summary>
    /// <param name="contrast">The sum; columns are counted from the first explained one.</param>
    public bool IsEstimable(IReadOnlyList<Term> contrast) => swept.IsEstimable(contrast);

    /// <summary>Estimates a sum of coefficients of explained columns.</summary>
    /// <param name="contrast">The sum; columns are counted from the first explained one.</param>
    /// <exception cref="ArgumentException">The sum cannot be estimated, or nothing varies.</exception>
    public ContrastEstimate Estimate(IReadOnlyList<Term> contrast)
    {
        if (!Varies || !IsEstimable(contrast)) throw new ArgumentException("the contrast cannot be estimated", nameof(contrast));
        return Of(system => system.Estimate(contrast) is var (value, variance) ? (value, variance, system.Residual) : default, DegreesOfFreedom);
    }

    /// <summary>The coefficient of a column that is added to the model alone; null if it is a sum of the model's columns, or no degrees of freedom would be left.</summary>
    /// <param name="added">The zero-based column among those that can be added.</param>
    public ContrastEstimate? Added(int added)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(added, columns.Added);
        var square = products.Square(added);
        return Varies && DegreesOfFreedom > 1 && swept.Added(added, square) is { } one && one.Residual > 1e-10 * swept.Total
            ? Of(system => system.Added(added, square) ?? one, DegreesOfFreedom - 1)
            : null;
    }

    // the variance of the estimate is a function of the ratio, which is itself estimated
    private ContrastEstimate Of(Func<SweptSystem, (double Value, double Variance, double Residual)> estimate, int degrees)
    {
        var (value, variance, residual) = estimate(swept);
        var uncertainty = 2.0 / degrees;
        if (neighbours is { } near)
        {
            var (below, above) = (estimate(near.Lower), estimate(near.Upper));
            var slope = Math.Log(above.Variance * above.Residual / (below.Variance * below.Residual)) / (2 * Step);
            uncertainty += slope * slope * near.Variance;
        }

        return new(value, Math.Sqrt(variance * residual / degrees), Math.Max(1, 2 / uncertainty));
    }

    // over a grid of powers of four, then between its points, then by a parabola
    private double MostLikely()
    {
        var likelihoods = new Dictionary<int, double>();
        var best = Enumerable.Range(SmallestPower / 2, (LargestPower - SmallestPower) / 2 + 1).Select(half => 2 * half).MaxBy(At);
        // if the likelihood is the same for every ratio up to rounding, it says nothing about the groups
        if (LogLikelihood(0, products.Solve(0, withAdded: false)) >= At(best) - 1e-6) return 0;
        best = new[] { best - 1, best, best + 1 }.MaxBy(At);
        var (before, at, after) = (At(best - 1), At(best), At(best + 1));
        var bend = before - 2 * at + after;
        return Math.Pow(2, best + (bend < 0 ? Math.Clamp((before - after) / (2 * bend), -1, 1) : 0));

        double At(int power)
        {
            if (!likelihoods.TryGetValue(power, out var likelihood)) likelihoods.Add(power, likelihood = LogLikelihood(Math.Pow(2, power), products.Solve(Math.Pow(2, power), withAdded: false)));
            return likelihood;
        }
    }

    private double LogLikelihood(double ratio, SweptSystem system) =>
        -(products.LogDeterminant(ratio) + system.LogDeterminant + DegreesOfFreedom * Math.Log(system.Residual)) / 2;
}
