namespace Spindle.Models.Tuning.Ia3;

/// <summary>(IA)³, by the name <c>ia3</c>.</summary>
public sealed class Ia3Kind() : StrategyKind<Ia3Options>("ia3")
{
    /// <inheritdoc/>
    protected override ITuningStrategy Make(Ia3Options options) => new Ia3Strategy(options);
}
