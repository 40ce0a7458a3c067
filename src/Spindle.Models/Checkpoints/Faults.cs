namespace Spindle.Models.Checkpoints;

/// <summary>Several faults of one file in one line that stays readable.</summary>
internal static class Faults
{
    private const int Most = 30;

    public static string Join(IReadOnlyList<string> faults) =>
        string.Join("; ", faults.Take(Most)) + (faults.Count > Most ? $"; and {faults.Count - Most} more" : "");
}
