using Spindle.Models.Backbones;
using Spindle.Models.Places;

namespace Spindle.Models.Tuning.Full;

/// <summary>Full fine-tuning: every weight of a backbone is trained, in float32.</summary>
public static class FullTuning
{
    /// <summary>The name, beside those of strategies.</summary>
    public const string Name = "full";

    /// <summary>Trains every weight.</summary>
    public static Attachment Attach(IBackbone backbone)
    {
        var attachment = new Attachment();
        foreach (var slot in backbone.Weights) attachment.Train(slot, slot.Name);
        return attachment;
    }
}
