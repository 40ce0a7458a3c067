namespace Spindle.Fuzz;

/// <summary>A format and what reads it.</summary>
/// <param name="Name">The format's name.</param>
/// <param name="File">The file's name in its folder.</param>
/// <param name="Seeds">Sound files to change.</param>
/// <param name="Words">The format's words.</param>
/// <param name="Read">Reads everything from a folder that holds the file.</param>
internal sealed record FuzzTarget(string Name, string File, IReadOnlyList<byte[]> Seeds, IReadOnlyList<string> Words, Action<string> Read)
{
    /// <summary>Writes the files beside it, once.</summary>
    public Action<Data.Tests.Scratch> Prepare { get; init; } = _ => { };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
