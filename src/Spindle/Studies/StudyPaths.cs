using Spindle.Models.Checkpoints;

namespace Spindle.Studies;

/// <summary>Where the relative paths of a study lead.</summary>
internal static class StudyPaths
{
    /// <summary>A path as the current folder sees it.</summary>
    /// <param name="folder">The folder that it starts from; null or empty for the current folder.</param>
    /// <param name="path">The path.</param>
    public static string Place(string? folder, string path)
    {
        if (string.IsNullOrEmpty(folder) || Path.IsPathRooted(path)) return path;
        var place = Path.Combine(folder, path);
        return Path.IsPathRooted(place) ? Path.GetFullPath(place) : Path.GetRelativePath(".", place);
    }

    /// <summary>A path of the current folder as another folder sees it; an absolute path is unchanged.</summary>
    /// <param name="folder">The other folder; empty for the current folder.</param>
    /// <param name="path">The path.</param>
    public static string SeenFrom(string folder, string path) => Path.IsPathRooted(path) ? path : Path.GetRelativePath(folder.Length > 0 ? folder : ".", path);

    /// <summary>A backbone's folder as the current folder sees it, or its name where it is not a folder.</summary>
    /// <param name="folder">The folder that paths start from; null or empty for the current folder.</param>
    /// <param name="backbone">The backbone as a study names it.</param>
    public static string BackbonePlace(string? folder, string backbone)
    {
        if (BackboneFolder.Embedded.Contains(backbone)) return backbone;
        var place = Place(folder, backbone);
        return BackboneFolder.IsRepositoryName(backbone) && !Directory.Exists(place) ? backbone : place;
    }

    /// <summary>Whether a backbone is a folder, not a name.</summary>
    public static bool IsFolder(string backbone) => !BackboneFolder.Embedded.Contains(backbone) && Directory.Exists(backbone);
}
