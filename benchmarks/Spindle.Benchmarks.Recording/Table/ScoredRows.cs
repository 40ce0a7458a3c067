using System.Text.Json.Serialization;

namespace Spindle.Benchmarks.Recording.Table;

/// <summary>The expected answers of the scored rows of each task: a label, 0 or 1, or a value.</summary>
internal sealed class ScoredRows
{
    private readonly Dictionary<string, double[]> labels;

    /// <summary>Takes the answers of each task.</summary>
    public ScoredRows(IEnumerable<(string Task, IReadOnlyList<double> Labels)> tasks) => labels = tasks.ToDictionary(task => task.Task, task => task.Labels.ToArray());

    /// <summary>The file beside a packed table.</summary>
    /// <param name="packed">The packed table.</param>
    public static string Beside(string packed) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(packed))!, "rows.parquet");

    /// <summary>The answers of a task in the order of its rows.</summary>
    public IReadOnlyList<double> this[string task] => labels[task];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file is not such a table.</exception>
    public static ScoredRows Read(string path) =>
        new(TableFile.Read<Row>(path).GroupBy(row => row.Task).Select(task => (task.Key, (IReadOnlyList<double>)[.. task.OrderBy(row => row.Number).Select(row => row.Label)])));

    /// <summary>Writes a file.</summary>
    public void Write(string path) => TableFile.Write(path, labels.SelectMany(task => task.Value.Select((label, number) => new Row { Task = task.Key, Number = number, Label = label })));

    private sealed class Row
    {
        [JsonPropertyName("task")]
        public string Task { get; set; } = "";

        [JsonPropertyName("row")]
        public int Number { get; set; }

        [JsonPropertyName("label")]
        public double Label { get; set; }
    }
}
