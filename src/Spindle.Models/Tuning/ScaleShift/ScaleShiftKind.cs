namespace Spindle.Models.Tuning.ScaleShift;

/// <summary>Scaling and shifting, by the name <c>scale-shift</c>.</summary>
public sealed class ScaleShiftKind() : StrategyKind<ScaleShiftOptions>("scale-shift")
{
    /// <inheritdoc/>
    protected override ITuningStrategy Make(ScaleShiftOptions options) => new ScaleShiftStrategy(options);
}
