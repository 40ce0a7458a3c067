using Spindle.Studies;

namespace Spindle.Cli.Commands;

/// <summary>The option <c>--time</c>.</summary>
internal static class Durations
{
    /// <exception cref="InvalidDataException">The text is not a duration.</exception>
    public static TimeSpan Read(string text)
    {
        try
        {
            return DurationText.Parse(text);
        }
        catch (FormatException error)
        {
            throw new InvalidDataException($"--time: {error.Message}", error);
        }
    }
}
