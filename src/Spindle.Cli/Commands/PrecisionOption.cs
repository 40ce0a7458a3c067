using System.CommandLine;
using Spindle.Training.Settings;

namespace Spindle.Cli.Commands;

/// <summary>The option <c>--precision</c> of commands that read tuned models.</summary>
internal static class PrecisionOption
{
    /// <summary>Creates the option.</summary>
    public static Option<Precision?> Create() =>
        ChoiceOption.Of<Precision>("--precision", "The precision of the frozen weights; by default the one that the model was trained in, or float32 where the device only emulates that.");
}
