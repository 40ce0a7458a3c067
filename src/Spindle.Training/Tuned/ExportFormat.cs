namespace Spindle.Training.Tuned;

/// <summary>The formats in which a tuned model can be exported.</summary>
public enum ExportFormat
{
    /// <summary>A folder that HF peft loads on top of the backbone.</summary>
    HfPeft,

    /// <summary>A plain checkpoint that HF transformers loads, with everything folded into the weights.</summary>
    Merged,

    /// <summary>A sentence encoder that sentence-transformers loads, with everything folded into the weights and its head beside it.</summary>
    SentenceTransformers,

    /// <summary>A tuned folder.</summary>
    Spindle,
}
