namespace Spindle.Reports.Runs;

/// <summary>A value that was measured in a run.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Step">After how many epochs; of a training loss, after how many rows.</param>
/// <param name="Time">When; that of an epoch's end and of a training loss is interpolated.</param>
/// <param name="Value">The value: scores in points, metrics as fractions.</param>
internal sealed record RunPoint(string Name, long Step, DateTimeOffset Time, double Value)
{
    /// <summary>Whether it was measured on the rows that are trained on.</summary>
    public bool IsTraining { get; init; }
}
