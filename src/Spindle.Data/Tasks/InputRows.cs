using Spindle.Data.Readers;
using Spindle.Data.Tasks.Rows;

namespace Spindle.Data.Tasks;

/// <summary>The rows of a file that a model is to answer: their texts, found by the names of their columns, and all other columns for the output.</summary>
public sealed class InputRows
{
    // the usual names of text columns, for tasks that were not read from a user's files
    private static readonly string[] Texts = ["text", "sentence", "source", "document", "article", "question", "input"];

    private readonly Table table;

    private InputRows(Table table, IReadOnlyList<Example> examples) => (this.table, Examples) = (table, examples);

    /// <summary>The rows without labels, in order. Many rows stay on the disk.</summary>
    public IReadOnlyList<Example> Examples { get; }

    /// <summary>The names of all columns of the file, in order.</summary>
    public IReadOnlyList<string> Columns => [.. table.Columns.Select(column => column.Name)];

    /// <summary>Reads the text columns of a file and ignores all others.</summary>
    /// <param name="path">A CSV, TSV, JSON Lines or Parquet file.</param>
    /// <param name="task">The task, whose <see cref="TaskDefinition.Columns"/> name the text columns; without them, the usual names are looked for.</param>
    /// <param name="columns">The text columns, one or two for a pair, instead of the task's; empty for those of the task.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A text column is missing, a row cannot be read, or a text is empty. The message gives file, line and remedy.</exception>
    public static InputRows Read(string path, TaskDefinition task, IReadOnlyList<string>? columns = null)
    {
        var table = Table.Open([path], new() { Header = task.Columns?.HasHeader ?? true });
        var layout = Layout(table, task, columns ?? []);
        var reader = new SplitReader(task, new(0, "correct the row, or remove it", DropsDuplicates: false), _ => null);
        return new(table, reader.Read("input", table, layout, null, isTraining: false).Split.Examples);
    }

    /// <summary>Reads all fields of every row again, in the order of <see cref="Columns"/>; null where a field has no value.</summary>
    public IEnumerable<IReadOnlyList<string?>> Fields() => table.Rows(Columns).Select(row => row.Fields);

    private static RowLayout Layout(Table table, TaskDefinition task, IReadOnlyList<string> given)
    {
        if (given.Count > 0 && given.Count != (task.Pairs ? 2 : 1))
            throw new InvalidDataException($"task '{task.Name}' reads {(task.Pairs ? "pairs; name their two columns" : "single texts; name one column")}, not {given.Count}");
        var (first, second) = given.Count > 0 ? (given[0], given.ElementAtOrDefault(1))
            : task.Columns is { } known ? (known.First, known.Second)
            : Usual(table, task);
        foreach (var column in (string?[])[first, second])
            if (column is not null) _ = table.Column(column);
        return new(first, second, null);
    }

    private static (string First, string? Second) Usual(Table table, TaskDefinition task)
    {
        if (!task.Pairs) return (table.Find(Texts) ?? Texts[0], null);
        var pair = UsualPairs.Names.FirstOrDefault(pair => table.Find([pair.First]) is not null && table.Find([pair.Second]) is not null);
        return pair.First is null ? UsualPairs.Names[0] : pair;
    }
}
