namespace Spindle.Reports.Runs;

/// <summary>A value that was measured in a run.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Step">After how many epochs.</param>
/// <param name="Time">When; that of an epoch's end is interpolated.</param>
/// <param name="Value">The value: scores in points, metrics as fractions.</param>
internal sealed record RunPoint(string Name, int Step, DateTimeOffset Time, double Value);
