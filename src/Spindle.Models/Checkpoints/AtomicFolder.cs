namespace Spindle.Models.Checkpoints;

/// <summary>Writes a folder beside its place and renames it, so that a reader sees the whole folder or none.</summary>
public static class AtomicFolder
{
    /// <summary>Writes a new folder.</summary>
    /// <param name="path">The folder; what it lies in is made where it is missing.</param>
    /// <param name="write">Writes the content into the folder that it receives.</param>
    /// <exception cref="InvalidDataException">There is something of that name already.</exception>
    public static void Write(string path, Action<string> write)
    {
        var place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.Exists(place)) throw new InvalidDataException($"{path}: already exists; name another folder, or remove it first");
        var beside = Directory.CreateDirectory($"{place}.{Guid.NewGuid():N}.part").FullName;
        try
        {
            write(beside);
            Directory.Move(beside, place);
        }
        catch
        {
            Directory.Delete(beside, recursive: true);
            throw;
        }
    }
}
