using System.CommandLine;
using System.Net;
using Spindle.Dashboard;
using Spindle.Dashboard.Access;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle dashboard</c>: searches in the browser, live.</summary>
internal static class DashboardCommand
{
    public static Command Create()
    {
        var stores = new Argument<string[]>("store") { Description = "The stores of one or several searches.", Arity = ArgumentArity.OneOrMore };
        var port = new Option<int?>("--port") { Description = FormattableString.Invariant($"The port to listen on, 0 for any that is free; {DashboardOptions.UsualPort} by default, or any that is free where it is taken.") };
        var address = new Option<string?>("--address") { Description = "The address of this machine to listen on; 127.0.0.1 by default, which others cannot reach. With any other, browsers need the token." };
        var token = new Option<string?>("--token") { Description = FormattableString.Invariant($"What a browser must know to see the dashboard, at least {AccessToken.FewestCharacters} characters; with --address, a random one by default.") };
        var command = new Command("dashboard",
            "Shows searches in the browser while they run: stages, leaders, running trials and every trial, and pauses, stops and starts them or gives them more time. Ctrl-C ends it; the searches continue.\n\n"
            + "Examples:\n  spindle dashboard studies/quickstart.db\n  spindle dashboard first.db second.db --address 0.0.0.0")
        {
            stores, port, address, token,
        };
        command.SetAction((parsed, stop) => Run(parsed.GetRequiredValue(stores), parsed.GetValue(port), parsed.GetValue(address), parsed.GetValue(token), stop));
        return command;
    }

    private static async Task<int> Run(string[] stores, int? port, string? address, string? token, CancellationToken stop)
    {
        var listened = AddressOf(address);
        if (token is { Length: < AccessToken.FewestCharacters }) throw new InvalidDataException(FormattableString.Invariant($"--token: has fewer than {AccessToken.FewestCharacters} characters, which can be guessed; choose a longer one, or leave it out for a random one"));
        if (!IPAddress.IsLoopback(listened)) token ??= AccessToken.Create();
        await using var dashboard = await DashboardServer.Start(new(stores) { Address = listened, Port = port, Token = token, Starter = new SearchStarter() });
        Console.WriteLine($"the dashboard is {dashboard.Address}");
        if (!IPAddress.IsLoopback(listened)) Console.Error.WriteLine("warning: whoever can read this address, or the network between, can control the searches");
        // its end is not a failure
        await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        return ExitCodes.Done;
    }

    private static IPAddress AddressOf(string? address) => address switch
    {
        null or "localhost" => IPAddress.Loopback,
        _ when IPAddress.TryParse(address, out var parsed) => parsed,
        _ => throw new InvalidDataException($"--address {address}: is not an address; name one of this machine, such as 192.168.0.5, or 0.0.0.0 for all"),
    };
}
