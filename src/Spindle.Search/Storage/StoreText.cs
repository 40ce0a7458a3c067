using System.Text.Json;
using System.Text.Json.Serialization;
using Spindle.Yaml;

namespace Spindle.Search.Storage;

/// <summary>Stores records as JSON.</summary>
internal static class StoreText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // a metric may be NaN or infinite
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static string Write<T>(T record) => JsonSerializer.Serialize(record, Options);

    /// <param name="text">The JSON.</param>
    /// <param name="name">Where it comes from, for messages.</param>
    /// <param name="fault">The first fault of what was read, or null.</param>
    /// <exception cref="InvalidDataException">The text is not such a record.</exception>
    public static T Read<T>(string text, string name, Func<T, string?>? fault = null)
    {
        try
        {
            var record = JsonSerializer.Deserialize<T>(text, Options) ?? throw Damaged(name, "it is null");
            return fault?.Invoke(record) is { } why ? throw Damaged(name, why) : record;
        }
        catch (Exception wrong) when (wrong is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw Damaged(name, JsonFault.Of(wrong));
        }
    }

    /// <exception cref="InvalidDataException">The text is not a list of such records.</exception>
    public static IReadOnlyList<T> ReadAll<T>(string text, string name, Func<T, string?> fault)
        where T : class
        => Read<T[]>(text, name, records => records.Select(record => record is null ? "a record is missing" : fault(record)).FirstOrDefault(why => why is not null));

    /// <summary>The error of a record that no search writes.</summary>
    public static InvalidDataException Damaged(string name, string why) => new($"{name}: the record is damaged ({ErrorText.Line(why)}); restore a copy of the store, or start over with another file");
}
