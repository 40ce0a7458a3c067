namespace Spindle.Hub;

/// <summary>Where the Hub is, and who asks.</summary>
public sealed record HubSettings
{
    private const long LargestToken = 4096;

    /// <summary>The Hub's address.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The user's access token, or null.</summary>
    public string? Token { get; init; }

    /// <summary>Whether the network must not be used.</summary>
    public bool Offline { get; init; }

    /// <summary>How long to wait before the first of the further tries; each next one waits twice as long.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a broken request is tried again.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>How long a request may go without progress: without an answer, or with less than <see cref="SlowestTransfer"/> bytes. Then it counts as broken, and is tried again.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The bytes that must arrive within each <see cref="StallTimeout"/>.</summary>
    public int SlowestTransfer { get; init; } = 32 << 10;

    /// <summary>What the environment says: <c>HF_ENDPOINT</c>, <c>HF_TOKEN</c> (or the file that <c>HF_TOKEN_PATH</c> names, or <c>HF_HOME/token</c>), <c>HF_HUB_OFFLINE</c>.</summary>
    /// <exception cref="InvalidDataException"><c>HF_ENDPOINT</c> is not a web address.</exception>
    public static HubSettings FromEnvironment()
    {
        var address = Environment.GetEnvironmentVariable("HF_ENDPOINT") is { Length: > 0 } own ? own : "https://huggingface.co";
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var endpoint) || (endpoint.Scheme != Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttp))
            throw new InvalidDataException($"HF_ENDPOINT is '{address}'; write an address that begins with https://");
        return new() { Endpoint = endpoint, Token = ReadToken(), Offline = Environment.GetEnvironmentVariable("HF_HUB_OFFLINE") is "1" or "true" or "True" or "TRUE" or "yes" or "on" };
    }

    private static string? ReadToken()
    {
        if (Environment.GetEnvironmentVariable("HF_TOKEN") is { Length: > 0 } token) return Valid(token);
        var path = Environment.GetEnvironmentVariable("HF_TOKEN_PATH") is { Length: > 0 } own ? own : Path.Combine(HubCache.Home, "token");
        return File.Exists(path) && new FileInfo(path).Length <= LargestToken ? Valid(File.ReadAllText(path)) : null;
    }

    // a header holds one line of visible characters
    private static string? Valid(string token) => token.Trim() is { Length: > 0 } trimmed && trimmed.All(character => character is > ' ' and < (char)127) ? trimmed : null;
}
