using Spindle.Designs.Budgets;

namespace Spindle.Cli.Commands;

/// <summary>Reads a budget from the command line.</summary>
internal static class Budgets
{
    public static Budget Read(string text)
    {
        try
        {
            return Budget.Parse(text);
        }
        catch (FormatException error)
        {
            throw new InvalidDataException($"--budget {error.Message}");
        }
    }
}
