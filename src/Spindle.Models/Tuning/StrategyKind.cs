using Spindle.Models.Places;

namespace Spindle.Models.Tuning;

/// <summary>A kind of strategy with its options. A class with a parameterless constructor in an assembly that <see cref="StrategyRegistry.Discover"/>
/// looks through is found automatically.</summary>
public interface IStrategyKind
{
    /// <summary>The name in study files and designs: lower case, words joined by hyphens.</summary>
    string Name { get; }

    /// <summary>The record of the options: settable public properties of the types that <see cref="StrategyOptions"/> reads, each with a default.</summary>
    Type Options { get; }

    /// <summary>Makes the strategy with some options.</summary>
    /// <param name="options">A record of type <see cref="Options"/>.</param>
    ITuningStrategy Make(object options);

    /// <summary>The options of the strategy in a tuned folder; they differ where something is needed only for training. The strategy with these options
    /// declares exactly what <see cref="Attachment.Stored"/> gives, with the same names and sizes.</summary>
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

    /// <summary>Makes the strategy with some options.</summary>
    protected abstract ITuningStrategy Make(TOptions options);

    /// <summary>The options of the strategy in a tuned folder: the same by default.</summary>
    protected virtual TOptions Stored(TOptions options) => options;
}
