using Spindle.Cli.Terminal;
using Spindle.Dashboard;

namespace Spindle.Cli.Commands;

/// <summary>A dashboard in the process of a search, for as long as it runs.</summary>
internal sealed class SearchDashboard : IDisposable
{
    private readonly DashboardServer server;

    private SearchDashboard(DashboardServer server) => this.server = server;

    /// <summary>Starts a dashboard, prints its address, and opens it in the browser where there is a desktop.</summary>
    /// <param name="store">The search's store.</param>
    /// <param name="output">Prints it.</param>
    public static SearchDashboard Start(string store, CommandOutput output)
    {
        var server = DashboardServer.Start(new([store])).GetAwaiter().GetResult();
        output.Say($"the dashboard is {server.Address}");
        output.Event("dashboard", () => new() { ["address"] = server.Address.ToString() });
        if (Desktop.OfMachine.Open(server.Address) is { } failure) output.Warn([failure]);
        return new(server);
    }

    /// <inheritdoc/>
    public void Dispose() => server.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
