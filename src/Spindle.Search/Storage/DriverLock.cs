namespace Spindle.Search.Storage;

/// <summary>A lock file next to a store, held by one driver. The operating system releases the lock when the process ends for any reason.</summary>
internal static class DriverLock
{
    private const int Tries = 5;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(20);

    public static IDisposable Take(string store)
    {
        var path = PathOf(store);
        for (var tries = 1; ; tries++)
        {
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
                // whoever only looks has it for a moment
                if (tries == Tries) throw new SearchException($"{store}: another search is running on this store; wait for it, or stop it", held);
                Thread.Sleep(BetweenTries);
            }
        }
    }

    /// <summary>Whether a driver holds the lock. Those who look do not see each other.</summary>
    public static bool IsHeld(string store)
    {
        try
        {
            using var look = new FileStream(PathOf(store), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return false;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    // a symbolic link and the store itself share one lock
    private static string PathOf(string store) => (new FileInfo(store).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? store) + ".lock";
}
