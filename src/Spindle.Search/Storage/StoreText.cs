using System.Text.Json;
using System.Text.Json.Serialization;
using Spindle.Search.Trials;
using Spindle.Yaml;

namespace Spindle.Search.Storage;

/// <summary>Records as text in a store: plans as YAML, that people read, the rest as JSON.</summary>
internal static class StoreText
{
    private const string Full = "full";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // a metric that is not a number is kept as such
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static string Write<T>(T record) => JsonSerializer.Serialize(record, Options);

    /// <exception cref="InvalidDataException">The text is no such record.</exception>
    public static T Read<T>(string text, string name)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Options) ?? throw Damaged(name, "nothing is there");
        }
        catch (Exception wrong) when (wrong is JsonException or NotSupportedException or ArgumentException)
        {
            throw Damaged(name, wrong.Message.ReplaceLineEndings(" "));
        }
    }

    /// <exception cref="InvalidDataException">The text is no list of such records.</exception>
    public static IReadOnlyList<T> ReadAll<T>(string text, string name)
        where T : class
        => [.. Read<T?[]>(text, name).Select(record => record ?? throw Damaged(name, "a record is missing"))];

    public static string Write(TuningPlan plan) => plan switch
    {
        TuningPlan.Designed designed => DesignYaml.Write(designed.Design),
        TuningPlan.Full => Full,
        _ => throw new ArgumentException($"unknown plan {plan}", nameof(plan)),
    };

    /// <exception cref="InvalidDataException">The text is no plan.</exception>
    public static TuningPlan ReadPlan(string text, string name) => text == Full ? new TuningPlan.Full() : new TuningPlan.Designed(DesignYaml.Parse(text, name));

    private static InvalidDataException Damaged(string name, string why) => new($"{name}: the record is damaged ({why}); restore a copy of the store, or begin anew with another");
}
