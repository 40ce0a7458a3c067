using System.Globalization;
using System.Text.RegularExpressions;

namespace Spindle.Studies;

/// <summary>Reads and writes durations as people write them: <c>90 s</c>, <c>20 min</c>, <c>1h30m</c>, <c>2 hours</c>.</summary>
public static partial class DurationText
{
    /// <summary>Reads a duration.</summary>
    /// <param name="text">Numbers with units, from days to seconds.</param>
    /// <exception cref="FormatException">The text is not a duration above zero, or longer than a year.</exception>
    public static TimeSpan Parse(string text)
    {
        var seconds = 0.0;
        var match = Whole().Match(text);
        if (match.Success)
            foreach (var (number, unit) in match.Groups["number"].Captures.Zip(match.Groups["unit"].Captures))
                seconds += double.Parse(number.Value, CultureInfo.InvariantCulture) * char.ToLowerInvariant(unit.Value[0]) switch { 'd' => 86_400, 'h' => 3_600, 'm' => 60, _ => 1 };
        const string examples = "'90 s', '20 min' or '1h30m'";
        if (!match.Success) throw new FormatException($"'{text}' is not a duration; write it with a unit, such as {examples}");
        if (match.Groups["sign"].Success || seconds == 0) throw new FormatException($"'{text}' is not above zero; a limit must be, such as {examples}");
        return seconds <= 366 * 86_400.0 ? TimeSpan.FromSeconds(seconds) : throw new FormatException($"'{text}' is longer than a year; write a shorter limit, such as {examples}");
    }

    /// <summary>Writes a duration so that <see cref="Parse"/> reads it back.</summary>
    public static string Format(TimeSpan time) => time.TotalSeconds % 60 == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:R} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:R} s");

    [GeneratedRegex(@"^\s*(?<sign>-)?((?<number>\d{1,9}(\.\d{1,6})?)\s*(?<unit>days?|d|hours?|hr|h|minutes?|min|m|seconds?|sec|s)\s*)+$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Whole();
}
