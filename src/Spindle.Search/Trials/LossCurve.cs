namespace Spindle.Search.Trials;

/// <summary>The curve of a training loss in a bounded number of points, however long the training is: when it is full, each two neighbours become one. Can be used by several threads.</summary>
public sealed class LossCurve
{
    /// <summary>The most points of a curve.</summary>
    public const int MostPoints = 120;

    private readonly Lock gate = new();
    private readonly List<LossPoint> points = [];
    private int stepsPerPoint = 1;
    private int steps;
    private double sum;
    private long changes;

    /// <summary>How often a point was added. The curve has changed where this has.</summary>
    public long Changes => Volatile.Read(ref changes);

    /// <summary>The points so far.</summary>
    public IReadOnlyList<LossPoint> Points
    {
        get
        {
            lock (gate) return [.. points];
        }
    }

    /// <summary>Adds the loss of a step. One that is not finite, as of a training that diverges, is left out.</summary>
    /// <param name="examples">The rows trained on so far. A lower number than before begins a new curve, as the second training of a trial that diverged does.</param>
    /// <param name="loss">The loss of the step.</param>
    public void Add(long examples, double loss)
    {
        lock (gate)
        {
            if (points.Count > 0 && examples < points[^1].Examples) Clear();
            if (!double.IsFinite(loss)) return;
            (sum, steps) = (sum + loss, steps + 1);
            if (steps < stepsPerPoint) return;
            points.Add(new(examples, sum / steps));
            (sum, steps) = (0, 0);
            if (points.Count >= MostPoints) Halve();
            changes++;
        }
    }

    private void Clear()
    {
        points.Clear();
        (stepsPerPoint, steps, sum) = (1, 0, 0);
    }

    private void Halve()
    {
        LossPoint[] halved = [.. points.Chunk(2).Select(pair => new LossPoint(pair[^1].Examples, pair.Average(point => point.Loss)))];
        points.Clear();
        points.AddRange(halved);
        stepsPerPoint *= 2;
    }
}
