using Spindle.Models.Places;

namespace Spindle.Models.Tuning;

/// <summary>A kind of strategy with its options. One that stands in an assembly which <see cref="StrategyRegistry.Discover"/> looks through, with a
/// constructor that takes nothing, is known by its name everywhere.</summary>
public interface IStrategyKind
{
    /// <summary>The name in study files and designs: lower case, words joined by hyphens.</summary>
    string Name { get; }

    /// <summary>The record of the options: public properties that can be set, of the types that <see cref="StrategyOptions"/> reads, each with a default.</summary>
    Type Options { get; }

    /// <summary>The strategy with options.</summary>
    /// <param name="options">A record of type <see cref="Options"/>.</param>
    ITuningStrategy Make(object options);

    /// <summary>The options of what a tuned folder holds: others where something is needed to train alone. The strategy of these options declares under the same
    /// names what <see cref="Attachment.Stored"/> gives, in the same size.</summary>
    /// <param name="options">A record of type <see cref="Options"/>.</param>
    object Stored(object options);
}

/// <summary>A kind of strategy over a record of options.</summary>
/// <typeparam name="TOptions">The record.</typeparam>
/// <param name="name">The name in study files and designs.</param>
public abstract class StrategyKind<TOptions>(string name) : IStrategyKind
    where TOptions : class, new()
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public Type Options => typeof(TOptions);

    /// <inheritdoc/>
    public ITuningStrategy Make(object options) => Make((TOptions)options);

    /// <inheritdoc/>
    public object Stored(object options) => Stored((TOptions)options);

    /// <summary>The strategy with options.</summary>
    protected abstract ITuningStrategy Make(TOptions options);

    /// <summary>The options of what a tuned folder holds: the same, where a kind does not say otherwise.</summary>
    protected virtual TOptions Stored(TOptions options) => options;
}
