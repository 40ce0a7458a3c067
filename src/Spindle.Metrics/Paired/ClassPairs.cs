namespace Spindle.Metrics.Paired;

/// <summary>A metric that only depends on how often each class is labelled, predicted, and both.</summary>
internal sealed class ClassPairs : IPairMetric
{
    private readonly double[] classes;
    private readonly (int Label, int Prediction)[] pairs;
    private readonly Func<ClassCounts, double> metric;

    public ClassPairs(IReadOnlyList<double> labels, IReadOnlyList<double> predictions, Func<ClassCounts, double> metric)
    {
        Rows.Check(labels, predictions);
        classes = [.. labels.Concat(predictions).Distinct().Order()];
        pairs = [.. labels.Zip(predictions, (label, prediction) => (Array.BinarySearch(classes, label), Array.BinarySearch(classes, prediction)))];
        this.metric = metric;
    }

    public int Count => pairs.Length;

    public double Compute(ReadOnlySpan<int> times)
    {
        var counts = new ClassCounts(classes, new double[classes.Length], new double[classes.Length], new double[classes.Length]);
        for (var pair = 0; pair < times.Length; pair++)
        {
            var (label, prediction) = pairs[pair];
            counts.Labelled[label] += times[pair];
            counts.Predicted[prediction] += times[pair];
            if (label == prediction) counts.Hits[label] += times[pair];
        }
        return metric(counts);
    }
}
