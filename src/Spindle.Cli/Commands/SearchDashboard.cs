using Spindle.Dashboard;

namespace Spindle.Cli.Commands;

/// <summary>A dashboard in the process of a search, for as long as it runs.</summary>
internal sealed class SearchDashboard : IDisposable
{
    private readonly DashboardServer server;

    private SearchDashboard(DashboardServer server) => this.server = server;

    /// <summary>Starts a dashboard and prints its address.</summary>
    /// <param name="store">The search's store.</param>
    public static SearchDashboard Start(string store)
    {
        var server = DashboardServer.Start(new([store])).GetAwaiter().GetResult();
        Console.WriteLine($"the dashboard is {server.Address}");
        return new(server);
    }

    /// <inheritdoc/>
    public void Dispose() => server.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
