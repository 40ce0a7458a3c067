namespace Spindle.Hub;

/// <summary>A file of a repository, as the Hub lists it.</summary>
/// <param name="Name">Its path in the repository, joined by <c>/</c>.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Hash">The SHA-256 of its bytes for a large file, else the SHA-1 that git gives it; in lower-case hexadecimal.</param>
/// <param name="IsLarge">Whether it is stored as a large file.</param>
public sealed record HubFile(string Name, long Size, string Hash, bool IsLarge)
{
    private const int LongestName = 200;

    /// <summary>Whether a name leads to a file inside its folder on every system.</summary>
    internal static bool IsSafe(string name) => name.Length is > 0 and <= LongestName
        && name.Split('/').All(part => part.Length > 0 && part[0] != '.' && part[^1] != '.'
            && part.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_'));
}

/// <summary>A repository at one commit.</summary>
/// <param name="Commit">The commit.</param>
/// <param name="Files">Its files; those whose names lead elsewhere are left out.</param>
public sealed record HubListing(string Commit, IReadOnlyList<HubFile> Files);
