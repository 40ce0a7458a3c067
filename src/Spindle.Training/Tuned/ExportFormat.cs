namespace Spindle.Training.Tuned;

/// <summary>The forms in which a tuned model is handed on.</summary>
public enum ExportFormat
{
    /// <summary>A folder that HF peft loads over the backbone.</summary>
    HfPeft,

    /// <summary>A plain checkpoint that HF transformers loads, with everything folded into the weights.</summary>
    Merged,

    /// <summary>A tuned folder.</summary>
    Spindle,
}
