using System.Text.Json;
using Spindle.Conformance.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Generation;
using Spindle.Tests;
using static TorchSharp.torch;

namespace Spindle.Conformance.Generation;

/// <summary>Every checkpoint of the fixtures that generates writes the ids that HF transformers writes: greedy and by beams.</summary>
public class GenerationParityTests
{
    private const int NewTokens = 14; // generate_note of the fixtures

    private static readonly Dictionary<string, Func<GenerationOptions, GenerationOptions>> Ways = new(StringComparer.Ordinal)
    {
        ["greedy"] = options => options,
        ["beam4"] = options => options with { Beams = 4 },
        // the fixtures' note does not name early stopping; only with it are all words equal
        ["beam4_lp2"] = options => options with { Beams = 4, LengthPenalty = 2, EarlyStopping = EarlyStopping.WhenFull },
        ["beam4_lp2_norepeat3"] = options => options with { Beams = 4, LengthPenalty = 2, NoRepeatNgram = 3 },
    };

    public static TheoryData<string> Folders() =>
        [.. SharedFiles.FixtureNames("models").Where(name => Generates(SharedFiles.Fixture("models", name))).DefaultIfEmpty("absent")];

    public static TheoryData<string> Pronouncers()
    {
        var root = Path.Combine(SharedFiles.Fixtures, "real");
        string[] files = Directory.Exists(root) ? [.. Directory.EnumerateFiles(root, "g2p-*.json").Select(file => Path.GetFileName(file)!).Order()] : [];
        return files.Length > 0 ? [.. files] : ["absent"];
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_batch_of_unequal_lengths_gives_the_reference_ids(string name)
    {
        var folder = FixtureModel.Folder(name);
        using var scope = NewDisposeScope();
        using var inputs = SafetensorsFile.Open(Path.Combine(folder, "expected.safetensors"));
        using var backbone = (ISequenceToSequence)BackboneCatalogue.Load(folder, new());
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        var source = new TokenBatch(inputs.Read("input_ids"), inputs.Read("attention_mask"), null);
        foreach (var way in json.RootElement.GetProperty("generate").EnumerateObject())
        {
            var generated = Generate(backbone, source, Ways[way.Name](OptionsOf(backbone, NewTokens)));
            var wanted = way.Value.EnumerateArray().Select(row => Unpadded(Ids(row), backbone.Tokens)).ToArray();
            Assert.Equal(wanted, [.. generated.Select(row => Unpadded(row, backbone.Tokens))]);
        }
    }

    [Theory]
    [MemberData(nameof(Pronouncers))]
    public void Real_words_are_pronounced_as_the_reference_pronounces_them(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Fixture("real", file)));
        var model = json.RootElement.GetProperty("model").GetString()!.Split('/');
        using var backbone = (ISequenceToSequence)BackboneCatalogue.Load(SharedFiles.BesideFixtures(model), new());
        var newTokens = int.Parse(json.RootElement.GetProperty("note").GetString()!.Split('=', ';')[1]);
        foreach (var rows in json.RootElement.GetProperty("rows").EnumerateArray().Chunk(32))
        {
            using var scope = NewDisposeScope();
            var source = Padded([.. rows.Select(row => Ids(row.GetProperty("input_ids")))], backbone.Tokens.Padding);
            foreach (var (name, way) in Ways.Where(way => rows[0].TryGetProperty(way.Key, out _)))
            {
                var generated = Generate(backbone, source, way(OptionsOf(backbone, newTokens)));
                for (var row = 0; row < rows.Length; row++)
                    Assert.True(Unpadded(Ids(rows[row].GetProperty(name)), backbone.Tokens).SequenceEqual(Unpadded(generated[row], backbone.Tokens)), $"{name} {rows[row]}: {string.Join(" ", generated[row])}");
            }
        }
    }

    private static IReadOnlyList<int[]> Generate(ISequenceToSequence backbone, TokenBatch source, GenerationOptions options)
    {
        using var decoder = new SequenceDecoder(backbone, source);
        return TokenGenerator.Generate(decoder, (int)source.Ids.shape[0], options, TestContext.Current.CancellationToken);
    }

    private static GenerationOptions OptionsOf(ISequenceToSequence backbone, int newTokens) => new()
    {
        StartId = backbone.Tokens.Start,
        EndId = backbone.Tokens.End,
        ForcedBeginId = backbone.Tokens.ForcedBegin,
        ForcedEndId = backbone.Tokens.ForcedEnd,
        MaximumLength = newTokens + 1,
    };

    private static bool Generates(string folder)
    {
        var path = Path.Combine(folder, "expected.json");
        if (!File.Exists(path)) return false;
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return json.RootElement.TryGetProperty("generate", out _);
    }

    private static TokenBatch Padded(int[][] rows, int padding)
    {
        var longest = rows.Max(row => row.Length);
        var ids = rows.SelectMany(row => row.Select(id => (long)id).Concat(Enumerable.Repeat((long)padding, longest - row.Length))).ToArray();
        var mask = rows.SelectMany(row => Enumerable.Range(0, longest).Select(at => at < row.Length ? 1L : 0L)).ToArray();
        return new(tensor(ids, [rows.Length, longest]), tensor(mask, [rows.Length, longest]), null);
    }

    // rows end at their end token; what the reference pads a batch with does not count
    private static int[] Unpadded(int[] ids, TargetTokens tokens) =>
        Array.IndexOf(ids, tokens.End, 1) is var end and > 0 ? ids[..(end + 1)] : ids;

    private static int[] Ids(JsonElement row) => [.. row.EnumerateArray().Select(id => id.GetInt32())];
}
