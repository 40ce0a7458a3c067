namespace Spindle.Data.Text;

/// <summary>The options of RoBERTa's and BART's tokenizer, named as <c>tokenizer_config.json</c> names them.</summary>
public sealed record ByteLevelOptions
{
    /// <summary>Whether a text that begins with no space is read as if it did.</summary>
    public bool AddPrefixSpace { get; init; }
}
