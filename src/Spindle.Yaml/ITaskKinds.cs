namespace Spindle.Yaml;

/// <summary>What reading a study needs to know of tasks: their names, and how a user's own is written down.</summary>
public interface ITaskKinds
{
    /// <summary>The names of the tasks that need no description.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Reads the description of a user's own task.</summary>
    /// <param name="description">The mapping that describes it.</param>
    /// <returns>Its name, and every key in one line of YAML, so that equal descriptions are equal texts.</returns>
    /// <exception cref="InvalidDataException">A key is not known, or has an impossible value.</exception>
    (string Name, string Text) ReadOwn(YamlValue description);
}
