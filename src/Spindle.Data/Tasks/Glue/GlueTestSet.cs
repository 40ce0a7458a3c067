using Spindle.Data.Readers;
using Spindle.Data.Tasks.Downloads;
using Spindle.Data.Tasks.Rows;
using Spindle.Hub;

namespace Spindle.Data.Tasks.Glue;

/// <summary>One unlabelled part of a task of GLUE, whose answers the benchmark's site scores.</summary>
/// <param name="Task">The task.</param>
/// <param name="Submission">The name of its file in a submission: <c>MNLI-mm.tsv</c>.</param>
/// <param name="Indices">The rows' numbers as the files give them.</param>
/// <param name="Examples">The rows, in the order of the files.</param>
public sealed record GlueTestSet(TaskDefinition Task, string Submission, IReadOnlyList<string> Indices, IReadOnlyList<Example> Examples)
{
    private static readonly string[] IndexColumns = ["index", "idx", "id"];

    /// <summary>Reads the unlabelled parts of a task: for MNLI matched, mismatched and, where it is there, the diagnostic set AX.</summary>
    /// <param name="task">One of GLUE's tasks.</param>
    /// <param name="dataFolder">The folder of the data; null looks for what <c>spindle data download</c> fetched.</param>
    /// <exception cref="DirectoryNotFoundException">The task's folder is missing.</exception>
    /// <exception cref="FileNotFoundException">It holds no unlabelled part.</exception>
    /// <exception cref="InvalidDataException">The task is not a GLUE task, or a row cannot be read: a submission needs an answer for every row.</exception>
    public static IReadOnlyList<GlueTestSet> Load(string task, string? dataFolder)
    {
        if (!GlueTaskFamily.Names.Contains(task))
            throw new InvalidDataException($"task '{task}' is not a GLUE task; a submission takes {string.Join(", ", GlueTaskFamily.Names)}");
        var glue = GlueTaskFamily.Find(task);
        dataFolder ??= DatasetSource.FolderOf(task, HubCache.Default);
        var own = GlueTaskFamily.Locate(glue, glue.Folders, dataFolder);
        var sets = glue.Tests.Select(test => (test.Submission, Files: FilesOf(glue, test, own, dataFolder!)))
            .Where(test => test.Files is not null)
            .Select(test => Read(glue, test.Submission, test.Files!))
            .ToArray();
        return sets.Length > 0 ? sets
            : throw new FileNotFoundException($"{Path.Combine(own, glue.Tests[0].Names[0])}.tsv: there is no such file, which a submission answers", own);
    }

    private static IReadOnlyList<string>? FilesOf(GlueTask glue, GlueTest test, string own, string dataFolder)
    {
        if (test.Folders.Length == 0) return SplitFiles.Find(own, test.Names);
        foreach (var place in ((string[])[dataFolder, .. new[] { "glue", "glue_data" }.Select(name => Path.Combine(dataFolder, name))]).Where(Directory.Exists))
            foreach (var folder in Directory.EnumerateDirectories(place).Order(StringComparer.Ordinal))
                if (test.Folders.Contains(Path.GetFileName(folder), StringComparer.OrdinalIgnoreCase) && SplitFiles.Find(folder, test.Names) is { } files) return files;
        // some copies keep the diagnostic set beside MNLI's own files
        return SplitFiles.Find(own, [.. test.Names.Where(name => name != "test")]);
    }

    private static GlueTestSet Read(GlueTask glue, string submission, IReadOnlyList<string> files)
    {
        var table = GlueTaskFamily.Open(glue, files);
        var layout = GlueTaskFamily.Layout(glue, table, labelled: false);
        var index = table.Find(IndexColumns);
        string[] columns = [layout.First, .. layout.Second is { } second ? [second] : (string[])[], .. index is null ? [] : (string[])[index]];
        var indices = new List<string>();
        using var rows = new ExampleStore.Builder();
        foreach (var row in table.Rows(columns))
        {
            if (row.Fault is { } fault) throw new InvalidDataException($"{row.File}:{row.Line}: {fault.Reason}; a submission needs every row, download the file again");
            rows.Add(new(row.Fields[0] ?? "", layout.Second is null ? null : row.Fields[1] ?? "", double.NaN));
            indices.Add(index is null ? FormattableString.Invariant($"{indices.Count}") : row.Fields[^1]?.Trim() ?? "");
            if (index is not null && !long.TryParse(indices[^1], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _))
                throw new InvalidDataException($"{row.File}:{row.Line}: '{MessageText.Shorten(indices[^1])}' is not a row number; download the file again");
        }
        return new(glue.Definition, $"{submission}.tsv", indices, rows.Build());
    }
}
