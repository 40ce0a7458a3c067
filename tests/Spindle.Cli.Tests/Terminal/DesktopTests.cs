using System.ComponentModel;
using System.Diagnostics;
using Spindle.Cli.Terminal;

namespace Spindle.Cli.Tests.Terminal;

/// <summary>When an address is opened in the browser, and with what.</summary>
public class DesktopTests
{
    private const string Address = "http://127.0.0.1:8770/?a=1&b='2'";

    private readonly List<ProcessStartInfo> opened = [];

    [Theory]
    [InlineData("DISPLAY", ":0")]
    [InlineData("WAYLAND_DISPLAY", "wayland-0")]
    public void On_Linux_a_session_with_a_screen_opens_it(string name, string value)
    {
        Assert.Null(Machine(PlatformID.Unix, variables: [(name, value)]).Open(Address));
        var opener = Assert.Single(opened);
        Assert.Contains("xdg-open \"$1\"", opener.ArgumentList[1], StringComparison.Ordinal);
        // one word, in which no shell reads anything
        Assert.Equal(Address, opener.ArgumentList[^1]);
    }

    [Fact]
    public void On_macOS_and_Windows_the_system_opens_it()
    {
        Assert.Null(Machine(PlatformID.MacOSX).Open(Address));
        Assert.Null(Machine(PlatformID.Win32NT).Open(Address));
        Assert.Equal(["open", Address], opened.Select(opener => opener.FileName));
        Assert.Equal([Address], opened[0].ArgumentList);
        Assert.True(opened[1].UseShellExecute);
    }

    [Fact]
    public void Nothing_is_opened_where_nobody_watches()
    {
        Assert.Null(Machine(PlatformID.Unix).Open(Address));
        Assert.Null(Machine(PlatformID.Unix, variables: [("DISPLAY", "")]).Open(Address));
        foreach (var system in (PlatformID[])[PlatformID.Unix, PlatformID.MacOSX, PlatformID.Win32NT])
        {
            Assert.Null(Machine(system, isRedirected: true, variables: [("DISPLAY", ":0")]).Open(Address));
            Assert.Null(Machine(system, variables: [("DISPLAY", ":0"), ("CI", "true")]).Open(Address));
        }

        Assert.Empty(opened);
    }

    [Fact]
    public void A_browser_that_does_not_open_is_one_line()
    {
        Assert.Equal("no browser was opened (xdg-open ended with code 127); open the address yourself", Machine(PlatformID.Unix, code: 127, variables: [("DISPLAY", ":0")]).Open(Address));
        Assert.Equal("no browser was opened (open ended with code 1); open the address yourself", Machine(PlatformID.MacOSX, code: 1).Open(Address));
        Assert.Equal("no browser was opened (no such program); open the address yourself", new Desktop(PlatformID.Win32NT, false, _ => null, _ => throw new Win32Exception("no such program")).Open(Address));
    }

    [Fact]
    public void An_opener_that_takes_the_place_of_the_browser_is_not_waited_for() => Assert.Null(Machine(PlatformID.MacOSX, code: null).Open(Address));

    [Fact]
    public async Task What_opens_on_Linux_gets_the_address_as_it_is()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the opener is a shell script");
        using var folder = new TemporaryFolder();
        var (fake, got) = (folder.File("xdg-open", "#!/bin/sh\nprintf %s \"$1\" > \"$0.got\"\n"), folder.File("xdg-open.got"));
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(fake, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Null(Machine(PlatformID.Unix, variables: [("DISPLAY", ":0")]).Open(Address));
        var opener = Assert.Single(opened);
        opener.Environment["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(opener)!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(Address, await File.ReadAllTextAsync(got, TestContext.Current.CancellationToken));
    }

    private Desktop Machine(PlatformID system, bool isRedirected = false, int? code = 0, params (string Name, string Value)[] variables) => new(
        system,
        isRedirected,
        name => variables.FirstOrDefault(variable => variable.Name == name).Value,
        opener =>
        {
            opened.Add(opener);
            return code;
        });
}
