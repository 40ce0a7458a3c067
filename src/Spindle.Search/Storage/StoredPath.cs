namespace Spindle.Search.Storage;

/// <summary>How a store keeps paths: a file keeps them as its folder sees them, so that both can move together, and a database keeps them in full.</summary>
public static class StoredPath
{
    /// <summary>A path as a store keeps it.</summary>
    /// <param name="location">The store's location.</param>
    /// <param name="path">The path as the current folder sees it.</param>
    public static string Of(string location, string path) => TrialStores.IsFile(location) ? Path.GetRelativePath(FolderOf(location), Path.GetFullPath(path)) : Path.GetFullPath(path);

    /// <summary>The full path of one that a store keeps.</summary>
    /// <param name="location">The store's location.</param>
    /// <param name="path">The path as the store keeps it.</param>
    public static string Full(string location, string path) => TrialStores.IsFile(location) ? Path.GetFullPath(path, FolderOf(location)) : path;

    private static string FolderOf(string location) => Path.GetDirectoryName(Path.GetFullPath(location))!;
}
