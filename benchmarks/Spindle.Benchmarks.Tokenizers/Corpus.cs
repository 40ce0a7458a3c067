using System.Text;
using System.Text.Json;

namespace Spindle.Benchmarks.Tokenizers;

/// <summary>Real text of the shared data: XSum's articles in English, RO-STS's sentences in Romanian.</summary>
internal static class Corpus
{
    /// <summary>The folder <c>shared/</c>: <c>SPINDLE_SHARED</c>, or the nearest one above that lies beside the repository.</summary>
    public static string Shared { get; } = Environment.GetEnvironmentVariable("SPINDLE_SHARED") ?? Find();

    /// <summary>Texts of one language.</summary>
    public static IReadOnlyList<string> Read(string shared, string language)
    {
        var (file, text) = language == "English"
            ? ("xsum/train.jsonl", (Func<JsonElement, string?>)(row => row.GetProperty("document").GetString()))
            : ("wmt16-ro-en/train.jsonl", row => row.GetProperty("translation").GetProperty("ro").GetString());
        return [.. File.ReadLines(Path.Combine(shared, "data", file)).Select(line => text(JsonElement.Parse(line))!)];
    }

    /// <summary>Words that no other word is like: what caches cannot help with.</summary>
    public static IReadOnlyList<string> Unlike()
    {
        var random = new Random(42);
        var lines = new string[2000];
        for (var line = 0; line < lines.Length; line++)
        {
            var text = new StringBuilder();
            while (text.Length < 1000)
            {
                for (var letters = random.Next(4, 12); letters > 0; letters--) text.Append((char)random.Next('a', 'z' + 1));
                text.Append(' ');
            }
            lines[line] = text.ToString();
        }
        return lines;
    }

    /// <summary>A megabyte without a blank, of letters and of what special tokens begin with.</summary>
    public static IReadOnlyList<string> OneWord()
    {
        var random = new Random(42);
        return [string.Concat(Enumerable.Range(0, 500_000).Select(_ => (char)random.Next('a', 'z' + 1))) + new string('<', 250_000) + new string('[', 250_000)];
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "shared", "tokenizers"))) return Path.Combine(folder.FullName, "shared");
        throw new DirectoryNotFoundException("there is no folder shared/ above; name it by SPINDLE_SHARED");
    }
}
