namespace Spindle.Yaml;

/// <summary>What reading a study needs to know of strategies: their names, and what their options may be.</summary>
public interface IStrategyKinds
{
    /// <summary>The names of the strategies.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Reads the options of a strategy.</summary>
    /// <param name="name">The strategy's name, or that of a variant, whose options name its kind under <c>kind</c>.</param>
    /// <param name="options">The options.</param>
    /// <returns>Every option in one line of YAML, so that equal options are equal texts.</returns>
    /// <exception cref="InvalidDataException">An option is not known, or has an impossible value.</exception>
    string ReadOptions(string name, YamlValue options);
}
