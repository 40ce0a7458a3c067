using System.CommandLine;
using System.Globalization;
using Spindle.Training.Settings;

namespace Spindle.Cli.Commands;

/// <summary>The options of a single training run: one for every training setting, named as under <c>training</c> in study files.</summary>
internal sealed class TrainingOptions
{
    private readonly List<(Option Option, Func<ParseResult, TrainingSettings, TrainingSettings> Apply)> options = [.. SettingDefinition.All.Select(OptionOf)];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var (option, _) in options) command.Options.Add(option);
    }

    /// <summary>The parsed settings. Those that were not given have their defaults.</summary>
    public TrainingSettings Read(ParseResult parsed) => options.Aggregate(new TrainingSettings(), (settings, option) => option.Apply(parsed, settings));

    /// <summary>The names of the options that were given.</summary>
    public IReadOnlyList<string> Given(ParseResult parsed) => [.. options.Where(option => parsed.GetResult(option.Option) is { Implicit: false }).Select(option => option.Option.Name)];

    private static (Option, Func<ParseResult, TrainingSettings, TrainingSettings>) OptionOf(SettingDefinition setting) => setting switch
    {
        SettingDefinition.Integer integer => Create<int>(setting, integer.Set, integer.Allows),
        SettingDefinition.Number number => Create<double>(setting, number.Set, number.Allows),
        SettingDefinition.Flag flag => Create(flag),
        SettingDefinition.Choice choice => Create(choice),
        SettingDefinition.Form form => Create(form),
        SettingDefinition.PerName numbers => Create(numbers),
        _ => throw new InvalidOperationException($"setting {setting.Name} has a type that command-line options do not support"),
    };

    private static (Option, Func<ParseResult, TrainingSettings, TrainingSettings>) Create<T>(
        SettingDefinition setting, Func<TrainingSettings, T, TrainingSettings> set, Func<double, bool> allows)
        where T : struct
    {
        var option = new Option<T?>($"--{setting.Name}") { Description = Description(setting) };
        // read the token, not the option's value: reading the value of a malformed number throws, and the parser already reports it
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => double.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && !allows(value)))
                result.AddError($"{option.Name} must be {setting.Range}.");
        });
        return (option, (parsed, settings) => parsed.GetValue(option) is { } value ? set(settings, value) : settings);
    }

    private static (Option, Func<ParseResult, TrainingSettings, TrainingSettings>) Create(SettingDefinition.Flag flag)
    {
        var option = new Option<bool>($"--{flag.Name}") { Description = flag.Description };
        return (option, (parsed, settings) => parsed.GetResult(option) is { Implicit: false } ? flag.Set(settings, parsed.GetValue(option)) : settings);
    }

    private static (Option, Func<ParseResult, TrainingSettings, TrainingSettings>) Create(SettingDefinition.Choice choice)
    {
        var option = new Option<string?>($"--{choice.Name}") { Description = Description(choice), HelpName = string.Join('|', choice.Choices) };
        option.AcceptOnlyFromAmong([.. choice.Choices]);
        return (option, (parsed, settings) => parsed.GetValue(option) is { } value ? choice.Set(settings, value) : settings);
    }

    private static (Option, Func<ParseResult, TrainingSettings, TrainingSettings>) Create(SettingDefinition.Form form)
    {
        var option = new Option<string?>($"--{form.Name}") { Description = Description(form), HelpName = form.Name };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                try
                {
                    form.Parse(token.Value);
                }
                catch (FormatException)
                {
                    result.AddError($"{option.Name} {token.Value}: write {form.Range}.");
                }
        });
        return (option, (parsed, settings) => parsed.GetValue(option) is { } value ? form.Set(settings, value) : settings);
    }

    private static (Option, Func<ParseResult, TrainingSettings, TrainingSettings>) Create(SettingDefinition.PerName numbers)
    {
        var option = new Option<string?>($"--{numbers.Name}") { Description = Description(numbers), HelpName = $"{numbers.KeyName}=number,…|{numbers.Preset.Word}" };
        return (option, (parsed, settings) => parsed.GetValue(option) is { } text ? numbers.Set(settings, Read(numbers, text)) : settings);
    }

    private static NumbersByName Read(SettingDefinition.PerName numbers, string text)
    {
        if (text == numbers.Preset.Word) return numbers.Preset.Numbers;
        var read = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var isRead = part.Split('=', StringSplitOptions.TrimEntries) is [{ Length: > 0 } name, { } number]
                && double.TryParse(number, CultureInfo.InvariantCulture, out var value) && numbers.Allows(value) && read.TryAdd(name, value);
            if (!isRead) throw new InvalidDataException($"--{numbers.Name} {text}: '{part}' is neither '{numbers.Preset.Word}' nor {numbers.KeyName}=number; name each {numbers.KeyName} once, with a number above {numbers.Minimum} and at most {numbers.Maximum}");
        }

        return new(read);
    }

    private static string Description(SettingDefinition setting) =>
        setting.Default is { } value ? string.Create(CultureInfo.InvariantCulture, $"{setting.Description} {value} by default.") : setting.Description;
}
