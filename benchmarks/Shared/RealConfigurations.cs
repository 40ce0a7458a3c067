using System.Text.Json;

namespace Spindle.Benchmarks;

/// <summary>The configurations of real backbones, out of the fixtures' <c>sizes.json</c>.</summary>
internal static class RealConfigurations
{
    /// <summary>Writes a backbone's <c>config.json</c> into a temporary folder.</summary>
    /// <param name="name">Its name on the Hub, without its organisation.</param>
    /// <returns>The folder; the caller deletes it.</returns>
    public static DirectoryInfo Write(string name)
    {
        using var sizes = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Fixtures(), "sizes.json")));
        var models = sizes.RootElement.GetProperty("models");
        if (!models.TryGetProperty(name, out var model))
            throw new ArgumentException($"sizes.json has no '{name}'; it has {string.Join(", ", models.EnumerateObject().Select(other => other.Name))}");
        var folder = Directory.CreateTempSubdirectory($"{name}-");
        File.WriteAllText(Path.Combine(folder.FullName, "config.json"), model.GetProperty("config").GetRawText());
        return folder;
    }

    private static string Fixtures()
    {
        if (Environment.GetEnvironmentVariable("SPINDLE_FIXTURES") is { Length: > 0 } root) return root;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Spindle.slnx")))
                return Path.Combine(folder.Parent!.FullName, "shared", "fixtures");
        throw new DirectoryNotFoundException("name the fixtures' folder in SPINDLE_FIXTURES");
    }
}
