namespace Spindle.Models.Backbones;

/// <summary>A class of HF transformers, as far as the names of modules and files depend on it.</summary>
/// <param name="Name">The class name, as <c>architectures</c> of <c>config.json</c> lists it.</param>
/// <param name="Prefix">The prefix of the backbone's module names within the class; empty for none.</param>
/// <param name="PeftTask">HF peft's <c>task_type</c>, see <see cref="PeftTasks"/>.</param>
public sealed record ModelClass(string Name, string Prefix, string PeftTask);

/// <summary>HF peft's names for what a model does.</summary>
public static class PeftTasks
{
    /// <summary>One label or value per sequence.</summary>
    public const string Classification = "SEQ_CLS";

    /// <summary>Text generated from text.</summary>
    public const string Generation = "SEQ_2_SEQ_LM";

    /// <summary>Hidden states.</summary>
    public const string Features = "FEATURE_EXTRACTION";
}
