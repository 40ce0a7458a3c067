using System.Text.Json;
using Spindle.Data.Tasks;
using Spindle.Tests;

namespace Spindle.Training.Tests.Texts;

/// <summary>Words and how they are pronounced in Britain, from the dictionary beside the model of it; every tenth is held back.</summary>
internal sealed class Pronunciations : ITaskFamily
{
    public const string Name = "pronunciations";

    public static string American => SharedFiles.BesideFixtures("models", "g2p-bart", "us");

    public IReadOnlyList<TaskDefinition> Tasks { get; } = [new(Name, TaskKind.TextToText, [], Pairs: false, ["exact-match"], null)];

    public TaskData Load(string name, string? dataFolder)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.BesideFixtures("models", "g2p-bart", "gb", "dictionary.json")));
        // some words have several, by their part of speech
        Example[] rows = [.. json.RootElement.EnumerateObject().Where(word => word.Value.ValueKind == JsonValueKind.String)
            .Select(word => new Example(word.Name, null, double.NaN) { Target = word.Value.GetString() })];
        return new(
            Tasks[0],
            new("train", [.. rows.Where((_, index) => index % 10 != 9)], []),
            [new("validation", [.. rows.Where((_, index) => index % 10 == 9)], [])]);
    }
}
