namespace Spindle.Cli.Commands.Predict;

/// <summary>The formats of predictions.</summary>
internal enum PredictionFormat
{
    /// <summary>A line for each row, its parts separated by tabs.</summary>
    Text,

    /// <summary>A JSON object on each line.</summary>
    Json,

    /// <summary>The columns of the input file and the prediction.</summary>
    Csv,
}
