namespace Spindle.Cli.Terminal;

/// <summary>Warnings on standard error.</summary>
internal static class WarningLines
{
    /// <summary>Prints warnings, a line each, each once.</summary>
    public static void Print(IEnumerable<string> warnings)
    {
        foreach (var warning in warnings.Distinct(StringComparer.Ordinal)) Console.Error.WriteLine($"warning: {warning}");
    }
}
