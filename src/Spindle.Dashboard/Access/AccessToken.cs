using System.Security.Cryptography;
using System.Text;

namespace Spindle.Dashboard.Access;

/// <summary>A secret that lets a browser in.</summary>
/// <param name="text">The secret.</param>
public sealed class AccessToken(string text)
{
    /// <summary>The fewest characters of a token that a user chooses.</summary>
    public const int FewestCharacters = 16;

    private const int RandomBytes = 24;

    private readonly byte[] hash = Hash(text);

    /// <summary>A random token, in characters that stand in an address as they are.</summary>
    public static string Create() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>Whether a text is the token, in a time that does not depend on how much of it is right.</summary>
    /// <param name="other">The text, or null where none was given.</param>
    public bool Is(string? other) => other is not null && CryptographicOperations.FixedTimeEquals(hash, Hash(other));

    // of equal lengths, whatever the text
    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
