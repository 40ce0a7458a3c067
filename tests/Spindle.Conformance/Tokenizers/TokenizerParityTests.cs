using System.Text.Json;
using Spindle.Data.Text;
using Spindle.Models.Checkpoints;
using Spindle.Tests;
using static TorchSharp.torch;

namespace Spindle.Conformance.Tokenizers;

/// <summary>Tokenizers equal HF tokenizers on every row of the fixtures, hard text and real text, alone and in pairs; the cases are the files found there.</summary>
public class TokenizerParityTests
{
    private const string CasedRules = "-vocab-cased-rules";

    /// <summary>Every file of rows with every way to load its tokenizer.</summary>
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        var folder = Path.Combine(SharedFiles.Fixtures, "tokenizers");
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.jsonl") : [];
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            cases.Add(name, "vocabulary");
            if (name.EndsWith(CasedRules, StringComparison.Ordinal)) continue;
            cases.Add(name, "folder");
            if (Directory.Exists(Path.Combine(folder, "files", Vocabulary(name)))) cases.Add(name, "single file");
        }
        if (cases.Count == 0) cases.Add("absent", "absent");
        return cases;
    }

    /// <summary>The real models with their own tokenizer beside their weights.</summary>
    public static TheoryData<string> RealModels() => [.. SharedFiles.FixtureNames("weights").DefaultIfEmpty("absent")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Ids_segments_and_decoded_text_equal_those_of_the_reference(string name, string source)
    {
        var rows = File.ReadAllLines(SharedFiles.Fixture("tokenizers", $"{name}.jsonl"));
        var tokenizer = source switch
        {
            "single file" => TextTokenizers.Load(SharedFiles.Fixture("tokenizers", "files", Vocabulary(name))),
            "folder" => TextTokenizers.Load(SharedFiles.BesideFixtures("tokenizers", Vocabulary(name))),
            _ => FromVocabulary(SharedFiles.BesideFixtures("tokenizers", Vocabulary(name)), !name.EndsWith(CasedRules, StringComparison.Ordinal)),
        };
        var wrong = new List<string>();
        foreach (var (index, line) in rows.Index())
        {
            using var json = JsonDocument.Parse(line);
            var row = json.RootElement;
            var longest = row.TryGetProperty("max_length", out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : int.MaxValue;
            int[] expected = Numbers(row, "ids")!;
            var actual = tokenizer.Encode(Text(row, "text")!, Text(row, "pair"), longest);
            if (!actual.Ids.SequenceEqual(expected)) wrong.Add($"row {index + 1}: [{string.Join(' ', actual.Ids)}] for [{string.Join(' ', expected)}]");
            if (Numbers(row, "type_ids") is { } types && !actual.TypeIds.SequenceEqual(types)) wrong.Add($"row {index + 1}: segments");
            if (Text(row, "decoded") is { } decoded && tokenizer.Decode(expected) != decoded)
                wrong.Add($"row {index + 1}: '{tokenizer.Decode(expected)}' for '{decoded}'");
        }
        Assert.NotEmpty(rows);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {rows.Length} rows differ\n{string.Join('\n', wrong.Take(5))}");
    }

    [Theory]
    [MemberData(nameof(RealModels))]
    public void Real_sentences_have_the_ids_that_the_reference_gave_its_model(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Fixture("real", $"{name}.json")));
        using var inputs = SafetensorsFile.Open(SharedFiles.Fixture("real", $"{name}.safetensors"));
        using var scope = NewDisposeScope();
        var (ids, mask) = (inputs.Read("input_ids"), inputs.Read("attention_mask"));
        var tokenizer = TextTokenizers.Load(SharedFiles.Fixture("weights", name));
        foreach (var (row, pair) in json.RootElement.GetProperty("sentences").EnumerateArray().Index())
        {
            var expected = ids[row].masked_select(mask[row].to(ScalarType.Bool)).data<long>().Select(id => (int)id).ToArray();
            Assert.Equal(expected, tokenizer.Encode(pair[0].GetString()!, pair[1].GetString(), (int)ids.shape[1]).Ids);
        }
    }

    [Fact]
    public void The_tokenizer_of_every_model_that_has_one_loads()
    {
        string[] vocabularies = ["vocab.txt", "vocab.json", "spiece.model", "tokenizer.json"];
        var folders = new[] { SharedFiles.BesideFixtures("models"), SharedFiles.Fixture("models") }
            .SelectMany(root => Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories))
            .Where(folder => vocabularies.Any(file => File.Exists(Path.Combine(folder, file))))
            .ToList();
        Assert.NotEmpty(folders);
        Assert.All(folders, folder => Assert.NotEmpty(TextTokenizers.Load(folder).Encode("a word or two", "and more", 32).Ids));
    }

    // rows are named by a vocabulary, with what else is said of it behind a dash
    private static string Vocabulary(string name) => name.Split('-')[0];

    private static ITextTokenizer FromVocabulary(string folder, bool lowerCase) =>
        File.Exists(Path.Combine(folder, "spiece.model")) ? UnigramTokenizer.Load(folder)
        : File.Exists(Path.Combine(folder, "merges.txt")) ? ByteLevelTokenizer.Load(folder)
        : WordPieceTokenizer.Load(folder, new() { LowerCase = lowerCase, StripAccents = lowerCase });

    private static string? Text(JsonElement row, string key) => row.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int[]? Numbers(JsonElement row, string key) =>
        row.TryGetProperty(key, out var value) ? [.. value.EnumerateArray().Select(number => number.GetInt32())] : null;
}
