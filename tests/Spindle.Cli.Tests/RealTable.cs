using Spindle.Data.Tasks;
using Spindle.Tests;

namespace Spindle.Cli.Tests;

/// <summary>Rows of GLUE as a user's CSV files. The test is skipped where GLUE is absent.</summary>
internal static class RealTable
{
    // single sentences and the first sentences of pairs
    private static readonly string[] Sources = ["sst2", "cola", "mrpc", "stsb", "rte", "qnli", "qqp"];

    /// <summary>Writes labelled rows, and further rows without a label.</summary>
    /// <param name="folder">Where the files are written.</param>
    /// <param name="name"><c>SST-2</c> (two labels), <c>STS-B</c> (values over pairs) or <c>sources</c> (the task that a sentence comes from).</param>
    /// <param name="labelled">The number of labelled rows.</param>
    /// <param name="unlabelled">The number of the others.</param>
    /// <returns>The paths of both files.</returns>
    public static (string Labelled, string Unlabelled) Write(TemporaryFolder folder, string name, int labelled, int unlabelled)
    {
        var rows = name == "sources" ? Mixed(labelled + unlabelled) : [.. Rows(name.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant(), labelled + unlabelled)];
        var head = rows[0].Texts.Length > 1 ? "first,second" : "sentence";
        return (
            folder.File($"{name}.csv", string.Join('\n', rows.Take(labelled).Select(row => $"{Line(row.Texts)},{row.Label}").Prepend($"{head},label"))),
            folder.File($"{name}-new.csv", string.Join('\n', rows.Skip(labelled).Select(row => Line(row.Texts)).Prepend(head))));
    }

    private static (string[] Texts, string Label)[] Mixed(int count)
    {
        var each = (count / Sources.Length) + 1;
        var all = Sources.SelectMany(source => Rows(source, each).Select(row => (row.Texts[..1], source))).ToArray();
        new Random(1).Shuffle(all);
        return all[..count];
    }

    private static IEnumerable<(string[] Texts, string Label)> Rows(string task, int count)
    {
        var data = TaskCatalogue.Default.Load(task, SharedFiles.BesideFixtures("data", "glue_data"));
        return data.Train.Labelled.Take(count).Select(row => (
            row.Second is { } second ? new[] { row.First, second } : [row.First],
            data.Task.Kind == TaskKind.Classification ? data.Task.Labels[(int)row.Label] : FormattableString.Invariant($"{row.Label}")));
    }

    private static string Line(string[] texts) => string.Join(',', texts.Select(text => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
}
