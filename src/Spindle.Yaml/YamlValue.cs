using System.Globalization;
using Spindle.Designs.Text;

namespace Spindle.Yaml;

/// <summary>A value in a YAML text, which knows where it stands. Every reader throws an <see cref="InvalidDataException"/> with file, line, column
/// and a remedy where the value is not what is asked for.</summary>
public sealed class YamlValue
{
    private readonly string file;
    private readonly YamlLabel label;

    internal YamlValue(string file, long line, long column, YamlLabel label, YamlContent content)
    {
        (this.file, this.label, Content) = (file, label, content);
        (Line, Column) = ((int)line, (int)column);
    }

    /// <summary>The line, counted from 1.</summary>
    public int Line { get; }

    /// <summary>The column, counted from 1.</summary>
    public int Column { get; }

    /// <summary>Whether it is a list.</summary>
    public bool IsList => Content is YamlContent.Sequence;

    /// <summary>Whether it is a mapping of keys to values.</summary>
    public bool IsMapping => Content is YamlContent.Mapping;

    internal YamlContent Content { get; }

    /// <summary>A text that is not empty.</summary>
    public string AsText()
    {
        var text = Scalar("a text");
        return string.IsNullOrWhiteSpace(text) ? throw Error($"{label} is empty; write a text or leave the key out") : text;
    }

    /// <summary>A whole number in a range.</summary>
    /// <param name="min">The smallest that is allowed.</param>
    /// <param name="max">The largest that is allowed.</param>
    public int AsInteger(int min, int max)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}");
        var text = Scalar(range);
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw Error($"{label} is '{YamlLabel.Shorten(text)}'; write {range}");
    }

    /// <summary>A finite number in a range.</summary>
    /// <param name="min">The smallest that is allowed.</param>
    /// <param name="max">The largest that is allowed.</param>
    /// <param name="aboveMin">Whether the smallest itself is not allowed.</param>
    public double AsNumber(double min, double max, bool aboveMin = false)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"a number {(aboveMin ? "above" : "from")} {min} {(aboveMin ? "and at most" : "to")} {max}");
        var text = Scalar(range);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) && number >= min && number <= max && !(aboveMin && number <= min)
                ? number
                : throw Error($"{label} is '{YamlLabel.Shorten(text)}'; write {range}");
    }

    /// <summary>A member of an enumeration, by its name in kebab case.</summary>
    public TEnum AsChoice<TEnum>()
        where TEnum : struct, Enum =>
        KebabCase.TryParse<TEnum>(AsChoice(KebabCase.Names<TEnum>()), out var value) ? value : throw new InvalidOperationException();

    /// <summary>One of the names.</summary>
    /// <param name="names">The names.</param>
    /// <param name="otherwise">What can be done instead of writing one of them, for the error; null for nothing.</param>
    public string AsChoice(IEnumerable<string> names, string? otherwise = null)
    {
        var known = names.ToArray();
        var text = Scalar("one of " + string.Join(", ", known));
        if (known.Contains(text, StringComparer.Ordinal)) return text;
        throw Error(NearestName.Find(text, known) is { } nearest
            ? $"{label} is '{YamlLabel.Shorten(text)}'; did you mean '{nearest}'?{(otherwise is null ? "" : $" Or {otherwise}")}"
            : $"{label} is '{YamlLabel.Shorten(text)}'; write one of {string.Join(", ", known)}{(otherwise is null ? "" : $", or {otherwise}")}");
    }

    /// <summary>A text that something else reads.</summary>
    /// <param name="parse">Reads the text; its <see cref="FormatException"/> becomes this value's error.</param>
    public T As<T>(Func<string, T> parse)
    {
        var text = AsText();
        try
        {
            return parse(text);
        }
        catch (FormatException wrong)
        {
            throw Error($"{label}: {wrong.Message}");
        }
    }

    /// <summary>A list, which may be empty.</summary>
    public IReadOnlyList<YamlValue> AsList() => Content is YamlContent.Sequence sequence
        ? sequence.Items
        : throw Error($"{label} is not a list; write it in brackets: [a, b]");

    /// <summary>A mapping of keys to values.</summary>
    public YamlMappingReader AsMapping() => Content is YamlContent.Mapping mapping
        ? new(this, label, mapping.Entries)
        : throw Error($"{label} is not a mapping; write it as 'key: value' lines or in braces: {{key: value}}");

    /// <summary>The values between which a search chooses: the items of a list, or the numbers of a range, <c>{from: 1, to: 9, steps: 5}</c>. Null where it is neither.</summary>
    /// <param name="isLogarithmic">Whether the numbers of a range have equal ratios, not equal differences.</param>
    /// <param name="isWhole">Whether the numbers of a range are rounded to whole numbers.</param>
    public IReadOnlyList<YamlValue>? AsAlternatives(bool isLogarithmic = false, bool isWhole = false)
    {
        if (IsList) return AsList();
        if (!IsMapping) return null;
        var keys = AsMapping();
        var from = keys.Required("from").AsNumber(isLogarithmic ? 0 : -1e9, 1e9, aboveMin: isLogarithmic);
        var to = keys.Required("to").AsNumber(from, 1e9, aboveMin: true);
        var steps = keys.Required("steps").AsInteger(2, 100);
        keys.Finish();
        return [.. Enumerable.Range(0, steps).Select(step => Number(step == 0 ? from : step == steps - 1 ? to : Between(from, to, (double)step / (steps - 1))))];

        double Between(double low, double high, double share) => isLogarithmic ? low * Math.Pow(high / low, share) : low + ((high - low) * share);

        // four digits are as many as a setting needs
        YamlValue Number(double number) => new(file, Line, Column, label, new YamlContent.Scalar(
            YamlText.Format(isWhole ? Math.Round(number) : double.Parse(number.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)), Plain: true));
    }

    /// <summary>This mapping with another value of a key, or with one more key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, which keeps its place.</param>
    public YamlValue With(string key, YamlValue value)
    {
        var entries = Content is YamlContent.Mapping mapping ? mapping.Entries : [];
        var changed = new YamlEntry(key, value, value);
        IReadOnlyList<YamlEntry> all = entries.Any(entry => entry.Key == key)
            ? [.. entries.Select(entry => entry.Key == key ? changed with { At = entry.At } : entry)]
            : [.. entries, changed];
        return new(file, Line, Column, label, new YamlContent.Mapping(all));
    }

    /// <summary>The value in one line of YAML, which reads back as the same.</summary>
    public string ToText() => Content switch
    {
        YamlContent.Scalar { Plain: true } scalar => scalar.IsNothing ? "null" : scalar.Text,
        YamlContent.Scalar scalar => YamlText.Format(scalar.Text),
        YamlContent.Sequence sequence => YamlText.List(sequence.Items.Select(item => item.ToText())),
        YamlContent.Mapping mapping => $"{{{string.Join(", ", mapping.Entries.Select(entry => $"{YamlText.Format(entry.Key)}: {entry.Value.ToText()}"))}}}",
        _ => throw new InvalidOperationException("unknown content"),
    };

    /// <summary>An error at this place.</summary>
    /// <param name="message">What is wrong; what to do.</param>
    public InvalidDataException Error(string message) => YamlSource.Error(file, Line, Column, message);

    private string Scalar(string wanted) => Content switch
    {
        YamlContent.Scalar { IsNothing: true } => throw Error($"{label} has no value; write {wanted} or leave the key out"),
        YamlContent.Scalar scalar => scalar.Text,
        YamlContent.Sequence => throw Error($"{label} is a list; write {wanted}"),
        _ => throw Error($"{label} is a mapping; write {wanted}"),
    };
}
