namespace Spindle.Search.Storage;

/// <summary>A file beside a store that one driver holds locked: the operating system lets go of it when the process ends, however it ends.</summary>
internal static class DriverLock
{
    public static IDisposable Take(string store)
    {
        var path = store + ".lock";
        try
        {
            // stays when the lock is let go: removing it would let two drivers lock two files of one name
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException($"{path}: cannot be written; check the folder and its permissions", denied);
        }
        catch (IOException held) when (held is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new SearchException($"{store}: another search is running on this store; wait for it, or stop it", held);
        }
    }
}
