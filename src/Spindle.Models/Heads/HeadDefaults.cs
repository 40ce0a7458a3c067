using System.Text.Json;

namespace Spindle.Models.Heads;

/// <summary>The default head of a checkpoint.</summary>
public static class HeadDefaults
{
    /// <summary>Whether the checkpoint is a sentence encoder: its <c>1_Pooling/config.json</c> pools by the mean over tokens.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <exception cref="InvalidDataException">The file is not a JSON object.</exception>
    public static bool IsSentenceEncoder(string folder)
    {
        var path = Path.Combine(folder, "1_Pooling", "config.json");
        if (!File.Exists(path)) return false;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"{path}: is not a JSON object; download the file again");
            return json.RootElement.TryGetProperty("pooling_mode_mean_tokens", out var mean) && mean.ValueKind == JsonValueKind.True;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}:{error.LineNumber + 1}: is not valid JSON; download the file again");
        }
    }
}
