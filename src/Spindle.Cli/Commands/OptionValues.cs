using Spindle.Studies;

namespace Spindle.Cli.Commands;

/// <summary>Reads the values of options that are written with a unit.</summary>
internal static class OptionValues
{
    /// <summary>The value of <c>--budget</c>.</summary>
    /// <exception cref="InvalidDataException">The text is not a budget.</exception>
    public static Designs.Budgets.Budget Budget(string text) => Read("--budget", text, Designs.Budgets.Budget.Parse);

    /// <summary>The value of <c>--time</c>.</summary>
    /// <exception cref="InvalidDataException">The text is not a duration.</exception>
    public static TimeSpan Time(string text) => Read("--time", text, DurationText.Parse);

    /// <summary>The value of <c>--idle-timeout</c>.</summary>
    /// <exception cref="InvalidDataException">The text is not a duration.</exception>
    public static TimeSpan IdleTimeout(string text) => Read("--idle-timeout", text, DurationText.Parse);

    private static T Read<T>(string option, string text, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException error)
        {
            throw new InvalidDataException($"{option}: {error.Message}", error);
        }
    }
}
