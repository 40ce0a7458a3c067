using System.Text.Json;
using System.Text.Json.Serialization;

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

    /// <exception cref="InvalidDataException">The text is not such a record.</exception>
    public static T Read<T>(string text, string name)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Options) ?? throw Damaged(name, "it is null");
        }
        catch (Exception wrong) when (wrong is JsonException or NotSupportedException or ArgumentException)
        {
            throw Damaged(name, wrong.Message.ReplaceLineEndings(" "));
        }
    }

    /// <exception cref="InvalidDataException">The text is not a list of such records.</exception>
    public static IReadOnlyList<T> ReadAll<T>(string text, string name)
        where T : class
        => [.. Read<T?[]>(text, name).Select(record => record ?? throw Damaged(name, "a record is missing"))];

    private static InvalidDataException Damaged(string name, string why) => new($"{name}: the record is damaged ({why}); restore a copy of the store, or start over with another file");
}
