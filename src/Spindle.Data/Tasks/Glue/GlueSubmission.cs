using System.Globalization;

namespace Spindle.Data.Tasks.Glue;

/// <summary>Writes files in the form that the benchmark's site takes: a header <c>index</c>, <c>prediction</c>, then one row per line, tabs between. A
/// classification is answered by the label's name (MNLI, AX, QNLI, RTE) or its number (the others), STS-B by a value from 0 to 5 with three decimals.</summary>
public static class GlueSubmission
{
    private static readonly string[] Named = ["mnli", "qnli", "rte"];

    /// <summary>Writes the answers to one unlabelled part, beside its final name first.</summary>
    /// <param name="folder">The folder of the submission; it is made where it is missing.</param>
    /// <param name="set">The part.</param>
    /// <param name="predictions">A class index or value for each of its rows, in order.</param>
    /// <returns>The file.</returns>
    /// <exception cref="ArgumentException">There are more or fewer predictions than rows, or one is not a class of the task.</exception>
    public static string Write(string folder, GlueTestSet set, IReadOnlyList<double> predictions)
    {
        if (predictions.Count != set.Indices.Count) throw new ArgumentException($"{predictions.Count} predictions for {set.Indices.Count} rows", nameof(predictions));
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, set.Submission);
        var beside = $"{path}.{Guid.NewGuid():N}.part";
        using (var writer = new StreamWriter(beside) { NewLine = "\n" })
        {
            writer.WriteLine("index\tprediction");
            for (var row = 0; row < predictions.Count; row++) writer.WriteLine($"{set.Indices[row]}\t{Answer(set.Task, predictions[row])}");
        }
        File.Move(beside, path, overwrite: true);
        return path;
    }

    private static string Answer(TaskDefinition task, double prediction)
    {
        if (task.Range is { } range) return Math.Clamp(double.IsNaN(prediction) ? range.Minimum : prediction, range.Minimum, range.Maximum).ToString("F3", CultureInfo.InvariantCulture);
        if (!(prediction >= 0 && prediction < task.Labels.Count)) throw new ArgumentException($"{prediction} is not a class of {task.Name}", nameof(prediction));
        return Named.Contains(task.Name) ? task.Labels[(int)prediction] : ((int)prediction).ToString(CultureInfo.InvariantCulture);
    }
}
