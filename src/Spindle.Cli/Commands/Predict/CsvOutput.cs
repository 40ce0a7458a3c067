using Spindle.Data.Tasks;
using Spindle.Training.Evaluation;

namespace Spindle.Cli.Commands.Predict;

/// <summary>Writes the columns of an input file with the prediction for each row beside them, as CSV (RFC 4180).</summary>
internal sealed class CsvOutput
{
    private const string Predicted = "prediction";
    private const string Probability = "probability";

    private readonly TextWriter writer;
    private readonly TaskDefinition task;
    private readonly bool hasProbability;

    /// <summary>Writes the header.</summary>
    /// <param name="writer">Where the rows go.</param>
    /// <param name="columns">The columns of the input.</param>
    /// <param name="task">The model's task.</param>
    /// <param name="hasProbability">Whether the model gives probabilities.</param>
    /// <exception cref="InvalidDataException">The input already has a column of the same name.</exception>
    public CsvOutput(TextWriter writer, IReadOnlyList<string> columns, TaskDefinition task, bool hasProbability)
    {
        (this.writer, this.task, this.hasProbability) = (writer, task, hasProbability);
        string[] added = hasProbability ? [Predicted, Probability] : [Predicted];
        if (added.FirstOrDefault(columns.Contains) is { } taken) throw new InvalidDataException($"--input: the file already has a column '{taken}'; rename it, or write --format json");
        Write([.. columns, .. added]);
    }

    /// <summary>Writes a row.</summary>
    /// <param name="fields">The fields of the input.</param>
    /// <param name="prediction">The prediction.</param>
    public void Write(IReadOnlyList<string?> fields, Prediction prediction) => Write(
        [.. fields, PredictionText.Answer(prediction, task), .. hasProbability ? [PredictionText.Probability(prediction)] : (string?[])[]]);

    private void Write(IEnumerable<string?> fields)
    {
        writer.Write(string.Join(',', fields.Select(Field)));
        writer.Write('\n');
    }

    private static string Field(string? field) => field is null ? ""
        : field.AsSpan().ContainsAny(",\"\r\n") || field.Length != field.Trim().Length ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : field;
}
