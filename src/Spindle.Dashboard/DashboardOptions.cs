using System.Net;

namespace Spindle.Dashboard;

/// <summary>What a dashboard shows, and to whom.</summary>
/// <param name="Stores">The stores of the searches, at least one.</param>
public sealed record DashboardOptions(IReadOnlyList<string> Stores)
{
    /// <summary>The port that is tried first where <see cref="Port"/> is null.</summary>
    public const int UsualPort = 8770;

    /// <summary>The address to listen on. Every other than a loopback address needs a <see cref="Token"/>.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on, 0 for any that is free; null for <see cref="UsualPort"/>, or any that is free where that is taken.</summary>
    public int? Port { get; init; }

    /// <summary>What a browser must know to see the dashboard; null for nothing.</summary>
    public string? Token { get; init; }

    /// <summary>Starts searches, or null where it cannot.</summary>
    public ISearchStarter? Starter { get; init; }
}
