using System.Text.Json.Nodes;

namespace Spindle.Cli.Terminal;

/// <summary>Values of JSON lines.</summary>
internal static class JsonValues
{
    /// <summary>A number, or null if it is not known or not finite: JSON has no infinity.</summary>
    public static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    /// <summary>Numbers.</summary>
    public static JsonArray Numbers(IEnumerable<double> values) => [.. values.Select(value => Number(value))];

    /// <summary>Texts.</summary>
    public static JsonArray Texts(IEnumerable<string> values) => [.. values.Select(value => (JsonNode?)JsonValue.Create(value))];

    /// <summary>Numbers by name.</summary>
    public static JsonObject Named(IEnumerable<KeyValuePair<string, double>> values) => new(values.Select(value => KeyValuePair.Create(value.Key, Number(value.Value))));
}
