using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Spindle.Designs.Text;
using Spindle.Yaml;

namespace Spindle.Models.Tuning;

/// <summary>Reads and writes records of strategy options. Every settable property is a key, in kebab case. Its type is bool, int, double, an
/// enumeration, a list of an enumeration, or nullable. <see cref="RangeAttribute"/> gives the range of a number; <see cref="MinLengthAttribute"/> forbids an
/// empty list.</summary>
internal static class StrategyOptions
{
    /// <summary>Reads a record of options; a key that is absent keeps its default.</summary>
    /// <param name="type">The record's type.</param>
    /// <param name="keys">The mapping; the caller finishes it.</param>
    /// <exception cref="InvalidDataException">A value is invalid.</exception>
    public static object Read(Type type, YamlMappingReader keys)
    {
        var options = Activator.CreateInstance(type)!;
        foreach (var property in Properties(type))
            if (keys.Value(KebabCase.From(property.Name)) is { } value)
                property.SetValue(options, Read(property, value));
        return options;
    }

    /// <summary>Every option in one line of YAML, in braces, without those that are null.</summary>
    /// <param name="kind">The name of the kind of strategy.</param>
    /// <param name="options">The record.</param>
    /// <param name="texts">Other texts than the values' of some options, by key; null for none.</param>
    public static string Write(string kind, object options, IReadOnlyDictionary<string, string>? texts = null) => "{" + string.Join(", ", Properties(options.GetType())
        .Select(property => KebabCase.From(property.Name))
        .Select(option => (Name: option, Text: texts?.GetValueOrDefault(option) ?? TextOf(options, option)))
        .Where(option => option.Text is not null)
        .Select(option => $"{option.Name}: {option.Text}")
        .Prepend($"kind: {kind}")) + "}";

    /// <summary>The text of an option's value, or null where it has none.</summary>
    /// <param name="options">The record.</param>
    /// <param name="option">The option's key.</param>
    public static string? TextOf(object options, string option) =>
        Properties(options.GetType()).FirstOrDefault(property => KebabCase.From(property.Name) == option)?.GetValue(options) is { } value ? Text(value) : null;

    /// <summary>The options for which several values are written, with these values: a list or a range where the option has one value, a list of lists where it has a list.</summary>
    /// <param name="type">The record's type.</param>
    /// <param name="keys">The mapping.</param>
    public static IEnumerable<(string Option, IReadOnlyList<YamlValue> Values)> Alternatives(Type type, YamlMappingReader keys)
    {
        foreach (var property in Properties(type))
        {
            if (keys.Value(KebabCase.From(property.Name)) is not { } value) continue;
            var valueType = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var alternatives = ElementOf(valueType) is null
                ? value.AsAlternatives(isWhole: valueType == typeof(int))
                : value.IsList && value.AsList() is { Count: > 0 } items && items.All(item => item.IsList) ? items : null;
            if (alternatives is not null) yield return (KebabCase.From(property.Name), alternatives);
        }
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite && property.GetIndexParameters().Length == 0);

    private static object Read(PropertyInfo property, YamlValue value)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var range = property.GetCustomAttribute<RangeAttribute>();
        if (type == typeof(bool)) return value.AsChoice(["true", "false"]) == "true";
        if (type == typeof(int)) return range is null ? value.AsInteger(0, int.MaxValue) : value.AsInteger((int)range.Minimum, (int)range.Maximum);
        if (type == typeof(double))
            return range is null ? value.AsNumber(double.MinValue, double.MaxValue) : value.AsNumber((double)range.Minimum, (double)range.Maximum, range.MinimumIsExclusive);
        if (type.IsEnum) return Member(type, value);
        if (ElementOf(type) is { } element)
        {
            var items = value.AsList();
            if (items.Count < (property.GetCustomAttribute<MinLengthAttribute>()?.Length ?? 0)) throw value.Error("the list is empty; name at least one");
            var list = Array.CreateInstance(element, items.Count);
            for (var index = 0; index < items.Count; index++) list.SetValue(Member(element, items[index]), index);
            return list;
        }
        throw new NotSupportedException($"{property.DeclaringType!.Name}.{property.Name} has a type that options cannot have");
    }

    private static object Member(Type type, YamlValue value)
    {
        var names = Enum.GetNames(type).ToDictionary(KebabCase.From, name => name, StringComparer.Ordinal);
        return Enum.Parse(type, names[value.AsChoice(names.Keys)]);
    }

    private static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) && type.GenericTypeArguments[0] is { IsEnum: true } element ? element : null;

    private static string Text(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        int number => number.ToString(CultureInfo.InvariantCulture),
        double number => YamlText.Format(number),
        IEnumerable list => YamlText.List(list.Cast<object>().Select(item => KebabCase.From(item.ToString()!))),
        _ => KebabCase.From(value.ToString()!),
    };
}
