namespace Spindle.Search.Storage;

/// <summary>A lock file next to a store, held by one driver. The operating system releases the lock when the process ends for any reason.</summary>
internal static class DriverLock
{
    public static IDisposable Take(string store)
    {
        // a symbolic link and the store itself share one lock
        var path = (new FileInfo(store).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? store) + ".lock";
        try
        {
            // the file stays after the lock is released: if it were deleted, two drivers could lock two files of the same name
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new UnauthorizedAccessException($"{path}: cannot be written; check the folder and its permissions", denied);
        }
        catch (IOException held) when (held is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new SearchException($"{store}: another search is running on this store; wait for it, or stop it", held);
        }
    }
}
