using System.Diagnostics;
using System.Globalization;
using Spindle.Data.Text;

namespace Spindle.Benchmarks.Tokenizers;

/// <summary>Megabytes of UTF-8 a second of processor time, so that a busy machine tells the same as an idle one; encoding runs on one thread.</summary>
internal static class Throughput
{
    /// <summary>Prints a row for every vocabulary and text: the first pass (nothing cached, code not yet compiled), the best of the later ones, decoding, loading.</summary>
    public static void Print(string shared)
    {
        var texts = new[] { "English", "Romanian" }.Select(language => (Name: language, Lines: Corpus.Read(shared, language)))
            .Append(("no two words alike", Corpus.Unlike())).Append(("no blanks", Corpus.OneWord())).ToList();
        Console.WriteLine("tokenizer        text                    MB  first MB/s   best MB/s  decode MB/s  bytes a token  load ms");
        foreach (var (name, load) in Tokenizers(shared))
        {
            foreach (var (text, lines) in texts)
            {
                var tokenizer = load();
                var loading = Seconds(() => load());
                var bytes = lines.Sum(line => (double)System.Text.Encoding.UTF8.GetByteCount(line));
                var ids = lines.Select(_ => Array.Empty<int>()).ToArray();
                double Pass() => bytes / 1e6 / Seconds(() =>
                {
                    for (var index = 0; index < lines.Count; index++) ids[index] = tokenizer.Encode(lines[index], null, int.MaxValue).Ids;
                });
                var first = Pass();
                var best = Enumerable.Range(0, 4).Max(_ => Pass());
                var decoding = bytes / 1e6 / Seconds(() =>
                {
                    foreach (var sequence in ids) tokenizer.Decode(sequence);
                });
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-16} {text,-20} {bytes / 1e6,5:F2} {first,11:F1} {best,11:F1} {decoding,12:F1} {bytes / ids.Sum(sequence => (double)sequence.Length),14:F2} {1000 * loading,8:F0}"));
            }
        }
    }

    private static IEnumerable<(string Name, Func<ITextTokenizer> Load)> Tokenizers(string shared)
    {
        string Folder(string name) => Path.Combine(shared, "tokenizers", name);
        yield return ("WordPiece", () => WordPieceTokenizer.Load(Folder("bert")));
        yield return ("byte-level BPE", () => ByteLevelTokenizer.Load(Folder("roberta")));
        yield return ("Unigram", () => UnigramTokenizer.Load(Folder("t5")));
        yield return ("Unigram json", () => TextTokenizers.Load(Folder("t5")));
    }

    private static double Seconds(Action action)
    {
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        var before = process.TotalProcessorTime;
        action();
        process.Refresh();
        return Math.Max(1e-9, (process.TotalProcessorTime - before).TotalSeconds);
    }
}
