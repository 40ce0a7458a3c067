using Spindle.Designs.Shapes;
using Spindle.Models.Peft;

namespace Spindle.Models.Tuning.Lora;

/// <summary>LoRA in a folder of HF peft.</summary>
internal sealed class LoraPeftForm() : LowRankPeftForm<LoraOptions>("lora", decomposed: false)
{
    protected override LoraOptions Make(IReadOnlyList<LinearPlace> places, double? alpha, bool stabilized, double dropout) =>
        new() { Places = places, Alpha = alpha, RankStabilized = stabilized, Dropout = dropout };

    protected override (double? Alpha, bool Stabilized, double Dropout) Parts(LoraOptions options) => (options.Alpha, options.RankStabilized, options.Dropout);
}
