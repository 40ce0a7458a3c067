using MathNet.Numerics.LinearAlgebra;

namespace Spindle.Metrics.GaussianProcesses;

/// <summary>Regression with a Gaussian process (Rasmussen and Williams 2006, algorithm 2.1): the sum of a linear function, a smooth one, a shift of each block, and noise. How much of the variance is linear and smooth,
/// and how smooth, is what makes the observations most likely, on a grid.</summary>
public sealed class GaussianProcess
{
    // variances in units of the noise's
    private static readonly double[] LinearVariances = [0, 0.1, 1, 10];
    private static readonly double[] SmoothVariances = [0.1, 0.5, 2, 10];
    private static readonly double[] Lengths = [0.5, 1.5];

    // nothing is known about a block's shift
    private const double BlockVariance = 1e3;

    private readonly Scaling scaling;
    private readonly double[][] known;
    private readonly Kernel kernel;
    private readonly Centering centering;
    private readonly MathNet.Numerics.LinearAlgebra.Factorization.Cholesky<double> factor;
    private readonly Vector<double> weights;
    private readonly double noise;

    private GaussianProcess(
        Scaling scaling, double[][] known, Kernel kernel, Centering centering, MathNet.Numerics.LinearAlgebra.Factorization.Cholesky<double> factor, Vector<double> weights, double noise) =>
        (this.scaling, this.known, this.kernel, this.centering, this.factor, this.weights, this.noise) = (scaling, known, kernel, centering, factor, weights, noise);

    /// <summary>The standard deviation of the noise of one observation.</summary>
    public double Noise => Math.Sqrt(noise);

    /// <summary>Fits a process.</summary>
    /// <param name="observations">The observations, at least one.</param>
    public static GaussianProcess Fit(IReadOnlyList<ProcessObservation> observations)
    {
        ArgumentOutOfRangeException.ThrowIfZero(observations.Count);
        var scaling = Scaling.Of([.. observations.Select(observation => observation.Features)]);
        double[][] known = [.. observations.Select(observation => scaling.Apply(observation.Features))];
        var mean = observations.Average(observation => observation.Value);
        var values = Vector<double>.Build.Dense(observations.Count, at => observations[at].Value - mean);
        var fixedPart = Matrix<double>.Build.Dense(observations.Count, observations.Count, (row, column) =>
            (observations[row].Block == observations[column].Block ? BlockVariance : 0) + (row == column ? 1 : 0));
        // linear functions of centred features are centred
        var linear = Covariance(known, new Kernel(1, 0, 1).LinearOf);
        GaussianProcess? best = null;
        var bestLikelihood = double.NegativeInfinity;
        foreach (var length in Lengths)
        {
            var smooth = Covariance(known, new Kernel(0, 1, length).SmoothOf);
            var centering = Centering.Of(smooth);
            smooth = Matrix<double>.Build.Dense(known.Length, known.Length, (row, column) => centering.Apply(smooth[row, column], row, column));
            foreach (var ofLinear in LinearVariances)
                foreach (var ofSmooth in SmoothVariances)
                {
                    var factor = (fixedPart + (linear * ofLinear) + (smooth * ofSmooth)).Cholesky();
                    var weights = factor.Solve(values);
                    // the noise that is most likely, in closed form
                    var noise = Math.Max(values * weights / values.Count, 1e-12);
                    var likelihood = (-values.Count * Math.Log(noise) - factor.DeterminantLn) / 2;
                    if (likelihood <= bestLikelihood) continue;
                    (bestLikelihood, best) = (likelihood, new(scaling, known, new(ofLinear, ofSmooth, length), centering, factor, weights, noise));
                }
        }

        return best!;
    }

    /// <summary>The mean and the standard deviation of the function at a place, without noise and without the shift of any block. The function is 0 on average over the observed places.</summary>
    /// <param name="features">The place.</param>
    public (double Mean, double Deviation) Predict(IReadOnlyList<double> features)
    {
        var place = scaling.Apply(features);
        var (covariances, mean) = CovariancesOf(place);
        var own = kernel.LinearOf(place, place) + (kernel.Smooth * (1 - (2 * mean) + centering.All));
        return (covariances * weights, Math.Sqrt(Math.Max(0, own - (covariances * factor.Solve(covariances))) * noise));
    }

    /// <summary>The mean of <see cref="Predict"/>, which costs much less than both.</summary>
    /// <param name="features">The place.</param>
    public double Mean(IReadOnlyList<double> features) => CovariancesOf(scaling.Apply(features)).Covariances * weights;

    // with every observation, and the mean of the smooth function's
    private (Vector<double> Covariances, double Mean) CovariancesOf(double[] place)
    {
        double[] smooth = [.. known.Select(other => kernel.SmoothOf(place, other))];
        var mean = smooth.Average();
        return (Vector<double>.Build.Dense(known.Length, at => kernel.LinearOf(place, known[at]) + (kernel.Smooth * (smooth[at] - mean - centering.Rows[at] + centering.All))), mean);
    }

    private static Matrix<double> Covariance(double[][] places, Func<double[], double[], double> kernel) =>
        Matrix<double>.Build.Dense(places.Length, places.Length, (row, column) => kernel(places[row], places[column]));

    private readonly record struct Kernel(double Linear, double Smooth, double Length)
    {
        public double LinearOf(double[] first, double[] second)
        {
            var product = 0.0;
            for (var at = 0; at < first.Length; at++) product += first[at] * second[at];
            return Linear * product / Math.Max(1, first.Length);
        }

        // 1 for the same place
        public double SmoothOf(double[] first, double[] second)
        {
            var distance = 0.0;
            for (var at = 0; at < first.Length; at++) distance += (first[at] - second[at]) * (first[at] - second[at]);
            return Math.Exp(-distance / (2 * Length * Length * Math.Max(1, first.Length)));
        }
    }

    // makes functions 0 on average over the observed places; otherwise the unknown constant would count as uncertainty of every place
    private sealed record Centering(double[] Rows, double All)
    {
        public static Centering Of(Matrix<double> covariances)
        {
            double[] rows = [.. covariances.RowSums().Select(sum => sum / covariances.ColumnCount)];
            return new(rows, rows.Average());
        }

        public double Apply(double covariance, int row, int column) => covariance - Rows[row] - Rows[column] + All;
    }

    // features with mean 0 and variance 1 over the observations; those that never differ become 0
    private sealed record Scaling(double[] Means, double[] Factors)
    {
        public static Scaling Of(IReadOnlyList<double>[] features)
        {
            double[] means = [.. Enumerable.Range(0, features[0].Count).Select(column => features.Average(row => row[column]))];
            return new(means, [.. means.Select((mean, column) => features.Average(row => (row[column] - mean) * (row[column] - mean)) is var variance && variance > 1e-12 ? 1 / Math.Sqrt(variance) : 0)]);
        }

        public double[] Apply(IReadOnlyList<double> features) => [.. features.Select((value, column) => (value - Means[column]) * Factors[column])];
    }
}
