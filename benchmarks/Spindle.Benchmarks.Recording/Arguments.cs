using System.Globalization;

namespace Spindle.Benchmarks.Recording;

/// <summary>The command line: a command, then options with their values.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> options = new(StringComparer.Ordinal);

    /// <summary>Reads the arguments after the command.</summary>
    /// <param name="arguments">Pairs of an option and its value.</param>
    /// <param name="known">The options that the command has.</param>
    /// <exception cref="InvalidDataException">An option is unknown or has no value.</exception>
    public Arguments(IReadOnlyList<string> arguments, params IReadOnlyList<string> known)
    {
        for (var at = 0; at < arguments.Count; at += 2)
        {
            if (!known.Contains(arguments[at])) throw new InvalidDataException($"there is no option '{arguments[at]}' here; the options are {string.Join(", ", known)}");
            if (at + 1 == arguments.Count) throw new InvalidDataException($"option '{arguments[at]}' has no value; write one after it");
            options[arguments[at]] = arguments[at + 1];
        }
    }

    /// <summary>The value of an option, or a default.</summary>
    public string Text(string option, string otherwise) => options.GetValueOrDefault(option, otherwise);

    /// <summary>The value of an option as a whole number, or a default.</summary>
    /// <exception cref="InvalidDataException">The value is not a whole number of at least 1.</exception>
    public int Number(string option, int otherwise) => !options.TryGetValue(option, out var text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 ? number
        : throw new InvalidDataException($"'{option} {text}' is not a number; write a whole number of at least 1");
}
