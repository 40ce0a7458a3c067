namespace Spindle.Yaml;

/// <summary>What a value holds.</summary>
internal abstract record YamlContent
{
    private YamlContent() { }

    /// <summary>A single word or text; plain where it has no quotes.</summary>
    public sealed record Scalar(string Text, bool Plain) : YamlContent
    {
        /// <summary>Whether nothing is written, or YAML's word for nothing.</summary>
        public bool IsNothing => Plain && Text is "" or "~" or "null" or "Null" or "NULL";
    }

    /// <summary>A list.</summary>
    public sealed record Sequence(IReadOnlyList<YamlValue> Items) : YamlContent;

    /// <summary>Keys with values, each key once.</summary>
    public sealed record Mapping(IReadOnlyList<YamlEntry> Entries) : YamlContent;
}

/// <summary>A key with its value.</summary>
internal sealed record YamlEntry(string Key, YamlValue At, YamlValue Value);
