namespace Spindle.Data.Text;

/// <summary>The options of T5's tokenizer, named as <c>tokenizer_config.json</c> names them.</summary>
public sealed record UnigramOptions
{
    /// <summary>How many tokens <c>&lt;extra_id_N&gt;</c> follow the model's own; the last comes first. 0 to 10,000.</summary>
    public int ExtraIds { get; init; } = 100;

    /// <summary>Whether a text that begins with no blank is read as if it did.</summary>
    public bool AddPrefixSpace { get; init; } = true;

    /// <summary>Whether the text after a special token is read so too, as first written for T5.</summary>
    public bool Legacy { get; init; } = true;
}
