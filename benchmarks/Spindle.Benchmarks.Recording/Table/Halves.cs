namespace Spindle.Benchmarks.Recording.Table;

/// <summary>The halves of the table, by task: what a policy's settings were chosen on says nothing of how they do on tasks that were never looked at. Two seeds of one task share its rows, and a design that is good with the
/// one is good with the other, so a split by seeds would leave nothing fresh. Each half has a task with short rows and one with longer rows.</summary>
internal static class Halves
{
    /// <summary>The half that policies may be tuned on.</summary>
    public const string Tuning = "tuning";

    /// <summary>The half that only reports.</summary>
    public const string Reporting = "reporting";

    /// <summary>Reads the name of a half.</summary>
    /// <exception cref="InvalidDataException">The text is something else.</exception>
    public static string Parse(string text) => text is Tuning or Reporting ? text : throw new InvalidDataException($"'{text}' is not a half; write {Tuning} or {Reporting}");

    /// <summary>The half of a task.</summary>
    public static string Of(string task) => task is "sst2" or "qqp" ? Tuning : Reporting;
}
