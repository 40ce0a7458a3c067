using System.Text.Json;
using System.Text.RegularExpressions;

namespace Spindle.Yaml;

/// <summary>Says in plain words why JSON is not the record that was expected. The messages of .NET name its classes.</summary>
public static partial class JsonFault
{
    /// <summary>What is wrong, in a few words.</summary>
    /// <param name="error">The error of the reader.</param>
    public static string Of(Exception error) => ErrorText.Line(Words(error));

    private static string Words(Exception error)
    {
        var message = error.Message.ReplaceLineEndings(" ");
        var place = (error as JsonException)?.Path is { Length: > 1 } path ? $" at {path.TrimStart('$').TrimStart('.')}" : "";
        if (Missing().Match(message) is { Success: true } missing) return $"it has no {missing.Groups["names"].Value}{place}";
        if (message.Contains(".NET member", StringComparison.Ordinal)) return $"a key is unknown{place}";
        if (message.Contains("null", StringComparison.Ordinal) && NamesAClass().IsMatch(message)) return $"a value is null{place}";
        if (error is NotSupportedException) return $"it does not say of what kind a part is{place}";
        if (NamesAClass().IsMatch(message)) return $"a value is not of the kind that belongs there{place}";
        return Position().Replace(message, "").TrimEnd(' ', '.');
    }

    [GeneratedRegex("missing required properties.*?: (?<names>'.*')")]
    private static partial Regex Missing();

    [GeneratedRegex(@"\b(?:System|Spindle)\.[A-Z]|\.NET|\btype '|converter|constructor")]
    private static partial Regex NamesAClass();

    [GeneratedRegex(" (?:Path: .*|LineNumber: .*)$")]
    private static partial Regex Position();
}
