using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Spindle.Dashboard.Access;
using Spindle.Dashboard.Live;

namespace Spindle.Dashboard;

/// <summary>A web server that shows the searches of some stores, and asks them to pause, continue, stop or take more time. Whatever is asked is in the stores, so a search does not depend on the dashboard.</summary>
public sealed class DashboardServer : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly CancellationTokenSource ending;
    private readonly IReadOnlyList<WatchedStore> stores;
    private int isEnded;

    private DashboardServer(WebApplication application, CancellationTokenSource ending, IReadOnlyList<WatchedStore> stores, string address) =>
        (this.application, this.ending, this.stores, Address) = (application, ending, stores, address);

    /// <summary>The address to open in a browser, with the token where one is needed.</summary>
    public string Address { get; }

    /// <summary>Opens the stores and starts to listen.</summary>
    /// <param name="options">What to show, and to whom.</param>
    /// <exception cref="FileNotFoundException">A store does not exist.</exception>
    /// <exception cref="InvalidDataException">A file is not a store, the port is taken, the machine does not have the address, or the address needs a token.</exception>
    public static async Task<DashboardServer> Start(DashboardOptions options)
    {
        var isLoopback = IPAddress.IsLoopback(options.Address);
        if (!isLoopback && options.Token is null) throw new InvalidDataException($"{options.Address}: others can reach this address; choose a token");
        if (options.Port is < 0 or > IPEndPoint.MaxPort) throw new InvalidDataException($"port {options.Port}: must be from 0 to {IPEndPoint.MaxPort}");
        WatchedStore[] stores = [.. options.Stores.Select(store => new WatchedStore(store, options.Starter))];
        try
        {
            foreach (var store in stores) store.Read(opened => opened.Study);
            int[] ports = options.Port is { } port ? [port] : [DashboardOptions.UsualPort, 0];
            foreach (var tried in ports)
                if (await Listen(options, stores, tried, isLoopback) is { } server) return server;
            throw new InvalidDataException($"port {options.Port}: another program listens on it; name another one, or 0 for any that is free");
        }
        catch
        {
            foreach (var store in stores) store.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isEnded, 1) == 1) return;
        // open streams of events would delay the end
        await ending.CancelAsync();
        await application.DisposeAsync();
        foreach (var store in stores) store.Dispose();
        ending.Dispose();
    }

    // null where the port is taken
    private static async Task<DashboardServer?> Listen(DashboardOptions options, WatchedStore[] stores, int port, bool isLoopback)
    {
        // without the settings of files and of the environment, which could open other addresses
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(json => PageJson.Configure(json.SerializerOptions));
        var application = builder.Build();
        var ending = new CancellationTokenSource();
        var token = options.Token is { } text ? new AccessToken(text) : null;
        application.Use(next => context => new RequestGuard(token, isLoopback).Guard(context, next));
        application.UseRouting();
        Routes.Map(application, stores, ending.Token, options.Starter);
        try
        {
            await application.StartAsync();
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            await application.DisposeAsync();
            ending.Dispose();
            return null;
        }
        catch (SocketException unknown)
        {
            await application.DisposeAsync();
            ending.Dispose();
            throw new InvalidDataException($"{options.Address}: cannot be listened on ({unknown.Message}); name an address of this machine", unknown);
        }

        var listening = new Uri(application.Urls.First());
        // 0.0.0.0 cannot be opened
        var host = options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any) ? Dns.GetHostName() : listening.Host;
        return new(application, ending, stores, $"http://{host}:{listening.Port}/{(options.Token is { } secret ? $"?token={Uri.EscapeDataString(secret)}" : "")}");
    }
}
