using Spindle.Designs.Shapes;
using Spindle.Models.Peft;

namespace Spindle.Models.Tuning.Dora;

/// <summary>DoRA in a folder of HF peft, where the norm is always a constant.</summary>
internal sealed class DoraPeftForm() : LowRankPeftForm<DoraOptions>("dora", decomposed: true)
{
    protected override DoraOptions Make(IReadOnlyList<LinearPlace> places, double? alpha, bool stabilized, double dropout) =>
        new() { Places = places, Alpha = alpha, RankStabilized = stabilized, Dropout = dropout };

    protected override (double? Alpha, bool Stabilized, double Dropout) Parts(DoraOptions options) => (options.Alpha, options.RankStabilized, options.Dropout);
}
