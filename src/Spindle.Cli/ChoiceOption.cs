using System.CommandLine;
using Spindle.Designs.Text;

namespace Spindle.Cli;

/// <summary>An option whose value is a member of an enumeration, spelt as in study files.</summary>
internal static class ChoiceOption
{
    /// <summary>Creates the option. Its value is null if the option was not given.</summary>
    public static Option<TEnum?> Of<TEnum>(string name, string description)
        where TEnum : struct, Enum
    {
        var option = new Option<TEnum?>(name)
        {
            Description = description,
            HelpName = string.Join('|', KebabCase.Names<TEnum>()),
            CustomParser = result => KebabCase.TryParse<TEnum>(result.Tokens[0].Value, out var value) ? value : null,
        };
        return option.AcceptOnlyFromAmong([.. KebabCase.Names<TEnum>()]);
    }
}
