using System.Text.Json;
using System.Text.Json.Serialization;

namespace Spindle.Dashboard;

/// <summary>How the page's data are written.</summary>
internal static class PageJson
{
    /// <summary>The same for events.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        return options;
    }
}
