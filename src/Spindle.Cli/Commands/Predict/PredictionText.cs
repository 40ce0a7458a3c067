using System.Globalization;
using System.Text.Json;
using Spindle.Data.Tasks;
using Spindle.Training.Evaluation;

namespace Spindle.Cli.Commands.Predict;

/// <summary>Predictions as text.</summary>
internal static class PredictionText
{
    // of more labels than this, a line of text shows the most probable ones
    private const int MostLabels = 20;
    private const int LabelsShown = 10;

    /// <summary>The prediction as one line, without its end.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="task">The model's task.</param>
    /// <param name="format">Text or JSON.</param>
    public static string Line(Prediction prediction, TaskDefinition task, PredictionFormat format) => format == PredictionFormat.Json ? Json(prediction, task) : Text(prediction, task);

    /// <summary>The predicted label, value or text alone.</summary>
    public static string Answer(Prediction prediction, TaskDefinition task) => task.Kind switch
    {
        TaskKind.TextToText => prediction.Text!,
        TaskKind.Regression => prediction.Value.ToString("0.######", CultureInfo.InvariantCulture),
        // the generated text may not be a label
        _ => task.Labels.ElementAtOrDefault((int)prediction.Value) ?? prediction.Text!,
    };

    /// <summary>The probability of the predicted label, or null where the model gives none.</summary>
    public static string? Probability(Prediction prediction) =>
        prediction.Probabilities.Count > 0 ? prediction.Probabilities[(int)prediction.Value].ToString("F4", CultureInfo.InvariantCulture) : null;

    private static string Text(Prediction prediction, TaskDefinition task) => task.Kind switch
    {
        TaskKind.TextToText => prediction.Text!.ReplaceLineEndings(" "),
        TaskKind.Regression => prediction.Value.ToString("F4", CultureInfo.InvariantCulture),
        _ => string.Join('\t', [Answer(prediction, task).ReplaceLineEndings(" "),
            .. Shown(prediction).Select(share => FormattableString.Invariant($"{task.Labels[share.Index]}={share.Item:F4}"))]),
    };

    private static IEnumerable<(int Index, double Item)> Shown(Prediction prediction) => prediction.Probabilities.Count <= MostLabels
        ? prediction.Probabilities.Index()
        : prediction.Probabilities.Index().OrderByDescending(share => share.Item).Take(LabelsShown);

    private static string Json(Prediction prediction, TaskDefinition task) => task.Kind switch
    {
        TaskKind.TextToText => JsonSerializer.Serialize(new { text = prediction.Text }),
        TaskKind.Regression => JsonSerializer.Serialize(new { value = prediction.Value }),
        _ when prediction.Text is { } text => JsonSerializer.Serialize(new { label = task.Labels.ElementAtOrDefault((int)prediction.Value), text }),
        _ => JsonSerializer.Serialize(new
        {
            label = task.Labels[(int)prediction.Value],
            probabilities = prediction.Probabilities.Index().ToDictionary(share => task.Labels[share.Index], share => share.Item),
        }),
    };
}
