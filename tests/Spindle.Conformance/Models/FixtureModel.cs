using System.Text.Json;
using Spindle.Models.Backbones;
using Spindle.Tests;

namespace Spindle.Conformance.Models;

/// <summary>The fixtures' checkpoints.</summary>
internal static class FixtureModel
{
    /// <summary>The folder of a checkpoint; the test is skipped where it is absent, and where no backbone reads its family.</summary>
    /// <param name="name">The folder's name.</param>
    public static string Folder(string name)
    {
        var folder = SharedFiles.Fixture("models", name);
        using var configuration = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "config.json")));
        var family = configuration.RootElement.GetProperty("model_type").GetString()!;
        Assert.SkipUnless(BackboneCatalogue.ModelTypes.Contains(family), $"{name}: no backbone reads the family '{family}'");
        return folder;
    }
}
