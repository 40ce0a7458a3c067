using System.Text.Json;

namespace Spindle.Models.Heads;

/// <summary>The head that a checkpoint asks for.</summary>
public static class HeadDefaults
{
    /// <summary>Whether the checkpoint is a sentence encoder: its <c>1_Pooling/config.json</c> asks for the mean over tokens.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <exception cref="InvalidDataException">The file is no JSON object.</exception>
    public static bool IsSentenceEncoder(string folder)
    {
        var path = Path.Combine(folder, "1_Pooling", "config.json");
        if (!File.Exists(path)) return false;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"{path}: is no JSON object: fetch the file anew");
            return json.RootElement.TryGetProperty("pooling_mode_mean_tokens", out var mean) && mean.ValueKind == JsonValueKind.True;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}:{error.LineNumber + 1}: is no JSON: fetch the file anew");
        }
    }
}
