using Spindle.Models.Devices;
using Spindle.Training.Settings;

namespace Spindle.Training.Tuned;

/// <summary>The precision in which a tuned model is read.</summary>
/// <param name="Precision">The precision: float32 or bfloat16.</param>
/// <param name="Warning">What the user should know about it, in one sentence; null where it is the one that was asked for or recorded.</param>
internal sealed record ServedPrecision(Precision Precision, string? Warning)
{
    /// <summary>The precision that was asked for, otherwise the recorded one, unless the device would only emulate it.</summary>
    /// <param name="recorded">The precision that the model was trained and scored in.</param>
    /// <param name="asked">The precision that was asked for, or null.</param>
    /// <param name="native">What <see cref="Precision.Auto"/> stands for on the device.</param>
    public static ServedPrecision Of(Precision recorded, Precision? asked, Precision native) => (asked, recorded, native) switch
    {
        (Precision.Auto, _, _) => new(native, null),
        ({ } given, _, _) => new(given, null),
        // rounding changes a score in its last digits, and emulation takes tens of times as long
        (null, Precision.BFloat16, Precision.Float32) => new(Precision.Float32, "the model was trained in bfloat16, which is emulated here and slow, so it is read in float32; "
            + "scores can differ in their last digits; ask for the precision bfloat16 to compute as it was trained"),
        _ => new(recorded, null),
    };

    /// <inheritdoc cref="Of(Precision, Precision?, Precision)"/>
    /// <param name="recorded">The precision that the model was trained and scored in.</param>
    /// <param name="asked">The precision that was asked for, or null.</param>
    /// <param name="device">The device that computes.</param>
    /// <exception cref="InvalidDataException">There is no such device.</exception>
    public static ServedPrecision On(DeviceChoice device, Precision recorded, Precision? asked) => Of(recorded, asked, NativeBFloat16.Resolve(Precision.Auto, device));
}
