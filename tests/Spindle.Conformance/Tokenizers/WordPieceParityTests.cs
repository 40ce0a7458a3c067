using System.Text.Json;
using Spindle.Data.Text;
using Spindle.Tests;

namespace Spindle.Conformance.Tokenizers;

/// <summary>WordPiece equals HF tokenizers on every row of the fixtures, hard text and real text, alone and in pairs.</summary>
public class WordPieceParityTests
{
    [Theory]
    [InlineData("bert-uncased.jsonl", true)]
    [InlineData("bert-uncased-vocab-cased-rules.jsonl", false)]
    public void Ids_segments_and_decoded_text_equal_those_of_the_reference(string file, bool lowerCase)
    {
        var rows = File.ReadAllLines(SharedFiles.Fixture("tokenizers", file));
        var tokenizer = WordPieceTokenizer.Load(SharedFiles.BesideFixtures("tokenizers", "bert"), new() { LowerCase = lowerCase, StripAccents = lowerCase });
        var wrong = new List<string>();
        foreach (var (index, line) in rows.Index())
        {
            using var json = JsonDocument.Parse(line);
            var row = json.RootElement;
            var pair = Text(row, "pair");
            var longest = row.TryGetProperty("max_length", out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : int.MaxValue;
            int[] expected = Numbers(row, "ids")!;
            var actual = tokenizer.Encode(Text(row, "text")!, pair, longest);
            if (!actual.Ids.SequenceEqual(expected)) wrong.Add($"row {index + 1}: [{string.Join(' ', actual.Ids)}] for [{string.Join(' ', expected)}]");
            if (Numbers(row, "type_ids") is { } types && !actual.TypeIds.SequenceEqual(types)) wrong.Add($"row {index + 1}: segments");
            if (Text(row, "decoded") is { } decoded && tokenizer.Decode(expected) != decoded)
                wrong.Add($"row {index + 1}: '{tokenizer.Decode(expected)}' for '{decoded}'");
        }
        Assert.NotEmpty(rows);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {rows.Length} rows differ\n{string.Join('\n', wrong.Take(5))}");
    }

    private static string? Text(JsonElement row, string key) => row.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int[]? Numbers(JsonElement row, string key) =>
        row.TryGetProperty(key, out var value) ? [.. value.EnumerateArray().Select(number => number.GetInt32())] : null;
}
