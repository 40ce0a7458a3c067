namespace Spindle.Training.Batches;

/// <summary>How many training rows of a task are longer than the model reads.</summary>
/// <param name="Cut">The rows that are cut.</param>
/// <param name="Examined">The rows that were examined.</param>
/// <param name="MaxLength">The longest sequence in tokens.</param>
public sealed record CutRows(int Cut, int Examined, int MaxLength)
{
    /// <summary>From this share on, cut rows are worth a warning.</summary>
    public const double WarningShare = 0.05;

    /// <summary>Whether the share of cut rows is worth a warning.</summary>
    public bool IsMany => Examined > 0 && Cut >= WarningShare * Examined;

    /// <summary>The rows in words: <c>12 of 800 training rows (1.5%) are cut at 128 tokens</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Cut:N0} of {Examined:N0} training rows ({(Examined == 0 ? 0 : 100.0 * Cut / Examined):0.#}%) are cut at {MaxLength} tokens");
}
