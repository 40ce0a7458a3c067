using System.Text.Json.Nodes;

namespace Spindle.Cli.Terminal;

/// <summary>What a command prints besides errors, as its options ask for it.</summary>
/// <param name="mode">How much, and in which form.</param>
internal sealed class CommandOutput(OutputMode mode)
{
    /// <summary>How much, and in which form.</summary>
    public OutputMode Mode => mode;

    /// <summary>Whether text is printed besides the result's last line.</summary>
    public bool IsText => mode is OutputMode.Normal or OutputMode.Verbose;

    /// <summary>Prints a line of the result.</summary>
    public void Say(string line)
    {
        if (IsText) Console.WriteLine(line);
    }

    /// <summary>Prints the line that is left of the result with <c>--quiet</c>.</summary>
    public void SayQuietly(string line)
    {
        if (mode == OutputMode.Quiet) Console.WriteLine(line);
    }

    /// <summary>Prints warnings, each once.</summary>
    public void Warn(IEnumerable<string> warnings)
    {
        if (IsText) WarningLines.Print(warnings);
        foreach (var warning in warnings.Distinct(StringComparer.Ordinal)) Event("warning", () => new() { ["text"] = warning });
    }

    /// <summary>Prints that a row could not be read.</summary>
    /// <param name="file">The row's file.</param>
    /// <param name="row">Its line.</param>
    /// <param name="reason">Why it was skipped.</param>
    public void Skip(string file, int row, string reason)
    {
        if (IsText) Console.Error.WriteLine($"skipped {file}:{row}: {reason}");
        Event("skipped", () => new() { ["file"] = file, ["line"] = row, ["reason"] = reason });
    }

    /// <summary>Prints an object with <c>--json</c>.</summary>
    /// <param name="name">The value of its key <c>event</c>.</param>
    /// <param name="fields">Creates its other keys.</param>
    public void Event(string name, Func<JsonObject> fields)
    {
        if (mode != OutputMode.Json) return;
        var line = new JsonObject { ["event"] = name };
        foreach (var (key, value) in fields()) line[key] = value?.DeepClone();
        // everything beyond ASCII is escaped, so that a terminal obeys nothing in it
        Console.WriteLine(line.ToJsonString());
    }
}
