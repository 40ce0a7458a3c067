using Spindle.Benchmarks.Recording.Table;

namespace Spindle.Benchmarks.Tests.Table;

public class LineFileTests
{
    [Fact]
    public void A_file_cut_at_any_byte_reads_as_its_whole_lines_and_continues_after_them()
    {
        using var scratch = new Scratch();
        var file = scratch["a.jsonl"];
        for (var seed = 0; seed < 3; seed++) LineFile.Append(file, WithSeed(seed));
        var bytes = File.ReadAllBytes(file);
        var lines = File.ReadAllLines(file);
        Assert.Equal([0, 1, 2], Seeds(file));
        foreach (var length in Enumerable.Range(0, bytes.Length).Where(length => length % 17 == 0 || length % (lines[0].Length + 1) < 2))
        {
            File.WriteAllBytes(file, bytes[..length]);
            var whole = bytes.AsSpan(0, length).Count((byte)'\n');
            Assert.Equal(Enumerable.Range(0, whole), Seeds(file));
            LineFile.Append(file, WithSeed(9));
            Assert.Equal([.. Enumerable.Range(0, whole), 9], Seeds(file));
        }
    }

    [Fact]
    public void A_line_that_is_no_trial_is_refused_with_file_line_and_remedy()
    {
        using var scratch = new Scratch();
        var file = scratch["a.jsonl"];
        LineFile.Append(file, MadeUp.Trial);
        File.AppendAllText(file, "{\"seconds\": 1}\n");
        var message = Assert.Throws<InvalidDataException>(() => LineFile.Read(file)).Message;
        Assert.StartsWith($"{file}:2: ", message, StringComparison.Ordinal);
        Assert.Contains("delete the line", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private static RecordedTrial WithSeed(int seed) => MadeUp.Trial with { Key = MadeUp.Trial.Key with { Seed = seed } };

    private static IEnumerable<int> Seeds(string file) => LineFile.Read(file).Select(trial => trial.Key.Seed);
}
