using System.Globalization;
using System.Text.RegularExpressions;
using Spindle.Data.Readers;

namespace Spindle.Data.Tasks.Rows;

/// <summary>Finds the file or files of a part in a folder: <c>train.tsv</c>, <c>train.jsonl</c>, the Hub's <c>train-00000-of-00002.parquet</c>, or
/// <c>train/0000.parquet</c> where the Hub itself has made Parquet files.</summary>
internal static partial class SplitFiles
{
    private static readonly string[] Endings = [".tsv", ".parquet", ".jsonl", ".ndjson", ".json", ".csv"];

    /// <summary>The files of the first name that has any, in the folder, in its <c>data</c> or <c>default</c>; null where none has.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="names">The names of the part, the usual one first.</param>
    /// <exception cref="InvalidDataException">Some of several files are missing.</exception>
    public static IReadOnlyList<string>? Find(string folder, IReadOnlyList<string> names)
    {
        foreach (var place in ((string[])[folder, Path.Combine(folder, "data"), Path.Combine(folder, "default")]).Where(Directory.Exists))
        {
            foreach (var name in names)
            {
                foreach (var ending in Endings)
                {
                    var whole = Path.Combine(place, name + ending);
                    if (File.Exists(whole)) return [whole];
                    if (Shards(place, name, ending) is { } shards) return shards;
                }
                if (Numbered(Path.Combine(place, name)) is { } numbered) return numbered;
            }
        }
        return null;
    }

    /// <summary>Whether the files are tab-separated.</summary>
    public static bool AreTsv(IReadOnlyList<string> files) => TableFile.FormatOf(files[0]) == TableFormat.Tsv;

    private static string[]? Numbered(string folder)
    {
        if (!Directory.Exists(folder)) return null;
        string[] found = [.. Directory.EnumerateFiles(folder, "*.parquet").Order(StringComparer.Ordinal)];
        return found.Length == 0 ? null : found;
    }

    private static string[]? Shards(string folder, string name, string ending)
    {
        var found = Directory.EnumerateFiles(folder, $"{name}-*{ending}")
            .Select(path => (Path: path, Number: Shard().Match(Path.GetFileName(path)[name.Length..^ending.Length])))
            .Where(file => file.Number.Success)
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .ToArray();
        if (found.Length == 0) return null;
        var count = int.Parse(found[0].Number.Groups["count"].ValueSpan, CultureInfo.InvariantCulture);
        for (var index = 0; index < Math.Max(count, found.Length); index++)
            if (index >= found.Length || Number(found[index], "count") != count || Number(found[index], "index") != index)
                throw new InvalidDataException($"{folder}: of {count} files {name}-*{ending} number {index} is missing; download the folder again");
        return [.. found.Select(file => file.Path)];

        static int Number((string Path, Match Number) file, string part) => int.Parse(file.Number.Groups[part].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\A-(?<index>[0-9]{5})-of-(?<count>[0-9]{5})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shard();
}
