namespace Spindle.Benchmarks.Tests;

/// <summary>A folder that is deleted with everything in it.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("spindle-benchmarks-").FullName;

    public string this[string name] => Path.Combine(root, name);

    public void Dispose() => Directory.Delete(root, recursive: true);
}
