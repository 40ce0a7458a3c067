namespace Spindle.Models.Checkpoints;

/// <summary>Several faults of one file in one line; all that any real checkpoint can have, however many a hostile one names.</summary>
internal static class Faults
{
    private const int Most = 1000;

    public static string Join(IReadOnlyList<string> faults) =>
        string.Join("; ", faults.Take(Most)) + (faults.Count > Most ? $"; and {faults.Count - Most} more" : "");
}
