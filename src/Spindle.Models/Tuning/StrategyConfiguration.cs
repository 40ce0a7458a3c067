namespace Spindle.Models.Tuning;

/// <summary>A kind of strategy with its options. Equal configurations are equal texts.</summary>
/// <param name="Kind">The kind's name (<c>lora</c>).</param>
/// <param name="Options">The kind's record of options, such as <see cref="Lora.LoraOptions"/>.</param>
public sealed record StrategyConfiguration(string Kind, object Options)
{
    /// <summary>Whether every option has its default.</summary>
    public bool IsDefault => Equals(new StrategyConfiguration(Kind, Activator.CreateInstance(Options.GetType())!));

    /// <inheritdoc/>
    public bool Equals(StrategyConfiguration? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The value of an option as <see cref="ToString()"/> writes it; null where it has none.</summary>
    /// <param name="option">The option's key.</param>
    public string? TextOf(string option) => StrategyOptions.TextOf(Options, option);

    /// <summary>Every option in one line of YAML, some with other texts than their values.</summary>
    /// <param name="texts">Those texts by the options' keys.</param>
    public string ToString(IReadOnlyDictionary<string, string> texts) => StrategyOptions.Write(Kind, Options, texts);

    /// <summary>Every option in one line of YAML; <see cref="StrategyRegistry.ReadConfiguration"/> reads it back.</summary>
    public override string ToString() => StrategyOptions.Write(Kind, Options);
}
