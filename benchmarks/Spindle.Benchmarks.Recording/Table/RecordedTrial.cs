namespace Spindle.Benchmarks.Recording.Table;

/// <summary>A trial that was trained. Scores are in points; a training that diverged has fewer or none.</summary>
/// <param name="Key">Which trial it is.</param>
/// <param name="Name">The candidate's name.</param>
/// <param name="Kind">Where the candidate comes from: <c>plain</c>, <c>baseline</c> or <c>random</c>.</param>
/// <param name="Rate">The learning rate of everything but the head.</param>
/// <param name="Design">The design as YAML, as stores and <c>design show</c> have it; null for the head alone.</param>
/// <param name="Layers">For each layer the strategies with their sizes (<c>adapter:3+lora:2</c>); empty where the layer is not tuned.</param>
/// <param name="Trained">Trained parameters without the head.</param>
/// <param name="HeadParameters">Trained parameters of the head.</param>
/// <param name="Scores">The score over all scored rows after each epoch.</param>
/// <param name="Predictions">The predictions for these rows after each epoch, see <see cref="RowPredictions"/>.</param>
/// <param name="Examples">Rows trained on, counted once per epoch.</param>
/// <param name="Seconds">The seconds of processor time on one core, scoring included: other programs do not change them.</param>
internal sealed record RecordedTrial(
    TrialId Key,
    string Name,
    string Kind,
    double Rate,
    string? Design,
    IReadOnlyList<string> Layers,
    long Trained,
    long HeadParameters,
    IReadOnlyList<double> Scores,
    IReadOnlyList<byte[]> Predictions,
    long Examples,
    double Seconds)
{
    /// <summary>Why a first training diverged, where these are the scores of a second one at a third of the rates; else null.</summary>
    public string? Diverged { get; init; }

    /// <summary>Why the last score is missing, or null.</summary>
    public string? Failure { get; init; }
}

/// <summary>Which trial one is.</summary>
/// <param name="Candidate">The candidate's position in the list.</param>
/// <param name="Task">The task.</param>
/// <param name="Seed">The seed of initial values, row order and dropout.</param>
/// <param name="Rows">The number of training rows.</param>
internal sealed record TrialId(int Candidate, string Task, int Seed, int Rows);
